#include "api/media.h"

#include "api/routes.h"
#include "api/view/media.h"
#include "base/must.h"
#include "core/site.h"
#include "media/decoder.h"

static bool is_moving(const struct upload *u) { return str_starts_ci(u->type, S("video/")) || str_starts_ci(u->type, S("audio/")); }

err api_media_decode(struct rq *rq, const struct upload *u, enum media_kind kind, struct picture *out) {
	static const struct {
		enum media_kind kind;
		enum picture_shape shape;
	} shapes[] = {
	    {MEDIA_IMAGE, PICTURE_WHOLE}, {MEDIA_AVATAR, PICTURE_AVATAR}, {MEDIA_HEADER, PICTURE_HEADER}, {MEDIA_EMOJI, PICTURE_EMOJI}};
	size_t i = 0;
	while (shapes[i].kind != kind)
		must(++i < sizeof shapes / sizeof *shapes);
	if (is_moving(u))
		return err_public(ERR_INVALID,
		                  "Videos and sounds cannot be shared here yet; pictures can: JPEG, PNG, GIF, WebP, AVIF and HEIC");
	struct picture_source from = {.mem = u->mem, .fd = u->fd, .offset = u->offset, .size = u->mem.p ? (int64_t)u->mem.n : u->size};
	return decoder_picture(rq->c.arena, rq->c.site->decoder, &from, shapes[i].shape, out);
}

err api_media_take(struct rq *rq, const struct upload *u, enum media_kind kind, const struct media_text *text, struct media *out) {
	struct picture p;
	TRY(api_media_decode(rq, u, kind, &p));
	return media_create(&rq->c, rq->c.viewer, kind, &p, text, out);
}

/* What description and focus of the request change of *text. */
static err read_text(struct rq *rq, struct media_text *text) {
	if (param_has(rq, "description"))
		TRY(media_description(param(rq, "description"), &text->description));
	return str_empty(param(rq, "focus")) ? NULL : media_focus(param(rq, "focus"), &text->focus_x, &text->focus_y);
}

static enum handled reply_media(struct rq *rq, const struct media *m) {
	view_media_attachment(rq_out(rq), rq->c.site, m);
	return reply_json(rq, 200);
}

enum handled api_media_create(struct rq *rq) {
	struct upload *u = param_upload(rq, "file");
	struct media_text text = {0};
	struct media m;
	if (!u)
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: File can't be blank"));
	TRY_RQ(rq, read_text(rq, &text));
	TRY_RQ(rq, api_media_take(rq, u, MEDIA_IMAGE, &text, &m));
	return reply_media(rq, &m);
}

enum handled api_media_show(struct rq *rq) {
	int64_t id;
	struct media m;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, media_own(&rq->c, id, &m));
	return reply_media(rq, &m);
}

enum handled api_media_update(struct rq *rq) {
	int64_t id;
	struct media m;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, media_own(&rq->c, id, &m));
	struct media_text text = {m.description, m.focus_x, m.focus_y};
	TRY_RQ(rq, read_text(rq, &text));
	TRY_RQ(rq, media_describe(&rq->c, id, &text, &m));
	return reply_media(rq, &m);
}

enum handled api_media_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, media_delete(&rq->c, id));
	return reply_empty(rq);
}
