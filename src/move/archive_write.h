/* Inside move/archive: the entries of an archive in their order, of a whole network (archive_export.c) or of one account
 * (archive_person.c). One thread. */
#ifndef MOVE_ARCHIVE_WRITE_H
#define MOVE_ARCHIVE_WRITE_H

#include "base/blob_name.h"
#include "move/archive.h"
#include "move/tarball.h"

struct archive_writer {
	struct ctx c; /* with an arena of its own, which the caller empties now and then */
	struct archive_counts *n;
	struct tarball *t;
	struct image_table *tables; /* of the database, in an arena of the caller's, like the next two */
	size_t table_n;
	bool *leaves;  /* of each table: whether the archive names it */
	int64_t *rows; /* of each table: how many are in it */
	struct archive_key key;
	bool sealed; /* with secrets */
	struct buf part;
	int part_number;
};

/* Reads the tables; nothing leaves yet. */
err archive_writer_open(struct archive_writer *w, struct arena *a);
void archive_writer_close(struct archive_writer *w);

/* The first entry. account: whose archive it is; 0: the network's. */
err archive_put_manifest(struct archive_writer *w, int64_t account);

/* A picture or a part of a film. What is gone or damaged is counted and told; once an entry is begun there is no way back, so a store that
 * fails then ends the archive. */
err archive_put_medium(struct archive_writer *w, const struct blob_name *name, int64_t size);

/* A row as the database gives it, or as values in the order of its columns. Tables one after the other, each ended. */
err archive_row_values(struct archive_writer *w, const struct image_table *t, struct str row, struct row_value **out);
err archive_put_row(struct archive_writer *w, const struct image_table *t, struct row_value *v);
err archive_end_table(struct archive_writer *w, const struct image_table *t);

/* The last entry, and the archive is whole. */
err archive_put_end(struct archive_writer *w);

#endif
