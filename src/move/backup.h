/* Makes a backup: a consistent snapshot of the database and of the blobs it names, put into a vault (move/vault.h) while the network runs.
 *
 * Rows go as images (store/image.h), table by table, cut into chunks where the hash of a key says so: what did not change makes the same
 * chunks again. A table that no journal entry changed since the last backup is not even read; a blob that the last backup has is not read
 * either. The snapshot is one read transaction; the blobs are copied after it, and while the lease MEDIA_HELD (store/media.h) is held none
 * is removed.
 *
 * What was written is read back. A manifest is put when all it names is on stable storage, so a backup that was cut off leaves none, and
 * the next finds its chunks. Each names its predecessor's hash and all older ones that are kept, and this database remembers the last one
 * it wrote: a place that rolls back or drops one is noticed by the next backup. */
#ifndef MOVE_BACKUP_H
#define MOVE_BACKUP_H

#include "core/ctx.h"
#include "move/vault.h"

#include <stdatomic.h>

enum { BACKUP_TELL_MS = 200 };

enum backup_stage { BACKUP_ROWS, BACKUP_BLOBS, BACKUP_CLEARING };

struct backup_counts {
	enum backup_stage stage;
	int64_t tables, tables_read, rows; /* rows: read of those */
	int64_t blobs, blobs_done;         /* that the snapshot names; that are in the backup so far */
	int64_t blobs_sent, blobs_missing; /* new in this backup; not in the store, or other bytes than they should be */
	struct vault_counts objects;
	int64_t removed; /* objects that no kept backup needs */
};

struct backup_order {
	struct vault *vault;
	struct str place;               /* how people name it */
	const struct backup_keep *keep; /* NULL: all backups are kept */
	bool after_loss;                /* goes on although the place has lost backups */
	const _Atomic bool *stop;       /* may be NULL */
	/* About every BACKUP_TELL_MS on the caller's thread; may be NULL. */
	void (*tell)(void *ctx, const struct backup_counts *now);
	void *ctx;
};

struct backup_result {
	struct backup_counts counts;
	int64_t number, ms, dropped; /* dropped: older backups that the rule does not keep */
};

/* c: the site with its blobs open, and a db. ERR_CONFLICT: another backup of this network is being made, the place has another network's,
 * or has lost some; nothing was written then. */
err backup_run(struct ctx *c, const struct backup_order *order, struct backup_result *out);

/* The columns of all tables, in one hash. */
void backup_shape(const struct backup_table *tables, size_t n, struct blob_name *out);

/* Which database this is, told from a copy of it elsewhere. */
err backup_database(struct ctx *c, struct blob_name *out);

/* Whether this database made a backup in a place of this name. */
err backup_place_known(struct ctx *c, struct str place, bool *known);

/* Whose network a database holds, for a manifest. */
void backup_site(const char secret[32], struct blob_name *out);

/* The 128-bit sum over a table's rows in any order: adds one row in its shortest form. */
void backup_sum_add(const struct backup_keys *keys, unsigned char sum[BACKUP_SUM], struct str row);

/* The newest manifest and all older ones it says are kept, looked at. ERR_NOT_FOUND: there is none. ERR_STORE: one that is to be there is
 * not, or another is in its place. */
err backup_newest(struct arena *a, struct vault *v, struct backup_manifest *out, struct blob_name *hash);

#endif
