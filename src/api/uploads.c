/* Resumable uploads: tus 1.0.0 with the extensions creation, creation-with-upload, termination, expiration and checksum
 * (https://tus.io/protocols/resumable-upload). A file that is whole becomes an attachment as POST /api/v2/media makes one; its id is in the
 * header Freehold-Media-Id. */
#include "api/media.h"
#include "api/routes.h"
#include "base/must.h"
#include "config/config.h"
#include "core/site.h"
#include "core/upload.h"
#include "net/date.h"

#include <sys/mman.h>
#include <unistd.h>

#define TUS_VERSION "1.0.0"
#define TUS_BODY "application/offset+octet-stream"

/* A piece with a checksum is kept aside until it is whole. */
enum { CHECKED_MAX = 64 * 1024 * 1024 };

/* ── what every reply carries ── */

static void put_headers(struct rq *rq) {
	buf_put(&rq->x->reply.head,
	        S("Tus-Resumable: " TUS_VERSION "\r\n"
	          "Access-Control-Expose-Headers: Location, Upload-Offset, Upload-Length, Upload-Expires, Upload-Metadata, Tus-Resumable, "
	          "Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Freehold-Media-Id\r\n"));
}

static void put_number(struct rq *rq, struct str name, int64_t n) {
	char text[24];
	snprintf(text, sizeof text, "%lld", (long long)n);
	reply_header(&rq->x->reply, name, str_of(text));
}

static enum handled refuse(struct rq *rq, err e) {
	struct err made = *e;
	enum handled h = reply_err(rq, &made);
	put_headers(rq);
	if (made.code == ERR_PRECONDITION)
		reply_header(&rq->x->reply, S("Tus-Version"), S(TUS_VERSION));
	return h;
}

#define TRY_TUS(rq, expr) \
	do { \
		err try_err_ = (expr); \
		if (try_err_) \
			return refuse((rq), try_err_); \
	} while (0)

static enum handled reply_state(struct rq *rq, int status, const struct upload_row *u, int64_t offset) {
	char date[DATE_TEXT];
	put_headers(rq);
	put_number(rq, S("Upload-Offset"), offset);
	reply_header(&rq->x->reply, S("Upload-Expires"), date_text(u->expires_at, date));
	if (u->media_id)
		put_number(rq, S("Freehold-Media-Id"), u->media_id);
	buf_lit(&rq->x->reply.head, "Cache-Control: no-store\r\n");
	rq->x->reply.kind = REPLY_BYTES;
	rq->x->reply.status = status;
	return DONE;
}

/* ── reading the request ── */

static err check_version(struct rq *rq) {
	if (str_eq(rq_header(rq, S("Tus-Resumable")), S(TUS_VERSION)))
		return NULL;
	return err_public(ERR_PRECONDITION, "This server speaks tus " TUS_VERSION " (header Tus-Resumable)");
}

static err header_size(struct rq *rq, struct str name, int64_t *out) {
	if (str_i64(rq_header(rq, name), out) && *out >= 0)
		return NULL;
	return err_public(ERR_BAD_REQUEST, "The header %.*s must be a number of bytes", S_ARG(name));
}

static bool has_body(const struct rq *rq) { return rq->x->req->chunked || rq->x->req->content_length > 0; }

static err check_type(struct rq *rq) {
	if (str_eq_ci(rq_header(rq, S("Content-Type")), S(TUS_BODY)))
		return NULL;
	return err_public(ERR_UNSUPPORTED, "The Content-Type of a piece is " TUS_BODY);
}

/* What the metadata say of the attachment: as the fields of POST /api/v2/media. */
static err read_metadata(struct rq *rq, struct str metadata, struct upload *file, struct media_text *text) {
	struct str description, focus;
	struct arena *a = rq->c.arena;
	TRY(tus_metadata(a, metadata, S("filename"), &file->filename));
	TRY(tus_metadata(a, metadata, S("filetype"), &file->type));
	TRY(tus_metadata(a, metadata, S("description"), &description));
	TRY(tus_metadata(a, metadata, S("focus"), &focus));
	TRY(media_description(description, &text->description));
	return str_empty(focus) ? NULL : media_focus(focus, &text->focus_x, &text->focus_y);
}

static err own_upload(struct rq *rq, struct upload_row *u) {
	int64_t id;
	TRY(check_version(rq));
	TRY(path_id(rq, 0, &id));
	return upload_own(&rq->c, id, u);
}

/* ── from the whole file to the attachment ── */

static err take(struct rq *rq, const struct upload_row *u, int fd, struct media *out) {
	struct upload file = {.field = S("file"), .fd = fd, .size = u->size};
	struct media_text text = {0};
	TRY(read_metadata(rq, u->metadata, &file, &text));
	void *p = mmap(NULL, (size_t)u->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return err_private(ERR_UNAVAILABLE, "uploads: a file cannot be mapped: %m");
	file.mem = str_mem(p, (size_t)u->size);
	err e = api_media_take(&rq->c, &file, MEDIA_IMAGE, &text, out);
	munmap(p, (size_t)u->size);
	return e;
}

/* What cannot become one is forgotten; when it is the server that cannot, the file stays and may be asked for again. */
static err finish(struct rq *rq, struct upload_row *u, int fd) {
	struct media m;
	err e = take(rq, u, fd, &m);
	if (e) {
		struct err kept = *e;
		if (err_http_status(kept.code) < 500)
			TRY(upload_delete(&rq->c, u));
		return err_copy(&kept);
	}
	u->media_id = m.id;
	return upload_done(&rq->c, u, m.id);
}

/* ── announcing ── */

/* Between the two runs of an AHEAD handler. */
struct piece {
	struct upload_row upload;
	int64_t offset;
	bool checked;
	struct tus_checksum sum;
};

/* The body goes straight to the upload's file, at offset. */
static err begin_piece(struct rq *rq, struct piece *p) {
	struct exchange *x = rq->x;
	int64_t rest = p->upload.size - p->offset, coming = x->req->chunked ? 0 : x->req->content_length;
	TRY(upload_lock(&rq->c, &p->upload, p->offset, coming > 0 ? coming : 0, &x->sink_fd));
	x->sink_at = p->offset;
	x->body_limit = (size_t)rest;
	rq->kept = p;
	return NULL;
}

/* Before the reply: the next piece may come at once. */
static void let_go(struct exchange *x) {
	close(x->sink_fd);
	x->sink_fd = -1;
}

static err end_piece(struct rq *rq, struct piece *p) {
	struct exchange *x = rq->x;
	p->offset += x->body_size;
	err e = fsync(x->sink_fd) == 0 ? NULL : err_private(ERR_UNAVAILABLE, "uploads: sync: %m");
	if (!e && p->offset == p->upload.size)
		e = finish(rq, &p->upload, x->sink_fd);
	let_go(x);
	return e;
}

static enum handled reply_created(struct rq *rq, const struct upload_row *u, int64_t offset) {
	char where[64];
	snprintf(where, sizeof where, "/api/freehold/uploads/%lld", (long long)u->id);
	reply_header(&rq->x->reply, S("Location"), str_of(where));
	return reply_state(rq, 201, u, offset);
}

static err announce(struct rq *rq, struct upload_row *u) {
	struct str metadata = rq_header(rq, S("Upload-Metadata"));
	struct upload file;
	struct media_text text = {0};
	int64_t size;
	TRY(check_version(rq));
	if (rq_header(rq, S("Upload-Defer-Length")).n)
		return err_public(ERR_BAD_REQUEST, "The length must be known at the start (header Upload-Length)");
	TRY(header_size(rq, S("Upload-Length"), &size));
	if (size == 0)
		return err_public(ERR_INVALID, "The file is empty");
	if (metadata.n > TUS_METADATA_MAX)
		return err_public(ERR_BAD_REQUEST, "Upload-Metadata is too long");
	TRY(read_metadata(rq, metadata, &file, &text));
	if (has_body(rq))
		TRY(check_type(rq));
	return upload_create(&rq->c, size, metadata, u);
}

enum handled api_upload_create(struct rq *rq) {
	struct piece *p = rq->kept;
	if (!rq->x->ahead) {
		TRY_TUS(rq, end_piece(rq, p));
		return reply_created(rq, &p->upload, p->offset);
	}
	p = arena_one(rq->c.arena, struct piece);
	TRY_TUS(rq, announce(rq, &p->upload));
	if (!has_body(rq))
		return reply_created(rq, &p->upload, 0);
	TRY_TUS(rq, begin_piece(rq, p));
	return MISS;
}

/* ── appending ── */

static err begin_append(struct rq *rq) {
	struct piece *p = rq->kept = arena_one(rq->c.arena, struct piece);
	struct str sum = rq_header(rq, S("Upload-Checksum"));
	TRY(own_upload(rq, &p->upload));
	TRY(check_type(rq));
	TRY(header_size(rq, S("Upload-Offset"), &p->offset));
	if (p->upload.media_id || p->offset > p->upload.size)
		return err_public(ERR_CONFLICT, "The file has come to %lld", (long long)p->upload.size);
	if (!sum.n)
		return begin_piece(rq, p);
	p->checked = true;
	int64_t rest = p->upload.size - p->offset;
	rq->x->body_limit = (size_t)(rest < CHECKED_MAX ? rest : CHECKED_MAX);
	return tus_checksum(sum, &p->sum);
}

static err append_checked(struct rq *rq, struct piece *p) {
	struct exchange *x = rq->x;
	struct upload_piece piece = {.mem = x->body_fd < 0 ? x->body : STR_NONE, .fd = x->body_fd, .size = x->body_size};
	TRY(upload_lock(&rq->c, &p->upload, p->offset, x->body_size, &x->sink_fd));
	err e = upload_put_checked(x->sink_fd, p->offset, &piece, &p->sum);
	if (!e)
		return end_piece(rq, p);
	let_go(x);
	return e;
}

enum handled api_upload_append(struct rq *rq) {
	struct piece *p = rq->kept;
	if (rq->x->ahead) {
		TRY_TUS(rq, begin_append(rq));
		return MISS;
	}
	TRY_TUS(rq, p->checked ? append_checked(rq, p) : end_piece(rq, p));
	return reply_state(rq, 204, &p->upload, p->offset);
}

/* ── the rest ── */

/* A file that is whole and has not become an attachment: its last reply was never made. */
static err finish_late(struct rq *rq, struct upload_row *u) {
	int fd;
	TRY(upload_lock(&rq->c, u, u->size, 0, &fd));
	err e = finish(rq, u, fd);
	close(fd);
	return e;
}

enum handled api_upload_show(struct rq *rq) {
	struct upload_row u;
	int64_t offset;
	TRY_TUS(rq, own_upload(rq, &u));
	TRY_TUS(rq, upload_offset(&rq->c, &u, &offset));
	if (offset == u.size && !u.media_id)
		TRY_TUS(rq, finish_late(rq, &u));
	put_number(rq, S("Upload-Length"), u.size);
	if (u.metadata.n)
		reply_header(&rq->x->reply, S("Upload-Metadata"), u.metadata);
	return reply_state(rq, 200, &u, offset);
}

enum handled api_upload_delete(struct rq *rq) {
	struct upload_row u;
	TRY_TUS(rq, own_upload(rq, &u));
	TRY_TUS(rq, upload_delete(&rq->c, &u));
	put_headers(rq);
	rq->x->reply.status = 204;
	return DONE;
}

/* For clients that can send GET and POST only. */
enum handled api_upload_override(struct rq *rq) {
	struct str method = rq_header(rq, S("X-HTTP-Method-Override"));
	if (str_eq(method, S("PATCH")))
		return api_upload_append(rq);
	if (str_eq(method, S("DELETE")))
		return api_upload_delete(rq);
	return str_eq(method, S("HEAD")) ? api_upload_show(rq) : refuse(rq, err_plain(ERR_METHOD));
}

enum handled api_uploads_options(struct rq *rq) {
	put_headers(rq);
	reply_header(&rq->x->reply, S("Tus-Version"), S(TUS_VERSION));
	reply_header(&rq->x->reply, S("Tus-Extension"), S("creation,creation-with-upload,termination,expiration,checksum"));
	reply_header(&rq->x->reply, S("Tus-Checksum-Algorithm"), S(TUS_HASHES));
	put_number(rq, S("Tus-Max-Size"), config_number(rq->c.site->config, SET_uploads_limit));
	rq->x->reply.status = 204;
	return DONE;
}
