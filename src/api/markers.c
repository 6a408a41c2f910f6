/* How far the viewer has read home and notifications. */
#include "api/routes.h"

#include "core/marker.h"

static const char *const names[MARKER_TIMELINES] = {"home", "notifications"};

static err put_markers(struct rq *rq, const bool wanted[MARKER_TIMELINES]) {
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	for (int t = 0; t < MARKER_TIMELINES; t++) {
		struct marker m;
		bool found = false;
		if (wanted[t])
			TRY(store_marker_get(rq->c.db, rq->c.viewer, (enum marker_timeline)t, &m, &found));
		if (!found)
			continue;
		buf_printf(out, "%s\"%s\":{\"last_read_id\":\"%lld\",\"version\":%lld,\"updated_at\":\"", out->n > 1 ? "," : "", names[t],
		           (long long)m.last_read_id, (long long)m.version);
		buf_iso8601(out, m.changed_at);
		buf_lit(out, "\"}");
	}
	buf_byte(out, '}');
	return NULL;
}

enum handled api_markers(struct rq *rq) {
	bool wanted[MARKER_TIMELINES] = {false};
	struct str *given;
	size_t n;
	TRY_RQ(rq, param_list(rq, "timeline", &given, &n));
	for (size_t i = 0; i < n; i++)
		for (int t = 0; t < MARKER_TIMELINES; t++)
			wanted[t] |= str_eq(given[i], str_of(names[t]));
	TRY_RQ(rq, put_markers(rq, wanted));
	return reply_json(rq, 200);
}

/* {"home": {"last_read_id": "…"}}, or the same as home[last_read_id] in a query. */
static err read_marker(struct rq *rq, const char *name, int64_t *out) {
	json_t *given = json_object_get(param_json(rq, name), "last_read_id");
	struct str text = json_is_string(given) ? str_of(json_string_value(given)) : STR_NONE;
	*out = json_is_integer(given) ? json_integer_value(given) : 0;
	if (!given)
		text = param(rq, (const char *)arena_printf(rq->c.arena, "%s[last_read_id]", name).p);
	if ((text.n && !str_i64(text, out)) || *out < 0)
		return err_public(ERR_INVALID, "Validation failed: %s[last_read_id] must be an id", name);
	return NULL;
}

enum handled api_markers_set(struct rq *rq) {
	int64_t last_read[MARKER_TIMELINES];
	bool wanted[MARKER_TIMELINES], any = false;
	for (int t = 0; t < MARKER_TIMELINES; t++) {
		TRY_RQ(rq, read_marker(rq, names[t], &last_read[t]));
		wanted[t] = last_read[t] != 0;
		any |= wanted[t];
	}
	if (any)
		TRY_RQ(rq, marker_set(&rq->c, last_read));
	TRY_RQ(rq, put_markers(rq, wanted));
	return reply_json(rq, 200);
}
