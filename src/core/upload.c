#include "core/upload.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "blob/parts.h"
#include "config/config.h"
#include "core/site.h"
#include "net/spool.h"
#include "store/media.h"

#include <openssl/evp.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

/* ── announcing ── */

struct creation {
	struct ctx *c;
	const struct upload_row *row;
};

/* What an account may have open, and with all of it whole would hold. */
static err check_share(struct tx *tx, const struct creation *n) {
	const struct config *config = n->c->site->config;
	int64_t open, bytes, used, quota = config_number(config, SET_accounts_quota);
	TRY(store_uploads_open(tx_db(tx), n->row->account_id, &open, &bytes));
	if (open >= config_number(config, SET_uploads_at_once))
		return err_public(ERR_THROTTLED, "You are sending %lld files at the moment; please let one of them finish first",
		                  (long long)open);
	TRY(store_media_usage(tx_db(tx), n->row->account_id, &used));
	if (used + bytes + n->row->size > quota)
		return err_public(ERR_INVALID, "There is no space left for this file: %lld of %lld MB are used or on their way",
		                  (long long)((used + bytes) >> 20), (long long)(quota >> 20));
	return NULL;
}

static err create(struct tx *tx, void *arg) {
	const struct creation *n = arg;
	TRY(check_share(tx, n));
	TRY(tx_journal(tx, J_UPLOAD_CHANGED, n->row->id, n->row->account_id, 0));
	return store_upload_insert(tx, n->row);
}

static err check_disk(struct ctx *c, int64_t more) {
	if (parts_room(c->site->parts) - more < config_number(c->site->config, SET_media_free_floor))
		return err_private(ERR_UNAVAILABLE, "uploads: the disk is nearly full (media.free_floor)");
	return NULL;
}

err upload_create(struct ctx *c, int64_t size, struct str metadata, struct upload_row *out) {
	int64_t most = config_number(c->site->config, SET_uploads_limit);
	if (size > most)
		return err_public(ERR_TOO_LARGE, "The file is larger than %lld MB", (long long)(most >> 20));
	TRY(check_disk(c, size));
	*out = (struct upload_row){
	    .id = id_new(),
	    .account_id = c->viewer,
	    .size = size,
	    .metadata = metadata,
	    .expires_at = clock_ms() + config_number(c->site->config, SET_uploads_keep) * 1000,
	};
	return tx_run(c->db, create, &(struct creation){c, out});
}

err upload_own(struct ctx *c, int64_t id, struct upload_row *out) {
	bool found;
	TRY(store_upload_by_id(c->arena, c->db, id, out, &found));
	return found && out->account_id == c->viewer && out->expires_at > clock_ms() ? NULL : err_plain(ERR_NOT_FOUND);
}

/* ── appending ── */

err upload_offset(struct ctx *c, const struct upload_row *u, int64_t *offset) {
	*offset = u->size;
	return u->media_id ? NULL : parts_size(c->site->parts, u->id, offset);
}

/* The row is read once more under the lock: a deletion that came between takes its file along. */
static err still_wanted(struct ctx *c, const struct upload_row *u) {
	struct upload_row now;
	db_rest(c->db);
	err e = upload_own(c, u->id, &now);
	if (!e && now.media_id)
		e = err_plain(ERR_CONFLICT);
	if (e)
		(void)parts_drop(c->site->parts, u->id);
	return e;
}

err upload_lock(struct ctx *c, const struct upload_row *u, int64_t offset, int64_t more, int *fd) {
	int64_t size = 0;
	*fd = -1;
	TRY(check_disk(c, more));
	TRY(parts_lock(c->site->parts, u->id, fd, &size));
	err e = still_wanted(c, u);
	if (!e && size != offset)
		e = err_public(ERR_CONFLICT, "The file has come to %lld, not to %lld", (long long)size, (long long)offset);
	if (e) {
		close(*fd);
		*fd = -1;
	}
	return e;
}

static err read_chunk(const struct upload_piece *p, int64_t at, char memory[CHUNK], struct str *out) {
	if (p->mem.p) {
		*out = str_first(str_skip(p->mem, (size_t)at), CHUNK);
		return NULL;
	}
	ssize_t n = pread(p->fd, memory, CHUNK, at);
	*out = str_mem(memory, n > 0 ? (size_t)n : 0);
	return n > 0 ? NULL : err_private(ERR_UNAVAILABLE, "a spooled piece cannot be read back");
}

static err check(const struct upload_piece *p, const struct tus_checksum *sum) {
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	char memory[CHUNK];
	err e = NULL;
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	must(hash && EVP_DigestInit_ex(hash, sum->hash == TUS_SHA1 ? EVP_sha1() : EVP_sha256(), NULL));
	struct str chunk = STR_NONE;
	for (int64_t at = 0; !e && at < p->size; at += (int64_t)chunk.n) {
		e = read_chunk(p, at, memory, &chunk);
		must(EVP_DigestUpdate(hash, chunk.p, chunk.n));
	}
	must(EVP_DigestFinal_ex(hash, digest, &size));
	EVP_MD_CTX_free(hash);
	if (!e && (size != sum->size || memcmp(digest, sum->digest, size) != 0))
		e = err_plain(ERR_CHECKSUM);
	return e;
}

err upload_put_checked(int to, int64_t offset, const struct upload_piece *p, const struct tus_checksum *sum) {
	char memory[CHUNK];
	TRY(check(p, sum));
	struct str chunk;
	for (int64_t at = 0; at < p->size; at += (int64_t)chunk.n) {
		TRY(read_chunk(p, at, memory, &chunk));
		TRY(spool_write(to, offset + at, chunk));
	}
	return NULL;
}

/* ── the ends ── */

struct ending {
	const struct upload_row *row;
	int64_t media_id; /* 0: it is not wanted any more */
};

static err end_it(struct tx *tx, void *arg) {
	const struct ending *x = arg;
	TRY(tx_journal(tx, J_UPLOAD_CHANGED, x->row->id, x->row->account_id, x->media_id));
	return x->media_id ? store_upload_done(tx, x->row->id, x->media_id) : store_upload_delete(tx, x->row->id);
}

err upload_done(struct ctx *c, const struct upload_row *u, int64_t media_id) {
	TRY(tx_run(c->db, end_it, &(struct ending){u, media_id}));
	return parts_drop(c->site->parts, u->id);
}

err upload_delete(struct ctx *c, const struct upload_row *u) {
	TRY(tx_run(c->db, end_it, &(struct ending){u, 0}));
	return parts_drop(c->site->parts, u->id);
}

static err delete_over(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_UPLOAD_CHANGED, 0, 0, 0));
	return store_uploads_delete_over(tx, *(const int64_t *)arg);
}

/* The folder is read before the rows: a file that is made meanwhile has its row already. */
err upload_sweep(struct ctx *c, const struct job *job) {
	int64_t now = clock_ms(), *ids;
	size_t n;
	TRY(tx_run(c->db, delete_over, &now));
	TRY(parts_list(c->arena, c->site->parts, &ids, &n));
	db_rest(c->db);
	for (size_t i = 0; i < n; i++) {
		struct upload_row row;
		bool found;
		TRY(store_upload_by_id(c->arena, c->db, ids[i], &row, &found));
		if (!found || row.media_id)
			TRY(parts_drop(c->site->parts, ids[i]));
	}
	return NULL;
}
