#include "wire/copy_stream.h"

#include "base/must.h"

#include <sodium.h>

enum { MAC = 32, LAST_LINE = 2 + 2 * MAC + 1 };

static const struct str first_line = {"freehold-copy 1\n", 16};

/* How many a line of this kind has. */
static int numbers_of(enum copy_line_kind kind) { return kind == COPY_SCHEMA ? 1 : kind == COPY_ENTRY || kind == COPY_HEAD ? 7 : 0; }

static void prove(struct str before, const char key[COPY_STREAM_KEY], struct str nonce, struct buf *hex) {
	unsigned char mac[MAC];
	uint64_t n = nonce.n;
	crypto_generichash_state s;
	must(crypto_generichash_init(&s, (const unsigned char *)key, COPY_STREAM_KEY, sizeof mac) == 0);
	crypto_generichash_update(&s, (const unsigned char *)&n, sizeof n);
	crypto_generichash_update(&s, (const unsigned char *)nonce.p, nonce.n);
	crypto_generichash_update(&s, (const unsigned char *)before.p, before.n);
	crypto_generichash_final(&s, mac, sizeof mac);
	buf_hex(hex, str_mem(mac, sizeof mac));
}

bool copy_stream_open(struct str document, const char key[COPY_STREAM_KEY], struct str nonce, struct str *lines, const char **why) {
	*lines = STR_NONE;
	*why = "it is no document of a freehold";
	if (!str_starts(document, first_line))
		return false;
	*why = "it is cut off";
	if (document.n < first_line.n + LAST_LINE || !str_starts(str_skip(document, document.n - LAST_LINE), S("z ")) ||
	    !str_ends(document, S("\n")))
		return false;
	struct str before = str_first(document, document.n - LAST_LINE),
	           said = str_first(str_skip(document, document.n - LAST_LINE + 2), 2 * MAC);
	BUF_AUTO hex = {0};
	prove(before, key, nonce, &hex);
	*why = "it was changed on the way, or is not the answer to what was asked";
	if (!str_eq_secret(buf_str(&hex), said) || !str_ends(before, S("\n")))
		return false;
	*lines = str_skip(before, first_line.n);
	return true;
}

static bool numbers(struct str text, int64_t *out, int n) {
	for (int i = 0; i < n; i++)
		if (!str_i64(str_cut(&text, ' '), &out[i]))
			return false;
	return text.n == 0;
}

static bool known(struct str line, struct copy_line *out) {
	*out = (struct copy_line){0};
	if (line.n < 3 || line.p[1] != ' ')
		return false;
	out->kind = (enum copy_line_kind)line.p[0];
	struct str rest = str_skip(line, 2);
	switch (out->kind) {
	case COPY_ROW:
	case COPY_MORE: out->text = rest; return true;
	case COPY_TABLE:
	case COPY_PUT:
	case COPY_DELETE:
		out->table = str_cut(&rest, ' ');
		out->text = rest;
		return out->table.n && rest.n;
	case COPY_RANGE:
		out->table = str_cut(&rest, ' ');
		out->text = rest;
		return out->table.n == COPY_STREAM_DIGEST;
	case COPY_BLANK: out->table = rest; return true;
	case COPY_SCHEMA:
	case COPY_ENTRY:
	case COPY_HEAD: return numbers(rest, out->numbers, numbers_of(out->kind));
	}
	return false;
}

bool copy_stream_next(struct str *lines, struct copy_line *out, int *number, bool *bad) {
	*bad = false;
	if (!lines->n)
		return false;
	*number = *number ? *number + 1 : 2;
	*bad = !known(str_cut(lines, '\n'), out);
	return !*bad;
}

void copy_stream_begin(struct buf *b) { buf_put(b, first_line); }

void copy_stream_put(struct buf *b, const struct copy_line *line) {
	int n = numbers_of(line->kind);
	buf_byte(b, (char)line->kind);
	if (line->table.n) {
		buf_byte(b, ' ');
		buf_put(b, line->table);
	}
	if (line->text.n) {
		buf_byte(b, ' ');
		buf_put(b, line->text);
	}
	for (int i = 0; i < n; i++) {
		buf_byte(b, ' ');
		buf_i64(b, line->numbers[i]);
	}
	buf_byte(b, '\n');
}

void copy_stream_end(struct buf *b, const char key[COPY_STREAM_KEY], struct str nonce) {
	BUF_AUTO hex = {0};
	prove(buf_str(b), key, nonce, &hex);
	buf_lit(b, "z ");
	buf_put(b, buf_str(&hex));
	buf_byte(b, '\n');
}
