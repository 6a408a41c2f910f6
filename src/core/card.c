#include "core/card.h"

#include "base/clock.h"
#include "base/id.h"
#include "config/config.h"
#include "core/site.h"
#include "net/reach.h"
#include "store/job.h"
#include "store/status.h"
#include "wire/text.h"

#include <openssl/sha.h>

enum { AT_ONCE = 200, STUCK_MS = 24 * 3600 * 1000 };

/* ── which page ── */

static bool is_own(const struct site *site, struct str link) {
	struct str rest = str_skip(link, site->base_url.n);
	return str_starts_ci(link, site->base_url) && (!rest.n || rest.p[0] == '/' || rest.p[0] == '?' || rest.p[0] == '#');
}

/* Empty: none. */
static struct str first_link(struct arena *a, const struct site *site, struct str text) {
	bool anywhere = config_bool(site->config, SET_links_allow_private);
	struct text_find f;
	struct str asked;
	for (size_t at = 0; text_next(text, &at, &f);)
		if (f.kind == TEXT_LINK && !is_own(site, f.name) && reach_address(a, STR_NONE, f.name, anywhere, &asked))
			return f.name;
	return STR_NONE;
}

/* ── posts come and change ── */

const enum journal_kind card_kinds[] = {J_STATUS_CREATED, J_STATUS_EDITED, JOURNAL_NONE};

/* A job that was lost is asked for again too. */
static bool is_old(const struct card *k, int64_t now) {
	if (k->state == CARD_READY || k->state == CARD_NOTHING)
		return k->fetched_at < now - CARD_OLD_MS;
	return (k->fetched_at ? k->fetched_at + CARD_OLD_MS : id_ms(k->id)) < now - STUCK_MS;
}

static err ask(struct tx *tx, int64_t card, enum card_work work) { return store_job_add(tx, S(CARD_JOB), 0, card, work, STR_NONE, NULL); }

struct linking {
	struct ctx *c;
	int64_t status;
};

static err link_new(struct tx *tx, int64_t status, struct card *k) {
	k->id = id_new();
	TRY(store_card_insert(tx, k));
	TRY(ask(tx, k->id, CARD_WORK_PAGE));
	return store_card_link(tx, status, k->id);
}

static err link_known(struct tx *tx, int64_t status, const struct card *k) {
	if (is_old(k, clock_ms())) {
		TRY(store_card_set_state(tx, k->id, card_is_shown(k) ? CARD_RENEWING : CARD_WAITING, k->fetched_at));
		TRY(ask(tx, k->id, CARD_WORK_PAGE));
	}
	return store_card_link(tx, status, k->id);
}

static err link_tx(struct tx *tx, void *arg) {
	struct linking *l = arg;
	struct ctx *c = l->c;
	struct status s;
	struct card old, k = {0};
	bool there, had, known = false;
	TRY(store_status_by_id(c->arena, tx_db(tx), l->status, &s, &there));
	if (!there)
		return NULL;
	k.url = first_link(c->arena, c->site, s.text);
	SHA256((const unsigned char *)k.url.p, k.url.n, (unsigned char *)k.hash);
	TRY(store_card_of_status(c->arena, tx_db(tx), s.id, &old, &had));
	if (k.url.n ? had && memcmp(old.hash, k.hash, CARD_HASH) == 0 : !had)
		return NULL;
	bool wanted = k.url.n && config_bool(c->site->config, SET_links_preview);
	if (!wanted && !had)
		return NULL;
	struct card found = k;
	if (wanted)
		TRY(store_card_by_hash(c->arena, tx_db(tx), k.hash, &found, &known));
	bool shown = (had && card_is_shown(&old)) || (known && card_is_shown(&found));
	TRY(tx_journal(tx, J_STATUS_CARD, s.id, s.author_id, shown));
	if (had)
		TRY(store_card_unlink(tx, s.id));
	if (!wanted)
		return NULL;
	return known ? link_known(tx, s.id, &found) : link_new(tx, s.id, &k);
}

/* The transaction is only begun for those that need one: most posts have no link. */
static err consider(struct ctx *c, int64_t id) {
	struct status s;
	bool found;
	TRY(store_status_by_id(c->arena, c->db, id, &s, &found));
	if (!found || s.boost_of_id || s.flags & STATUS_IMPORTED)
		return NULL;
	if (!(s.flags & STATUS_HAS_CARD) && !first_link(c->arena, c->site, s.text).n)
		return NULL;
	return tx_run(c->db, link_tx, &(struct linking){c, id});
}

err card_read(struct ctx *c, const struct journal_entry *entries, size_t n) {
	for (size_t i = 0; i < n; i++)
		if (entries[i].c == 0)
			TRY(consider(c, entries[i].a));
	return NULL;
}

/* ── what was fetched ── */

static bool same_picture(const struct card *a, const struct card *b) {
	return str_eq(a->image_key, b->image_key) && str_eq(a->image_alt, b->image_alt);
}

static bool same_look(const struct card *a, const struct card *b) {
	return card_is_shown(a) == card_is_shown(b) && str_eq(a->title, b->title) && str_eq(a->description, b->description) &&
	       str_eq(a->author, b->author) && str_eq(a->author_url, b->author_url) && str_eq(a->provider, b->provider) &&
	       str_eq(a->language, b->language) && str_eq(a->published, b->published) && same_picture(a, b);
}

struct keeping {
	struct ctx *c;
	const struct card *k;
	bool tell;
};

static bool has_picture(const struct card *k, const struct blob_name *b) {
	return k->image_key.n && memcmp(k->image_blob.b, b->b, BLOB_NAME) == 0;
}

static err keep_tx(struct tx *tx, void *arg) {
	struct keeping *p = arg;
	struct card was;
	bool there;
	p->tell = false;
	TRY(tx_journal(tx, J_STATUS_CARD, 0, 0, 0));
	TRY(store_card_by_id(p->c->arena, tx_db(tx), p->k->id, &was, &there));
	if (!there)
		return p->k->image_key.n ? store_card_sweep(tx, &p->k->image_blob) : NULL;
	p->tell = !same_look(&was, p->k);
	TRY(store_card_update(tx, p->k));
	if (was.image_key.n && !has_picture(p->k, &was.image_blob))
		TRY(store_card_sweep(tx, &was.image_blob));
	return NULL;
}

struct news {
	int64_t status, author;
};

static err tell_tx(struct tx *tx, void *arg) {
	const struct news *n = arg;
	return tx_journal(tx, J_STATUS_CARD, n->status, n->author, 1);
}

static err tell(struct ctx *c, int64_t card) {
	int64_t *ids, after = 0;
	size_t n = 1;
	while (n) {
		db_rest(c->db);
		TRY(store_card_statuses(c->arena, c->db, card, after, AT_ONCE, &ids, &n));
		for (size_t i = 0; i < n; i++) {
			struct status s;
			bool found;
			after = ids[i];
			TRY(store_status_by_id(c->arena, c->db, ids[i], &s, &found));
			if (found)
				TRY(tx_run(c->db, tell_tx, &(struct news){s.id, s.author_id}));
		}
	}
	return NULL;
}

err card_keep(struct ctx *c, const struct card *k) {
	struct keeping p = {c, k, false};
	TRY(tx_run(c->db, keep_tx, &p));
	return p.tell ? tell(c, k->id) : NULL;
}

/* ── its picture ── */

err card_by_key(struct ctx *c, struct str key, struct card *out) {
	bool found;
	TRY(store_card_by_key(c->arena, c->db, key, out, &found));
	return found ? NULL : err_plain(ERR_NOT_FOUND);
}

static err again_tx(struct tx *tx, void *arg) {
	const struct linking *l = arg;
	struct card k;
	bool there;
	TRY(store_card_by_id(l->c->arena, tx_db(tx), l->status, &k, &there));
	if (!there || k.state != CARD_READY)
		return NULL;
	TRY(tx_journal(tx, J_STATUS_CARD, 0, 0, 0));
	TRY(store_card_set_state(tx, k.id, CARD_RENEWING, k.fetched_at));
	return ask(tx, k.id, CARD_WORK_PICTURE);
}

err card_picture_again(struct ctx *c, const struct card *k) {
	if (k->state != CARD_READY || c->site->moving || !config_bool(c->site->config, SET_links_preview))
		return NULL;
	return tx_run(c->db, again_tx, &(struct linking){c, k->id});
}
