/* Rows as images: a network copied from one database into another, of the same engine and of the other, and followed there. */
#include "store/image.h"
#include "move/row_range.h"
#include "ops/made_network.h"
#include "store/bulk.h"
#include "store/local_state.h"
#include "store/once.h"
#include "unit.h"
#include "wire/row.h"

#include "base/buf.h"

#include <libpq-fe.h>

struct side {
	struct store *store;
	struct db *db;
	struct arena *a;
	struct image_table *tables;
	size_t n;
};

static void open_side(struct side *s, struct str url) {
	s->a = arena_new();
	ok(store_open(&s->store, url, str_of(test_folder())));
	ok(db_open(&s->db, s->store));
	ok(image_tables(s->db, s->a, &s->tables, &s->n));
	db_rest(s->db);
	assert_true(s->n > 40);
	assert_null(image_table_named(s->tables, s->n, S("journal")));
	assert_non_null(image_table_named(s->tables, s->n, S("status")));
}

static void close_side(struct side *s) {
	db_close(&s->db);
	store_close(&s->store);
	arena_free(&s->a);
}

/* A database of its own on the PostgreSQL of the test, which orders texts as a dictionary does, or a file. */
static struct str new_place(struct arena *a, bool postgres) {
	static int count;
	count++;
	if (!postgres)
		return arena_printf(a, "sqlite:image%d.db", count);
	PGconn *c = PQconnectdb(getenv("TEST_PG"));
	PGresult *res =
	    PQexec(c, arena_printf(a, "CREATE DATABASE image%d TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'", count).p);
	assert_int_equal(PQresultStatus(res), PGRES_COMMAND_OK);
	PQclear(res);
	PQfinish(c);
	struct str url = test_url();
	size_t cut = url.n;
	while (url.p[cut - 1] != '/')
		cut--;
	return arena_printf(a, "%.*simage%d", (int)cut, url.p, count);
}

/* ── what is compared ── */

static struct str plain(struct arena *a, struct str row) {
	struct row_value v[64];
	size_t n, at;
	struct buf b = {0};
	assert_true(row_parse(a, row, v, 64, &n, &at));
	row_write(&b, v, n);
	struct str s = arena_str(a, buf_str(&b));
	buf_free(&b);
	return s;
}

static int by_key(const void *x, const void *y) { return str_cmp(((const struct image *)x)->key, ((const struct image *)y)->key); }

static size_t all_rows(struct side *s, struct arena *a, const char *table, struct image **out) {
	const struct image_table *t = image_table_named(s->tables, s->n, str_of(table));
	size_t n;
	must(t);
	ok(image_rows(s->db, a, t, STR_NONE, STR_NONE, 50000, out, &n));
	for (size_t i = 0; i < n; i++) {
		struct str key;
		ok(image_key(a, t, (*out)[i].row, &key));
		(*out)[i] = (struct image){plain(a, (*out)[i].key), plain(a, (*out)[i].row)};
		assert_true(str_eq(key, (*out)[i].key));
	}
	qsort(*out, n, sizeof **out, by_key);
	return n;
}

static void assert_same(struct side *x, struct side *y) {
	size_t rows = 0;
	assert_int_equal(x->n, y->n);
	for (size_t t = 0; t < x->n; t++) {
		struct arena *a = arena_new();
		struct image *of_x, *of_y;
		size_t nx = all_rows(x, a, x->tables[t].name.p, &of_x), ny = all_rows(y, a, x->tables[t].name.p, &of_y);
		if (nx != ny)
			fail_msg("%s: %zu rows, %zu in the copy", x->tables[t].name.p, nx, ny);
		for (size_t i = 0; i < nx; i++)
			if (!str_eq(of_x[i].row, of_y[i].row))
				fail_msg("%s: %s, in the copy %s", x->tables[t].name.p, of_x[i].row.p, of_y[i].row.p);
		rows += nx;
		arena_free(&a);
	}
	assert_true(rows > 5000);
	db_rest(x->db);
	db_rest(y->db);
}

/* The range of `rows` rows after a key, on both; whether they are equal. *last is its end, empty at the table's. */
static bool same_range(struct side *x, struct side *y, const char *table, struct str after, size_t rows, struct buf *last) {
	struct row_range of_x = {0}, of_y = {0};
	ok(row_range_read(x->db, image_table_named(x->tables, x->n, str_of(table)), after, STR_NONE, rows, &of_x));
	ok(row_range_read(y->db, image_table_named(y->tables, y->n, str_of(table)), after, buf_str(&of_x.last), SIZE_MAX, &of_y));
	assert_true(of_x.rows <= rows && (of_x.last.n > 0) == (of_x.rows == rows) && !of_y.last.n);
	buf_clear(last);
	buf_put(last, buf_str(&of_x.last));
	buf_free(&of_x.last);
	return !memcmp(of_x.digest, of_y.digest, sizeof of_x.digest) && of_x.rows == of_y.rows;
}

/* How many ranges of so many rows the tables have, and how many of them differ. */
static size_t ranges(struct side *x, struct side *y, size_t rows, size_t *differ) {
	size_t n = 0;
	*differ = 0;
	struct buf after = {0}, last = {0};
	for (size_t t = 0; t < x->n; t++) {
		buf_clear(&after);
		do {
			*differ += !same_range(x, y, x->tables[t].name.p, buf_str(&after), rows, &last);
			buf_clear(&after);
			buf_put(&after, buf_str(&last));
			n++;
		} while (after.n);
	}
	buf_free(&after);
	buf_free(&last);
	db_rest(x->db);
	db_rest(y->db);
	return n;
}

/* ── what is written ── */

static const char odd[] = "\"quoted\" back\\slash\nline\ttab \x01\x7f / \xc3\xa4 \xe2\x80\xa8 \xf0\x9f\x98\x80";

static err write_odd(struct tx *tx, void *arg) {
	static const char *const names[] = {"a.b",
	                                    "ab",
	                                    "a_b",
	                                    "A",
	                                    "B",
	                                    "a",
	                                    "Ab",
	                                    "z",
	                                    "\xc3\xa4",
	                                    "\xc3\x84"
	                                    "b",
	                                    "~",
	                                    "10",
	                                    "9",
	                                    "-1"};
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		TRY(db_exec(tx_db(tx), SITE_SET, T(str_of(names[i])), T(S("x"))));
	TRY(db_exec(tx_db(tx), SITE_SET, T(S("odd")), T(str_of(odd))));
	TRY(db_exec(tx_db(tx), SITE_SET, T(S("\xc3\x9cmlaut '\"[")), T(S("x"))));
	struct once_row once = {.account_id = 5, .data = str_of(odd), .expires_at = -9};
	return store_once_insert(tx, str_mem("\x00\xff\x7f\x00", 4), (enum once_kind)1, &once);
}

struct put {
	struct side *to;
	const char *table;
	const char *row, *key; /* key: delete */
};

static err put(struct tx *tx, void *arg) {
	const struct put *p = arg;
	struct arena *a = arena_new();
	const struct image_table *t = image_table_named(p->to->tables, p->to->n, str_of(p->table));
	err e = tx_journal(tx, J_SITE_CHANGED, 0, 0, 0);
	if (!e)
		e = p->key ? image_delete(tx, a, t, str_of(p->key)) : image_put(tx, a, t, str_of(p->row));
	arena_free(&a);
	return e;
}

static err put_row(struct side *to, const char *table, const char *row) { return tx_run(to->db, put, &(struct put){to, table, row, NULL}); }
static err delete_row(struct side *to, const char *table, const char *key) {
	return tx_run(to->db, put, &(struct put){to, table, NULL, key});
}

/* ── copying ── */

/* One page of a table after a key; false at its end. */
static bool copy_page(struct side *from, struct side *to, struct bulk *b, size_t t, struct str *after, struct arena *a) {
	struct image *v;
	size_t n;
	ok(image_rows(from->db, a, &from->tables[t], *after, STR_NONE, 700, &v, &n));
	for (size_t i = 0; i < n; i++)
		ok(bulk_image(b, &to->tables[t], v[i].row));
	if (n)
		*after = v[n - 1].key;
	db_rest(from->db);
	return n == 700;
}

/* With a cut in every fourth stretch: what was not committed is gone, and the load goes on from the place kept. */
static void copy_all(struct side *from, struct side *to) {
	struct bulk *b;
	int stretches = 0;
	ok(bulk_begin_stretches(&b, to->store));
	for (size_t t = 0; t < from->n; t++) {
		struct arena *a = arena_new();
		struct str after = STR_NONE;
		for (bool more = true; more;) {
			struct str kept = after;
			more = copy_page(from, to, b, t, &after, a);
			if (++stretches % 4 == 0) {
				bulk_drop(&b);
				ok(bulk_begin_stretches(&b, to->store));
				after = kept;
				more = copy_page(from, to, b, t, &after, a);
			}
			ok(bulk_stretch(b, S("test.place"), after.n ? after : S("none")));
			struct str place;
			ok(store_local_get(a, to->db, S("test.place"), &place));
			db_rest(to->db);
			assert_true(str_eq(place, after.n ? after : S("none")));
		}
		arena_free(&a);
	}
	ok(bulk_end(&b, NULL));
	assert_true(stretches > 50);
}

struct follow {
	struct side *to;
	struct arena *a;
	struct change_entry *v;
	size_t n;
};

static err apply(struct tx *tx, void *arg) {
	const struct follow *f = arg;
	TRY(tx_journal(tx, J_COPIED, 0, 0, 0));
	for (size_t i = 0; i < f->n; i++)
		TRY(change_apply(tx, f->a, f->to->tables, f->to->n, &f->v[i]));
	return NULL;
}

static err follow_from(struct side *from, struct side *to, int64_t xid, int64_t seq, size_t *entries) {
	struct follow f = {.to = to, .a = arena_new()};
	ok(change_after(from->db, f.a, xid, seq, 1000, &f.v, &f.n));
	db_rest(from->db);
	err e = tx_run(to->db, apply, &f);
	*entries = f.n;
	arena_free(&f.a);
	return e;
}

static const char member_a[] = "[101,\"a@example.org\",null,null,0,3,null,null,null,null,null,1]";
static const char member_b[] = "[102,\"b@example.org\",null,null,0,3,null,null,null,null,null,1]";
static const char member_a_third[] = "[101,\"c@example.org\",null,null,0,3,null,null,null,null,null,1]";
static const char member_b_is_a[] = "[102,\"a@example.org\",null,null,0,3,null,null,null,null,null,1]";
static const char member_a_is_b[] = "[101,\"b@example.org\",null,null,0,3,null,null,null,null,null,1]";

/* Two people change their unique addresses with each other; rows come, change and go. */
static void change(struct side *s) {
	ok(tx_run(s->db, write_odd, NULL));
	ok(put_row(s, "member", member_a_third));
	ok(put_row(s, "member", member_b_is_a));
	ok(put_row(s, "member", member_a_is_b));
	ok(delete_row(s, "once", "[\"00ff7f00\"]"));
	ok(delete_row(s, "once", "[\"00ff7f00\"]"));
	ok(put_row(s, "tag", "[9001,\"hello\",\"Hello\"]"));
	ok(put_row(s, "tag", "[9001,\"hello\",\"HELLO\"]"));
	ok(put_row(s, "status_tag", "[9001,1]"));
	ok(put_row(s, "status_tag", "[9001,1]"));
}

/* The change of a stretch that was read too early: both hold what is unique until the log is followed. */
static void a_row_that_is_in_the_way_makes_room(struct side *s) {
	ok(put_row(s, "member", "[103,\"A@example.org\",null,null,0,3,null,null,null,null,null,1]"));
	struct arena *a = arena_new();
	struct image *v;
	size_t n = all_rows(s, a, "member", &v), with = 0, without = 0;
	for (size_t i = 0; i < n; i++) {
		with += str_eq(v[i].key, S("[103]"));
		without += str_eq(v[i].key, S("[102]"));
	}
	db_rest(s->db);
	assert_true(with == 1 && without == 0);
	arena_free(&a);
}

static void assert_refused(struct side *to, const char *table, const char *row, const char *says) {
	err e = put_row(to, table, row);
	assert_non_null(e);
	assert_int_equal(e->code, ERR_INVALID);
	assert_non_null(strstr(e->text, table));
	if (!strstr(e->text, says))
		fail_msg("%s", e->text);
}

static void what_does_not_fit_is_refused(struct side *to) {
	assert_refused(to, "tag", "[1,\"x\"]", "[1,\"x\"]");
	assert_refused(to, "tag", "[1,\"x\",\"y\",\"z\"]", "as many values");
	assert_refused(to, "tag", "[1,\"x\",\"y\"", "as many values");
	assert_refused(to, "tag", "[\"1\",\"x\",\"y\"]", "column id");
	assert_refused(to, "tag", "[1,2,\"y\"]", "column name");
	assert_refused(to, "tag", "[1,\"x\",1.5]", "as many values");
	assert_refused(to, "tag", "[1,\"x\",true]", "as many values");
	assert_refused(to, "tag", "[1,\"\\u0000\",\"y\"]", "as many values");
	assert_refused(to, "tag", "[null,\"x\",\"y\"]", "column id");
	assert_refused(to, "tag", "[7,null,\"y\"]", "[7,null,");
	assert_refused(to, "once", "[\"0g\",1,null,null,1]", "column hash");
}

static void another_versions_columns_are_taken_or_refused(struct side *to) {
	const struct image_table *tag = image_table_named(to->tables, to->n, S("tag"));
	struct image_table like;
	struct str turned[] = {S("display"), S("id"), S("name")}, unknown[] = {S("id"), S("nmae")}, keyless[] = {S("name"), S("display")};
	struct arena *a = arena_new();
	ok(image_table_like(to->db, a, tag, turned, 3, &like));
	assert_int_equal(image_table_like(to->db, a, tag, unknown, 2, &like)->code, ERR_INVALID);
	assert_int_equal(image_table_like(to->db, a, tag, keyless, 2, &like)->code, ERR_INVALID);
	arena_free(&a);
	db_rest(to->db);
}

static void pair(bool from_postgres, bool to_postgres) {
	struct side from, to;
	struct arena *a = arena_new();
	int64_t rows, xid, seq;
	size_t entries;
	open_side(&from, new_place(a, from_postgres));
	open_side(&to, new_place(a, to_postgres));
	ok(made_network_load(from.store, &(struct made_network){.accounts = 300, .follows = 3000, .posts = 2000, .seed = 3}, &rows));
	ok(tx_run(from.db, write_odd, NULL));
	ok(put_row(&from, "member", member_a));
	ok(put_row(&from, "member", member_b));
	ok(journal_head(from.db, &xid, &seq));
	db_rest(from.db);

	copy_all(&from, &to);
	assert_same(&from, &to);
	size_t differ;
	for (size_t size = 1; size < 5; size += 3)
		assert_true(ranges(&from, &to, size, &differ) > 2000 && differ == 0);
	change(&from);
	assert_true(ranges(&from, &to, 3, &differ) > 1000 && differ >= 4 && differ < 10);
	ok(follow_from(&from, &to, xid, seq, &entries));
	assert_int_equal(entries, 10);
	assert_same(&from, &to);
	ok(follow_from(&from, &to, xid, seq, &entries));
	assert_same(&from, &to);
	assert_int_equal(follow_from(&from, &to, 0, 0, &entries)->code, ERR_CONFLICT);
	assert_same(&from, &to);
	what_does_not_fit_is_refused(&to);
	another_versions_columns_are_taken_or_refused(&to);
	assert_same(&from, &to);
	a_row_that_is_in_the_way_makes_room(&to);
	close_side(&from);
	close_side(&to);
	arena_free(&a);
}

static void a_copy_into_a_file_equals_its_source_and_follows_it(void **state) { pair(getenv("TEST_PG") != NULL, false); }

static void a_copy_into_postgresql_equals_its_source_and_follows_it(void **state) {
	if (!getenv("TEST_PG"))
		skip();
	pair(false, true);
	pair(true, true);
}

static int teardown(void **state) {
	test_folder_remove();
	return 0;
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_copy_into_a_file_equals_its_source_and_follows_it),
	    cmocka_unit_test(a_copy_into_postgresql_equals_its_source_and_follows_it),
	};
	return cmocka_run_group_tests(tests, NULL, teardown);
}
