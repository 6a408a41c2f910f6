/* The statements that are made from the tables' shapes. Inside store/ only. */
#ifndef STORE_IMAGE_SQL_H
#define STORE_IMAGE_SQL_H

#include "base/buf.h"
#include "store/image.h"

/* Parameters are the columns in order, or the key's columns in order. */
struct image_sql {
	struct str rows[2][2]; /* [after a key][through a key]: these keys, then how many. (key, row) */
	struct str one;        /* the key. (row) */
	struct str put, drop;
	struct str *clear; /* one for each unique index but the key: deletes what stands in a row's way; parameters as of put */
	size_t clear_n;
	struct str unique_rest; /* deletes all rows that share what a unique index wants to be unique; statements with semicolons */
};

/* The copied tables without their statements. */
err image_shapes(struct db *db, struct arena *a, struct image_table **out, size_t *n);
err image_sql_make(struct db *db, struct arena *a, struct image_table *t);

/* Expressions: the image of `row` (an alias of the table), and its key. */
void image_put_row(struct buf *b, bool sqlite, const char *row, const struct image_table *t);
void image_put_key(struct buf *b, bool sqlite, const char *row, const struct image_table *t);

/* A row's or key's values as parameters; binds has room for t->n. *n is how many. */
struct bind;
err image_binds(struct arena *a, const struct image_table *t, struct str row, struct bind *binds);

#endif
