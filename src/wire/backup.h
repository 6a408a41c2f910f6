/* What a backup's objects hold once they are unsealed (docs/operate.md, "Backups"; move/vault.h seals them). No I/O. Any thread.
 *
 * A manifest is text, a line a fact, in this order; hashes and names are 64 hexadecimal digits:
 *
 *   freehold-backup 1
 *   number N            from 1
 *   at MS               when its snapshot was taken
 *   previous HASH       of the sealed manifest N-1; zeros: this is the first
 *   site HASH           whose network it is
 *   database HASH       in which database the cursor counts
 *   cursor XID SEQ      up to where the journal is in it
 *   blobs COUNT BYTES MISSING
 *   list NAME           0 or more: objects with its blobs
 *   table NAME ROWS SUM COLUMN,COLUMN…     each table; SUM: 32 hexadecimal digits, over its rows in any order
 *   list NAME           0 or more, after its table: objects with the names of its chunks
 *   kept N MS HASH      each older manifest that is to be there still, ascending
 *   end */
#ifndef WIRE_BACKUP_H
#define WIRE_BACKUP_H

#include "base/arena.h"
#include "base/blob_name.h"
#include "base/buf.h"

enum { BACKUP_SUM = 16, BACKUP_COLUMNS_MAX = 200 };

struct backup_table {
	struct str name;
	int64_t rows;
	unsigned char sum[BACKUP_SUM];
	struct str *columns;
	size_t column_count;
	struct blob_name *lists;
	size_t list_count;
};

struct backup_kept {
	int64_t number, at;
	struct blob_name hash;
};

struct backup_manifest {
	int64_t number, at;
	struct blob_name previous, site, database;
	int64_t xid, seq;
	int64_t blobs, blob_bytes, blobs_missing;
	struct blob_name *blob_lists;
	size_t blob_list_count;
	struct backup_table *tables;
	size_t table_count;
	struct backup_kept *kept;
	size_t kept_count;
};

void backup_manifest_write(struct buf *b, const struct backup_manifest *m);
/* False for anything else; then *at is the offset of the line that does not fit. The strings point into the text. */
bool backup_manifest_read(struct arena *a, struct str text, struct backup_manifest *out, size_t *at);

/* ── lists ── */

/* A blob and the chunks it is cut into: its name, its size (8 bytes), how many (4 bytes), theirs; numbers in network order. */
struct backup_blob {
	struct blob_name name;
	int64_t size;
	const unsigned char *chunks; /* each BLOB_NAME bytes */
	uint32_t n;
};
void backup_blob_write(struct buf *b, const struct backup_blob *blob);
/* Takes the next from the rest; false at the end, and *bad tells whether there was something else than a blob. */
bool backup_blob_next(struct str *rest, struct backup_blob *out, bool *bad);

/* ── the key file ── */

/* "freehold-backup-key-1", the key and its check in hexadecimal, a line each. */
enum { BACKUP_KEY = 32, BACKUP_CHECK = 8 };
void backup_key_write(struct buf *b, const unsigned char key[BACKUP_KEY], const unsigned char check[BACKUP_CHECK]);
bool backup_key_read(struct str text, unsigned char key[BACKUP_KEY], unsigned char check[BACKUP_CHECK]);

/* ── sealed objects ── */

/* "FHB1", how it is packed (0 as it is, 1 zstd), its length unpacked (4 bytes), the nonce; then what libsodium made. */
enum { BACKUP_NONCE = 24, BACKUP_HEAD = 4 + 1 + 4 + BACKUP_NONCE, BACKUP_OBJECT_MAX = 64 * 1024 * 1024 };
struct backup_head {
	bool packed;
	uint32_t size;
	const unsigned char *nonce;
};
void backup_head_write(unsigned char out[BACKUP_HEAD], const struct backup_head *h);
/* *rest: what follows it. False for what is none, or longer than BACKUP_OBJECT_MAX. */
bool backup_head_read(struct str object, struct backup_head *out, struct str *rest);

/* ── what is kept ── */

/* "log=7d,daily=7,weekly=4,monthly=12": every snapshot of the last so many ms, the last one of so many days, weeks and months. What is not
 * named is 0. False, with *at the offset, for anything else. */
struct backup_keep {
	int64_t log_ms;
	int64_t daily, weekly, monthly;
};
bool backup_keep_read(struct str text, struct backup_keep *out, size_t *at);

#endif
