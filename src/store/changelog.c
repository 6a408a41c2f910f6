/* The change log's triggers, made from the tables as they are: each row that a transaction changes leaves its image in
 * `change` under the seq of the transaction's journal entry, and without an entry nothing can be changed.
 *
 * SQLite: temporary triggers of the one connection that writes, so they always fit the program that runs.
 * PostgreSQL: row triggers, renewed by the first node that finds other ones in the database. */
#include "base/buf.h"
#include "store/engine.h"
#include "store/image_sql.h"

/* Tables with what people wrote or who they are: when such a row is changed or deleted, earlier images of it are blanked.
 * Their images carry the key, by which they are found. */
static const char *const words[] = {
    "account", "member", "once",   "note",           "status",  "status_edit", "mention", "poll",     "media",
    "list",    "filter", "report", "filter_keyword", "warning", "job",         "token",   "transfer", "phone",
};

static bool has_words(struct str name) {
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(name, str_of(words[i])))
			return true;
	return false;
}

/* The statements that a trigger on `row` (NEW or OLD) runs. */
static void put_log(struct buf *b, bool sqlite, const char *row, const struct image_table *t) {
	bool deleted = row[0] == 'O';
	buf_printf(b, "INSERT INTO change (seq, %stbl, key, image) VALUES (%s'%.*s', ", sqlite ? "n, " : "",
	           sqlite ? "journal_seq(), journal_n(), " : "now_seq, ", S_ARG(t->name));
	if (deleted || has_words(t->name))
		image_put_key(b, sqlite, row, t);
	else
		buf_lit(b, "NULL");
	buf_lit(b, ", ");
	if (deleted)
		buf_lit(b, "NULL");
	else
		image_put_row(b, sqlite, row, t);
	buf_lit(b, ");\n");
}

static void put_blank(struct buf *b, bool sqlite, const struct image_table *t) {
	buf_lit(b, "UPDATE change SET image = '' WHERE key = ");
	image_put_key(b, sqlite, "OLD", t);
	buf_printf(b, " AND tbl = '%.*s' AND image <> '' AND seq < %s;\n", S_ARG(t->name), sqlite ? "journal_seq()" : "now_seq");
}

static void sqlite_triggers(struct buf *b, const struct image_table *t) {
	static const char *const events[] = {"INSERT", "UPDATE", "DELETE"};
	for (size_t i = 0; i < 3; i++) {
		buf_printf(b, "CREATE TEMP TRIGGER \"change_%.*s_%s\" AFTER %s ON main.\"%.*s\" BEGIN\n", S_ARG(t->name), events[i],
		           events[i], S_ARG(t->name));
		if (i && has_words(t->name))
			put_blank(b, true, t);
		put_log(b, true, i == 2 ? "OLD" : "NEW", t);
		buf_lit(b, "END;\n");
	}
}

static void postgres_triggers(struct buf *b, const struct image_table *t) {
	buf_printf(
	    b,
	    "CREATE OR REPLACE FUNCTION \"change_%.*s\"() RETURNS trigger LANGUAGE plpgsql AS $$\n"
	    "DECLARE now_seq BIGINT := nullif(current_setting('freehold.seq', true), '')::bigint;\n"
	    "BEGIN\nIF now_seq IS NULL THEN RAISE EXCEPTION 'a row was changed before tx_journal' USING ERRCODE = 'FH001'; END IF;\n",
	    S_ARG(t->name));
	if (has_words(t->name)) {
		buf_lit(b, "IF TG_OP <> 'INSERT' THEN\n");
		put_blank(b, false, t);
		buf_lit(b, "END IF;\n");
	}
	buf_lit(b, "IF TG_OP = 'DELETE' THEN\n");
	put_log(b, false, "OLD", t);
	buf_lit(b, "ELSE\n");
	put_log(b, false, "NEW", t);
	buf_printf(b,
	           "END IF;\nRETURN NULL;\nEND $$;\n"
	           "CREATE OR REPLACE TRIGGER change_log AFTER INSERT OR UPDATE OR DELETE ON \"%.*s\" FOR EACH ROW "
	           "EXECUTE FUNCTION \"change_%.*s\"();\n",
	           S_ARG(t->name), S_ARG(t->name));
}

static err put_all(struct db *db, struct arena *a, struct buf *b) {
	bool sqlite = db_engine(db) == ENGINE_SQLITE;
	struct image_table *tables;
	size_t n;
	TRY(image_shapes(db, a, &tables, &n));
	for (size_t i = 0; i < n; i++)
		(sqlite ? sqlite_triggers : postgres_triggers)(b, &tables[i]);
	return NULL;
}

/* PostgreSQL keeps the triggers; replacing them locks every table, so a fingerprint tells whether that is needed. */
static err postgres_install(struct db *db, struct buf *b) {
	int64_t fingerprint = (int64_t)(str_hash(buf_str(b)) >> 1), found;
	TRY(db_i64(db, &found, NULL, SCHEMA_TRIGGERS));
	if (found == fingerprint)
		return NULL;
	buf_printf(b, "COMMENT ON TABLE change IS '%lld';\nCOMMIT;\n", (long long)fingerprint);
	buf_byte(b, 0);
	TRY(db->ops->script(db, "BEGIN"));
	return db->ops->script(db, b->p);
}

err changelog_install(struct db *db) {
	struct arena *a = arena_new();
	BUF_AUTO b = {0};
	err e = put_all(db, a, &b);
	arena_free(&a);
	TRY(e);
	if (db_engine(db) == ENGINE_POSTGRES)
		return postgres_install(db, &b);
	buf_byte(&b, 0);
	return db->ops->script(db, b.p);
}
