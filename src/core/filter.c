#include "core/filter.h"

#include "base/id.h"
#include "core/policy.h"
#include "store/tx.h"

static size_t characters(struct str s) {
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

static err find(struct ctx *c, struct db *db, int64_t id, struct filter *out) {
	struct filter *all;
	size_t n;
	TRY(store_filters(c->arena, db, c->viewer, &all, &n));
	for (size_t i = 0; i < n; i++)
		if (all[i].id == id) {
			*out = all[i];
			return NULL;
		}
	return err_plain(ERR_NOT_FOUND);
}

static err find_keyword(struct ctx *c, struct db *db, int64_t id, struct filter *filter, struct filter_keyword *out) {
	struct filter *all;
	size_t n;
	TRY(store_filters(c->arena, db, c->viewer, &all, &n));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].keyword_count; k++)
			if (all[i].keywords[k].id == id) {
				*filter = all[i];
				*out = all[i].keywords[k];
				return NULL;
			}
	return err_plain(ERR_NOT_FOUND);
}

static err find_status(struct ctx *c, struct db *db, int64_t id, struct filter_status *out) {
	struct filter *all;
	size_t n;
	TRY(store_filters(c->arena, db, c->viewer, &all, &n));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].status_count; k++)
			if (all[i].statuses[k].id == id) {
				*out = all[i].statuses[k];
				return NULL;
			}
	return err_plain(ERR_NOT_FOUND);
}

err filters_of_viewer(struct ctx *c, struct filter **out, size_t *n) { return store_filters(c->arena, c->db, c->viewer, out, n); }
err filter_get(struct ctx *c, int64_t id, struct filter *out) { return find(c, c->db, id, out); }
err filter_keyword_get(struct ctx *c, int64_t id, struct filter *filter, struct filter_keyword *out) {
	return find_keyword(c, c->db, id, filter, out);
}
err filter_status_get(struct ctx *c, int64_t id, struct filter_status *out) { return find_status(c, c->db, id, out); }

/* ── saving ── */

struct save {
	struct ctx *c;
	int64_t id;
	const struct filter_wish *wish;
	struct filter *out;
};

static err check(const struct filter_wish *w, bool is_new) {
	if (is_new && str_empty(str_trim(w->title)))
		return err_public(ERR_INVALID, "Validation failed: Title can't be blank");
	if (is_new && !w->contexts)
		return err_public(ERR_INVALID, "Validation failed: Context can't be blank");
	if (characters(w->title) > FILTER_TITLE_MAX)
		return err_public(ERR_INVALID, "Validation failed: Title is longer than %d characters", FILTER_TITLE_MAX);
	for (size_t i = 0; i < w->keyword_count; i++) {
		const struct keyword_wish *k = &w->keywords[i];
		if (!k->remove && (k->has_keyword || !k->id) && str_empty(str_trim(k->keyword)))
			return err_public(ERR_INVALID, "Validation failed: Keyword can't be blank");
		if (characters(k->keyword) > FILTER_KEYWORD_MAX)
			return err_public(ERR_INVALID, "Validation failed: Keyword is longer than %d characters", FILTER_KEYWORD_MAX);
	}
	return NULL;
}

static err save_keyword(struct tx *tx, const struct filter *f, const struct keyword_wish *w) {
	struct filter_keyword k = {.id = id_new(), .filter_id = f->id, .whole_word = true};
	if (w->id) {
		size_t i = 0;
		while (i < f->keyword_count && f->keywords[i].id != w->id)
			i++;
		if (i == f->keyword_count)
			return err_plain(ERR_NOT_FOUND);
		k = f->keywords[i];
	}
	if (w->remove)
		return w->id ? store_filter_keyword_delete(tx, w->id) : NULL;
	if (w->has_keyword)
		k.keyword = w->keyword;
	if (w->has_whole_word)
		k.whole_word = w->whole_word;
	return store_filter_keyword_put(tx, &k);
}

static err save_tx(struct tx *tx, void *arg) {
	struct save *s = arg;
	struct db *db = tx_db(tx);
	struct filter f = {.id = id_new(), .account_id = s->c->viewer};
	struct filter *all;
	size_t n;
	if (s->id)
		TRY(find(s->c, db, s->id, &f));
	else
		TRY(store_filters(s->c->arena, db, s->c->viewer, &all, &n));
	if (!s->id && n >= FILTERS_MAX)
		return err_public(ERR_INVALID, "Validation failed: you have %d filters, which is the most", FILTERS_MAX);
	if (f.keyword_count + s->wish->keyword_count > FILTER_PARTS_MAX)
		return err_public(ERR_INVALID, "Validation failed: a filter has at most %d keywords", FILTER_PARTS_MAX);
	if (s->wish->title.n)
		f.title = s->wish->title;
	if (s->wish->contexts)
		f.contexts = s->wish->contexts;
	if (s->wish->has_action)
		f.action = s->wish->action;
	if (s->wish->has_expiry)
		f.expires_at = s->wish->expires_at;
	TRY(tx_journal(tx, J_FILTER_CHANGED, s->c->viewer, f.id, 0));
	TRY(store_filter_put(tx, &f));
	for (size_t i = 0; i < s->wish->keyword_count; i++)
		TRY(save_keyword(tx, &f, &s->wish->keywords[i]));
	return find(s->c, db, f.id, s->out);
}

err filter_save(struct ctx *c, int64_t id, const struct filter_wish *wish, struct filter *out) {
	TRY(check(wish, !id));
	return tx_run(c->db, save_tx, &(struct save){c, id, wish, out});
}

/* ── dropping, and posts ── */

struct part {
	struct ctx *c;
	int64_t id, status;
	bool with_filter;
	struct filter_status *out;
};

static err delete_tx(struct tx *tx, void *arg) {
	struct part *p = arg;
	struct filter f;
	TRY(find(p->c, tx_db(tx), p->id, &f));
	TRY(tx_journal(tx, J_FILTER_CHANGED, p->c->viewer, f.id, 0));
	return store_filter_delete(tx, f.id);
}

err filter_delete(struct ctx *c, int64_t id) { return tx_run(c->db, delete_tx, &(struct part){.c = c, .id = id}); }

static err keyword_delete_tx(struct tx *tx, void *arg) {
	struct part *p = arg;
	struct filter f;
	struct filter_keyword k;
	TRY(find_keyword(p->c, tx_db(tx), p->id, &f, &k));
	TRY(tx_journal(tx, J_FILTER_CHANGED, p->c->viewer, f.id, 0));
	if (p->with_filter && f.keyword_count == 1 && !f.status_count)
		return store_filter_delete(tx, f.id);
	return store_filter_keyword_delete(tx, k.id);
}

err filter_keyword_delete(struct ctx *c, int64_t id, bool with_filter) {
	return tx_run(c->db, keyword_delete_tx, &(struct part){.c = c, .id = id, .with_filter = with_filter});
}

static err status_add_tx(struct tx *tx, void *arg) {
	struct part *p = arg;
	struct filter f;
	TRY(find(p->c, tx_db(tx), p->id, &f));
	for (size_t i = 0; i < f.status_count; i++)
		if (f.statuses[i].status_id == p->status) {
			*p->out = f.statuses[i];
			return NULL;
		}
	if (f.status_count >= FILTER_PARTS_MAX)
		return err_public(ERR_INVALID, "Validation failed: a filter has at most %d posts", FILTER_PARTS_MAX);
	TRY(tx_journal(tx, J_FILTER_CHANGED, p->c->viewer, f.id, 0));
	*p->out = (struct filter_status){id_new(), f.id, p->status};
	return store_filter_status_put(tx, p->out);
}

err filter_status_add(struct ctx *c, int64_t filter, int64_t status, struct filter_status *out) {
	struct status s;
	TRY(status_visible(c, status, &s));
	return tx_run(c->db, status_add_tx, &(struct part){.c = c, .id = filter, .status = status, .out = out});
}

static err status_delete_tx(struct tx *tx, void *arg) {
	struct part *p = arg;
	struct filter_status s;
	TRY(find_status(p->c, tx_db(tx), p->id, &s));
	TRY(tx_journal(tx, J_FILTER_CHANGED, p->c->viewer, s.filter_id, 0));
	return store_filter_status_delete(tx, s.id);
}

err filter_status_delete(struct ctx *c, int64_t id) { return tx_run(c->db, status_delete_tx, &(struct part){.c = c, .id = id}); }
