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

/* By half for each FRESH_MS in which that machine was behind, so that it does not matter how often news comes over its link. */
static int64_t grown(int64_t gap, int64_t ms) {
	for (; ms > 0 && gap < GAP_MOST_MS; ms -= FRESH_MS)
		gap = gap * 3 / 2;
	return gap < GAP_MOST_MS ? gap : GAP_MOST_MS;
}

bool pace_news(struct pace *p, bool behind) {
	int64_t now = clock_mono_ms();
	pthread_mutex_lock(&p->lock);
	bool begins = now >= p->until;
	if (begins)
		p->gap = GAP_FIRST_MS;
	else if (behind)
		p->gap = grown(p->gap, now - p->news);
	p->news = now;
	p->until = now + PACE_MS;
	pthread_mutex_unlock(&p->lock);
	return begins;
}

bool pace_fresh(struct pace *p) {
	pthread_mutex_lock(&p->lock);
	bool fresh = p->until && clock_mono_ms() < p->news + FRESH_MS;
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
