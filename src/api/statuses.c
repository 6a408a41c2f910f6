/* Posts: their threads and histories; writing, editing, deleting. */
#include "api/routes.h"

#include "api/admin.h"
#include "api/view/media.h"
#include "api/view/status.h"
#include "api/view/status_edit.h"
#include "core/media.h"
#include "core/moderation.h"
#include "core/policy.h"
#include "core/status_create.h"
#include "core/status_delete.h"
#include "core/status_edit.h"
#include "core/thread.h"
#include "store/media.h"

/* ── reading ── */

static enum handled reply_status(struct rq *rq, int64_t id) {
	if (!view_status(rq, rq_out(rq), id))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	return reply_json(rq, 200);
}

enum handled api_status_context(struct rq *rq) {
	int64_t id;
	struct thread t;
	struct buf *out = rq_out(rq);
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, thread_of(&rq->c, id, &t));
	buf_lit(out, "{\"ancestors\":");
	view_statuses(rq, out, t.above, t.above_count);
	buf_lit(out, ",\"descendants\":");
	view_statuses(rq, out, t.below, t.below_count);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

enum handled api_status_source(struct rq *rq) {
	int64_t id;
	struct status s;
	struct buf *out = rq_out(rq);
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, status_visible(&rq->c, id, &s));
	buf_printf(out, "{\"id\":\"%lld\",\"text\":", (long long)s.id);
	buf_json_string(out, s.text);
	buf_lit(out, ",\"spoiler_text\":");
	buf_json_string(out, s.warning);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

enum handled api_status_history(struct rq *rq) {
	int64_t id;
	struct status s;
	struct status_edit *forms;
	size_t n;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, status_history(&rq->c, id, &s, &forms, &n));
	view_status_forms(rq, rq_out(rq), &s, forms, n);
	return reply_json(rq, 200);
}

/* ── reading what is to be posted ── */

static err read_visibility(struct rq *rq, int *out) {
	static const char *const names[] = {"public", "unlisted", "private", "direct"};
	struct str name = param(rq, "visibility");
	*out = -1;
	if (str_empty(name))
		return NULL;
	for (int v = 0; v < 4; v++)
		if (str_eq(name, str_of(names[v]))) {
			*out = v;
			return NULL;
		}
	return err_public(ERR_INVALID, "Validation failed: Visibility is not included in the list");
}

/* Values of forms are texts, of JSON what they are. */
static bool json_says_yes(const json_t *v) {
	const char *text = json_string_value(v);
	return json_is_true(v) || json_integer_value(v) == 1 ||
	       (text && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0 || strcmp(text, "on") == 0));
}

static err read_poll(struct rq *rq, struct draft *d) {
	json_t *poll = param_json(rq, "poll"), *options = json_object_get(poll, "options"), *expires = json_object_get(poll, "expires_in"),
	       *o;
	size_t i, n = json_array_size(options);
	if (!poll || json_is_null(poll) || (json_is_object(poll) && json_object_size(poll) == 0))
		return NULL;
	if (!json_is_object(poll) || !json_is_array(options))
		return err_public(ERR_INVALID, "Validation failed: poll must have a list of options");
	struct poll_draft *p = arena_one(rq->c.arena, struct poll_draft);
	struct str *texts = arena_many(rq->c.arena, struct str, n + 1);
	json_array_foreach(options, i, o) {
		if (!json_is_string(o))
			return err_public(ERR_INVALID, "Validation failed: poll options must be texts");
		texts[i] = str_trim(str_mem(json_string_value(o), json_string_length(o)));
	}
	p->expires_in = json_integer_value(expires);
	if (json_is_string(expires) && !str_i64(str_mem(json_string_value(expires), json_string_length(expires)), &p->expires_in))
		return err_public(ERR_INVALID, "Validation failed: poll expires_in must be a whole number");
	p->options = texts;
	p->option_count = n;
	p->multiple = json_says_yes(json_object_get(poll, "multiple"));
	p->hide_totals = json_says_yes(json_object_get(poll, "hide_totals"));
	d->poll = p;
	return NULL;
}

/* Asking for what is not offered is refused: posting something else than was meant would be worse. */
static err refuse_unknown(struct rq *rq) {
	if (param(rq, "scheduled_at").n)
		return err_public(ERR_INVALID, "Validation failed: Posts cannot be scheduled on this server");
	if (param(rq, "quoted_status_id").n || param(rq, "quote_id").n)
		return err_public(ERR_INVALID, "Validation failed: Posts cannot quote others on this server");
	return NULL;
}

static err read_draft(struct rq *rq, struct draft *d) {
	bool sensitive = false;
	int64_t *media;
	d->text = param(rq, "status");
	d->warning = param(rq, "spoiler_text");
	d->language = param(rq, "language");
	TRY(param_bool(rq, "sensitive", false, &sensitive));
	d->sensitive = param_has(rq, "sensitive") ? sensitive : -1;
	TRY(param_ids(rq, "media_ids", &media, &d->media_count));
	d->media = media;
	return read_poll(rq, d);
}

static err read_words_of(const json_t *item, struct picture_words *w) {
	const json_t *id = json_object_get(item, "id"), *description = json_object_get(item, "description"),
	             *focus = json_object_get(item, "focus");
	w->media = json_integer_value(id);
	if (!json_is_integer(id) && !str_i64(str_mem(json_string_value(id), json_string_length(id)), &w->media))
		return err_public(ERR_INVALID, "Validation failed: media_attributes must be a list of attachments with their ids");
	w->has_description = json_is_string(description);
	w->has_focus = json_string_length(focus) > 0;
	if (w->has_description)
		TRY(media_description(str_mem(json_string_value(description), json_string_length(description)), &w->description));
	return w->has_focus ? media_focus(str_mem(json_string_value(focus), json_string_length(focus)), &w->focus_x, &w->focus_y) : NULL;
}

/* A list of {id, description, focus}, or as some forms send it an object of them keyed by position. */
static err read_words(struct rq *rq, struct draft *d) {
	json_t *all = param_json(rq, "media_attributes"), *item;
	size_t n = json_is_array(all) ? json_array_size(all) : json_object_size(all), i;
	const char *key;
	struct picture_words *words = arena_many(rq->c.arena, struct picture_words, n + 1);
	d->words = words;
	if (json_is_array(all))
		json_array_foreach(all, i, item) TRY(read_words_of(item, &words[d->words_count++]));
	else
		json_object_foreach(all, key, item) TRY(read_words_of(item, &words[d->words_count++]));
	return NULL;
}

static err read_reply_to(struct rq *rq, int64_t *out) {
	struct str text = param(rq, "in_reply_to_id");
	*out = 0;
	if (str_empty(text) || (str_i64(text, out) && *out > 0))
		return NULL;
	return err_public(ERR_NOT_FOUND, "The post you are trying to reply to does not appear to exist.");
}

/* ── writing ── */

enum handled api_status_create(struct rq *rq) {
	struct draft d = {.app_id = rq->session.app_id, .idempotency = rq_header(rq, S("Idempotency-Key"))};
	int64_t id;
	bool fresh;
	TRY_RQ(rq, refuse_unknown(rq));
	TRY_RQ(rq, read_draft(rq, &d));
	TRY_RQ(rq, read_visibility(rq, &d.visibility));
	TRY_RQ(rq, read_reply_to(rq, &d.reply_to_id));
	TRY_RQ(rq, status_create(&rq->c, &d, &id, &fresh));
	/* A reply may stand in a thread that the author muted. */
	if (fresh && !d.reply_to_id && view_status_new(rq, rq_out(rq), id))
		return reply_json(rq, 200);
	return reply_status(rq, id);
}

/* What the request does not name stays as it is. */
static err keep_missing(struct rq *rq, const struct status *s, struct draft *d) {
	if (!param_has(rq, "status"))
		d->text = s->text;
	if (!param_has(rq, "spoiler_text"))
		d->warning = s->warning;
	if (!param_has(rq, "language"))
		d->language = s->language;
	if (!param_has(rq, "sensitive"))
		d->sensitive = (s->flags & STATUS_SENSITIVE) != 0;
	d->visibility = status_visibility(s);
	if (param_has(rq, "media_ids") || d->media_count)
		return NULL;
	struct media *media;
	TRY(store_media_of_status(rq->c.arena, rq->c.db, s->id, &media, &d->media_count));
	int64_t *ids = arena_many(rq->c.arena, int64_t, d->media_count + 1);
	for (size_t i = 0; i < d->media_count; i++)
		ids[i] = media[i].id;
	d->media = ids;
	return NULL;
}

enum handled api_status_edit(struct rq *rq) {
	struct draft d = {0};
	struct status s;
	int64_t id;
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, status_visible(&rq->c, id, &s));
	if (s.author_id != rq->c.viewer)
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	TRY_RQ(rq, refuse_unknown(rq));
	TRY_RQ(rq, read_draft(rq, &d));
	TRY_RQ(rq, read_words(rq, &d));
	TRY_RQ(rq, keep_missing(rq, &s, &d));
	TRY_RQ(rq, status_edit(&rq->c, id, &d, !param_has(rq, "poll")));
	return reply_status(rq, id);
}

/* The post as it was, with its text as typed and its attachments under their new addresses: what a client needs to write it anew. */
static enum handled reply_deleted(struct rq *rq, const json_t *seen, const struct status *was, const int64_t *media, size_t n) {
	json_t *status = json_deep_copy(seen);
	BUF_AUTO attached = {0};
	buf_byte(&attached, '[');
	for (size_t i = 0; i < n; i++) {
		struct media m;
		bool found;
		if (store_media_by_id(rq->c.arena, rq->c.db, media[i], &m, &found) || !found)
			continue;
		if (attached.n > 1)
			buf_byte(&attached, ',');
		view_media_attachment(&attached, rq->c.site, &m);
	}
	buf_byte(&attached, ']');
	json_object_set_new(status, "media_attachments", json_loadb(attached.p, attached.n, 0, NULL));
	json_object_set_new(status, "text", json_stringn(was->text.p ? was->text.p : "", was->text.n));
	char *text = json_dumps(status, JSON_COMPACT);
	buf_put(rq_out(rq), str_of(text));
	free(text);
	json_decref(status);
	return reply_json(rq, 200);
}

/* Somebody else's post, by a moderator: nothing comes back to be written anew. */
static enum handled delete_as_moderator(struct rq *rq, int64_t id) {
	if (!view_status(rq, rq_out(rq), id))
		buf_lit(rq_out(rq), "{}");
	TRY_RQ(rq, moderation_delete_status(&rq->c, id));
	return reply_json(rq, 200);
}

enum handled api_status_delete(struct rq *rq) {
	int64_t id;
	struct status s;
	struct media *media;
	size_t n;
	bool with_media, found;
	BUF_AUTO seen = {0};
	TRY_RQ(rq, path_id(rq, 0, &id));
	TRY_RQ(rq, param_bool(rq, "delete_media", false, &with_media));
	TRY_RQ(rq, store_status_by_id(rq->c.arena, rq->c.db, id, &s, &found));
	if (found && s.author_id != rq->c.viewer && acts_as_moderator(rq, SCOPE_ADMIN_WRITE_REPORTS))
		return delete_as_moderator(rq, id);
	if (!found || s.author_id != rq->c.viewer)
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	if (!view_status(rq, &seen, id)) /* a boost of a post that can no longer be seen */
		buf_printf(&seen, "{\"id\":\"%lld\"}", (long long)id);
	TRY_RQ(rq, store_media_of_status(rq->c.arena, rq->c.db, id, &media, &n));
	int64_t *ids = arena_many(rq->c.arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = media[i].id;
	TRY_RQ(rq, status_delete(&rq->c, id, with_media, &s));
	json_t *status = json_loadb(seen.p, seen.n, 0, NULL);
	enum handled done = reply_deleted(rq, status, &s, ids, n);
	json_decref(status);
	return done;
}
