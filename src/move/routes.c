#include "move/routes.h"

#include "api/json.h"
#include "base/id.h"
#include "core/media.h"
#include "core/site.h"
#include "move/lists_out.h"
#include "move/transfer.h"

const struct route move_routes[] = {
#define ROUTE ROUTE_ROW
#include "move/routes.def"
#undef ROUTE
};
const size_t move_route_count = sizeof move_routes / sizeof *move_routes;

/* Never kept by what stands between, never run by a browser. */
static void put_headers(struct rq *rq, struct str name) {
	buf_lit(&rq->x->reply.head,
	        "Cache-Control: private, no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src "
	        "'none'; sandbox\r\n");
	reply_header(&rq->x->reply, S("Content-Disposition"), arena_printf(rq->c.arena, "attachment; filename=\"%.*s\"", S_ARG(name)));
}

enum handled move_list_file(struct rq *rq) {
	struct str name = path_text(rq, 0);
	for (size_t i = 0; i < LIST_FILES; i++) {
		if (!str_eq(name, str_of(list_files[i].name)))
			continue;
		TRY_RQ(rq, list_files[i].put(&rq->c, rq_out(rq)));
		put_headers(rq, name);
		rq->x->reply.kind = REPLY_BYTES;
		rq->x->reply.status = 200;
		rq->x->reply.type = "text/csv; charset=utf-8";
		return DONE;
	}
	return reply_err(rq, err_plain(ERR_NOT_FOUND));
}

/* ── transfers ── */

static void put_report(struct buf *out, struct str report) {
	json_key(out, "report");
	buf_byte(out, '[');
	for (bool first = true; report.n; first = false) {
		struct str line = str_cut(&report, '\n'), number = str_cut(&line, ':');
		buf_put(out, first ? S("{\"line\":") : S(",{\"line\":"));
		buf_put(out, number);
		json_text(out, "text", str_trim(line));
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void put_transfer(struct buf *out, const struct transfer *t, bool whole) {
	static const char *const states[] = {"waiting", "working", "done", "failed"};
	buf_byte(out, '{');
	json_id(out, "id", t->id);
	json_text(out, "direction", transfer_is_export(t->kind) ? S("export") : S("import"));
	json_text(out, "kind", str_of(transfer_names[t->kind]));
	json_time(out, "created_at", id_ms(t->id));
	json_time(out, "expires_at", t->expires_at);
	json_text(out, "state", str_of(states[t->state]));
	json_i64(out, "percent", t->state == TRANSFER_DONE ? 100 : t->total > 0 ? t->position * 100 / t->total : 0);
	json_i64(out, "taken", t->taken);
	json_i64(out, "known", t->known);
	json_i64(out, "refused", t->refused);
	json_text_or_null(out, "error", t->error);
	if (transfer_is_export(t->kind) && t->state == TRANSFER_DONE)
		json_i64(out, "size", t->size);
	if (whole)
		put_report(out, t->report);
	buf_byte(out, '}');
}

static enum handled reply_transfer(struct rq *rq, int status, const struct transfer *t) {
	put_transfer(rq_out(rq), t, true);
	return reply_json(rq, status);
}

enum handled move_transfers(struct rq *rq) {
	struct transfer *all;
	size_t n;
	TRY_RQ(rq, transfer_list(&rq->c, &all, &n));
	buf_byte(rq_out(rq), '[');
	for (size_t i = 0; i < n; i++) {
		buf_put(rq_out(rq), i ? S(",") : S(""));
		put_transfer(rq_out(rq), &all[i], false);
	}
	buf_byte(rq_out(rq), ']');
	return reply_json(rq, 200);
}

enum handled move_transfer_show(struct rq *rq) {
	int64_t id;
	struct transfer t;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, transfer_own(&rq->c, id, &t));
	return reply_transfer(rq, 200, &t);
}

enum handled move_transfer_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, transfer_forget(&rq->c, id));
	return reply_empty(rq);
}

/* Gigabytes are only taken from those who have the room. */
static enum handled announced(struct rq *rq) {
	int64_t coming = rq->x->req->content_length;
	TRY_RQ(rq, media_check_room(&rq->c, rq->c.viewer, coming > 0 ? coming : 0));
	return MISS;
}

enum handled move_transfer_import(struct rq *rq) {
	if (rq->x->ahead)
		return announced(rq);
	struct upload *u = param_upload(rq, "file");
	enum transfer_kind kind;
	struct transfer t;
	if (!transfer_kind_named(param(rq, "kind"), &kind) || transfer_is_export(kind))
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: kind is none of those that can be imported"));
	if (!u)
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: File can't be blank"));
	struct transfer_file f = {.mem = u->fd < 0 ? u->mem : STR_NONE, .fd = u->fd, .offset = u->offset, .size = u->size};
	TRY_RQ(rq, transfer_import(&rq->c, kind, &f, &t));
	return reply_transfer(rq, 202, &t);
}

enum handled move_transfer_export(struct rq *rq) {
	enum transfer_kind kind = TRANSFER_EXPORT;
	struct str asked = param(rq, "kind");
	struct transfer t;
	if (asked.n && (!transfer_kind_named(asked, &kind) || !transfer_is_export(kind)))
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: kind is none of those that can be exported"));
	TRY_RQ(rq, transfer_export(&rq->c, kind, &t));
	return reply_transfer(rq, 202, &t);
}

enum handled move_transfer_file(struct rq *rq) {
	int64_t id;
	enum transfer_kind kind;
	struct blob_served served;
	struct reply *r = &rq->x->reply;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, transfer_open(&rq->c, id, &kind, &served));
	bool zip = kind == TRANSFER_EXPORT;
	put_headers(rq, arena_printf(rq->c.arena, zip ? "archive-%lld.zip" : "account-%lld.tar.zst", (long long)id));
	r->kind = served.pieces ? REPLY_PIECES : REPLY_FILE;
	r->status = 200;
	r->type = zip ? "application/zip" : "application/zstd";
	r->fd = served.fd;
	r->pieces = served.pieces;
	r->file_size = served.size;
	return DONE;
}
