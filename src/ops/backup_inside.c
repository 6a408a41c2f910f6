#include "ops/backup_inside.h"

#include "base/log.h"
#include "base/thread.h"
#include "core/media_store.h"

#include <pthread.h>

static struct {
	pthread_mutex_t lock;
	pthread_t thread;
	bool begun, running;
	_Atomic bool stop;
	struct site *site;
	struct arena *a; /* of the wish */
	struct backup_wish wish;
	struct backup_counts counts;
	struct backup_result result;
	struct err failed;
} inside = {.lock = PTHREAD_MUTEX_INITIALIZER};

err backup_do(struct ctx *c, const struct backup_wish *wish, struct backup_order *order, struct backup_result *out) {
	struct backup_keys keys;
	struct store_means means;
	TRY(backup_keys_read(c->arena, wish->key, &keys));
	TRY(media_store_means(c->arena, c->site, false, &means));
	TRY(vault_open(&order->vault, wish->to, &means, &keys, true));
	order->keep = wish->has_keep ? &wish->keep : NULL;
	order->after_loss = wish->after_loss;
	err e = backup_run(c, order, out);
	struct err kept = e ? *e : (struct err){0};
	vault_close(&order->vault);
	explicit_bzero(&keys, sizeof keys);
	return e ? err_copy(&kept) : NULL;
}

static void tell(void *ctx, const struct backup_counts *now) {
	pthread_mutex_lock(&inside.lock);
	inside.counts = *now;
	pthread_mutex_unlock(&inside.lock);
}

static void *run(void *arg) {
	struct backup_order order = {.stop = &inside.stop, .tell = tell};
	struct backup_result result = {0};
	struct ctx c = {.site = inside.site, .arena = arena_new(), .role = ROLE_OWNER};
	err e = db_open(&c.db, c.site->store);
	if (!e)
		e = backup_do(&c, &inside.wish, &order, &result);
	struct err failed = e ? *e : (struct err){0};
	db_close(&c.db);
	arena_free(&c.arena);
	if (e)
		log_error("backup to %.*s: %s %s", S_ARG(inside.wish.to), failed.text, failed.cause);
	else
		log_info("backup %lld is in %.*s", (long long)result.number, S_ARG(inside.wish.to));
	pthread_mutex_lock(&inside.lock);
	inside.result = result;
	inside.failed = failed;
	inside.running = false;
	pthread_mutex_unlock(&inside.lock);
	return NULL;
}

/* The thread of one that is over; the lock is held. */
static void clear(void) {
	if (inside.begun)
		pthread_join(inside.thread, NULL);
	inside.begun = false;
	arena_free(&inside.a);
}

static err begin(struct site *site, const struct backup_wish *wish) {
	if (inside.running)
		return err_public(ERR_CONFLICT, "another backup of this network is being made");
	clear();
	inside.a = arena_new();
	inside.site = site;
	inside.wish = *wish;
	inside.wish.to = arena_str(inside.a, wish->to);
	inside.wish.key = arena_str(inside.a, wish->key);
	inside.counts = (struct backup_counts){0};
	inside.failed = (struct err){0};
	inside.stop = false;
	if (!thread_start(&inside.thread, "backup", run, NULL))
		return err_private(ERR_UNAVAILABLE, "there is no thread for the backup");
	inside.begun = inside.running = true;
	return NULL;
}

err backup_inside_begin(struct site *site, const struct backup_wish *wish) {
	pthread_mutex_lock(&inside.lock);
	err e = begin(site, wish);
	pthread_mutex_unlock(&inside.lock);
	return e;
}

bool backup_inside_state(bool *running, struct backup_counts *counts, struct backup_result *result, struct err *failed) {
	pthread_mutex_lock(&inside.lock);
	bool begun = inside.begun;
	*running = inside.running;
	*counts = inside.counts;
	*result = inside.result;
	*failed = inside.failed;
	pthread_mutex_unlock(&inside.lock);
	return begun;
}

void backup_inside_stop(void) {
	inside.stop = true;
	if (inside.begun)
		pthread_join(inside.thread, NULL);
	inside.begun = false;
	arena_free(&inside.a);
}
