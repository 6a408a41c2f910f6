/* Uploads in pieces: the upload table. Their bytes are blob/parts.h's. Reads take the arena the texts live in; writes only inside tx_run.
 */
#ifndef STORE_UPLOAD_H
#define STORE_UPLOAD_H

#include "store/tx.h"

#define UPLOAD_SWEEP "upload.sweep"

struct upload_row {
	int64_t id, account_id;
	int64_t size;        /* bytes announced */
	struct str metadata; /* as the client sent it (wire/tus.h) */
	int64_t expires_at;  /* ms */
	int64_t media_id;    /* the attachment it became; 0: not whole yet */
};

err store_upload_by_id(struct arena *a, struct db *db, int64_t id, struct upload_row *out, bool *found);
/* Of an account: how many are not whole, and the bytes they will have. */
err store_uploads_open(struct db *db, int64_t account, int64_t *count, int64_t *bytes);

/* With the job that sweeps when its time is over. */
err store_upload_insert(struct tx *tx, const struct upload_row *row);
err store_upload_done(struct tx *tx, int64_t id, int64_t media_id);
err store_upload_delete(struct tx *tx, int64_t id);
/* Their files are swept soon. */
err store_uploads_delete_of_account(struct tx *tx, int64_t account);
err store_uploads_delete_over(struct tx *tx, int64_t now);

#endif
