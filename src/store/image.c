#include "store/image.h"

#include "base/must.h"
#include "base/vec.h"
#include "store/engine.h"
#include "store/image_sql.h"
#include "wire/row.h"

err image_tables(struct db *db, struct arena *a, struct image_table **out, size_t *n) {
	TRY(image_shapes(db, a, out, n));
	for (size_t i = 0; i < *n; i++)
		TRY(image_sql_make(db, a, &(*out)[i]));
	return NULL;
}

const struct image_table *image_table_named(const struct image_table *tables, size_t n, struct str name) {
	for (size_t i = 0; i < n; i++)
		if (str_eq(tables[i].name, name))
			return &tables[i];
	return NULL;
}

err image_table_find(struct db *db, struct arena *a, struct str name, struct image_table *out) {
	struct image_table *tables;
	size_t n;
	TRY(image_shapes(db, a, &tables, &n));
	const struct image_table *t = image_table_named(tables, n, name);
	if (!t)
		return err_plain(ERR_NOT_FOUND);
	*out = *t;
	return image_sql_make(db, a, out);
}

static const struct image_column *column_named(const struct image_table *t, struct str name) {
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->columns[i].name, name))
			return &t->columns[i];
	return NULL;
}

static size_t key_columns(const struct image_table *t) {
	size_t n = 0;
	for (size_t i = 0; i < t->n; i++)
		n += t->columns[i].key > 0;
	return n;
}

err image_table_like(struct db *db, struct arena *a, const struct image_table *here, const struct str *names, size_t n,
                     struct image_table *out) {
	*out = (struct image_table){.name = here->name, .columns = arena_many(a, struct image_column, n), .n = n};
	for (size_t i = 0; i < n; i++) {
		const struct image_column *c = column_named(here, names[i]);
		if (!c || column_named(&(struct image_table){.columns = out->columns, .n = i}, names[i]))
			return err_public(ERR_INVALID, "the table %.*s has no column %.*s here, or has it twice: use a newer freehold",
			                  S_ARG(here->name), S_ARG(names[i]));
		out->columns[i] = *c;
	}
	if (key_columns(out) != key_columns(here))
		return err_public(ERR_INVALID, "rows of the table %.*s come without their whole key", S_ARG(here->name));
	return image_sql_make(db, a, out);
}

/* ── values ── */

static const char not_so_many[] = "it is not an array of as many values as there are columns";

static struct str shown(struct str s) { return str_first(s, 80); }

static err unfit(const struct image_table *t, struct str row, const char *why) {
	return err_public(ERR_INVALID, "a row does not fit the table %.*s: %s: %.*s", S_ARG(t->name), why, S_ARG(shown(row)));
}

static bool bind_of(struct arena *a, const struct image_column *c, const struct row_value *v, struct bind *out) {
	struct str bytes;
	switch (v->kind) {
	case ROW_NULL: return *out = NUL, true;
	case ROW_NUMBER: return *out = I(v->number), c->number;
	case ROW_TEXT:
		if (!c->bytes)
			return *out = T(v->text), !c->number;
		if (!row_bytes(a, v->text, &bytes))
			return false;
		*out = B(bytes);
		return true;
	}
	return false;
}

/* The place in the key's order of the columns from `from` on. */
static const struct image_column *key_column(const struct image_table *t, size_t place) {
	for (size_t i = 0; i < t->n; i++)
		if (t->columns[i].key == (int64_t)place + 1)
			return &t->columns[i];
	return NULL;
}

static err values_of(struct arena *a, const struct image_table *t, struct str source, struct row_value **v, size_t *n) {
	size_t at;
	*v = arena_many(a, struct row_value, t->n + 1);
	return row_parse(a, source, *v, t->n, n, &at) ? NULL : unfit(t, source, not_so_many);
}

static err bind_all(struct arena *a, const struct image_table *t, struct str source, bool is_key, const struct row_value *v, size_t n,
                    struct bind *binds) {
	if (n != (is_key ? key_columns(t) : t->n))
		return unfit(t, source, not_so_many);
	for (size_t i = 0; i < n; i++) {
		const struct image_column *c = is_key ? key_column(t, i) : &t->columns[i];
		if (!bind_of(a, c, &v[i], &binds[i]) || (c->key && v[i].kind == ROW_NULL))
			return err_public(ERR_INVALID, "a row does not fit the table %.*s: its column %.*s cannot hold the value: %.*s",
			                  S_ARG(t->name), S_ARG(c->name), S_ARG(shown(source)));
	}
	return NULL;
}

static err binds_of(struct arena *a, const struct image_table *t, struct str source, bool is_key, struct bind *binds) {
	struct row_value *v;
	size_t n;
	TRY(values_of(a, t, source, &v, &n));
	return bind_all(a, t, source, is_key, v, n, binds);
}

/* Migrations add columns behind the others, so what a log has from before one begins like what it has from after it. *t becomes the table
 * as it was then. */
static err grow(struct db *db, struct arena *a, const struct image_table **t, size_t n) {
	struct str *names = arena_many(a, struct str, n);
	struct image_table *then = arena_one(a, struct image_table);
	for (size_t i = 0; i < n; i++)
		names[i] = (*t)->columns[i].name;
	TRY(image_table_like(db, a, *t, names, n, then));
	*t = then;
	return NULL;
}

static err binds_of_row(struct db *db, struct arena *a, const struct image_table **t, struct str row, struct bind *binds) {
	struct row_value *v;
	size_t n;
	TRY(values_of(a, *t, row, &v, &n));
	if (n && n < (*t)->n)
		TRY(grow(db, a, t, n));
	return bind_all(a, *t, row, false, v, n, binds);
}

err image_binds(struct arena *a, const struct image_table *t, struct str row, struct bind *binds) {
	return binds_of(a, t, row, false, binds);
}

static struct str shortest(struct arena *a, const struct row_value *v, size_t n) {
	BUF_AUTO b = {0};
	row_write(&b, v, n);
	return arena_str(a, buf_str(&b));
}

static err key_of_values(struct arena *a, const struct image_table *t, struct str row, const struct row_value *v, size_t n,
                         struct str *key) {
	struct row_value *k = arena_many(a, struct row_value, t->n);
	size_t keys = key_columns(t);
	for (size_t place = 0; place < keys; place++) {
		size_t at = (size_t)(key_column(t, place) - t->columns);
		if (at >= n)
			return unfit(t, row, not_so_many);
		k[place] = v[at];
	}
	*key = shortest(a, k, keys);
	return NULL;
}

err image_key(struct arena *a, const struct image_table *t, struct str row, struct str *key) {
	struct row_value *v;
	size_t n;
	TRY(values_of(a, t, row, &v, &n));
	return key_of_values(a, t, row, v, n, key);
}

err image_shortest(struct arena *a, const struct image_table *t, struct image *i) {
	struct row_value *v;
	struct str key;
	size_t n;
	TRY(values_of(a, t, i->row, &v, &n));
	if (n != t->n)
		return unfit(t, i->row, not_so_many);
	TRY(key_of_values(a, t, i->row, v, n, &key));
	*i = (struct image){key, shortest(a, v, n)};
	return NULL;
}

/* ── reading ── */

struct found {
	struct arena *a;
	struct image *v;
	size_t n;
};

static err add_found(void *ctx, const struct str *columns) {
	struct found *f = ctx;
	f->v[f->n++] = (struct image){arena_str(f->a, columns[0]), arena_str(f->a, columns[1])};
	return NULL;
}

err image_rows(struct db *db, struct arena *a, const struct image_table *t, struct str after, struct str through, size_t most,
               struct image **out, size_t *n) {
	struct bind *binds = arena_many(a, struct bind, 2 * t->n + 1);
	struct found f = {a, arena_many(a, struct image, most), 0};
	size_t keys = key_columns(t), bound = 0;
	if (after.n)
		TRY(binds_of(a, t, after, true, binds));
	bound += after.n ? keys : 0;
	if (through.n)
		TRY(binds_of(a, t, through, true, binds + bound));
	bound += through.n ? keys : 0;
	binds[bound] = I((int64_t)most);
	TRY(db->ops->made(db, t->sql->rows[after.n > 0][through.n > 0], binds, bound + 1, add_found, &f));
	*out = f.v;
	*n = f.n;
	return NULL;
}

static err take_row(void *ctx, const struct str *columns) {
	struct found *f = ctx;
	f->v[0].row = arena_str(f->a, columns[0]);
	return NULL;
}

err image_row(struct db *db, struct arena *a, const struct image_table *t, struct str key, struct str *row) {
	struct bind *binds = arena_many(a, struct bind, t->n);
	struct image one = {0};
	struct found f = {a, &one, 0};
	TRY(binds_of(a, t, key, true, binds));
	TRY(db->ops->made(db, t->sql->one, binds, key_columns(t), take_row, &f));
	*row = one.row;
	return NULL;
}

/* ── writing ── */

/* What the database says about a row that it cannot take says nothing of which row. A clash of PostgreSQL's transactions stays as it is. */
static err named(const struct image_table *t, struct str row, err e) {
	if (!e || (e->code != ERR_INTERNAL && e->code != ERR_CONFLICT))
		return e;
	struct err kept = *e;
	return err_public(ERR_INVALID, "a row does not fit the table %.*s: %.*s: %.*s", S_ARG(t->name), S_ARG(shown(row)),
	                  S_ARG(str_first(str_of(kept.cause), 100)));
}

static err clear_way(struct db *db, const struct image_table *t, const struct bind *binds) {
	for (size_t i = 0; i < t->sql->clear_n; i++)
		TRY(db->ops->made(db, t->sql->clear[i], binds, t->n, NULL, NULL));
	return NULL;
}

/* A statement that fails ends the transaction on PostgreSQL: there the way is cleared before, on SQLite when it was found blocked. */
err image_put(struct tx *tx, struct arena *a, const struct image_table *t, struct str row) {
	struct db *db = tx_db(tx);
	struct bind *binds = arena_many(a, struct bind, t->n);
	TRY(binds_of_row(db, a, &t, row, binds));
	if (db_engine(db) == ENGINE_POSTGRES)
		TRY(clear_way(db, t, binds));
	err e = db->ops->made(db, t->sql->put, binds, t->n, NULL, NULL);
	if (e && e->code == ERR_CONFLICT && db_engine(db) == ENGINE_SQLITE && t->sql->clear_n) {
		TRY(clear_way(db, t, binds));
		e = db->ops->made(db, t->sql->put, binds, t->n, NULL, NULL);
	}
	return named(t, row, e);
}

err image_delete(struct tx *tx, struct arena *a, const struct image_table *t, struct str key) {
	struct db *db = tx_db(tx);
	struct bind *binds = arena_many(a, struct bind, t->n);
	TRY(binds_of(a, t, key, true, binds));
	return db->ops->made(db, t->sql->drop, binds, key_columns(t), NULL, NULL);
}

/* ── the change log ── */

static struct change change_of(const struct rows *r, struct arena *a) {
	struct change c = {.table = rows_copy(r, 7, a), .key = rows_copy(r, 8, a), .row = rows_copy(r, 9, a)};
	c.state = rows_null(r, 9) ? CHANGE_DELETED : c.row.n ? CHANGE_ROW : CHANGE_BLANKED;
	return c;
}

err change_after(struct db *db, struct arena *a, int64_t xid, int64_t seq, size_t most, struct change_entry **out, size_t *n) {
	VEC(struct change_entry) entries = {0};
	VEC(struct change) changes = {0};
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, CHANGE_AFTER, I(xid), I(seq), I((int64_t)most)));
	while (rows_next(r)) {
		if (!entries.n || entries.v[entries.n - 1].entry.seq != rows_i64(r, 1)) {
			struct journal_entry e = {rows_i64(r, 0), rows_i64(r, 1), rows_i64(r, 2), (enum journal_kind)rows_i64(r, 3),
			                          rows_i64(r, 4), rows_i64(r, 5), rows_i64(r, 6)};
			vec_push(a, &entries, ((struct change_entry){.entry = e}));
			memset(&changes, 0, sizeof changes);
		}
		if (rows_null(r, 7))
			continue;
		vec_push(a, &changes, change_of(r, a));
		entries.v[entries.n - 1].changes = changes.v;
		entries.v[entries.n - 1].n = changes.n;
	}
	*out = entries.v;
	*n = entries.n;
	return rows_err(r);
}

static err table_of(const struct image_table *tables, size_t n, const struct change *c, const struct image_table **out) {
	*out = image_table_named(tables, n, c->table);
	return *out ? NULL : err_public(ERR_INVALID, "the table %.*s is not known here: use a newer freehold", S_ARG(shown(c->table)));
}

static err apply_each(struct tx *tx, struct arena *a, const struct image_table *tables, size_t n, const struct change_entry *e) {
	for (size_t i = 0; i < e->n; i++) {
		const struct change *c = &e->changes[i];
		const struct image_table *t;
		TRY(table_of(tables, n, c, &t));
		if (c->state == CHANGE_ROW)
			TRY(image_put(tx, a, t, c->row));
		else if (c->state == CHANGE_DELETED)
			TRY(image_delete(tx, a, t, c->key));
	}
	return NULL;
}

/* Statements that go out together, and the change each is for. */
struct batch {
	VEC(struct made_call) calls;
	VEC(size_t) of;
};

static err add_change(struct db *db, struct batch *b, struct arena *a, const struct image_table *t, const struct change *c, size_t of) {
	struct bind *binds = arena_many(a, struct bind, t->n);
	if (c->state == CHANGE_BLANKED)
		return NULL;
	bool row = c->state == CHANGE_ROW;
	TRY(row ? binds_of_row(db, a, &t, c->row, binds) : binds_of(a, t, c->key, true, binds));
	for (size_t i = 0; row && i < t->sql->clear_n; i++) {
		vec_push(a, &b->calls, ((struct made_call){t->sql->clear[i], binds, t->n}));
		vec_push(a, &b->of, of);
	}
	vec_push(a, &b->calls, ((struct made_call){row ? t->sql->put : t->sql->drop, binds, row ? t->n : key_columns(t)}));
	vec_push(a, &b->of, of);
	return NULL;
}

static err apply_all(struct tx *tx, struct arena *a, const struct image_table *tables, size_t n, const struct change_entry *e) {
	struct batch b = {0};
	const struct image_table *t;
	size_t failed = 0;
	for (size_t i = 0; i < e->n; i++) {
		TRY(table_of(tables, n, &e->changes[i], &t));
		TRY(add_change(tx_db(tx), &b, a, t, &e->changes[i], i));
	}
	if (!b.calls.n)
		return NULL;
	struct db *db = tx_db(tx);
	err why = db->ops->made_all(db, b.calls.v, b.calls.n, &failed);
	if (!why)
		return NULL;
	const struct change *c = &e->changes[b.of.v[failed]];
	TRY(table_of(tables, n, c, &t));
	return named(t, c->state == CHANGE_ROW ? c->row : c->key, why);
}

err change_apply(struct tx *tx, struct arena *a, const struct image_table *tables, size_t n, const struct change_entry *e) {
	if (e->entry.kind == J_BULK_LOADED && e->entry.a)
		return err_public(ERR_CONFLICT, "rows were loaded that the change log does not have: the copy has to be made anew");
	return tx_db(tx)->ops->made_all ? apply_all(tx, a, tables, n, e) : apply_each(tx, a, tables, n, e);
}
