#include "base/must.h"
#include "gate/body.h"
#include "wire/cookie.h"
#include "wire/url.h"

enum { MAX_LIST = 200 };

/* The gate has decoded the whole query once before the handler ran (query_check), so decoding cannot fail here. */
static struct str decoded(struct rq *rq, struct str encoded) {
	struct str out;
	must(!url_decode_form(rq->c.arena, encoded, &out));
	return out;
}

static bool in_query(struct rq *rq, struct str name, struct str *out) {
	struct str rest = rq->x->req->query, key, value;
	while (url_next_pair(&rest, &key, &value)) {
		if (!url_form_equals(key, name))
			continue;
		*out = decoded(rq, value);
		return true;
	}
	return false;
}

err query_check(struct rq *rq) {
	struct str rest = rq->x->req->query, key, value, unused;
	while (url_next_pair(&rest, &key, &value)) {
		TRY(url_decode_form(rq->c.arena, key, &unused));
		TRY(url_decode_form(rq->c.arena, value, &unused));
	}
	return NULL;
}

static struct str scalar_text(struct rq *rq, const json_t *v) {
	if (json_is_string(v))
		return str_mem(json_string_value(v), json_string_length(v));
	if (json_is_integer(v))
		return arena_printf(rq->c.arena, "%lld", (long long)json_integer_value(v));
	if (json_is_boolean(v))
		return json_is_true(v) ? S("true") : S("false");
	if (json_is_real(v))
		return arena_printf(rq->c.arena, "%.10g", json_real_value(v));
	return STR_NONE;
}

bool param_has(struct rq *rq, const char *name) {
	struct str unused;
	json_t *v = param_json(rq, name);
	return in_query(rq, str_of(name), &unused) || (v && !json_is_null(v));
}

struct str param(struct rq *rq, const char *name) {
	struct str value;
	if (in_query(rq, str_of(name), &value))
		return value;
	return scalar_text(rq, param_json(rq, name));
}

json_t *param_json(struct rq *rq, const char *name) { return rq->body ? json_object_get(rq->body, name) : NULL; }

err param_i64(struct rq *rq, const char *name, int64_t missing, int64_t *out) {
	struct str text = param(rq, name);
	*out = missing;
	if (str_empty(text) || str_i64(text, out))
		return NULL;
	return err_public(ERR_INVALID, "Validation failed: %s must be a whole number", name);
}

err param_bool(struct rq *rq, const char *name, bool missing, bool *out) {
	static const struct str yes[] = {{"true", 4}, {"1", 1}, {"on", 2}, {"yes", 3}, {"t", 1}},
	                        no[] = {{"false", 5}, {"0", 1}, {"off", 3}, {"no", 2}, {"f", 1}};
	struct str text = param(rq, name);
	*out = missing;
	if (str_empty(text))
		return NULL;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		*out = str_eq_ci(text, yes[i]);
		if (*out || str_eq_ci(text, no[i]))
			return NULL;
	}
	return err_public(ERR_INVALID, "Validation failed: %s must be true or false", name);
}

struct list {
	struct str items[MAX_LIST];
	size_t n;
	bool full;
};

static void add(struct list *l, struct str item) {
	if (l->n < MAX_LIST)
		l->items[l->n++] = item;
	else
		l->full = true;
}

static void list_from_query(struct rq *rq, struct str name, struct list *l) {
	struct str rest = rq->x->req->query, key, value;
	struct str with_brackets = arena_printf(rq->c.arena, "%.*s[]", S_ARG(name));
	while (url_next_pair(&rest, &key, &value))
		if (url_form_equals(key, name) || url_form_equals(key, with_brackets))
			add(l, decoded(rq, value));
}

static err list_from_body(struct rq *rq, const char *name, struct list *l) {
	json_t *v = param_json(rq, name), *item;
	size_t i;
	if (!v || json_is_null(v))
		return NULL;
	if (json_is_object(v))
		return err_public(ERR_INVALID, "Validation failed: %s must be a list", name);
	if (!json_is_array(v))
		add(l, scalar_text(rq, v));
	json_array_foreach(v, i, item) {
		if (!json_is_string(item) && !json_is_integer(item))
			return err_public(ERR_INVALID, "Validation failed: %s must be a list of texts", name);
		add(l, scalar_text(rq, item));
	}
	return NULL;
}

err param_list(struct rq *rq, const char *name, struct str **out, size_t *n) {
	struct list l = {.n = 0};
	list_from_query(rq, str_of(name), &l);
	TRY(list_from_body(rq, name, &l));
	if (l.full)
		return err_public(ERR_INVALID, "Validation failed: %s has more than %d items", name, MAX_LIST);
	*n = l.n;
	*out = arena_many(rq->c.arena, struct str, l.n);
	if (l.n)
		memcpy(*out, l.items, l.n * sizeof *l.items);
	return NULL;
}

err param_ids(struct rq *rq, const char *name, int64_t **out, size_t *n) {
	struct str *items;
	TRY(param_list(rq, name, &items, n));
	*out = arena_many(rq->c.arena, int64_t, *n);
	for (size_t i = 0; i < *n; i++)
		if (!str_i64(items[i], &(*out)[i]) || (*out)[i] < 0)
			return err_public(ERR_INVALID, "Validation failed: %s must be a list of ids", name);
	return NULL;
}

struct upload *param_upload(struct rq *rq, const char *name) {
	for (size_t i = 0; i < rq->upload_count; i++)
		if (str_eq(rq->uploads[i].field, str_of(name)))
			return &rq->uploads[i];
	return NULL;
}

struct str path_text(struct rq *rq, int i) {
	return rq->captures[i];
}

err path_id(struct rq *rq, int i, int64_t *out) { return str_i64(rq->captures[i], out) && *out > 0 ? NULL : err_plain(ERR_NOT_FOUND); }

struct str rq_cookie(struct rq *rq, struct str name) {
	return cookie_get(rq_header(rq, S("Cookie")), name);
}
