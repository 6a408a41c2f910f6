#include "wire/backup_log.h"

static void put_hash(struct buf *b, const char *word, const struct blob_name *hash) {
	buf_printf(b, "%s ", word);
	buf_hex(b, blob_name_str(hash));
	buf_byte(b, '\n');
}

void backup_log_begin(struct buf *b, const struct backup_log_head *h) {
	buf_printf(b, "freehold-log 1\nnumber %lld\nat %lld\n", (long long)h->number, (long long)h->at);
	put_hash(b, "previous", &h->previous);
	put_hash(b, "database", &h->database);
	put_hash(b, "shape", &h->shape);
	buf_printf(b, "after %lld %lld\nupto %lld %lld\n", (long long)h->after_xid, (long long)h->after_seq, (long long)h->upto_xid,
	           (long long)h->upto_seq);
}

static void put_numbers(struct buf *b, const int64_t *v, size_t n) {
	for (size_t i = 0; i < n; i++)
		buf_printf(b, " %lld", (long long)v[i]);
}

void backup_log_put(struct buf *b, const struct backup_log_item *i) {
	switch (i->kind) {
	case BACKUP_LOG_END: buf_lit(b, "end"); break;
	case BACKUP_LOG_BLOB:
		buf_lit(b, "blob ");
		buf_hex(b, blob_name_str(&i->name));
		buf_printf(b, " %lld ", (long long)i->size);
		buf_put(b, i->chunks.n ? i->chunks : S("-"));
		break;
	case BACKUP_LOG_ENTRY:
		buf_lit(b, "entry");
		put_numbers(b, (const int64_t[]){i->xid, i->seq, i->at, i->what, i->a, i->b, i->c}, 7);
		break;
	case BACKUP_LOG_ROW:
	case BACKUP_LOG_GONE:
		buf_put(b, i->kind == BACKUP_LOG_ROW ? S("row ") : S("gone "));
		buf_put(b, i->table);
		buf_byte(b, ' ');
		buf_put(b, i->text);
		break;
	case BACKUP_LOG_BLANK:
		buf_lit(b, "blank ");
		buf_put(b, i->table);
		break;
	}
	buf_byte(b, '\n');
}

/* ── reading ── */

/* A line without its end; false when there is none. */
static bool line(struct str *rest, struct str *out) {
	ptrdiff_t end = str_chr(*rest, '\n');
	if (end < 0)
		return false;
	*out = str_first(*rest, (size_t)end);
	*rest = str_skip(*rest, (size_t)end + 1);
	return true;
}

/* A word and the one space after it. */
static bool word(struct str *line, struct str w) {
	if (!str_starts(*line, w) || line->n <= w.n || line->p[w.n] != ' ')
		return false;
	*line = str_skip(*line, w.n + 1);
	return line->n > 0;
}

/* A whole number in its only form, up to the next space or the end. */
static bool number(struct str *line, int64_t *out) {
	ptrdiff_t space = str_chr(*line, ' ');
	struct str text = str_first(*line, space < 0 ? line->n : (size_t)space);
	struct str digits = str_starts(text, S("-")) ? str_skip(text, 1) : text;
	*line = str_skip(*line, text.n + (space < 0 ? 0 : 1));
	if (space >= 0 && !line->n)
		return false;
	return digits.n && digits.p[0] >= '0' && digits.p[0] <= '9' && (digits.p[0] != '0' || text.n == 1) && str_i64(text, out);
}

static bool numbers(struct str text, int64_t *const *out, size_t n) {
	for (size_t i = 0; i < n; i++)
		if (!number(&text, out[i]))
			return false;
	return !text.n;
}

static bool hash_line(struct str *rest, struct str w, struct blob_name *out) {
	struct str text;
	return line(rest, &text) && word(&text, w) && blob_name_read_hex(text, out);
}

static bool number_line(struct str *rest, struct str w, int64_t *first, int64_t *second) {
	struct str text;
	return line(rest, &text) && word(&text, w) && numbers(text, (int64_t *const[]){first, second}, second ? 2 : 1);
}

bool backup_log_read(struct str text, struct backup_log_head *h, struct str *rest) {
	struct str first;
	*rest = text;
	*h = (struct backup_log_head){0};
	return line(rest, &first) && str_eq(first, S("freehold-log 1")) && number_line(rest, S("number"), &h->number, NULL) &&
	       h->number > 0 && number_line(rest, S("at"), &h->at, NULL) && hash_line(rest, S("previous"), &h->previous) &&
	       hash_line(rest, S("database"), &h->database) && hash_line(rest, S("shape"), &h->shape) &&
	       number_line(rest, S("after"), &h->after_xid, &h->after_seq) && number_line(rest, S("upto"), &h->upto_xid, &h->upto_seq);
}

static bool is_name(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_'))
			return false;
	return s.n > 0;
}

static bool blob(struct str text, struct backup_log_item *out) {
	struct blob_name one;
	if (text.n < 2 * BLOB_NAME + 1 || !blob_name_read_hex(str_first(text, 2 * BLOB_NAME), &out->name) || text.p[2 * BLOB_NAME] != ' ')
		return false;
	text = str_skip(text, 2 * BLOB_NAME + 1);
	if (!number(&text, &out->size) || out->size < 0 || !text.n)
		return false;
	out->chunks = str_eq(text, S("-")) ? STR_NONE : text;
	for (struct str rest = out->chunks; rest.n; rest = str_skip(rest, 2 * BLOB_NAME))
		if (!blob_name_read_hex(str_first(rest, 2 * BLOB_NAME), &one))
			return false;
	return true;
}

static bool change(struct str text, struct backup_log_item *out) {
	ptrdiff_t space = str_chr(text, ' ');
	out->table = str_first(text, space < 0 ? text.n : (size_t)space);
	out->text = space < 0 ? STR_NONE : str_skip(text, (size_t)space + 1);
	return is_name(out->table) && (out->kind == BACKUP_LOG_BLANK ? space < 0 : out->text.n > 0);
}

bool backup_log_next(struct str *rest, struct backup_log_item *out) {
	struct str text;
	*out = (struct backup_log_item){0};
	if (!line(rest, &text))
		return false;
	if (str_eq(text, S("end")))
		return !rest->n;
	if (word(&text, S("blob"))) {
		out->kind = BACKUP_LOG_BLOB;
		return blob(text, out);
	}
	if (word(&text, S("entry"))) {
		out->kind = BACKUP_LOG_ENTRY;
		return numbers(text, (int64_t *const[]){&out->xid, &out->seq, &out->at, &out->what, &out->a, &out->b, &out->c}, 7);
	}
	out->kind = word(&text, S("row"))     ? BACKUP_LOG_ROW
	            : word(&text, S("gone"))  ? BACKUP_LOG_GONE
	            : word(&text, S("blank")) ? BACKUP_LOG_BLANK
	                                      : BACKUP_LOG_END;
	return out->kind != BACKUP_LOG_END && change(text, out);
}
