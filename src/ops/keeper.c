#include "ops/keeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "core/media_store.h"
#include "move/restore.h"
#include "move/ship.h"
#include "store/lease.h"
#include "store/local_state.h"
#include "store/tx.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 1000, PROBE_MS = 4000, SHIP_MS = 3000, NAP_MS = 100, AGAIN_MS = 60 * 1000, LEASE_MS = 15000, RENEW_MS = 5000 };

struct keeper {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	bool started;
	_Atomic bool stop;
	struct site *site;
	/* What was asked for. */
	struct arena *a;
	struct backup_wish wish;
	bool asked, running, any;
	struct backup_counts counts;
	struct backup_result result;
	struct err failed;
	/* What the settings want. */
	struct backup_wish own;
	int64_t every_ms, verify_ms;
	int64_t not_before; /* monotonic ms */
	/* The log's thread. */
	pthread_t log_thread;
	bool log_started;
	_Atomic bool wants_backup; /* the log joins none */
	struct keeper_facts facts;
};

/* One where a backup was made already is not begun anew: it is gone then, or not mounted. */
static err open_place(struct ctx *c, const struct backup_wish *wish, const struct backup_keys *keys, const struct store_means *means,
                      struct vault **out) {
	bool known;
	TRY(backup_place_known(c, wish->to, &known));
	err e = vault_open(out, wish->to, means, keys, !known || wish->after_loss);
	if (e && e->code == ERR_NOT_FOUND && known)
		return err_public(ERR_STORE, "the backups in %.*s are gone: there were some. --after-loss begins anew", S_ARG(wish->to));
	return e;
}

err backup_do(struct ctx *c, const struct backup_wish *wish, struct backup_order *order, struct backup_result *out) {
	struct backup_keys keys;
	struct store_means means;
	TRY(backup_keys_read(c->arena, wish->key, &keys));
	TRY(media_store_means(c->arena, c->site, false, &means));
	TRY(open_place(c, wish, &keys, &means, &order->vault));
	order->place = wish->to;
	order->keep = wish->has_keep ? &wish->keep : NULL;
	order->after_loss = wish->after_loss;
	err e = backup_run(c, order, out);
	struct err kept = e ? *e : (struct err){0};
	vault_close(&order->vault);
	explicit_bzero(&keys, sizeof keys);
	return e ? err_copy(&kept) : NULL;
}

/* ── what was asked for ── */

static void tell(void *ctx, const struct backup_counts *now) {
	struct keeper *k = ctx;
	pthread_mutex_lock(&k->lock);
	k->counts = *now;
	pthread_mutex_unlock(&k->lock);
}

static void serve_wish(struct keeper *k, struct ctx *c) {
	struct backup_order order = {.stop = &k->stop, .tell = tell, .ctx = k};
	struct backup_result result = {0};
	err e = backup_do(c, &k->wish, &order, &result);
	struct err failed = e ? *e : (struct err){0};
	if (e)
		log_error("backup to %.*s: %s %s", S_ARG(k->wish.to), failed.text, failed.cause);
	else
		log_info("backup %lld is in %.*s", (long long)result.number, S_ARG(k->wish.to));
	pthread_mutex_lock(&k->lock);
	k->result = result;
	k->failed = failed;
	k->running = false;
	pthread_mutex_unlock(&k->lock);
}

err keeper_ask(struct keeper *k, const struct backup_wish *wish) {
	if (!k)
		return err_public(ERR_CONFLICT, "this network was handed over to another machine: make its backups there");
	pthread_mutex_lock(&k->lock);
	bool busy = k->asked || k->running;
	if (!busy) {
		arena_reset(k->a);
		k->wish = *wish;
		k->wish.to = arena_str(k->a, wish->to);
		k->wish.key = arena_str(k->a, wish->key);
		k->counts = (struct backup_counts){0};
		k->asked = k->any = true;
		pthread_cond_signal(&k->changed);
	}
	pthread_mutex_unlock(&k->lock);
	return busy ? err_public(ERR_CONFLICT, "another backup of this network is being made") : NULL;
}

bool keeper_state(struct keeper *k, bool *running, struct backup_counts *counts, struct backup_result *result, struct err *failed) {
	if (!k)
		return false;
	pthread_mutex_lock(&k->lock);
	bool any = k->any;
	*running = k->asked || k->running;
	*counts = k->counts;
	*result = k->result;
	*failed = k->failed;
	pthread_mutex_unlock(&k->lock);
	return any;
}

void keeper_facts(struct keeper *k, struct keeper_facts *out) {
	*out = (struct keeper_facts){0};
	if (!k)
		return;
	pthread_mutex_lock(&k->lock);
	*out = k->facts;
	pthread_mutex_unlock(&k->lock);
}

/* ── what the settings want ── */

struct verified {
	struct str at;
	bool unsound;
};

static err set_verified(struct tx *tx, void *arg) {
	const struct verified *v = arg;
	TRY(store_local_set(tx_db(tx), S(BACKUP_VERIFIED), v->at));
	return store_local_set(tx_db(tx), S(BACKUP_UNSOUND), v->unsound ? v->at : STR_NONE);
}

/* When it was done last, by whichever node; 0: never. */
static err last_time(struct ctx *c, struct str key, int64_t *ms) {
	struct str text;
	err e = store_local_get(c->arena, c->db, key, &text);
	db_rest(c->db);
	if (e || !str_i64(text, ms))
		*ms = 0;
	return e;
}

static err note_verified(struct ctx *c, bool unsound) {
	BUF_AUTO text = {0};
	buf_i64(&text, clock_ms());
	return tx_run(c->db, set_verified, &(struct verified){buf_str(&text), unsound});
}

/* That a backup was made, as a line more of the history. */
static err set_made(struct tx *tx, void *arg) {
	const struct backup_result *made = arg;
	struct arena *a = arena_new();
	struct str lines = STR_NONE;
	size_t n = 0;
	int64_t now = clock_ms();
	err e = store_local_get(a, tx_db(tx), S(BACKUP_HISTORY), &lines);
	for (size_t i = 0; i < lines.n; i++)
		n += lines.p[i] == '\n';
	for (; n >= BACKUP_HISTORY_MAX; n--)
		(void)str_cut(&lines, '\n');
	struct str more = arena_printf(a, "%.*s%lld %lld %lld\n", S_ARG(lines), (long long)now, (long long)made->ms,
	                               (long long)made->counts.objects.sent_bytes);
	if (!e)
		e = store_local_set(tx_db(tx), S(BACKUP_HISTORY), more);
	if (!e)
		e = store_local_set(tx_db(tx), S(BACKUP_MADE), arena_printf(a, "%lld", (long long)now));
	arena_free(&a);
	return e;
}

static void set_reachable(struct keeper *k, bool reachable, const char *why) {
	bool was = k->facts.reachable;
	pthread_mutex_lock(&k->lock);
	k->facts.reachable = reachable;
	pthread_mutex_unlock(&k->lock);
	if (was && !reachable)
		log_warn("backup: %.*s does not answer: %s", S_ARG(k->own.to), why);
	else if (!was && reachable)
		log_info("backup: %.*s answers again", S_ARG(k->own.to));
}

static const char *why_of(const struct err *e) { return e->cause[0] ? e->cause : e->text; }

/* The place's head is read: that asks it, the key and the way there. */
static err open_own(struct keeper *k, struct ctx *c, struct vault **out) {
	struct backup_keys keys;
	struct store_means means;
	TRY(backup_keys_read(c->arena, k->own.key, &keys));
	TRY(media_store_means(c->arena, c->site, false, &means));
	err e = open_place(c, &k->own, &keys, &means, out);
	explicit_bzero(&keys, sizeof keys);
	return e;
}

static void make_own(struct keeper *k, struct ctx *c) {
	struct backup_order order = {.stop = &k->stop};
	struct backup_result result;
	err e = backup_do(c, &k->own, &order, &result);
	struct err why = e ? *e : (struct err){0};
	if (!e)
		e = tx_run(c->db, set_made, &result);
	if (why.text[0] && why.code != ERR_CONFLICT && !k->stop)
		log_error("backup: none could be made in %.*s: %s %s", S_ARG(k->own.to), why.text, why.cause);
	if (!e)
		log_info("backup %lld is in %.*s: %lld objects sent", (long long)result.number, S_ARG(k->own.to),
		         (long long)result.counts.objects.sent);
	pthread_mutex_lock(&k->lock);
	k->facts.failed = e && why.code != ERR_CONFLICT;
	if (!e) {
		k->facts.number = result.number;
		k->facts.at = clock_ms();
	}
	pthread_mutex_unlock(&k->lock);
	if (!e)
		k->wants_backup = false;
	k->not_before = clock_mono_ms() + (e ? AGAIN_MS : 0);
}

static err look_through(struct keeper *k, struct ctx *c) {
	struct restore r = {0};
	TRY(open_own(k, c, &r.vault));
	r.stop = &k->stop;
	err e = restore_choose(c->arena, &r, 0);
	if (!e)
		e = restore_try(c->arena, &r, c->site->data_dir);
	struct err kept = e ? *e : (struct err){0};
	vault_close(&r.vault);
	return e ? err_copy(&kept) : NULL;
}

/* That a backup is unsound is remembered as long as one that is not away: a place that does not answer says nothing. */
static void verify_own(struct keeper *k, struct ctx *c) {
	err e = look_through(k, c);
	struct err why = e ? *e : (struct err){0};
	bool known = !k->stop && (!e || why.code != ERR_UNAVAILABLE);
	if (why.text[0] && !k->stop)
		log_error("backup: the newest one in %.*s could not be verified: %s %s", S_ARG(k->own.to), why.text, why.cause);
	if (known) {
		(void)note_verified(c, e != NULL);
		pthread_mutex_lock(&k->lock);
		k->facts.unsound = e != NULL;
		k->facts.verified_at = clock_ms();
		pthread_mutex_unlock(&k->lock);
	}
	k->not_before = clock_mono_ms() + (known ? 0 : AGAIN_MS);
}

static void serve_settings(struct keeper *k, struct ctx *c) {
	int64_t made = 0, verified = 0, now = clock_ms();
	if (!k->facts.reachable || clock_mono_ms() < k->not_before || last_time(c, S(BACKUP_MADE), &made) ||
	    last_time(c, S(BACKUP_VERIFIED), &verified))
		return;
	if (k->wants_backup || now - made >= k->every_ms || made > now)
		make_own(k, c);
	else if (k->verify_ms && now - verified >= k->verify_ms)
		verify_own(k, c);
}

/* ── the log ── */

/* One at a time of all nodes: it stays with whoever has it. */
struct log_work {
	struct keeper *k;
	struct ctx c;
	struct str holder;
	struct vault *vault;
	struct shipper *shipper;
	int64_t asked, renewed; /* monotonic ms: when the place answered last; the lease */
	bool held, said;
};

static void leave(struct log_work *w) {
	ship_close(&w->shipper);
	vault_close(&w->vault);
}

static void note_shipped(struct log_work *w) {
	pthread_mutex_lock(&w->k->lock);
	w->k->facts.log_number = w->shipper ? ship_number(w->shipper) : 0;
	w->k->facts.log_at = clock_ms();
	pthread_mutex_unlock(&w->k->lock);
}

/* Whether this node is the one; the place is asked by all. */
static bool is_ours(struct log_work *w) {
	int64_t now = clock_mono_ms();
	if (w->renewed && now - w->renewed < RENEW_MS)
		return w->held;
	w->renewed = now;
	err e = store_lease_take(w->c.db, S("backup.log"), w->holder, LEASE_MS, &w->held);
	w->held &= !e;
	if (!w->held)
		ship_close(&w->shipper);
	return w->held;
}

static err ship_all(struct log_work *w) {
	bool more = true;
	if (!w->shipper)
		TRY(ship_open(&w->shipper, &w->c, w->vault));
	w->k->wants_backup |= !w->shipper;
	while (w->shipper && more && !w->k->stop) {
		int64_t number = ship_number(w->shipper);
		TRY(ship_some(w->shipper, &w->c, &more));
		if (ship_number(w->shipper) != number)
			w->asked = clock_mono_ms();
		arena_reset(w->c.arena);
	}
	if (w->shipper)
		note_shipped(w);
	return NULL;
}

/* The head is read anew when nothing else was asked of the place for a while. */
static err ask_place(struct log_work *w) {
	struct vault *again = NULL;
	if (w->vault && clock_mono_ms() - w->asked < PROBE_MS)
		return NULL;
	TRY(open_own(w->k, &w->c, &again));
	w->asked = clock_mono_ms();
	if (w->vault)
		vault_close(&again);
	else
		w->vault = again;
	return NULL;
}

static void log_round(struct log_work *w) {
	err e = ask_place(w);
	if (!e)
		set_reachable(w->k, true, "");
	if (!e && w->k->own.keep.log_ms && is_ours(w))
		e = ship_all(w);
	struct err why = e ? *e : (struct err){0};
	if (!e) {
		w->said = false;
	} else if (why.code == ERR_CONFLICT) {
		ship_close(&w->shipper);
		w->k->wants_backup = true;
	} else {
		leave(w);
		if (why.code == ERR_STORE && !w->said)
			log_error("backup: the log is not shipped: %s", why.text);
		w->said = true;
		set_reachable(w->k, false, why_of(&why));
	}
}

static void *run_log(void *arg) {
	struct log_work w = {.k = arg};
	char host[256] = "";
	gethostname(host, sizeof host - 1);
	w.c = (struct ctx){.site = w.k->site, .arena = arena_new(), .role = ROLE_OWNER};
	struct arena *own = arena_new();
	w.holder = arena_printf(own, "backup log %s %.*s", host, S_ARG(w.k->site->data_dir));
	err e = db_open(&w.c.db, w.c.site->store);
	if (e)
		log_error("backup: %s %s", e->text, e->cause);
	while (!e && !w.k->stop) {
		log_round(&w);
		db_rest(w.c.db);
		arena_reset(w.c.arena);
		for (int64_t until = clock_mono_ms() + SHIP_MS; clock_mono_ms() < until && !w.k->stop;)
			nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
	}
	leave(&w);
	db_close(&w.c.db);
	arena_free(&w.c.arena);
	arena_free(&own);
	return NULL;
}

/* ── the thread ── */

/* True: a wish is to be served. */
static bool rest(struct keeper *k) {
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += TICK_MS / 1000;
	pthread_mutex_lock(&k->lock);
	if (!k->asked && !k->stop)
		pthread_cond_timedwait(&k->changed, &k->lock, &until);
	bool asked = k->asked;
	k->running |= asked;
	k->asked = false;
	pthread_mutex_unlock(&k->lock);
	return asked;
}

static void *run(void *arg) {
	struct keeper *k = arg;
	struct ctx c = {.site = k->site, .arena = arena_new(), .role = ROLE_OWNER};
	err e = db_open(&c.db, c.site->store);
	if (e)
		log_error("backup: %s %s", e->text, e->cause);
	while (!e && !k->stop) {
		if (rest(k))
			serve_wish(k, &c);
		else if (k->own.to.n && !k->stop)
			serve_settings(k, &c);
		db_rest(c.db);
		arena_reset(c.arena);
	}
	db_close(&c.db);
	arena_free(&c.arena);
	return NULL;
}

/* ── start and end ── */

static err read_settings(struct keeper *k, const struct config *config) {
	struct str keep = config_text(config, SET_backup_keep);
	size_t at;
	k->own = (struct backup_wish){.to = config_text(config, SET_backup_to), .key = config_text(config, SET_backup_key)};
	k->every_ms = config_number(config, SET_backup_every) * 1000;
	k->verify_ms = config_number(config, SET_backup_verify) * 1000;
	k->own.has_keep = keep.n;
	k->facts.wanted = k->own.to.n;
	k->facts.reachable = true;
	if (!k->own.to.n)
		return NULL;
	if (!k->own.key.n)
		return err_public(ERR_INVALID, "backup.key is missing: `freehold backup key FILE` makes one");
	if (keep.n && !backup_keep_read(keep, &k->own.keep, &at))
		return err_public(ERR_INVALID, "backup.keep takes daily=7,weekly=4,monthly=12, and does not understand \"%.*s\"",
		                  S_ARG(str_skip(keep, at)));
	struct backup_keys keys;
	err e = backup_keys_read(k->a, k->own.key, &keys);
	explicit_bzero(&keys, sizeof keys);
	return e;
}

err keeper_start(struct keeper **out, struct site *site) {
	struct keeper *k = xcalloc(1, sizeof *k);
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->changed, NULL);
	k->site = site;
	k->a = arena_new();
	*out = k;
	TRY(read_settings(k, site->config));
	k->started = thread_start(&k->thread, "backup", run, k);
	k->log_started = k->own.to.n && thread_start(&k->log_thread, "backup log", run_log, k);
	return k->started && (k->log_started || !k->own.to.n) ? NULL : err_private(ERR_UNAVAILABLE, "there is no thread for backups");
}

void keeper_stop(struct keeper **keeper) {
	struct keeper *k = *keeper;
	if (!k)
		return;
	pthread_mutex_lock(&k->lock);
	k->stop = true;
	pthread_cond_signal(&k->changed);
	pthread_mutex_unlock(&k->lock);
	if (k->started)
		pthread_join(k->thread, NULL);
	if (k->log_started)
		pthread_join(k->log_thread, NULL);
	pthread_cond_destroy(&k->changed);
	pthread_mutex_destroy(&k->lock);
	arena_free(&k->a);
	free(k);
	*keeper = NULL;
}
