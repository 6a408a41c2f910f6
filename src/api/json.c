#include "api/json.h"

void json_key(struct buf *out, const char *key) {
	if (out->n && out->p[out->n - 1] != '{')
		buf_byte(out, ',');
	buf_json_string(out, str_of(key));
	buf_byte(out, ':');
}

void json_text(struct buf *out, const char *key, struct str value) {
	json_key(out, key);
	buf_json_string(out, value);
}

void json_text_or_null(struct buf *out, const char *key, struct str value) {
	json_key(out, key);
	if (value.n)
		buf_json_string(out, value);
	else
		buf_lit(out, "null");
}

void json_bool(struct buf *out, const char *key, bool value) {
	json_key(out, key);
	buf_put(out, value ? S("true") : S("false"));
}

void json_i64(struct buf *out, const char *key, int64_t value) {
	json_key(out, key);
	buf_i64(out, value);
}

void json_id(struct buf *out, const char *key, int64_t id) {
	json_key(out, key);
	if (id)
		buf_printf(out, "\"%lld\"", (long long)id);
	else
		buf_lit(out, "null");
}

void json_time(struct buf *out, const char *key, int64_t ms) {
	json_key(out, key);
	if (!ms) {
		buf_lit(out, "null");
		return;
	}
	buf_byte(out, '"');
	buf_iso8601(out, ms);
	buf_byte(out, '"');
}
