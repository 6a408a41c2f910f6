/* The standby's media: all that the copied blob table names, fetched from the origin and proven by their names; first what people look at:
 * emoji, avatars and headers, then from the newest attachment to the oldest. */
#include "base/clock.h"
#include "base/log.h"
#include "blob/blob.h"
#include "config/config.h"
#include "core/media_store.h"
#include "core/site.h"
#include "move/standby_inside.h"
#include "store/media.h"
#include "store/site.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

enum { PAGE = 500, AGAIN_MS = 5000 };

struct fetching {
	struct standby *s;
	struct db *db;
	struct arena *a;
	int64_t began, bytes; /* since the last pass began, for the rate */
	bool named;           /* the site's secret is known */
	int64_t missed;       /* in this pass: could not be had */
};

static err append(void *ctx, struct str bytes) {
	const int *fd = ctx;
	while (bytes.n) {
		ssize_t n = write(*fd, bytes.p, bytes.n);
		if (n < 0 && errno != EINTR)
			return err_private(ERR_UNAVAILABLE, "a file for media cannot be written: %m");
		if (n > 0)
			bytes = str_skip(bytes, (size_t)n);
	}
	return NULL;
}

/* The key of names came with the rows; the store was opened without. */
static err learn_secret(struct fetching *f) {
	struct str text;
	size_t n = 0;
	if (f->named)
		return NULL;
	struct site *site = f->s->site;
	TRY(store_site_get(f->a, f->db, S("secret"), &text));
	if (sodium_hex2bin((unsigned char *)site->secret, sizeof site->secret, text.p, text.n, NULL, &n, NULL) || n != sizeof site->secret)
		return err_private(ERR_INTERNAL, "the copy has no key for names of media");
	blob_close(&site->blobs);
	TRY(media_store_open(&site->blobs, site, config_text(site->config, SET_media_store), true));
	f->named = true;
	pthread_mutex_lock(&f->s->lock);
	f->s->named = true;
	standby_note_readable(f->s);
	pthread_mutex_unlock(&f->s->lock);
	return NULL;
}

static void hold_rate(struct fetching *f, int64_t bytes) {
	int64_t rate = config_number(f->s->site->config, SET_standby_media_rate);
	f->bytes += bytes;
	while (rate && !f->s->stop && f->bytes * 1000 / rate > clock_mono_ms() - f->began)
		usleep(20000);
}

static err take_in(struct fetching *f, const struct blob_name *name, int fd) {
	struct blob_name is;
	int64_t size;
	TRY(blob_name_of_file(f->s->site->secret, fd, &is, &size));
	if (memcmp(is.b, name->b, BLOB_NAME))
		return err_public(ERR_UNAVAILABLE, "the origin sent other bytes than a blob's name says");
	TRY(blob_put_file(f->s->site->blobs, name, fd, size));
	pthread_mutex_lock(&f->s->lock);
	f->s->state.blobs++;
	f->s->state.blob_bytes += size;
	pthread_mutex_unlock(&f->s->lock);
	hold_rate(f, size);
	return NULL;
}

static err fetch(struct fetching *f, const struct blob_name *name) {
	BUF_AUTO target = {0};
	buf_lit(&target, "/api/freehold/standby/blobs/");
	buf_hex(&target, blob_name_str(name));
	struct str dir = f->s->site->data_dir;
	int fd = open(arena_printf(f->a, "%.*s", S_ARG(dir)).p, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_private(ERR_UNAVAILABLE, "a file for media cannot be made in %.*s: %m", S_ARG(dir));
	err e = link_blob(&f->s->origin, buf_str(&target), append, &fd);
	if (!e)
		e = take_in(f, name, fd);
	close(fd);
	return e;
}

/* A blob that the origin has not either is the origin's loss, and not waited for. */
static void want(struct fetching *f, const struct blob_name *name) {
	bool there = false;
	err e = blob_has(f->s->site->blobs, name, &there);
	if (!e && !there)
		e = fetch(f, name);
	if (e && e->code == ERR_NOT_FOUND)
		log_warn("standby: the origin lacks a file that its database names");
	else if (e && f->missed++ == 0)
		log_warn("standby: media could not be fetched: %s %s", e->text, e->cause);
}

/* Blobs that came to be known with entries: people look at those now. */
static void want_new(struct fetching *f) {
	struct standby *s = f->s;
	pthread_mutex_lock(&s->lock);
	struct blob_names names = s->fetch;
	s->fetch = (struct blob_names){0};
	pthread_mutex_unlock(&s->lock);
	for (size_t i = 0; i < names.n && !s->stop; i++)
		want(f, &names.v[i]);
	vec_free(&names);
}

static void want_all(struct fetching *f, const struct blob_name *v, size_t n) {
	db_rest(f->db);
	for (size_t i = 0; i < n && !f->s->stop; i++) {
		want_new(f);
		want(f, &v[i]);
	}
}

static err pass_newest(struct fetching *f, enum blobs_order order) {
	int64_t place = INT64_MAX;
	do {
		struct blob_name *v;
		size_t n;
		arena_reset(f->a);
		TRY(store_blobs_newest(f->a, f->db, order, PAGE, &place, &v, &n));
		want_all(f, v, n);
	} while (place && !f->s->stop);
	return NULL;
}

/* All that is in use, whatever it is for. */
static err pass_rest(struct fetching *f) {
	struct blob_name *v, last = {0};
	size_t n = PAGE;
	for (bool begun = false; n == PAGE && !f->s->stop; begun = true) {
		arena_reset(f->a);
		TRY(store_blob_page(f->a, f->db, begun ? &last : NULL, PAGE, &v, &n));
		if (n)
			last = v[n - 1];
		want_all(f, v, n);
	}
	return NULL;
}

/* What is looked at first comes first: a link may be too slow for all. */
static err pass(struct fetching *f) {
	f->began = clock_mono_ms();
	f->bytes = 0;
	for (enum blobs_order order = 0; order < BLOBS_ORDERS; order++)
		TRY(pass_newest(f, order));
	return pass_rest(f);
}

/* Waits for something to do: names, or a pass over all. False when the standby stops. */
static bool work(struct fetching *f, bool *all) {
	struct standby *s = f->s;
	pthread_mutex_lock(&s->lock);
	s->media_busy = false;
	s->state.media_whole = s->state.loaded && !s->media_pass && !s->fetch.n;
	pthread_cond_broadcast(&s->changed);
	while (!s->stop && !(s->state.loaded && (s->media_pass || s->fetch.n)))
		pthread_cond_wait(&s->changed, &s->lock);
	if (s->state.media_whole)
		s->media_whole_at = clock_mono_ms();
	*all = s->media_pass;
	s->media_pass = false;
	s->media_busy = true;
	s->state.media_whole = false;
	pthread_mutex_unlock(&s->lock);
	return !s->stop;
}

/* What was missed is looked for again after a while. */
static void again(struct fetching *f) {
	struct standby *s = f->s;
	pthread_mutex_lock(&s->lock);
	s->media_pass = true;
	pthread_mutex_unlock(&s->lock);
	for (int64_t until = clock_mono_ms() + AGAIN_MS; !s->stop && clock_mono_ms() < until;)
		usleep(50000);
}

static void fetch_all(struct fetching *f) {
	bool all;
	while (work(f, &all)) {
		f->missed = 0;
		arena_reset(f->a);
		err e = learn_secret(f);
		if (!e)
			want_new(f);
		if (!e && all)
			e = pass(f);
		db_rest(f->db);
		if (e)
			log_warn("standby: media: %s %s", e->text, e->cause);
		if (e || f->missed)
			again(f);
	}
}

void *standby_media_main(void *arg) {
	struct fetching f = {.s = arg, .a = arena_new()};
	err e = db_open(&f.db, f.s->site->store);
	if (e)
		log_error("standby: media are not fetched: %s %s", e->text, e->cause);
	else
		fetch_all(&f);
	db_close(&f.db);
	arena_free(&f.a);
	return NULL;
}
