#include "store/image_sql.h"

#include "base/must.h"
#include "base/vec.h"
#include "store/engine.h"

/* The search tables can be made anew from the posts; the files of uploads in progress are not copied either. */
static const char *const local[] = {"schema_version", "journal",        "change", "cursor",      "lease",
                                    "status_search",  "account_search", "upload", "local_state", "standby"};

bool image_is_local(struct str table) {
	for (size_t i = 0; i < sizeof local / sizeof *local; i++)
		if (str_eq(table, str_of(local[i])))
			return true;
	return false;
}

/* ── images ── */

static void put_value(struct buf *b, bool sqlite, const char *row, const struct image_column *c) {
	if (!c->bytes)
		buf_printf(b, "%s.\"%.*s\"", row, S_ARG(c->name));
	else if (sqlite)
		buf_printf(b, "iif(%s.\"%.*s\" IS NULL, NULL, lower(hex(%s.\"%.*s\")))", row, S_ARG(c->name), row, S_ARG(c->name));
	else
		buf_printf(b, "encode(%s.\"%.*s\", 'hex')", row, S_ARG(c->name));
}

void image_put_row(struct buf *b, bool sqlite, const char *row, const struct image_table *t) {
	buf_put(b, sqlite ? S("json_array(") : S("json_build_array("));
	for (size_t i = 0; i < t->n; i++) {
		if (i)
			buf_byte(b, ',');
		put_value(b, sqlite, row, &t->columns[i]);
	}
	buf_put(b, sqlite ? S(")") : S(")::text"));
}

/* The key's columns in the key's order. */
static struct image_table key_of(struct arena *a, const struct image_table *t) {
	struct image_table key = {.name = t->name, .columns = arena_many(a, struct image_column, t->n)};
	for (int64_t place = 1; place <= (int64_t)t->n; place++)
		for (size_t i = 0; i < t->n; i++)
			if (t->columns[i].key == place)
				key.columns[key.n++] = t->columns[i];
	must(key.n); /* a copied table needs a primary key */
	return key;
}

void image_put_key(struct buf *b, bool sqlite, const char *row, const struct image_table *t) {
	struct arena *a = arena_new();
	struct image_table key = key_of(a, t);
	image_put_row(b, sqlite, row, &key);
	arena_free(&a);
}

/* ── shapes ── */

static bool is_text(struct str type) { return str_eq(type, S("TEXT")); }
static bool is_bytes(struct str type) { return str_eq(type, S("BLOB")) || str_eq(type, S("BYTEA")); }

err image_shapes(struct db *db, struct arena *a, struct image_table **out, size_t *n) {
	VEC(struct image_table) tables = {0};
	VEC(struct image_column) columns = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, SCHEMA_COLUMNS));
	while (rows_next(r)) {
		if (image_is_local(rows_text(r, 0)))
			continue;
		if (!tables.n || !str_eq(rows_text(r, 0), tables.v[tables.n - 1].name)) {
			vec_push(a, &tables, ((struct image_table){.name = rows_copy(r, 0, a)}));
			columns.v = NULL;
			columns.n = columns.cap = 0;
		}
		struct str type = rows_text(r, 2);
		struct image_column c = {rows_copy(r, 1, a), is_bytes(type), !is_text(type) && !is_bytes(type), rows_i64(r, 3)};
		vec_push(a, &columns, c);
		tables.v[tables.n - 1].columns = columns.v;
		tables.v[tables.n - 1].n = columns.n;
	}
	*out = tables.v;
	*n = tables.n;
	return rows_err(r);
}

/* ── statements ── */

static struct str text_of(struct arena *a, struct buf *b) {
	struct str s = arena_str(a, buf_str(b));
	buf_clear(b);
	return s;
}

static void put_names(struct buf *b, const struct image_table *t) {
	for (size_t i = 0; i < t->n; i++)
		buf_printf(b, "%s\"%.*s\"", i ? ", " : "", S_ARG(t->columns[i].name));
}

static void put_param(struct buf *b, bool sqlite, const struct image_column *c, size_t place) {
	if (sqlite)
		buf_printf(b, "?%zu", place);
	else
		buf_printf(b, "$%zu::%s", place, c->bytes ? "bytea" : c->number ? "bigint" : "text");
}

static void put_params(struct buf *b, bool sqlite, const struct image_table *t, size_t before, bool named) {
	for (size_t i = 0; i < t->n; i++) {
		if (i)
			buf_lit(b, ", ");
		put_param(b, sqlite, &t->columns[i], before + i + 1);
		if (named)
			buf_printf(b, " AS \"%.*s\"", S_ARG(t->columns[i].name));
	}
}

/* The key's columns as they are ordered: texts by their bytes, whatever the database's own order is. */
static void put_order(struct buf *b, bool sqlite, const struct image_table *key) {
	for (size_t i = 0; i < key->n; i++) {
		bool text = !key->columns[i].bytes && !key->columns[i].number;
		buf_printf(b, "%s\"%.*s\"%s", i ? ", " : "", S_ARG(key->columns[i].name), text && !sqlite ? " COLLATE \"C\"" : "");
	}
}

static void put_bound(struct buf *b, bool sqlite, const struct image_table *key, size_t before, const char *how) {
	buf_lit(b, "(");
	put_order(b, sqlite, key);
	buf_printf(b, ") %s (", how);
	put_params(b, sqlite, key, before, false);
	buf_lit(b, ")");
}

static void put_select(struct buf *b, bool sqlite, const struct image_table *t, const struct image_table *key, bool after, bool through) {
	size_t params = 0;
	buf_lit(b, "SELECT ");
	image_put_row(b, sqlite, "r", key);
	buf_lit(b, ", ");
	image_put_row(b, sqlite, "r", t);
	buf_printf(b, " FROM \"%.*s\" AS r", S_ARG(t->name));
	if (after || through)
		buf_lit(b, " WHERE ");
	if (after)
		put_bound(b, sqlite, key, params, ">");
	params += after ? key->n : 0;
	if (after && through)
		buf_lit(b, " AND ");
	if (through)
		put_bound(b, sqlite, key, params, "<=");
	params += through ? key->n : 0;
	buf_lit(b, " ORDER BY ");
	put_order(b, sqlite, key);
	buf_lit(b, " LIMIT ");
	put_param(b, sqlite, &(struct image_column){.number = true}, params + 1);
}

static void put_put(struct buf *b, bool sqlite, const struct image_table *t, const struct image_table *key) {
	buf_printf(b, "INSERT INTO \"%.*s\" (", S_ARG(t->name));
	put_names(b, t);
	buf_lit(b, ") VALUES (");
	put_params(b, sqlite, t, 0, false);
	buf_lit(b, ") ON CONFLICT (");
	put_names(b, key);
	buf_put(b, t->n > key->n ? S(") DO UPDATE SET ") : S(") DO NOTHING"));
	size_t set = 0;
	for (size_t i = 0; i < t->n; i++)
		if (!t->columns[i].key)
			buf_printf(b, "%s\"%.*s\" = excluded.\"%.*s\"", set++ ? ", " : "", S_ARG(t->columns[i].name),
			           S_ARG(t->columns[i].name));
}

static void put_by_key(struct buf *b, bool sqlite, const struct image_table *t, const struct image_table *key) {
	buf_printf(b, " FROM \"%.*s\" AS r WHERE (", S_ARG(t->name));
	put_names(b, key);
	buf_lit(b, ") = (");
	put_params(b, sqlite, key, 0, false);
	buf_lit(b, ")");
}

/* ── unique indexes, from what made them: CREATE UNIQUE INDEX name ON table [USING btree] (expressions) [WHERE condition] ── */

struct unique {
	struct str of, when; /* expressions; the condition, or empty */
};

static bool unique_parse(struct arena *a, struct str sql, struct unique *out) {
	if (!str_starts(sql, S("CREATE UNIQUE INDEX")))
		return false;
	ptrdiff_t open = str_chr(sql, '(');
	must(open > 0);
	size_t i = (size_t)open, depth = 0;
	bool quoted = false;
	for (; i < sql.n; i++) {
		if (sql.p[i] == '\'')
			quoted = !quoted;
		else if (!quoted && sql.p[i] == '(')
			depth++;
		else if (!quoted && sql.p[i] == ')' && !--depth)
			break;
	}
	must(i < sql.n);
	struct str rest = str_trim(str_skip(sql, i + 1));
	out->of = arena_str(a, str_mem(sql.p + open + 1, i - (size_t)open - 1));
	out->when = str_starts(rest, S("WHERE ")) ? arena_str(a, str_skip(rest, 6)) : STR_NONE;
	return true;
}

static void put_clear(struct buf *b, bool sqlite, const struct image_table *t, const struct unique *u) {
	buf_printf(b, "DELETE FROM \"%.*s\" WHERE (%.*s) IN (SELECT %.*s FROM (SELECT ", S_ARG(t->name), S_ARG(u->of), S_ARG(u->of));
	put_params(b, sqlite, t, 0, true);
	buf_lit(b, ") AS v");
	if (u->when.n)
		buf_printf(b, " WHERE %.*s", S_ARG(u->when));
	buf_lit(b, ")");
	if (u->when.n)
		buf_printf(b, " AND (%.*s)", S_ARG(u->when));
	buf_lit(b, " AND NOT (");
	size_t set = 0;
	for (size_t i = 0; i < t->n; i++)
		if (t->columns[i].key) {
			buf_printf(b, "%s\"%.*s\" = ", set++ ? " AND " : "", S_ARG(t->columns[i].name));
			put_param(b, sqlite, &t->columns[i], i + 1);
		}
	buf_lit(b, ")");
}

static void put_unique_rest(struct buf *b, const struct image_table *t, const struct unique *u) {
	buf_printf(b, "DELETE FROM \"%.*s\" WHERE (%.*s) IN (SELECT %.*s FROM \"%.*s\"", S_ARG(t->name), S_ARG(u->of), S_ARG(u->of),
	           S_ARG(t->name));
	if (u->when.n)
		buf_printf(b, " WHERE %.*s", S_ARG(u->when));
	buf_printf(b, " GROUP BY %.*s HAVING count(*) > 1)", S_ARG(u->of));
	if (u->when.n)
		buf_printf(b, " AND (%.*s)", S_ARG(u->when));
	buf_lit(b, ";\n");
}

/* All columns of the index must be there: a row of another version that lacks one has its default, which is NULL and never in the way. */
static err add_uniques(struct db *db, struct arena *a, const struct image_table *t, struct image_sql *sql) {
	bool sqlite = db_engine(db) == ENGINE_SQLITE;
	VEC(struct str) clear = {0};
	BUF_AUTO b = {0}, rest = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, BULK_INDEXES, T(t->name)));
	while (rows_next(r)) {
		struct unique u;
		if (!unique_parse(a, rows_text(r, 0), &u))
			continue;
		put_clear(&b, sqlite, t, &u);
		vec_push(a, &clear, text_of(a, &b));
		put_unique_rest(&rest, t, &u);
	}
	sql->clear = clear.v;
	sql->clear_n = clear.n;
	sql->unique_rest = arena_str(a, buf_str(&rest));
	return rows_err(r);
}

err image_sql_make(struct db *db, struct arena *a, struct image_table *t) {
	bool sqlite = db_engine(db) == ENGINE_SQLITE;
	struct image_table key = key_of(a, t);
	struct image_sql *sql = arena_one(a, struct image_sql);
	BUF_AUTO b = {0};
	for (int after = 0; after < 2; after++)
		for (int through = 0; through < 2; through++) {
			put_select(&b, sqlite, t, &key, after, through);
			sql->rows[after][through] = text_of(a, &b);
		}
	put_put(&b, sqlite, t, &key);
	sql->put = text_of(a, &b);
	buf_lit(&b, "SELECT ");
	image_put_row(&b, sqlite, "r", t);
	put_by_key(&b, sqlite, t, &key);
	sql->one = text_of(a, &b);
	buf_lit(&b, "DELETE");
	put_by_key(&b, sqlite, t, &key);
	sql->drop = text_of(a, &b);
	t->sql = sql;
	return add_uniques(db, a, t, sql);
}
