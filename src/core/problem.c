#include "core/problem.h"

void problem_add(struct problems *p, const char *field, const char *code, const char *text) {
	if (p->n < PROBLEMS_MAX)
		p->v[p->n++] = (struct problem){field, code, text};
}

bool problem_of(const struct problems *p, const char *field) {
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->v[i].field, field) == 0)
			return true;
	return false;
}

/* "username" → "Username", as the messages of the Mastodon API begin. */
static void put_name(struct buf *out, const char *field) {
	buf_byte(out, (char)(field[0] >= 'a' && field[0] <= 'z' ? field[0] - 32 : field[0]));
	buf_put(out, str_of(field + 1));
}

err problems_err(const struct problems *p) {
	if (p->n == 0)
		return NULL;
	BUF_AUTO text = {0};
	for (size_t i = 0; i < p->n; i++) {
		if (i)
			buf_lit(&text, ", ");
		put_name(&text, p->v[i].field);
		buf_byte(&text, ' ');
		buf_put(&text, str_of(p->v[i].text));
	}
	return err_public(ERR_INVALID, "Validation failed: %.*s", S_ARG(buf_str(&text)));
}

void problems_json(struct buf *out, const struct problems *p) {
	buf_byte(out, '{');
	const char *sep = "";
	for (size_t i = 0; i < p->n; i++) {
		struct problems before = {.n = i};
		memcpy(before.v, p->v, i * sizeof *p->v);
		if (problem_of(&before, p->v[i].field))
			continue;
		buf_put(out, str_of(sep));
		sep = ",";
		buf_json_string(out, str_of(p->v[i].field));
		buf_lit(out, ":[");
		const char *inner = "";
		for (size_t k = i; k < p->n; k++) {
			if (strcmp(p->v[k].field, p->v[i].field) != 0)
				continue;
			buf_put(out, str_of(inner));
			inner = ",";
			buf_lit(out, "{\"error\":");
			buf_json_string(out, str_of(p->v[k].code));
			buf_lit(out, ",\"description\":");
			buf_json_string(out, str_of(p->v[k].text));
			buf_byte(out, '}');
		}
		buf_byte(out, ']');
	}
	buf_byte(out, '}');
}
