/* The parts of a backup: backup.c says what is done in which order, backup_rows.c reads tables, backup_blobs.c blobs, backup_keep.c
 * forgets. Inside move/ only. */
#ifndef MOVE_BACKUP_INSIDE_H
#define MOVE_BACKUP_INSIDE_H

#include "base/vec.h"
#include "move/backup.h"

/* Names, sorted. */
struct names {
	VEC(struct blob_name) v;
	bool sorted;
};
void names_free(struct names *s);
void names_add(struct names *s, const struct blob_name *n);
/* All of an object of names (a table's list); false when it is none. */
bool names_add_all(struct names *s, struct str object);
bool names_have(struct names *s, const struct blob_name *n);

struct backup {
	struct ctx *c;
	const struct backup_order *order;
	struct vault *vault;
	struct backup_result *result;
	struct arena *a; /* of the manifests */
	struct db *lease_db;
	struct str holder;
	int64_t told, renewed;
	struct backup_manifest last; /* number 0: there was none */
	struct blob_name last_hash;
	bool last_is_ours;  /* this database wrote it: its cursor counts here */
	struct names known; /* chunks that it names */
	struct backup_manifest next;
	int64_t log_begins; /* segments put before it belong to no time that can be restored to; 0: all are kept */
};

/* Shows how far it is, keeps the lease; ERR_UNAVAILABLE when it is to stop. Called often. */
err backup_step(struct backup *b);

/* A chunk that the last backup does not have is put. */
err backup_put(struct backup *b, struct str plain, struct blob_name *name);

/* Under which the database remembers the log's end in a place. */
struct str backup_log_key(struct arena *a, const struct vault *v);

/* An object of 32-byte names or of blobs, cut where a name says so. */
struct list_writer {
	struct buf object;
	VEC(struct blob_name) names; /* of the objects that are put; in the backup's arena */
};
bool list_full(const struct list_writer *w, const struct blob_name *last);
err list_put(struct backup *b, struct list_writer *w);

/* Reads the tables of the db's snapshot into next, or takes them over. *blobs: whether the blob table may have changed. */
err backup_rows(struct backup *b, bool *blobs);

/* The names of the snapshot's blobs in use. */
err backup_blob_names(struct backup *b, struct names *out);
/* Copies those that the last backup does not have. */
err backup_blobs(struct backup *b, struct names *names);

/* Decides which of last's and its kept are kept besides next, into next. */
void backup_choose(struct backup *b);
/* Removes the others and what only they need, if there are any. */
err backup_clear(struct backup *b);

#endif
