/* A segment of a backup's log: the journal's entries after the last one, with the images of the rows they changed (store/image.h) and the
 * blobs they brought. No I/O. Any thread.
 *
 * Text, a line a fact; hashes as in wire/backup.h, rows and keys as wire/row.h writes them:
 *
 *   freehold-log 1
 *   number N               from 1
 *   at MS                  when it was made
 *   previous HASH          of the sealed segment N-1; zeros: this is the first
 *   database HASH          in which database the cursors count
 *   shape HASH             of the tables' columns
 *   after XID SEQ          the cursor before
 *   upto XID SEQ           of the last entry
 *   blob NAME SIZE CHUNKS  0 or more: CHUNKS: their names without anything between, or "-"
 *   entry XID SEQ AT KIND A B C
 *   row TABLE ROW, gone TABLE KEY, blank TABLE      what it changed, in order
 *   end */
#ifndef WIRE_BACKUP_LOG_H
#define WIRE_BACKUP_LOG_H

#include "base/arena.h"
#include "base/blob_name.h"
#include "base/buf.h"

struct backup_log_head {
	int64_t number, at;
	struct blob_name previous, database, shape;
	int64_t after_xid, after_seq, upto_xid, upto_seq;
};

enum backup_log_kind { BACKUP_LOG_END, BACKUP_LOG_BLOB, BACKUP_LOG_ENTRY, BACKUP_LOG_ROW, BACKUP_LOG_GONE, BACKUP_LOG_BLANK };
struct backup_log_item {
	enum backup_log_kind kind;
	struct blob_name name; /* of a blob */
	int64_t size;
	struct str chunks;                   /* in hexadecimal, 64 digits each */
	int64_t xid, seq, at, what, a, b, c; /* of an entry */
	struct str table, text;              /* of a change: its row or key */
};

void backup_log_begin(struct buf *b, const struct backup_log_head *h);
void backup_log_put(struct buf *b, const struct backup_log_item *item);

/* *rest: the items, for backup_log_next. False for what is none. */
bool backup_log_read(struct str text, struct backup_log_head *out, struct str *rest);
/* Takes the next item; its strings point into the text. False when what follows is none; BACKUP_LOG_END comes once, last. */
bool backup_log_next(struct str *rest, struct backup_log_item *out);

#endif
