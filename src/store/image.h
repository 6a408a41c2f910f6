/* Rows as images: the form in which they leave and enter a database, for the change log, a standby, backups and archives.
 *
 * An image is a JSON array of a row's values in the order of its columns, bytes in hexadecimal; a key is the array of its primary key's
 * values. Both engines give the same values (PostgreSQL with spaces after the commas), so that what one wrote the other takes in: the same
 * tables and columns, texts exact, NULL as null. Statements are made from the tables as they are. Any thread, each with its own db. */
#ifndef STORE_IMAGE_H
#define STORE_IMAGE_H

#include "store/tx.h"

struct image_column {
	struct str name;
	bool bytes, number; /* neither: text */
	int64_t key;        /* place in the primary key, from 1; or 0 */
};

struct image_sql;
struct image_table {
	struct str name;
	struct image_column *columns;
	size_t n;
	const struct image_sql *sql;
};

/* Whether a table is this database's alone: the store's own bookkeeping, what can be made anew from others, uploads in progress. */
bool image_is_local(struct str table);

/* The tables that are copied, by name: all but the local ones. They belong to the arena. */
err image_tables(struct db *db, struct arena *a, struct image_table **out, size_t *n);

/* One of them. ERR_NOT_FOUND when there is none of this name, or it is not copied. */
err image_table_find(struct db *db, struct arena *a, struct str name, struct image_table *out);

/* NULL when there is none of this name. */
const struct image_table *image_table_named(const struct image_table *tables, size_t n, struct str name);

/* The table as another database has it, whose rows have these columns in this order. ERR_INVALID when it has one that is not known here or
 * lacks one of the key: columns that only this one has keep their default. */
err image_table_like(struct db *db, struct arena *a, const struct image_table *here, const struct str *names, size_t n,
                     struct image_table *out);

struct image {
	struct str key, row; /* row empty: deleted */
};

/* Up to `most` rows after a key (empty: from the start) and through another (empty: to the end) in the order of the primary key, as the
 * db's snapshot has them. Numbers are ordered as such, texts and bytes by their bytes: alike on both engines. ERR_INVALID for a key that is
 * none of this table. */
err image_rows(struct db *db, struct arena *a, const struct image_table *t, struct str after, struct str through, size_t most,
               struct image **out, size_t *n);

/* The row of a key; empty when there is none. */
err image_row(struct db *db, struct arena *a, const struct image_table *t, struct str key, struct str *row);

/* The key of a row, in its shortest form. Like those below it takes a row from before the table's last columns were added. */
err image_key(struct arena *a, const struct image_table *t, struct str row, struct str *key);

/* Key and row of i in their shortest form, which both engines share: equal rows have equal texts. */
err image_shortest(struct arena *a, const struct image_table *t, struct image *i);

/* Writes or replaces a row; deletes by key (one that is not there is no error). Inside a transaction, after tx_journal. A row that holds
 * what must be unique pushes out the row that held it until now: its newer state is still to come, in the same log. Columns that
 * a row does not have yet keep their default. What does
 * not fit the table is ERR_INVALID with the table and the key named. */
err image_put(struct tx *tx, struct arena *a, const struct image_table *t, struct str row);
err image_delete(struct tx *tx, struct arena *a, const struct image_table *t, struct str key);

/* ── the change log ── */

enum change_state {
	CHANGE_ROW,
	CHANGE_DELETED, /* row is empty, key is there */
	CHANGE_BLANKED, /* what was here is not kept: a later entry has the row's state or its deletion */
};
struct change {
	struct str table, key, row; /* key empty: only the row tells it */
	enum change_state state;
};
struct change_entry {
	struct journal_entry entry;
	struct change *changes;
	size_t n;
};

/* Entries after the cursor (xid, seq) in order, at most `most`, with what they changed. */
err change_after(struct db *db, struct arena *a, int64_t xid, int64_t seq, size_t most, struct change_entry **out, size_t *n);

/* Does to these tables what the entry did; a second time changes nothing. Inside a transaction, after tx_journal. ERR_INVALID for a table
 * that is not known, ERR_CONFLICT for a bulk load, which leaves no images: the copy has to be made anew. */
err change_apply(struct tx *tx, struct arena *a, const struct image_table *tables, size_t n, const struct change_entry *e);

#endif
