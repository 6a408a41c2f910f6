/* Custom emoji: what pickers offer, and keeping them (docs/extensions.md). */
#include "core/emoji.h"
#include "api/json.h"
#include "api/media.h"
#include "api/routes.h"
#include "api/view/emoji.h"

static enum handled reply_all(struct rq *rq, void (*view)(struct rq *rq, const struct emoji *e)) {
	struct emoji *all;
	size_t n;
	TRY_RQ(rq, store_emoji_all(rq->c.arena, rq->c.db, &all, &n));
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		view(rq, &all[i]);
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}

static void put_public(struct rq *rq, const struct emoji *e) { view_emoji(rq_out(rq), rq->c.site, e); }

enum handled api_custom_emojis(struct rq *rq) { return reply_all(rq, put_public); }

static void put_kept(struct rq *rq, const struct emoji *e) {
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	json_id(out, "id", e->id);
	json_key(out, "emoji");
	view_emoji(out, rq->c.site, e);
	buf_byte(out, '}');
}

enum handled api_emojis(struct rq *rq) { return reply_all(rq, put_kept); }

/* What the request does not name stays as it is. */
static err read_change(struct rq *rq, struct emoji *e) {
	if (param_has(rq, "category"))
		e->category = str_trim(param(rq, "category"));
	return param_bool(rq, "visible_in_picker", e->visible, &e->visible);
}

enum handled api_emoji_create(struct rq *rq) {
	struct upload *u = param_upload(rq, "file");
	struct emoji e = {.shortcode = param(rq, "shortcode"), .visible = true};
	struct picture p;
	if (!u)
		return reply_err(rq, err_public(ERR_INVALID, "Validation failed: File can't be blank"));
	TRY_RQ(rq, read_change(rq, &e));
	TRY_RQ(rq, emoji_name_check(&rq->c, e.shortcode));
	TRY_RQ(rq, api_media_decode(&rq->c, u, MEDIA_EMOJI, &p));
	TRY_RQ(rq, emoji_create(&rq->c, &p, &e));
	put_kept(rq, &e);
	return reply_json(rq, 200);
}

static err find(struct rq *rq, struct emoji *e) {
	int64_t id;
	bool found;
	TRY(path_id(rq, 0, &id));
	TRY(store_emoji_by_id(rq->c.arena, rq->c.db, id, e, &found));
	return found ? NULL : err_plain(ERR_NOT_FOUND);
}

enum handled api_emoji_change(struct rq *rq) {
	struct emoji e;
	TRY_RQ(rq, find(rq, &e));
	TRY_RQ(rq, read_change(rq, &e));
	TRY_RQ(rq, emoji_change(&rq->c, &e));
	put_kept(rq, &e);
	return reply_json(rq, 200);
}

enum handled api_emoji_delete(struct rq *rq) {
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, emoji_remove(&rq->c, id));
	return reply_empty(rq);
}
