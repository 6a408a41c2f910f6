#include "core/totals.h"

#include "base/clock.h"
#include "base/must.h"
#include "core/site.h"
#include "store/account.h"
#include "store/member.h"

#include <pthread.h>
#include <stdlib.h>

struct totals {
	pthread_mutex_t lock;
	int64_t until; /* monotonic ms */
	struct total_counts counts;
};

struct totals *totals_new(void) {
	struct totals *t = xcalloc(1, sizeof *t);
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

void totals_free(struct totals **t) {
	if (!*t)
		return;
	pthread_mutex_destroy(&(*t)->lock);
	free(*t);
	*t = NULL;
}

static err count(struct db *db, struct total_counts *out) {
	TRY(store_member_count(db, 0, &out->members));
	TRY(store_member_count(db, clock_ms() - 30 * (int64_t)86400000, &out->active_month));
	return store_account_total_statuses(db, &out->posts);
}

err totals_read(struct ctx *c, struct total_counts *out) {
	struct totals *t = c->site->totals;
	int64_t start = clock_mono_ms();
	pthread_mutex_lock(&t->lock);
	bool fresh = start < t->until;
	*out = t->counts;
	pthread_mutex_unlock(&t->lock);
	if (fresh)
		return NULL;
	TRY(count(c->db, out));
	int64_t now = clock_mono_ms();
	pthread_mutex_lock(&t->lock);
	t->counts = *out;
	t->until = now + 1000 + 200 * (now - start);
	pthread_mutex_unlock(&t->lock);
	return NULL;
}
