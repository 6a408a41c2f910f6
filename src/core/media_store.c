#include "core/media_store.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "blob/pair.h"
#include "blob/s3.h"
#include "config/config.h"
#include "store/media.h"
#include "store/site.h"

#include <pthread.h>
#include <stdlib.h>

struct media_home {
	pthread_mutex_t lock;
	struct buf now, old;        /* addresses of the stores that are open */
	int64_t total, total_until; /* bytes of all media; monotonic ms when they are to be counted again */
};

static const struct str moved_key = {"media.moved", 11};

err media_serving_read(struct site *site) {
	struct str how = config_text(site->config, SET_media_serve), url = str_skip(how, 7);
	site->serving = SERVE_THROUGH;
	if (str_eq(how, S("through")))
		return NULL;
	site->serving = SERVE_PRESIGNED;
	if (str_eq(how, S("presigned")))
		return NULL;
	site->serving = SERVE_PUBLIC;
	while (str_ends(url, S("/")))
		url.n--;
	site->public_media = url;
	if (str_starts(how, S("public:http://")) || str_starts(how, S("public:https://")))
		return NULL;
	return err_public(ERR_INVALID, "media.serve must be through, presigned or public:URL, not \"%.*s\"", S_ARG(how));
}

err media_store_means(struct arena *a, const struct site *site, bool has_secret, struct store_means *out) {
	const struct config *config = site->config;
	*out = (struct store_means){
	    .key = config_text(config, SET_media_s3_key),
	    .secret = config_text(config, SET_media_s3_secret),
	    .site_secret = has_secret ? site->secret : NULL,
	    .spool_dir = site->data_dir,
	    .free_floor = config_number(config, SET_media_free_floor),
	};
	struct str file = config_text(config, SET_media_s3_keys_file);
	return file.n ? blob_store_keys(a, file, &out->key, &out->secret) : NULL;
}

static err open_store(struct arena *a, struct blobs **out, const struct site *site, struct str address, bool has_secret) {
	struct store_means means;
	TRY(media_store_means(a, site, has_secret, &means));
	if (str_starts(address, S("files:")) && !str_starts(address, S("files:/")))
		address = arena_printf(a, "files:%.*s/%.*s", S_ARG(site->data_dir), S_ARG(str_skip(address, 6)));
	return blob_store_open(out, address, &means);
}

err media_store_open(struct blobs **out, const struct site *site, struct str address, bool has_secret) {
	struct arena *a = arena_new();
	err e = open_store(a, out, site, address, has_secret);
	arena_free(&a);
	return e;
}

/* ── room ── */

/* Counting walks all media: what was counted is kept for 200 times as long as it took, with what came since. */
static err count_total(struct ctx *c, struct media_home *home) {
	int64_t began = clock_mono_ms();
	if (began < home->total_until)
		return NULL;
	TRY(store_media_total(c->db, &home->total));
	home->total_until = began + 1000 + 200 * (clock_mono_ms() - began);
	return NULL;
}

err media_store_room(struct ctx *c, int64_t size) {
	struct media_home *home = c->site->home;
	int64_t cap = config_number(c->site->config, SET_media_cap);
	if (blob_room(c->site->blobs) - size < config_number(c->site->config, SET_media_free_floor))
		return err_private(ERR_UNAVAILABLE, "media: the disk is nearly full (media.free_floor)");
	if (!cap)
		return NULL;
	pthread_mutex_lock(&home->lock);
	err e = count_total(c, home);
	bool full = !e && home->total + size > cap;
	if (!e && !full)
		home->total += size;
	pthread_mutex_unlock(&home->lock);
	return full ? err_public(ERR_UNAVAILABLE, "The network's space for media is full") : e;
}

/* ── moving ── */

/* FROM, TO and "moving" or "over", a line each. */
err media_move_get(struct arena *a, struct db *db, struct media_move *out, bool *found) {
	struct str text;
	TRY(store_site_get(a, db, moved_key, &text));
	*found = text.n > 0;
	out->from = str_cut(&text, '\n');
	out->to = str_cut(&text, '\n');
	out->over = str_eq(text, S("over"));
	return NULL;
}

err media_move_set(struct db *db, const struct media_move *m) {
	BUF_AUTO text = {0};
	buf_printf(&text, "%.*s\n%.*s\n%s", S_ARG(m->from), S_ARG(m->to), m->over ? "over" : "moving");
	return store_site_set(db, moved_key, buf_str(&text));
}

err media_move_forget(struct db *db) { return store_site_set(db, moved_key, STR_NONE); }

/* Which stores there should be; old empty: none. */
static err decide(const struct site *site, const struct media_move *m, bool found, struct str *now, struct str *old) {
	struct str said = config_text(site->config, SET_media_store);
	*now = said;
	*old = STR_NONE;
	if (!found)
		return NULL;
	bool known = str_eq(said, m->from) || str_eq(said, m->to);
	if (!known && !m->over)
		return err_public(ERR_INVALID, "the media are being moved from %.*s to %.*s: media.store must be one of them",
		                  S_ARG(m->from), S_ARG(m->to));
	if (!known)
		return NULL;
	if (str_eq(said, m->from))
		log_warn("media.store: the media were moved to %.*s; write that into the settings", S_ARG(m->to));
	*now = m->to;
	if (!m->over)
		*old = m->from;
	return NULL;
}

static err open_named(struct blobs **out, const struct site *site, struct str address) {
	*out = NULL;
	if (str_empty(address))
		return NULL;
	TRY(media_store_open(out, site, address, true));
	err e = blob_s3_probe(*out);
	if (e && e->code != ERR_INVALID) {
		log_warn("media: the store does not answer yet: %s", e->cause);
		e = NULL;
	}
	if (e)
		blob_close(out);
	return e;
}

static err start(struct site *site, struct arena *a, struct db *db) {
	struct media_move m;
	bool found;
	struct str now, old;
	struct blobs *now_store, *old_store;
	TRY(media_serving_read(site));
	TRY(media_move_get(a, db, &m, &found));
	TRY(decide(site, &m, found, &now, &old));
	TRY(open_named(&now_store, site, now));
	err e = open_named(&old_store, site, old);
	if (e) {
		blob_close(&now_store);
		return e;
	}
	site->blobs = blob_pair_new(now_store, old_store);
	site->home = xcalloc(1, sizeof *site->home);
	pthread_mutex_init(&site->home->lock, NULL);
	buf_put(&site->home->now, now);
	buf_put(&site->home->old, old);
	return NULL;
}

err media_store_start(struct site *site) {
	struct arena *a = arena_new();
	struct db *db = NULL;
	err e = db_open(&db, site->store);
	if (!e)
		e = start(site, a, db);
	db_close(&db);
	arena_free(&a);
	return e;
}

void media_store_stop(struct site *site) {
	blob_close(&site->blobs);
	if (!site->home)
		return;
	buf_free(&site->home->now);
	buf_free(&site->home->old);
	pthread_mutex_destroy(&site->home->lock);
	free(site->home);
	site->home = NULL;
}

/* The store of this address: one that is open, or newly opened. */
static err find_store(struct site *site, struct str address, struct blobs **out) {
	struct blobs *now, *old;
	blob_pair_stores(site->blobs, &now, &old);
	if (str_eq(address, buf_str(&site->home->now)))
		*out = now;
	else if (old && str_eq(address, buf_str(&site->home->old)))
		*out = old;
	else
		return open_named(out, site, address);
	return NULL;
}

static err follow(struct site *site, struct arena *a, struct db *db) {
	struct media_home *home = site->home;
	struct media_move m;
	bool found;
	struct str now, old;
	struct blobs *now_store, *old_store = NULL;
	TRY(media_move_get(a, db, &m, &found));
	if (!found)
		return NULL;
	TRY(decide(site, &m, found, &now, &old));
	if (str_eq(now, buf_str(&home->now)) && str_eq(old, buf_str(&home->old)))
		return NULL;
	TRY(find_store(site, now, &now_store));
	if (old.n)
		TRY(find_store(site, old, &old_store));
	blob_pair_turn(site->blobs, now_store, old_store);
	buf_clear(&home->now);
	buf_put(&home->now, now);
	buf_clear(&home->old);
	buf_put(&home->old, old);
	log_info("media: new ones go to %.*s%s%.*s", S_ARG(now), old.n ? ", old ones are moved there from " : "", S_ARG(old));
	return NULL;
}

void media_store_follow(struct site *site, struct db *db) {
	struct arena *a = arena_new();
	pthread_mutex_lock(&site->home->lock);
	err e = follow(site, a, db);
	pthread_mutex_unlock(&site->home->lock);
	if (e)
		log_error("media: this node cannot turn to the new store: %s %s", e->text, e->cause);
	arena_free(&a);
}
