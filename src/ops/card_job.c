#include "ops/card_job.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "config/config.h"
#include "core/card.h"
#include "core/remote.h"
#include "core/site.h"
#include "media/decoder.h"
#include "net/reach.h"
#include "store/media.h"
#include "wire/mime.h"
#include "wire/preview.h"

#include <pthread.h>
#include <stdlib.h>

enum { TOTAL_MS = 10000, PICTURE_MOST = 8 * 1024 * 1024, BUSY_MS = 2000, BUSY_EACH_MS = 50 };

struct cards {
	struct fetcher *fetcher;
	pthread_mutex_t lock;
	char *busy[CARD_AT_ONCE]; /* hosts that are being asked */
};

struct cards *cards_new(void) {
	struct cards *c = xcalloc(1, sizeof *c);
	c->fetcher = fetcher_new();
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

void cards_free(struct cards **cp) {
	struct cards *c = *cp;
	if (!c)
		return;
	fetcher_free(&c->fetcher);
	pthread_mutex_destroy(&c->lock);
	free(c);
	*cp = NULL;
}

/* ── politeness ── */

/* A place for the host; -1: it is asked enough already. */
static int enter(struct cards *c, struct str host) {
	int place = -1, same = 0;
	pthread_mutex_lock(&c->lock);
	for (int i = 0; i < CARD_AT_ONCE; i++) {
		if (!c->busy[i])
			place = i;
		else
			same += str_eq_ci(str_of(c->busy[i]), host);
	}
	if (same >= CARD_PER_HOST)
		place = -1;
	if (place >= 0) {
		c->busy[place] = strndup(host.p ? host.p : "", host.n);
		must(c->busy[place]);
	}
	pthread_mutex_unlock(&c->lock);
	return place;
}

static void leave(struct cards *c, int place) {
	pthread_mutex_lock(&c->lock);
	free(c->busy[place]);
	c->busy[place] = NULL;
	pthread_mutex_unlock(&c->lock);
}

struct postponed {
	const struct job *job;
	int64_t until;
};

static err later_tx(struct tx *tx, void *arg) {
	const struct postponed *p = arg;
	TRY(tx_journal(tx, J_JOBS_CHANGED, 0, 0, 0));
	return store_job_add(tx, S(CARD_JOB), p->until, p->job->a, p->job->b, p->job->data, NULL);
}

/* The more wait, the longer: a site that everybody links to neither keeps the others waiting nor the database busy. */
static err later(struct ctx *c, const struct job *job) {
	int64_t waiting;
	TRY(store_job_waiting(c->db, S(CARD_JOB), &waiting));
	return tx_run(c->db, later_tx, &(struct postponed){job, clock_ms() + BUSY_MS + waiting * BUSY_EACH_MS});
}

/* ── asking ── */

static struct reach request(struct ctx *c, struct str url, struct str accept, size_t most, bool cut) {
	return (struct reach){
	    .url = url,
	    .accept = accept,
	    .agent = arena_printf(c->arena, "Freehold/" FREEHOLD_VERSION " (link preview; +%.*s)", S_ARG(c->site->base_url)),
	    .most = most,
	    .cut = cut,
	    .total_ms = TOTAL_MS,
	    .anywhere = config_bool(c->site->config, SET_links_allow_private),
	    .leave = &c->site->stopping,
	};
}

/* An address of the page; empty: it is none that may be asked. */
static struct str resolved(struct ctx *c, struct str base, struct str said) {
	struct str out;
	return reach_address(c->arena, base, said, config_bool(c->site->config, SET_links_allow_private), &out) ? out : STR_NONE;
}

static bool is_busy_status(int status) { return status == 429 || status >= 500; }

/* ── the picture ── */

static void forget_picture(struct card *k) {
	k->image_url = k->image_key = k->image_type = k->image_alt = k->blurhash = STR_NONE;
	k->image_width = k->image_height = 0;
}

/* The name stays with the bytes: browsers keep what they have seen under it. */
static err keep_picture(struct ctx *c, struct card *k, const struct picture *p) {
	struct blob_name name;
	blob_name_of(c->site->secret, p->bytes, &name);
	TRY(remote_put(c, &name, p->bytes));
	if (!k->image_key.n || memcmp(name.b, k->image_blob.b, BLOB_NAME) != 0)
		k->image_key = store_media_key(c->arena, str_of(p->ending));
	k->image_blob = name;
	k->image_type = str_of(p->type);
	k->image_width = p->width;
	k->image_height = p->height;
	k->blurhash = p->blurhash;
	return NULL;
}

/* An err: the card has no picture then. */
static err fetch_picture(struct ctx *c, struct card *k) {
	struct picture p;
	struct reach r = request(c, k->image_url, S("image/webp,image/*;q=0.9"), PICTURE_MOST, false);
	err e = reach_run(c->arena, c->site->cards->fetcher, &r);
	if (!e && r.status != 200)
		e = err_private(ERR_NOT_FOUND, "%.*s: status %d", S_ARG(reach_host(c->arena, r.at)), r.status);
	if (!e)
		e = decoder_picture(c->arena, c->site->decoder, &(struct picture_source){.mem = buf_str(&r.body), .fd = -1}, PICTURE_CARD,
		                    &p);
	reach_free(&r);
	return e ? e : keep_picture(c, k, &p);
}

static void try_picture(struct ctx *c, struct card *k) {
	err e = k->image_url.n ? fetch_picture(c, k) : NULL;
	if (e)
		log_info("a card has no picture: %s %s", e->text, e->cause);
	if (e || !k->image_url.n)
		forget_picture(k);
}

/* ── the page ── */

static void describe(struct ctx *c, struct card *k, const struct reach *r) {
	struct preview p;
	preview_read(c->arena, buf_str(&r->body), mime_param(r->type, S("charset")), &p);
	if (!p.title.n)
		return;
	k->state = CARD_READY;
	k->title = p.title;
	k->description = p.description;
	k->author = p.author;
	k->author_url = resolved(c, r->at, p.author_url);
	k->provider = p.site;
	k->language = p.language;
	k->published = p.published;
	k->image_alt = p.image_alt;
	k->image_url = resolved(c, r->at, p.image);
}

static bool is_page(const struct reach *r) {
	struct str type = mime_essence(r->type);
	return r->status == 200 && (str_eq_ci(type, S("text/html")) || str_eq_ci(type, S("application/xhtml+xml")));
}

/* An err: it is to be tried again. Otherwise *k is what the page says, or that it says nothing. */
static err fetch_page(struct ctx *c, struct card *k, bool last) {
	struct card fresh = {.id = k->id, .state = CARD_NOTHING, .image_key = k->image_key, .image_blob = k->image_blob};
	struct str url = resolved(c, STR_NONE, k->url);
	struct reach r = request(c, url, S("text/html,application/xhtml+xml;q=0.9"), PREVIEW_LOOKED_AT, true);
	err e = url.n ? reach_run(c->arena, c->site->cards->fetcher, &r) : NULL;
	bool again = e ? r.again : is_busy_status(r.status);
	if (!e && again)
		e = err_private(ERR_UNAVAILABLE, "%.*s: status %d", S_ARG(reach_host(c->arena, r.at)), r.status);
	if (!e && is_page(&r))
		describe(c, &fresh, &r);
	reach_free(&r);
	if (e && again && !last)
		return e;
	/* A page that was there is not forgotten because it is away today. */
	bool stays = again && card_is_shown(k);
	if (!stays)
		*k = fresh;
	if (stays)
		k->state = CARD_READY;
	else
		try_picture(c, k);
	return NULL;
}

/* ── the job ── */

static err work(struct ctx *c, const struct job *job, struct card *k) {
	if (job->b == CARD_WORK_PICTURE) {
		k->state = CARD_READY;
		try_picture(c, k);
	} else {
		TRY(fetch_page(c, k, job->tries + 1 >= CARD_TRIES));
		k->fetched_at = clock_ms();
	}
	/* What was cut off by the end of this process is done by the next. */
	if (c->site->stopping)
		return err_private(ERR_UNAVAILABLE, "the network is being stopped");
	return card_keep(c, k);
}

static err sweep(struct ctx *c, struct str hex) {
	struct blob_name name;
	bool named;
	if (!blob_name_read_hex(hex, &name))
		return NULL;
	TRY(store_card_names(c->db, &name, &named));
	return named ? NULL : remote_drop(c, &name);
}

err card_job(struct ctx *c, const struct job *job) {
	struct card k;
	bool found;
	if (job->b == CARD_WORK_SWEEP)
		return sweep(c, job->data);
	TRY(store_card_by_id(c->arena, c->db, job->a, &k, &found));
	if (!config_bool(c->site->config, SET_links_preview))
		return NULL;
	/* No snapshot is held while strangers take their time. */
	db_rest(c->db);
	if (!found)
		return NULL;
	int place = enter(c->site->cards, reach_host(c->arena, job->b == CARD_WORK_PICTURE ? k.image_url : k.url));
	if (place < 0)
		return later(c, job);
	err e = work(c, job, &k);
	leave(c->site->cards, place);
	return e;
}
