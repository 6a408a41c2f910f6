#include "wire/csv.h"

struct csv csv_of(struct str file) {
	return (struct csv){.rest = str_starts(file, S("\xef\xbb\xbf")) ? str_skip(file, 3) : file};
}

/* "…" with "" for a quote inside: *rest is behind the last quote. False when it never ends. */
static bool quoted(struct csv *c, struct str *rest, struct arena *a, struct str *out) {
	bool doubled = false;
	size_t i = 1;
	for (;; i++) {
		if (i >= rest->n)
			return false;
		if (rest->p[i] == '\n')
			c->lines_read++;
		if (rest->p[i] != '"')
			continue;
		if (i + 1 >= rest->n || rest->p[i + 1] != '"')
			break;
		doubled = true;
		i++;
	}
	*out = str_mem(rest->p + 1, i - 1);
	*rest = str_skip(*rest, i + 1);
	if (!doubled)
		return true;
	char *p = arena_alloc(a, out->n);
	size_t n = 0;
	for (i = 0; i < out->n; i++) {
		p[n++] = out->p[i];
		if (out->p[i] == '"')
			i++;
	}
	*out = str_mem(p, n);
	return true;
}

static bool bare(struct str *rest, struct str *out) {
	size_t i = 0;
	while (i < rest->n && rest->p[i] != ',' && rest->p[i] != '\n' && rest->p[i] != '"')
		i++;
	*out = str_first(*rest, i);
	if (i < rest->n && rest->p[i] == '"')
		return false;
	*rest = str_skip(*rest, i);
	if ((!rest->n || rest->p[0] == '\n') && str_ends(*out, S("\r")))
		out->n--;
	return true;
}

/* Behind a field: more of the record (true), or its end. */
static bool more(struct str *rest) {
	if (rest->n && rest->p[0] == ',') {
		*rest = str_skip(*rest, 1);
		return true;
	}
	if (str_starts(*rest, S("\r\n")))
		*rest = str_skip(*rest, 1);
	return false;
}

static bool record(struct csv *c, struct arena *a, struct str fields[CSV_FIELDS_MAX], size_t *n) {
	do {
		struct str field;
		if (c->rest.n && c->rest.p[0] == '"' ? !quoted(c, &c->rest, a, &field) : !bare(&c->rest, &field))
			return false;
		if (*n < CSV_FIELDS_MAX)
			fields[(*n)++] = field;
	} while (more(&c->rest));
	return !c->rest.n || c->rest.p[0] == '\n';
}

static void skip_line(struct csv *c) {
	ptrdiff_t end = str_chr(c->rest, '\n');
	c->rest = end < 0 ? STR_NONE : str_skip(c->rest, (size_t)end + 1);
	c->lines_read++;
}

bool csv_next(struct csv *c, struct arena *a, struct str fields[CSV_FIELDS_MAX], size_t *n, bool *wrong) {
	while (c->rest.n) {
		struct str from = c->rest;
		int lines = c->lines_read;
		*n = 0;
		c->line = lines + 1;
		*wrong = !record(c, a, fields, n);
		/* A record that makes no sense ends with its first line: the next ones may be whole. */
		if (*wrong) {
			c->rest = from;
			c->lines_read = lines;
		}
		skip_line(c);
		if (*wrong || *n > 1 || fields[0].n)
			return true;
	}
	return false;
}

void csv_put(struct buf *b, struct str field) {
	bool plain = true;
	for (size_t i = 0; i < field.n; i++)
		plain &= !strchr(",\"\r\n", field.p[i]) || !field.p[i];
	if (plain) {
		buf_put(b, field);
		return;
	}
	buf_byte(b, '"');
	for (size_t i = 0; i < field.n; i++) {
		if (field.p[i] == '"')
			buf_byte(b, '"');
		buf_byte(b, field.p[i]);
	}
	buf_byte(b, '"');
}
