#include "gate/pace.h"

#include "base/clock.h"

#include <unistd.h>

enum {
	GAP_FIRST_MS = 4,
	GAP_MOST_MS = 200,
	FRESH_MS = 100,
	TURN_MOST_MS = 2000, /* nobody is kept waiting longer */
};

void pace_init(struct pace *p) {
	*p = (struct pace){0};
	pthread_mutex_init(&p->lock, NULL);
}

void pace_destroy(struct pace *p) { pthread_mutex_destroy(&p->lock); }

bool pace_news(struct pace *p, bool behind) {
	int64_t now = clock_mono_ms();
	pthread_mutex_lock(&p->lock);
	bool begins = now >= p->until;
	if (begins)
		p->gap = GAP_FIRST_MS;
	else if (behind)
		p->gap = p->gap * 3 / 2 < GAP_MOST_MS ? p->gap * 3 / 2 : GAP_MOST_MS;
	p->until = now + PACE_MS;
	pthread_mutex_unlock(&p->lock);
	return begins;
}

bool pace_fresh(struct pace *p) {
	pthread_mutex_lock(&p->lock);
	bool fresh = clock_mono_ms() < p->until - PACE_MS + FRESH_MS;
	pthread_mutex_unlock(&p->lock);
	return fresh;
}

err pace_wait(struct pace *p, struct rq *rq) {
	int64_t now = clock_mono_ms(), turn = 0;
	bool late = false;
	pthread_mutex_lock(&p->lock);
	if (now < p->until) {
		turn = p->next > now ? p->next : now;
		late = turn - now > TURN_MOST_MS;
		if (!late)
			p->next = turn + p->gap;
	}
	pthread_mutex_unlock(&p->lock);
	if (late)
		return err_public(ERR_UNAVAILABLE, "This network is about to move to another machine. Try again in a moment");
	if (turn > now) {
		db_rest(rq->c.db);
		server_waits(rq->server, true);
		usleep((useconds_t)(turn - now) * 1000);
		server_waits(rq->server, false);
	}
	return NULL;
}
