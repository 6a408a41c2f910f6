#include "api/media.h"

#include "api/routes.h"
#include "api/view/media.h"
#include "base/must.h"
#include "config/config.h"
#include "core/film.h"
#include "core/site.h"
#include "media/decoder.h"
#include "media/film.h"
#include "wire/container.h"

static struct str head_of(const struct upload *u) { return str_first(u->mem, CONTAINER_HEAD); }

/* Whether it is for the film maker: what its bytes say counts, and of bytes that say nothing what the client says. */
static bool is_film(const struct upload *u) {
	if (container_moves(u->mem) || container_demuxer(head_of(u)))
		return true;
	return str_starts_ci(u->type, S("video/")) || str_starts_ci(u->type, S("audio/"));
}

/* A guess, until somebody looked inside: of an animation it is final. */
static enum media_kind film_kind(const struct upload *u) {
	const char *demuxer = container_demuxer(head_of(u));
	static const char *const sounds[] = {"mp3", "aac", "flac", "wav", "aiff", "amr", "caf", "ape", "wv", "au"};
	for (size_t i = 0; demuxer && i < sizeof sounds / sizeof *sounds; i++)
		if (strcmp(demuxer, sounds[i]) == 0)
			return MEDIA_AUDIO;
	return demuxer ? str_starts_ci(u->type, S("audio/")) ? MEDIA_AUDIO : MEDIA_VIDEO : MEDIA_GIFV;
}

static err take_film(struct ctx *c, const struct upload *u, const struct media_text *text, struct media *out) {
	const char *refusal = films_refusal(c->site->films);
	int64_t most = config_number(c->site->config, SET_media_film_limit);
	if (refusal)
		return err_public(ERR_UNAVAILABLE, "%s", refusal);
	if (!u->mem.n)
		return err_public(ERR_INVALID, "The file is empty");
	if (!container_moves(u->mem) && !container_demuxer(head_of(u)))
		return err_public(ERR_INVALID, "This is not a video or a sound that can be used here");
	if ((int64_t)u->mem.n > most)
		return err_public(ERR_INVALID, "The file is larger than %lld MB", (long long)(most >> 20));
	return film_create(c, c->viewer, film_kind(u), u->type, u->mem, text, out);
}

err api_media_decode(struct ctx *c, const struct upload *u, enum media_kind kind, struct picture *out) {
	static const struct {
		enum media_kind kind;
		enum picture_shape shape;
	} shapes[] = {
	    {MEDIA_IMAGE, PICTURE_WHOLE}, {MEDIA_AVATAR, PICTURE_AVATAR}, {MEDIA_HEADER, PICTURE_HEADER}, {MEDIA_EMOJI, PICTURE_EMOJI}};
	size_t i = 0;
	while (shapes[i].kind != kind)
		must(++i < sizeof shapes / sizeof *shapes);
	struct picture_source from = {.mem = u->mem, .fd = u->fd, .offset = u->offset, .size = u->mem.p ? (int64_t)u->mem.n : u->size};
	return decoder_picture(c->arena, c->site->decoder, &from, shapes[i].shape, out);
}

err api_media_take(struct ctx *c, const struct upload *u, enum media_kind kind, const struct media_text *text, struct media *out) {
	if (kind == MEDIA_IMAGE && is_film(u))
		return take_film(c, u, text, out);
	struct picture p;
	TRY(api_media_decode(c, u, kind, &p));
	return media_create(c, c->viewer, kind, &p, text, out);
}

/* What description and focus of the request change of *text. */
static err read_text(struct rq *rq, struct media_text *text) {
	if (param_has(rq, "description"))
		TRY(media_description(param(rq, "description"), &text->description));
	return str_empty(param(rq, "focus")) ? NULL : media_focus(param(rq, "focus"), &text->focus_x, &text->focus_y);
}

static enum handled reply_media(struct rq *rq, const struct media *m, int unready) {
	if (m->state == MEDIA_FAILED)
		return reply_err(rq, err_public(ERR_INVALID, "%.*s", S_ARG(m->error)));
	view_media_attachment(rq_out(rq), rq->c.site, m);
	return reply_json(rq, media_plays(m) ? 200 : unready);
}

/* Gigabytes are only taken from those who have the room. */
static enum handled announced(struct rq *rq) {
	int64_t coming = rq->x->req->content_length;
	TRY_RQ(rq, media_check_room(&rq->c, rq->c.viewer, coming > 0 ? coming : 0));
	return MISS;
}

enum handled api_media_create(struct rq *rq) {
	if (rq->x->ahead)
		return announced(rq);
	struct upload *u = param_upload(rq, "file");
	struct media_text text = {0};
	struct media m;
	if (!u)
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: File can't be blank"));
	TRY_RQ(rq, read_text(rq, &text));
	TRY_RQ(rq, api_media_take(&rq->c, u, MEDIA_IMAGE, &text, &m));
	return reply_media(rq, &m, 202);
}

enum handled api_media_show(struct rq *rq) {
	int64_t id;
	struct media m;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, media_own(&rq->c, id, &m));
	return reply_media(rq, &m, 206);
}

enum handled api_media_update(struct rq *rq) {
	int64_t id;
	struct media m;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, media_own(&rq->c, id, &m));
	struct media_text text = {m.description, m.focus_x, m.focus_y};
	TRY_RQ(rq, read_text(rq, &text));
	TRY_RQ(rq, media_describe(&rq->c, id, &text, &m));
	return reply_media(rq, &m, 200);
}

enum handled api_media_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, media_delete(&rq->c, id));
	return reply_empty(rq);
}

/* ── captions (docs/extensions.md) ── */

/* The body as it is, or the first file of a form. */
static struct str captions_text(struct rq *rq) { return rq->upload_count ? rq->uploads[0].mem : rq->raw; }

enum handled api_media_captions_put(struct rq *rq) {
	int64_t id;
	struct media m;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, caption_put(&rq->c, id, path_text(rq, 1), str_trim(param(rq, "label")), captions_text(rq), &m));
	return reply_media(rq, &m, 200);
}

enum handled api_media_captions_delete(struct rq *rq) {
	int64_t id;
	struct media m;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, caption_drop(&rq->c, id, path_text(rq, 1), &m));
	return reply_media(rq, &m, 200);
}
