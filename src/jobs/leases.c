#include "jobs/leases.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "jobs/bell.h"
#include "store/lease.h"

#include <pthread.h>
#include <stdlib.h>

enum { LEASES_MAX = 64, LEASE_MS = 10000, RENEW_MS = 3000, MARGIN_MS = 2000 };

/* SQLite's only node need not come back to a lease that nobody can take. */
static const int64_t one_node_ms = 10LL * 365 * 24 * 3600 * 1000, one_node_renew_ms = 24LL * 3600 * 1000;

struct leases {
	struct store *store;
	struct bell *bell;
	pthread_t thread;
	bool started;
	char holder[33];
	const char *names[LEASES_MAX];
	_Atomic int64_t held_until[LEASES_MAX]; /* monotonic ms */
	int n;
};

struct leases *leases_new(struct store *s) {
	struct leases *l = xcalloc(1, sizeof *l);
	l->store = s;
	l->bell = bell_new();
	char random[16];
	random_bytes(random, sizeof random);
	BUF_AUTO hex = {0};
	buf_hex(&hex, str_mem(random, sizeof random));
	struct str holder = store_engine(s) == ENGINE_SQLITE ? S("the only node") : buf_str(&hex);
	memcpy(l->holder, holder.p, holder.n);
	return l;
}

int leases_add(struct leases *l, const char *name) {
	must(!l->started && l->n < LEASES_MAX);
	l->names[l->n] = name;
	return l->n++;
}

struct str leases_holder(const struct leases *l) {
	return str_of(l->holder);
}

bool leases_held(struct leases *l, int number) { return clock_mono_ms() < l->held_until[number]; }

static err renew(struct leases *l, struct db *db, int64_t ms) {
	for (int i = 0; i < l->n; i++) {
		int64_t asked_at = clock_mono_ms();
		bool held;
		TRY(store_lease_take(db, str_of(l->names[i]), str_of(l->holder), ms, &held));
		l->held_until[i] = held ? asked_at + ms - MARGIN_MS : 0;
	}
	return NULL;
}

static void *leases_main(void *arg) {
	struct leases *l = arg;
	bool one_node = store_engine(l->store) == ENGINE_SQLITE;
	struct db *db = NULL;
	uint64_t heard = 0;
	for (int64_t pause = 0; bell_wait(l->bell, &heard, pause);) {
		err e = db ? NULL : db_open(&db, l->store);
		if (!e)
			e = renew(l, db, one_node ? one_node_ms : LEASE_MS);
		if (e)
			log_warn("leases cannot be renewed: %s", e->cause);
		pause = one_node && !e ? one_node_renew_ms : RENEW_MS;
	}
	if (db && !one_node)
		(void)store_lease_give_up(db, str_of(l->holder));
	db_close(&db);
	return NULL;
}

void leases_start(struct leases *l) {
	l->started = true;
	must(thread_start(&l->thread, "leases", leases_main, l));
}

void leases_free(struct leases **out) {
	struct leases *l = *out;
	if (!l)
		return;
	bell_stop(l->bell);
	if (l->started)
		pthread_join(l->thread, NULL);
	bell_free(&l->bell);
	free(l);
	*out = NULL;
}
