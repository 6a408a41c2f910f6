#include "move/migrate.h"

#include "base/clock.h"
#include "base/log.h"
#include "blob/pair.h"
#include "blob/s3.h"
#include "config/config.h"
#include "core/media.h"
#include "move/copy.h"
#include "store/local_state.h"

#include <pthread.h>
#include <time.h>

enum {
	JOBS = 4,
	NOTE_MS = 2000,
	SETTLE_MS = 5000, /* every node has heard of the switch by then, and what it began before is put */
	NAMED = 20,       /* failures that a log entry names */
};

/* ── beginning ── */

struct begin {
	struct arena *a;
	struct str said, to;
};

static err begin(struct tx *tx, void *arg) {
	const struct begin *b = arg;
	struct media_move m;
	bool found;
	TRY(media_move_get(b->a, tx_db(tx), &m, &found));
	if (found && !m.over)
		return err_public(ERR_CONFLICT, "the media are being moved from %.*s to %.*s already", S_ARG(m.from), S_ARG(m.to));
	if (found && str_eq(b->said, m.from))
		return err_public(ERR_CONFLICT, "the media were moved to %.*s: write that into media.store and start anew first",
		                  S_ARG(m.to));
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	TRY(media_move_set(tx_db(tx), &(struct media_move){b->said, b->to, false}));
	TRY(store_local_set(tx_db(tx), S(MEDIA_MOVING), STR_NONE));
	return store_job_add(tx, S(MEDIA_MIGRATE_JOB), 0, 0, 0, STR_NONE, NULL);
}

err migrate_begin(struct ctx *c, struct str to) {
	struct begin b = {c->arena, config_text(c->site->config, SET_media_store), to};
	struct blobs *store;
	if (str_eq(b.said, to))
		return err_public(ERR_INVALID, "the media are in %.*s already", S_ARG(to));
	TRY(media_store_open(&store, c->site, to, true));
	err e = blob_s3_probe(store);
	blob_close(&store);
	TRY(e);
	return tx_run(c->db, begin, &b);
}

static err count(void *ctx, const struct blob_item *item) {
	++*(int64_t *)ctx;
	return NULL;
}

err migrate_status(struct ctx *c, struct media_move *out, bool *found, int64_t *left) {
	struct blobs *now, *old;
	*left = 0;
	TRY(media_move_get(c->arena, c->db, out, found));
	db_rest(c->db);
	blob_pair_stores(c->site->blobs, &now, &old);
	return old ? blob_list(old, NULL, count, left) : NULL;
}

/* ── moving ── */

struct move {
	struct ctx *c;
	struct blobs *now, *old;
	pthread_mutex_t db; /* the job's connection, used by one copying thread at a time */
	int64_t before;     /* moved on earlier ways through */
	int64_t noted;      /* monotonic ms */
};

static err write_note(struct tx *tx, void *arg) { return store_local_set(tx_db(tx), S(MEDIA_MOVING), *(struct str *)arg); }

/* Nobody waits for it: a note that cannot be made is made later. */
static void note(void *ctx, const struct copy_counts *now) {
	struct move *m = ctx;
	int64_t ms = clock_mono_ms();
	BUF_AUTO text = {0};
	if (ms - m->noted < NOTE_MS)
		return;
	m->noted = ms;
	buf_printf(&text, "%lld %lld %d", (long long)(m->before + now->copied + now->there), (long long)(m->before + now->seen),
	           now->listed);
	struct str line = buf_str(&text);
	pthread_mutex_lock(&m->db);
	(void)tx_run(m->c->db, write_note, &line);
	pthread_mutex_unlock(&m->db);
}

/* It is in the new store. When it went from the old one meanwhile, a sweep dropped it from both, perhaps before it came here. */
static err moved(void *ctx, const struct blob_item *item) {
	struct move *m = ctx;
	bool there;
	int64_t size;
	TRY(blob_look(m->old, &item->name, &there, &size));
	if (there)
		return blob_drop(m->old, &item->name);
	pthread_mutex_lock(&m->db);
	err e = media_sweep_orphan(m->c, &item->name);
	pthread_mutex_unlock(&m->db);
	return e;
}

static void name_failures(const struct copy_failure *failures, size_t n) {
	for (size_t i = 0; i < n && i < NAMED; i++) {
		BUF_AUTO name = {0};
		buf_hex(&name, blob_name_str(&failures[i].name));
		log_error("media: %.*s could not be moved: %.*s", S_ARG(buf_str(&name)), S_ARG(failures[i].why));
	}
	if (n > NAMED)
		log_error("media: and %zu others", n - NAMED);
}

/* One way through the old store; *seen: how many were there. */
static err move_all(struct move *m, int64_t *seen) {
	struct copy_counts counts;
	struct copy_failure *failures;
	size_t n;
	struct copy_order o = {.from = m->old,
	                       .to = m->now,
	                       .jobs = JOBS,
	                       .floor = config_number(m->c->site->config, SET_media_free_floor),
	                       .stop = &m->c->site->stopping,
	                       .done = moved,
	                       .tell = note,
	                       .ctx = m};
	TRY(copy_run(m->c->arena, &o, &counts, &failures, &n));
	*seen = counts.seen;
	m->noted = 0;
	note(m, &counts);
	m->before += counts.copied + counts.there;
	name_failures(failures, n);
	if (m->c->site->stopping)
		return err_private(ERR_UNAVAILABLE, "media: the move goes on at the next start");
	if (n)
		return err_private(ERR_UNAVAILABLE, "media: %zu blobs could not be moved", n);
	return NULL;
}

static void wait_ms(const struct site *site, int ms) {
	for (; ms > 0 && !site->stopping; ms -= 100)
		nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
}

static err finish(struct tx *tx, void *arg) {
	struct media_move *m = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	m->over = true;
	return media_move_set(tx_db(tx), m);
}

/* Until it was empty twice, with time between for what another node had begun to put there. */
static err empty(struct move *m) {
	for (int times_empty = 0; times_empty < 2;) {
		int64_t seen;
		TRY(move_all(m, &seen));
		times_empty = seen ? 0 : times_empty + 1;
		if (times_empty < 2)
			wait_ms(m->c->site, SETTLE_MS);
	}
	return NULL;
}

err migrate_job(struct ctx *c, const struct job *job) {
	struct move m = {.c = c};
	struct media_move record;
	struct str said;
	bool found;
	TRY(media_move_get(c->arena, c->db, &record, &found));
	db_rest(c->db);
	if (!found || record.over)
		return NULL;
	blob_pair_stores(c->site->blobs, &m.now, &m.old);
	if (!m.old)
		return err_private(ERR_UNAVAILABLE, "media: this node has not turned to the new store");
	TRY(store_local_get(c->arena, c->db, S(MEDIA_MOVING), &said));
	db_rest(c->db);
	(void)str_i64(str_cut(&said, ' '), &m.before);
	pthread_mutex_init(&m.db, NULL);
	err e = empty(&m);
	pthread_mutex_destroy(&m.db);
	return e ? e : tx_run(c->db, finish, &record);
}
