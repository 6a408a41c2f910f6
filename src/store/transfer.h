/* What people take with them and bring (the table transfer), and which posts came from where (import_source). A transfer's file is a blob
 * that counts as used while the row names it. Reads take the arena the texts live in; writes only inside tx_run. */
#ifndef STORE_TRANSFER_H
#define STORE_TRANSFER_H

#include "base/blob_name.h"
#include "store/tx.h"

#define TRANSFER_JOB "transfer" /* a: the transfer */
#define TRANSFER_SWEEP "transfer.sweep"

/* Stored: append only. name: in the API. */
enum transfer_kind {
	TRANSFER_EXPORT, /* one's own archive, as Mastodon makes it */
	TRANSFER_FOLLOWS,
	TRANSFER_BLOCKS,
	TRANSFER_MUTES,
	TRANSFER_LISTS,
	TRANSFER_BOOKMARKS,
	TRANSFER_MASTODON, /* posts of a Mastodon archive */
	TRANSFER_X,        /* posts of an archive of X */
	TRANSFER_BLUESKY,  /* posts of a Bluesky repository */
	TRANSFER_DIASPORA, /* posts of a diaspora* account */
	TRANSFER_ACCOUNT,  /* one's own archive, as docs/archive-format.md says */
	TRANSFER_KINDS
};
extern const char *const transfer_names[TRANSFER_KINDS];

enum transfer_state { TRANSFER_WAITING, TRANSFER_WORKING, TRANSFER_DONE, TRANSFER_FAILED };

struct transfer {
	int64_t id, account_id;
	enum transfer_kind kind;
	enum transfer_state state;
	int64_t position, total, taken, known, refused;
	struct str report, error;
	struct blob_name blob;
	bool has_blob;
	int64_t size, expires_at;
};

err store_transfer_by_id(struct arena *a, struct db *db, int64_t id, struct transfer *out, bool *found);
/* Newest first. */
err store_transfers_of(struct arena *a, struct db *db, int64_t account, int most, struct transfer **out, size_t *n);
err store_transfers_open(struct db *db, int64_t account, int64_t *out);
err store_transfers_over(struct arena *a, struct db *db, int64_t now, int most, struct transfer **out, size_t *n);

/* With its job, and the job that sweeps when its time is over. ERR_CONFLICT while the sweep has the blob: put it and try again. */
err store_transfer_insert(struct tx *tx, const struct transfer *t);
/* Everything but account and kind; the blob's use is counted from `had` to what t names. */
err store_transfer_update(struct tx *tx, const struct transfer *t, const struct transfer *had);
err store_transfer_delete(struct tx *tx, const struct transfer *t);

/* An account's posts and boosts after one (0: from the first), oldest first. */
err store_transfer_posts(struct arena *a, struct db *db, int64_t account, int64_t after, int most, int64_t **ids, size_t *n);

/* *status 0: it did not come, or is gone since. */
err store_import_source(struct db *db, int64_t account, struct str source, int64_t *status);
err store_import_source_put(struct tx *tx, int64_t account, struct str source, int64_t status);

#endif
