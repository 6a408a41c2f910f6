/* Filters: the API's second version, and the first as a view of single keywords. */
#include "api/routes.h"

#include "api/view/filter.h"
#include "base/clock.h"
#include "core/filter.h"

/* ── reading ── */

static err read_contexts(struct rq *rq, int64_t *bits) {
	static const char *const names[] = {"home", "notifications", "public", "thread", "account"};
	struct str *given;
	size_t n;
	*bits = 0;
	TRY(param_list(rq, "context", &given, &n));
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < 5 && !str_eq(given[i], str_of(names[k])))
			k++;
		if (k == 5)
			return err_public(ERR_INVALID, "Validation failed: context must be home, notifications, public, thread or account");
		*bits |= (int64_t)1 << k;
	}
	return NULL;
}

/* expires_in: seconds from now; empty or null: never. */
static err read_expiry(struct rq *rq, struct filter_wish *w) {
	int64_t seconds;
	TRY(param_i64(rq, "expires_in", 0, &seconds));
	json_t *given = param_json(rq, "expires_in");
	w->has_expiry = given || param_has(rq, "expires_in");
	if (seconds < 0 || seconds > INT32_MAX)
		return err_public(ERR_INVALID, "Validation failed: expires_in must be a number of seconds");
	w->expires_at = seconds ? clock_ms() + seconds * 1000 : 0;
	return NULL;
}

static err read_action(struct rq *rq, struct filter_wish *w) {
	struct str text = param(rq, "filter_action");
	w->has_action = text.n != 0;
	if (!w->has_action || str_eq(text, S("warn")))
		w->action = FILTER_WARN;
	else if (str_eq(text, S("hide")))
		w->action = FILTER_HIDE;
	else if (str_eq(text, S("blur")))
		w->action = FILTER_BLUR;
	else
		return err_public(ERR_INVALID, "Validation failed: filter_action must be warn, hide or blur");
	return NULL;
}

static bool json_truth(const json_t *v) {
	if (json_is_string(v)) {
		const char *s = json_string_value(v);
		return *s && strcmp(s, "0") != 0 && strcmp(s, "false") != 0;
	}
	return json_is_true(v) || (json_is_integer(v) && json_integer_value(v));
}

static err read_keyword(const json_t *v, struct keyword_wish *w) {
	json_t *id = json_object_get(v, "id"), *keyword = json_object_get(v, "keyword"), *whole = json_object_get(v, "whole_word");
	*w = (struct keyword_wish){.remove = json_truth(json_object_get(v, "_destroy"))};
	bool is_id = !id || json_is_null(id) || (json_is_string(id) && str_i64(str_of(json_string_value(id)), &w->id));
	if (!json_is_object(v) || !is_id || (keyword && !json_is_string(keyword)))
		return err_public(ERR_INVALID, "Validation failed: keywords_attributes must be a list of keywords");
	w->has_keyword = keyword != NULL;
	w->keyword = keyword ? str_mem(json_string_value(keyword), json_string_length(keyword)) : STR_NONE;
	w->has_whole_word = whole && !json_is_null(whole);
	w->whole_word = json_truth(whole);
	return NULL;
}

/* A list; or, as forms with numbered fields arrive, an object of its items. */
static err read_keywords(struct rq *rq, struct filter_wish *w) {
	json_t *given = param_json(rq, "keywords_attributes"), *item;
	const char *key;
	size_t i, n = json_is_array(given) ? json_array_size(given) : json_object_size(given);
	if (given && !json_is_null(given) && !json_is_array(given) && !json_is_object(given))
		return err_public(ERR_INVALID, "Validation failed: keywords_attributes must be a list of keywords");
	if (n > FILTER_PARTS_MAX)
		return err_public(ERR_INVALID, "Validation failed: a filter has at most %d keywords", FILTER_PARTS_MAX);
	w->keywords = arena_many(rq->c.arena, struct keyword_wish, n + 1);
	json_array_foreach(given, i, item) { TRY(read_keyword(item, &w->keywords[w->keyword_count++])); }
	json_object_foreach(given, key, item) { TRY(read_keyword(item, &w->keywords[w->keyword_count++])); }
	return NULL;
}

static err read_wish(struct rq *rq, struct filter_wish *w) {
	*w = (struct filter_wish){.title = param(rq, "title")};
	TRY(read_contexts(rq, &w->contexts));
	TRY(read_expiry(rq, w));
	TRY(read_action(rq, w));
	return read_keywords(rq, w);
}

/* ── version 2 ── */

static enum handled reply_filter(struct rq *rq, const struct filter *f) {
	view_filter(rq_out(rq), f, true);
	return reply_json(rq, 200);
}

enum handled api_filters(struct rq *rq) {
	struct filter *all;
	size_t n;
	TRY_RQ(rq, filters_of_viewer(&rq->c, &all, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		view_filter(out, &all[i], true);
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}

enum handled api_filter_show(struct rq *rq) {
	int64_t id;
	struct filter f;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, filter_get(&rq->c, id, &f));
	return reply_filter(rq, &f);
}

enum handled api_filter_create(struct rq *rq) {
	struct filter_wish w;
	struct filter f;
	TRY_RQ(rq, read_wish(rq, &w));
	TRY_RQ(rq, filter_save(&rq->c, 0, &w, &f));
	return reply_filter(rq, &f);
}

enum handled api_filter_change(struct rq *rq) {
	int64_t id;
	struct filter_wish w;
	struct filter f;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, read_wish(rq, &w));
	TRY_RQ(rq, filter_save(&rq->c, id, &w, &f));
	return reply_filter(rq, &f);
}

enum handled api_filter_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, filter_delete(&rq->c, id));
	return reply_empty(rq);
}

/* ── keywords ── */

enum handled api_filter_keywords(struct rq *rq) {
	int64_t id;
	struct filter f;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, filter_get(&rq->c, id, &f));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < f.keyword_count; i++) {
		if (i)
			buf_byte(out, ',');
		view_filter_keyword(out, &f.keywords[i]);
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}

static err read_single_keyword(struct rq *rq, const char *name, struct keyword_wish *k) {
	k->has_keyword = param_has(rq, name);
	k->keyword = param(rq, name);
	k->has_whole_word = param_has(rq, "whole_word");
	return param_bool(rq, "whole_word", true, &k->whole_word);
}

enum handled api_filter_keyword_create(struct rq *rq) {
	int64_t id;
	struct keyword_wish k = {0};
	struct filter f;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, read_single_keyword(rq, "keyword", &k));
	TRY_RQ(rq, filter_save(&rq->c, id, &(struct filter_wish){.keywords = &k, .keyword_count = 1}, &f));
	view_filter_keyword(rq_out(rq), &f.keywords[f.keyword_count - 1]);
	return reply_json(rq, 200);
}

enum handled api_filter_keyword_show(struct rq *rq) {
	int64_t id;
	struct filter f;
	struct filter_keyword k;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, filter_keyword_get(&rq->c, id, &f, &k));
	view_filter_keyword(rq_out(rq), &k);
	return reply_json(rq, 200);
}

enum handled api_filter_keyword_change(struct rq *rq) {
	struct keyword_wish w = {0};
	struct filter f;
	struct filter_keyword k;
	TRY_RQ(rq, path_id(rq, 0, &w.id));
	TRY_RQ(rq, read_single_keyword(rq, "keyword", &w));
	TRY_RQ(rq, filter_keyword_get(&rq->c, w.id, &f, &k));
	TRY_RQ(rq, filter_save(&rq->c, f.id, &(struct filter_wish){.keywords = &w, .keyword_count = 1}, &f));
	return api_filter_keyword_show(rq);
}

enum handled api_filter_keyword_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, filter_keyword_delete(&rq->c, id, false));
	return reply_empty(rq);
}

/* ── posts ── */

enum handled api_filter_statuses(struct rq *rq) {
	int64_t id;
	struct filter f;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, filter_get(&rq->c, id, &f));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < f.status_count; i++) {
		if (i)
			buf_byte(out, ',');
		view_filter_status(out, &f.statuses[i]);
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}

enum handled api_filter_status_create(struct rq *rq) {
	int64_t id, status;
	struct filter_status s;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, param_i64(rq, "status_id", 0, &status));
	TRY_RQ(rq, filter_status_add(&rq->c, id, status, &s));
	view_filter_status(rq_out(rq), &s);
	return reply_json(rq, 200);
}

enum handled api_filter_status_show(struct rq *rq) {
	int64_t id;
	struct filter_status s;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, filter_status_get(&rq->c, id, &s));
	view_filter_status(rq_out(rq), &s);
	return reply_json(rq, 200);
}

enum handled api_filter_status_delete(struct rq *rq) {
	int64_t id;
	struct filter_status s;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, filter_status_get(&rq->c, id, &s));
	TRY_RQ(rq, filter_status_delete(&rq->c, id));
	view_filter_status(rq_out(rq), &s);
	return reply_json(rq, 200);
}

/* ── version 1: a filter is one keyword ── */

enum handled api_filters_v1(struct rq *rq) {
	struct filter *all;
	size_t n;
	TRY_RQ(rq, filters_of_viewer(&rq->c, &all, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].keyword_count; k++) {
			if (out->n > 1)
				buf_byte(out, ',');
			view_filter_v1(out, &all[i], &all[i].keywords[k]);
		}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}

static enum handled reply_filter_v1(struct rq *rq, int64_t keyword) {
	struct filter f;
	struct filter_keyword k;
	TRY_RQ(rq, filter_keyword_get(&rq->c, keyword, &f, &k));
	view_filter_v1(rq_out(rq), &f, &k);
	return reply_json(rq, 200);
}

static err read_wish_v1(struct rq *rq, struct filter_wish *w, struct keyword_wish *k) {
	bool irreversible;
	*w = (struct filter_wish){.keywords = k, .keyword_count = 1};
	TRY(read_contexts(rq, &w->contexts));
	TRY(read_expiry(rq, w));
	TRY(param_bool(rq, "irreversible", false, &irreversible));
	w->has_action = param_has(rq, "irreversible");
	w->action = irreversible ? FILTER_HIDE : FILTER_WARN;
	return read_single_keyword(rq, "phrase", k);
}

enum handled api_filter_show_v1(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	return reply_filter_v1(rq, id);
}

enum handled api_filter_create_v1(struct rq *rq) {
	struct keyword_wish k = {0};
	struct filter_wish w;
	struct filter f;
	TRY_RQ(rq, read_wish_v1(rq, &w, &k));
	w.title = str_first(k.keyword, FILTER_TITLE_MAX);
	while (w.title.n && !str_utf8(w.title))
		w.title.n--;
	TRY_RQ(rq, filter_save(&rq->c, 0, &w, &f));
	return reply_filter_v1(rq, f.keywords[0].id);
}

enum handled api_filter_change_v1(struct rq *rq) {
	struct keyword_wish k = {0};
	struct filter_wish w;
	struct filter f;
	struct filter_keyword before;
	TRY_RQ(rq, path_id(rq, 0, &k.id));
	TRY_RQ(rq, read_wish_v1(rq, &w, &k));
	TRY_RQ(rq, filter_keyword_get(&rq->c, k.id, &f, &before));
	TRY_RQ(rq, filter_save(&rq->c, f.id, &w, &f));
	return reply_filter_v1(rq, k.id);
}

enum handled api_filter_delete_v1(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, filter_keyword_delete(&rq->c, id, true));
	return reply_empty(rq);
}
