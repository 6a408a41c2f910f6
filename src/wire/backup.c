#include "wire/backup.h"

#include "base/vec.h"

static const struct str magic = {"FHB1", 4}, first_line = {"freehold-backup 1", 17}, key_line = {"freehold-backup-key-1", 21};

/* ── writing a manifest ── */

static void put_hash(struct buf *b, const char *word, const struct blob_name *hash) {
	buf_printf(b, "%s ", word);
	buf_hex(b, blob_name_str(hash));
	buf_byte(b, '\n');
}

static void put_table(struct buf *b, const struct backup_table *t) {
	buf_printf(b, "table %.*s %lld ", S_ARG(t->name), (long long)t->rows);
	buf_hex(b, str_mem(t->sum, sizeof t->sum));
	for (size_t i = 0; i < t->column_count; i++)
		buf_printf(b, "%c%.*s", i ? ',' : ' ', S_ARG(t->columns[i]));
	buf_byte(b, '\n');
	for (size_t i = 0; i < t->list_count; i++)
		put_hash(b, "list", &t->lists[i]);
}

void backup_manifest_write(struct buf *b, const struct backup_manifest *m) {
	buf_put(b, first_line);
	buf_printf(b, "\nnumber %lld\nat %lld\n", (long long)m->number, (long long)m->at);
	put_hash(b, "previous", &m->previous);
	put_hash(b, "site", &m->site);
	put_hash(b, "database", &m->database);
	buf_printf(b, "cursor %lld %lld\n", (long long)m->xid, (long long)m->seq);
	buf_printf(b, "blobs %lld %lld %lld\n", (long long)m->blobs, (long long)m->blob_bytes, (long long)m->blobs_missing);
	for (size_t i = 0; i < m->blob_list_count; i++)
		put_hash(b, "list", &m->blob_lists[i]);
	for (size_t i = 0; i < m->table_count; i++)
		put_table(b, &m->tables[i]);
	for (size_t i = 0; i < m->kept_count; i++) {
		buf_printf(b, "kept %lld %lld ", (long long)m->kept[i].number, (long long)m->kept[i].at);
		buf_hex(b, blob_name_str(&m->kept[i].hash));
		buf_byte(b, '\n');
	}
	buf_lit(b, "end\n");
}

/* ── reading one ── */

struct reader {
	struct arena *a;
	struct str rest, line; /* what follows; the present line, from what is not read of it */
	size_t at;             /* where the present line begins */
	const char *start;
};

/* The next line, when it begins with this word; it is then read up to what follows the word. */
static bool line(struct reader *r, struct str word) {
	ptrdiff_t end = str_chr(r->rest, '\n');
	struct str text = str_first(r->rest, end < 0 ? 0 : (size_t)end);
	r->at = (size_t)(r->rest.p - r->start);
	if (end < 0 || !str_starts(text, word) || str_ends(text, S(" ")) || (text.n > word.n && text.p[word.n] != ' '))
		return false;
	r->line = str_skip(text, word.n + 1);
	r->rest = str_skip(r->rest, (size_t)end + 1);
	return true;
}

/* Whole numbers in their only form. */
static bool number(struct reader *r, int64_t *out) {
	struct str text = str_cut(&r->line, ' ');
	return text.n && text.p[0] >= '0' && text.p[0] <= '9' && (text.n == 1 || text.p[0] != '0') && str_i64(text, out);
}

static bool name_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

static bool is_name(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if (!name_char(s.p[i]))
			return false;
	return s.n > 0 && s.n <= 63;
}

static bool hash(struct reader *r, struct blob_name *out) { return blob_name_read_hex(str_cut(&r->line, ' '), out) && !r->line.n; }

static bool lists(struct reader *r, struct blob_name **out, size_t *n) {
	VEC(struct blob_name) found = {0};
	while (line(r, S("list"))) {
		struct blob_name name;
		if (!hash(r, &name))
			return false;
		vec_push(r->a, &found, name);
	}
	*out = found.v;
	*n = found.n;
	return true;
}

static bool nibble(char c, unsigned *out) {
	*out = c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
	return *out < 16;
}

static bool hex(struct str text, unsigned char *out, size_t n) {
	if (text.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned high, low;
		if (!nibble(text.p[2 * i], &high) || !nibble(text.p[2 * i + 1], &low))
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static bool columns(struct reader *r, struct backup_table *t) {
	VEC(struct str) found = {0};
	struct str rest = r->line;
	if (!rest.n || str_ends(rest, S(",")))
		return false;
	while (rest.n) {
		struct str name = str_cut(&rest, ',');
		if (!is_name(name) || found.n == BACKUP_COLUMNS_MAX)
			return false;
		vec_push(r->a, &found, name);
	}
	t->columns = found.v;
	t->column_count = found.n;
	return true;
}

static bool tables(struct reader *r, struct backup_manifest *m) {
	VEC(struct backup_table) found = {0};
	while (line(r, S("table"))) {
		struct backup_table t = {.name = str_cut(&r->line, ' ')};
		if (!is_name(t.name) || !number(r, &t.rows) || !hex(str_cut(&r->line, ' '), t.sum, sizeof t.sum) || !columns(r, &t) ||
		    !lists(r, &t.lists, &t.list_count))
			return false;
		vec_push(r->a, &found, t);
	}
	m->tables = found.v;
	m->table_count = found.n;
	return true;
}

static bool kept(struct reader *r, struct backup_manifest *m) {
	VEC(struct backup_kept) found = {0};
	int64_t last = 0;
	while (line(r, S("kept"))) {
		struct backup_kept k;
		if (!number(r, &k.number) || !number(r, &k.at) || !hash(r, &k.hash) || k.number <= last || k.number >= m->number)
			return false;
		last = k.number;
		vec_push(r->a, &found, k);
	}
	m->kept = found.v;
	m->kept_count = found.n;
	return true;
}

static bool one(struct reader *r, struct str word, int64_t *out) { return line(r, word) && number(r, out) && !r->line.n; }

static bool manifest(struct reader *r, struct backup_manifest *m) {
	return line(r, first_line) && !r->line.n && one(r, S("number"), &m->number) && m->number > 0 && one(r, S("at"), &m->at) &&
	       line(r, S("previous")) && hash(r, &m->previous) && line(r, S("site")) && hash(r, &m->site) && line(r, S("database")) &&
	       hash(r, &m->database) && line(r, S("cursor")) && number(r, &m->xid) && number(r, &m->seq) && !r->line.n &&
	       line(r, S("blobs")) && number(r, &m->blobs) && number(r, &m->blob_bytes) && number(r, &m->blobs_missing) && !r->line.n &&
	       lists(r, &m->blob_lists, &m->blob_list_count) && tables(r, m) && kept(r, m) && line(r, S("end")) && !r->line.n && !r->rest.n;
}

bool backup_manifest_read(struct arena *a, struct str text, struct backup_manifest *out, size_t *at) {
	struct reader r = {.a = a, .rest = text, .start = text.p};
	*out = (struct backup_manifest){0};
	bool read = manifest(&r, out);
	*at = r.at;
	return read;
}

/* ── numbers in network order ── */

static void put_number(unsigned char *to, uint64_t v, int bytes) {
	for (int i = bytes; i--; v >>= 8)
		to[i] = (unsigned char)v;
}

static uint64_t get_number(const void *from, int bytes) {
	uint64_t v = 0;
	for (int i = 0; i < bytes; i++)
		v = v << 8 | ((const unsigned char *)from)[i];
	return v;
}

/* ── lists ── */

enum { BLOB_ENTRY = BLOB_NAME + 8 + 4 };

void backup_blob_write(struct buf *b, const struct backup_blob *blob) {
	unsigned char numbers[12];
	put_number(numbers, (uint64_t)blob->size, 8);
	put_number(numbers + 8, blob->n, 4);
	buf_put(b, blob_name_str(&blob->name));
	buf_put(b, str_mem(numbers, sizeof numbers));
	buf_put(b, str_mem(blob->chunks, (size_t)blob->n * BLOB_NAME));
}

bool backup_blob_next(struct str *rest, struct backup_blob *out, bool *bad) {
	*bad = false;
	if (!rest->n)
		return false;
	*bad = true;
	if (rest->n < BLOB_ENTRY)
		return false;
	memcpy(out->name.b, rest->p, BLOB_NAME);
	uint64_t size = get_number(rest->p + BLOB_NAME, 8);
	out->n = (uint32_t)get_number(rest->p + BLOB_NAME + 8, 4);
	out->chunks = (const unsigned char *)rest->p + BLOB_ENTRY;
	if (size > INT64_MAX || (rest->n - BLOB_ENTRY) / BLOB_NAME < out->n)
		return false;
	out->size = (int64_t)size;
	*rest = str_skip(*rest, BLOB_ENTRY + (size_t)out->n * BLOB_NAME);
	*bad = false;
	return true;
}

/* ── the key file ── */

void backup_key_write(struct buf *b, const unsigned char key[BACKUP_KEY], const unsigned char check[BACKUP_CHECK]) {
	buf_put(b, key_line);
	buf_byte(b, '\n');
	buf_hex(b, str_mem(key, BACKUP_KEY));
	buf_byte(b, '\n');
	buf_hex(b, str_mem(check, BACKUP_CHECK));
	buf_byte(b, '\n');
}

bool backup_key_read(struct str text, unsigned char key[BACKUP_KEY], unsigned char check[BACKUP_CHECK]) {
	struct str rest = text;
	return str_eq(str_trim(str_cut(&rest, '\n')), key_line) && hex(str_trim(str_cut(&rest, '\n')), key, BACKUP_KEY) &&
	       hex(str_trim(str_cut(&rest, '\n')), check, BACKUP_CHECK) && !str_trim(rest).n;
}

/* ── sealed objects ── */

void backup_head_write(unsigned char out[BACKUP_HEAD], const struct backup_head *h) {
	memcpy(out, magic.p, 4);
	out[4] = h->packed;
	put_number(out + 5, h->size, 4);
	memcpy(out + 9, h->nonce, BACKUP_NONCE);
}

bool backup_head_read(struct str object, struct backup_head *out, struct str *rest) {
	if (object.n < BACKUP_HEAD || !str_starts(object, magic) || (unsigned char)object.p[4] > 1)
		return false;
	out->packed = object.p[4];
	out->size = (uint32_t)get_number(object.p + 5, 4);
	out->nonce = (const unsigned char *)object.p + 9;
	*rest = str_skip(object, BACKUP_HEAD);
	return out->size <= BACKUP_OBJECT_MAX;
}

/* ── what is kept ── */

static bool read_span(struct str text, int64_t *ms) {
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'s', 1000}, {'m', 60 * 1000}, {'h', 3600 * 1000}, {'d', 24 * 3600 * 1000}, {'w', 7 * 24 * 3600 * 1000}};
	int64_t n;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (text.n > 1 && text.p[text.n - 1] == units[i].unit)
			return str_i64(str_first(text, text.n - 1), &n) && n >= 0 && n <= 100000 && (*ms = n * units[i].ms, true);
	return false;
}

static bool read_count(struct str text, int64_t *n) { return str_i64(text, n) && *n >= 0 && *n <= 100000; }

bool backup_keep_read(struct str text, struct backup_keep *out, size_t *at) {
	struct str rest = text;
	*out = (struct backup_keep){0};
	do {
		*at = (size_t)(rest.p - text.p);
		struct str value = str_cut(&rest, ','), name = str_cut(&value, '=');
		bool fits = str_eq(name, S("log"))       ? read_span(value, &out->log_ms)
		            : str_eq(name, S("daily"))   ? read_count(value, &out->daily)
		            : str_eq(name, S("weekly"))  ? read_count(value, &out->weekly)
		            : str_eq(name, S("monthly")) ? read_count(value, &out->monthly)
		                                         : false;
		if (!fits)
			return false;
	} while (rest.n);
	return true;
}
