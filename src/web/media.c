/* Pictures by their public keys. Whoever has the address may read it: 128 random bits are the permission, and they die with the post. */
#include "web/routes.h"

#include "core/card.h"
#include "core/media_serve.h"
#include "core/media_store.h"
#include "core/remote.h"

/* The store serves them: the redirect may not outlive the address, nor much the post. */
static enum handled redirect(struct rq *rq, const struct media_bytes *f) {
	reply_redirect(rq, 302, f->address);
	buf_printf(&rq->x->reply.head, "Cache-Control: private, max-age=%d\r\n", MEDIA_REDIRECT_S);
	return DONE;
}

/* changes: the address stays and the bytes may not, so they are asked for anew each time. */
static enum handled send(struct rq *rq, const struct media_bytes *f, bool changes) {
	struct reply *r = &rq->x->reply;
	BUF_AUTO tag = {0};
	if (f->address.n)
		return redirect(rq, f);
	buf_byte(&tag, '"');
	buf_hex(&tag, str_first(blob_name_str(&f->name), 16));
	buf_byte(&tag, '"');
	reply_header(r, S("ETag"), buf_str(&tag));
	/* Whoever wrote the bytes, no browser runs anything in them. */
	reply_header(r, S("Cache-Control"), changes ? S("public, no-cache") : S("public, max-age=31536000, immutable"));
	buf_lit(&r->head, "X-Content-Type-Options: nosniff\r\nContent-Disposition: inline\r\n"
	                  "Content-Security-Policy: default-src 'none'; sandbox\r\nCross-Origin-Resource-Policy: cross-origin\r\n");
	r->kind = f->served.pieces ? REPLY_PIECES : REPLY_FILE;
	r->status = 200;
	r->type = arena_str(rq->c.arena, f->type).p;
	r->fd = f->served.fd;
	r->pieces = f->served.pieces;
	r->file_size = f->served.size;
	return DONE;
}

static enum handled serve(struct rq *rq, struct str stem, struct str name) {
	struct media_bytes f;
	TRY_RQ(rq, media_serve(&rq->c, stem, name, &f));
	return send(rq, &f, media_serve_changes(name));
}

enum handled web_media(struct rq *rq) { return serve(rq, STR_NONE, path_text(rq, 0)); }

enum handled web_media_file(struct rq *rq) { return serve(rq, path_text(rq, 0), path_text(rq, 1)); }

/* The picture of a card (core/card.h). One that went for others is fetched again meanwhile: whoever asks next has it. */
enum handled web_media_remote(struct rq *rq) {
	struct card k;
	struct media_bytes f = {.served.fd = -1};
	TRY_RQ(rq, card_by_key(&rq->c, path_text(rq, 0), &k));
	err e = remote_serve(&rq->c, &k.image_blob, &f.served);
	if (e && e->code == ERR_NOT_FOUND) {
		TRY_RQ(rq, card_picture_again(&rq->c, &k));
		e = err_plain(ERR_NOT_FOUND);
	}
	TRY_RQ(rq, e);
	f.type = k.image_type;
	f.name = k.image_blob;
	return send(rq, &f, false);
}
