#include "move/standby.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "config/config.h"
#include "core/media_store.h"
#include "core/poll.h"
#include "core/search_index.h"
#include "move/migrate.h"
#include "move/origin.h"
#include "move/standby_inside.h"
#include "store/account.h"
#include "store/closed.h"
#include "store/job.h"
#include "store/local_state.h"
#include "store/search.h"
#include "store/site.h"
#include "wire/address.h"
#include "wire/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
	WAIT_MS = 1000, /* an origin without news answers after so long: how current the copy is said to be at worst */
	PAUSE_MS = 200, /* after a failure, doubled each time */
	PAUSE_MAX_MS = 5000,
	PROMOTE_MS = 60000,    /* to come to the end and be handed over */
	LAST_MEDIA_MS = 10000, /* for the files of the last entries */
	CLOCKS_MS = 10000,     /* clocks that are further apart count as different */
	IDS_MS = 1000,         /* ids are drawn a moment before or after the time of their entry */
	PORTION_FIRST = 256 * 1024,
	NEAR_MEDIA_MS = 1000, /* what came in so short a time is fetched in about as short a one */
};

/* ── beginning ── */

err standby_origin(struct arena *a, struct db *db, struct str *url) { return store_local_get(a, db, S(STANDBY_FROM), url); }

/* Plain HTTP is for this machine alone: everything goes over it. */
err standby_check_url(struct str url) {
	struct url u;
	if (!url_split(url, &u) || !u.host.n || u.has_userinfo || (u.path.n && !str_eq(u.path, S("/"))) || u.query.n || u.fragment.n)
		return err_public(ERR_INVALID, "--from wants the address of a network, as https://example.org");
	struct address a;
	bool here = str_eq(u.host, S("localhost")) || (address_parse(u.host, &a) && address_is_loopback(&a));
	if (str_eq(u.scheme, S("https")) || (str_eq(u.scheme, S("http")) && here))
		return NULL;
	return err_public(ERR_INVALID, "--from wants https:// (http:// only on this machine)");
}

struct joining {
	struct str url, key, why;
};

static err write_joined(struct tx *tx, void *arg) {
	const struct joining *j = arg;
	TRY(store_local_set(tx_db(tx), S(STANDBY_FROM), j->url));
	TRY(store_local_set(tx_db(tx), S(STANDBY_KEY), j->key));
	return store_closed_set(tx_db(tx), j->why);
}

void link_fill(struct origin *o, const struct config *config, struct str url, struct str key) {
	while (str_ends(url, S("/")))
		url.n--;
	o->url = url;
	o->key = key;
	o->ca_file = config_text(config, SET_standby_ca_file);
	o->portion = PORTION_FIRST;
	secret_hash(key, o->proof);
}

err link_join(struct origin *o, struct arena *a, struct str *key) {
	ANSWER_AUTO answer = {0};
	struct copy_line line;
	int number = 0;
	bool bad;
	TRY(link_ask(o, "POST", S("/api/freehold/standby/join"), &answer));
	if (!copy_stream_next(&answer.lines, &line, &number, &bad) || line.kind != COPY_ROW)
		return err_public(ERR_UNAVAILABLE, "the origin's answer is refused: it has no key");
	*key = arena_str(a, line.text);
	return NULL;
}

static err nobody_here(struct arena *a, struct db *db) {
	int64_t newest;
	struct str from;
	TRY(standby_origin(a, db, &from));
	if (from.n)
		return err_public(ERR_CONFLICT, "this data folder holds a standby of %.*s already: leave out --from and --token",
		                  S_ARG(from));
	TRY(store_newest_id(db, &newest));
	return newest ? err_public(ERR_CONFLICT, "somebody lives in this data folder: a standby wants an empty one") : NULL;
}

static err join(struct site *site, struct db *db, struct arena *a, struct origin *o) {
	struct joining j = {.url = o->url};
	TRY(nobody_here(a, db));
	TRY(link_join(o, a, &j.key));
	j.why = arena_printf(a, "This is a standby of %.*s. Nothing can be changed here", S_ARG(o->url));
	return tx_run(db, write_joined, &j);
}

err standby_join(struct site *site, struct str url, struct str token) {
	struct arena *a = arena_new();
	struct origin o = {.fetcher = fetcher_new()};
	struct db *db = NULL;
	err e = standby_check_url(url);
	link_fill(&o, site->config, url, token);
	if (!e)
		e = db_open(&db, site->store);
	if (!e)
		e = join(site, db, a, &o);
	db_close(&db);
	fetcher_free(&o.fetcher);
	arena_free(&a);
	return e;
}

/* ── opening ── */

struct opening {
	struct arena *a;
	int64_t xid, seq; /* the head of this journal before */
	bool rehearse;
};

/* What makes it another home, which the old one is told of. */
static err write_new_home(struct tx *tx, struct arena *a) {
	struct str old;
	int64_t epoch;
	TRY(standby_epoch(a, tx_db(tx), &epoch));
	TRY(store_site_set(tx_db(tx), S(STANDBY_EPOCH), arena_printf(a, "%lld", (long long)epoch + 1)));
	TRY(standby_origin(a, tx_db(tx), &old));
	return store_job_add(tx, S(STANDBY_TELL_JOB), clock_ms(), epoch + 1, 0, old, NULL);
}

/* The old home's clock was another: no id here may be below one of its, and what it was to do at a time is done when it would have. */
static err write_clock(struct tx *tx, struct arena *a) {
	struct str text;
	int64_t through, ahead;
	TRY(store_local_get(a, tx_db(tx), S(STANDBY_THROUGH), &text));
	if (!str_i64(str_cut(&text, ' '), &through) || !str_i64(text, &ahead))
		return NULL;
	if (ahead > CLOCKS_MS || ahead < -CLOCKS_MS)
		TRY(store_job_shift(tx, ahead, S(POLL_END_JOB)));
	return store_local_set(tx_db(tx), S(STANDBY_IDS), arena_printf(a, "%lld", (long long)id_at(through + IDS_MS, 0)));
}

/* Search tables are not copied: what an earlier life left is filled up, what is empty is filled at the start. */
static err write_open(struct tx *tx, void *arg) {
	static const char *const gone[] = {STANDBY_FROM,   STANDBY_KEY,     STANDBY_LOADED, STANDBY_PLACE,
	                                   STANDBY_CURSOR, STANDBY_THROUGH, STANDBY_COLUMNS};
	const struct opening *o = arg;
	struct db *db = tx_db(tx);
	struct arena *a = o->a;
	struct str cursor;
	bool unsearched;
	TRY(tx_journal_copy(tx, J_SITE_CHANGED, 0, 0, 0));
	TRY(write_clock(tx, a));
	TRY(o->rehearse ? store_job_forget_all(tx) : write_new_home(tx, a));
	TRY(store_local_get(a, db, S(STANDBY_CURSOR), &cursor));
	TRY(store_local_set(db, S(STANDBY_PAST), arena_printf(a, "%.*s %lld %lld", S_ARG(cursor), (long long)o->xid, (long long)o->seq)));
	TRY(store_search_empty(db, &unsearched));
	if (!unsearched)
		TRY(store_job_add(tx, S(SEARCH_FILL_JOB), clock_ms(), 0, 0, STR_NONE, NULL));
	TRY(media_move_forget(db));
	TRY(store_job_forget(tx, S(MEDIA_MIGRATE_JOB)));
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		TRY(store_local_set(db, str_of(gone[i]), STR_NONE));
	return store_closed_set(db, STR_NONE);
}

static err read_through(struct arena *a, struct db *db, int64_t *through) {
	struct str from, loaded, text;
	TRY(standby_origin(a, db, &from));
	if (!from.n)
		return err_public(ERR_CONFLICT, "this data folder holds no standby");
	TRY(store_local_get(a, db, S(STANDBY_LOADED), &loaded));
	TRY(store_local_get(a, db, S(STANDBY_THROUGH), &text));
	*through = 0;
	(void)str_i64(str_cut(&text, ' '), through);
	return loaded.n ? NULL : err_public(ERR_CONFLICT, "the copy is not whole yet: it cannot take the network's place");
}

static err open_up(struct db *db, struct arena *a, bool rehearse, int64_t *through) {
	int64_t kept;
	TRY(read_through(a, db, &kept));
	struct opening o = {.a = a, .rehearse = rehearse};
	TRY(journal_head(db, &o.xid, &o.seq));
	TRY(tx_run(db, write_open, &o));
	if (through && !*through)
		*through = kept;
	return NULL;
}

static err open_alone(struct site *site, bool rehearse, int64_t *through) {
	struct arena *a = arena_new();
	struct db *db;
	*through = 0;
	err e = db_open(&db, site->store);
	if (!e)
		e = open_up(db, a, rehearse, through);
	db_close(&db);
	arena_free(&a);
	return e;
}

err standby_open_up(struct site *site, int64_t *through) { return open_alone(site, false, through); }
err standby_open_to_rehearse(struct site *site, int64_t *through) { return open_alone(site, true, through); }

/* ── the thread ── */

static void note_trouble(struct standby *s, err e) {
	pthread_mutex_lock(&s->lock);
	if (e)
		snprintf(s->state.trouble, sizeof s->state.trouble, "%s%s%s", e->text, e->cause[0] ? ": " : "", e->cause);
	else
		s->state.trouble[0] = 0;
	pthread_mutex_unlock(&s->lock);
}

/* Until something changes, at most ms. */
static void rest(struct standby *s, int64_t ms) {
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&s->lock);
	if (!s->stop && !(s->wanted && !s->answered))
		pthread_cond_timedwait(&s->changed, &s->lock, &until);
	pthread_mutex_unlock(&s->lock);
}

static void answer(struct standby *s, err e) {
	pthread_mutex_lock(&s->lock);
	s->answered = true;
	s->has_failed = e != NULL;
	if (e)
		s->failed = *e;
	else
		s->state.promoted = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

static bool media_whole(struct standby *s) {
	pthread_mutex_lock(&s->lock);
	bool whole = s->state.media_whole && !s->media_pass && !s->fetch.n && !s->media_busy;
	pthread_mutex_unlock(&s->lock);
	return whole;
}

/* People go on uploading: what is not here yet came just now. */
static bool media_near(struct standby *s) {
	pthread_mutex_lock(&s->lock);
	bool whole = s->state.media_whole && !s->media_pass && !s->fetch.n && !s->media_busy;
	bool lately = s->media_whole_at && clock_mono_ms() - s->media_whole_at < NEAR_MEDIA_MS;
	pthread_mutex_unlock(&s->lock);
	return whole || lately;
}

/* The origin writes nothing any more from its answer on; what it has written is taken in to the last entry. */
static err take_over(struct standby *s) {
	int64_t xid, seq, until = clock_mono_ms() + PROMOTE_MS;
	{
		ANSWER_AUTO a = {0};
		struct copy_line line;
		int number = 0;
		bool bad;
		TRY(link_ask(&s->origin, "POST", S("/api/freehold/standby/handover"), &a));
		if (!copy_stream_next(&a.lines, &line, &number, &bad) || line.kind != COPY_HEAD)
			return err_public(ERR_UNAVAILABLE, "the origin's answer is refused: it has no last entry");
		xid = line.numbers[HEAD_XID];
		seq = line.numbers[HEAD_SEQ];
	}
	while (s->xid != xid || s->seq != seq) {
		struct step done;
		arena_reset(s->arena);
		TRY(standby_follow(s, 0, &done));
		if (s->stop || clock_mono_ms() > until)
			return err_public(ERR_UNAVAILABLE, "the origin's last entry did not come: promote again, or with --force");
	}
	for (until = clock_mono_ms() + LAST_MEDIA_MS; !media_whole(s) && clock_mono_ms() < until && !s->stop;)
		usleep(10000);
	if (!media_whole(s))
		log_warn("standby: not all media are here yet");
	return NULL;
}

static err promote(struct standby *s, bool force) {
	if (!force)
		TRY(take_over(s));
	return open_up(s->db, s->arena, false, NULL);
}

static err step(struct standby *s, enum wanted wanted, struct step *out) {
	*out = (struct step){.more = true};
	if (!s->state.loaded)
		return standby_load(s);
	if (s->comparison)
		return standby_compare(s);
	return standby_follow(s, wanted ? 0 : WAIT_MS, out);
}

static bool asked(struct standby *s, enum wanted *wanted) {
	pthread_mutex_lock(&s->lock);
	*wanted = s->answered ? WANT_NOTHING : s->wanted;
	bool go_on = !s->stop && !s->state.promoted;
	pthread_mutex_unlock(&s->lock);
	return go_on;
}

static void tell_readable(struct standby *s) {
	struct standby_state state;
	standby_look(s, &state);
	if (!s->heard || s->told || !state.readable)
		return;
	s->told = true;
	s->heard(s->heard_ctx, s->db, NULL, 0);
}

static void *standby_main(void *arg) {
	struct standby *s = arg;
	enum wanted wanted;
	int64_t pause = PAUSE_MS, since = 0;
	while (asked(s, &wanted)) {
		struct step done;
		arena_reset(s->arena);
		since = wanted ? since ? since : clock_mono_ms() : 0;
		if (wanted == WANT_FORCED) {
			answer(s, promote(s, true));
			continue;
		}
		err e = step(s, wanted, &done);
		if (!e && wanted && !done.more && media_near(s)) {
			e = promote(s, false);
			answer(s, e);
		} else if (wanted && clock_mono_ms() - since > PROMOTE_MS) {
			struct err kept =
			    e ? *e
			      : *err_public(ERR_UNAVAILABLE, "the copy did not come to the end of what the origin has within a minute");
			answer(s, &kept);
			e = err_copy(&kept);
		}
		note_trouble(s, e);
		tell_readable(s);
		db_rest(s->db);
		if (e && !s->stop)
			log_warn("standby: %s %s", s->state.trouble, "");
		if (e || (wanted && !done.more && !done.n))
			rest(s, e ? pause : 10);
		pause = e ? pause < PAUSE_MAX_MS / 2 ? pause * 2 : PAUSE_MAX_MS : PAUSE_MS;
	}
	return NULL;
}

static err read_origin(struct standby *s) {
	struct str url, key, past;
	TRY(standby_origin(s->kept, s->db, &url));
	TRY(store_local_get(s->kept, s->db, S(STANDBY_KEY), &key));
	TRY(store_local_get(s->kept, s->db, S(STANDBY_PAST), &past));
	if (!url.n && past.n)
		return err_public(ERR_CONFLICT,
		                  "this data folder holds no standby any more: it became the network, and freehold serve runs it");
	if (!url.n || !key.n)
		return err_public(ERR_CONFLICT, "this data folder holds no standby: freehold standby --from URL --token TOKEN makes one");
	link_fill(&s->origin, s->site->config, url, key);
	return standby_read_place(s);
}

err standby_start(struct standby **out, struct site *site, standby_heard heard, void *ctx) {
	struct standby *s = xcalloc(1, sizeof *s);
	s->site = site;
	s->heard = heard;
	s->heard_ctx = ctx;
	s->kept = arena_new();
	s->arena = arena_new();
	s->origin.fetcher = fetcher_new();
	s->origin.leave = &s->leave;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	err e = db_open(&s->db, site->store);
	if (!e)
		e = read_origin(s);
	if (e) {
		standby_stop(&s);
		return e;
	}
	s->media_pass = true;
	must(thread_start(&s->media_thread, "standby media", standby_media_main, s));
	must(thread_start(&s->thread, "standby", standby_main, s));
	s->media_started = true;
	*out = s;
	return NULL;
}

void standby_stop(struct standby **sp) {
	struct standby *s = *sp;
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	s->stop = s->leave = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	if (s->media_started) {
		pthread_join(s->thread, NULL);
		pthread_join(s->media_thread, NULL);
	}
	standby_compare_drop(s);
	db_close(&s->db);
	fetcher_free(&s->origin.fetcher);
	free(s->fetch.v);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->changed);
	arena_free(&s->kept);
	arena_free(&s->arena);
	free(s);
	*sp = NULL;
}

void standby_look(struct standby *s, struct standby_state *out) {
	int64_t now = clock_mono_ms();
	pthread_mutex_lock(&s->lock);
	*out = s->state;
	out->lag = s->lag_at ? s->lag_then + now - s->lag_at : -1;
	out->silence = s->heard_at ? now - s->heard_at : -1;
	pthread_mutex_unlock(&s->lock);
}

err standby_promote(struct standby *s, bool force, int64_t *through) {
	pthread_mutex_lock(&s->lock);
	s->wanted = force ? WANT_FORCED : WANT_PLANNED;
	s->leave = force; /* it may be waiting for an answer that never comes */
	s->answered = false;
	pthread_cond_broadcast(&s->changed);
	while (!s->answered && !s->stop)
		pthread_cond_wait(&s->changed, &s->lock);
	err e = !s->answered ? err_public(ERR_UNAVAILABLE, "the standby is being stopped") : s->has_failed ? err_copy(&s->failed) : NULL;
	*through = s->state.through;
	s->wanted = WANT_NOTHING;
	s->leave = s->stop || (force && !e);
	pthread_mutex_unlock(&s->lock);
	return e;
}
