/* One's own account as apps see and change it (Mastodon API, accounts, preferences and profile). */
#include "api/json.h"
#include "api/media.h"
#include "api/problems.h"
#include "api/routes.h"
#include "api/view/account.h"
#include "core/profile.h"
#include "store/account.h"

enum handled api_verify_credentials(struct rq *rq) {
	if (!rq->c.viewer)
		return reply_err(rq, err_public(ERR_INVALID, "This method requires an authenticated user"));
	if (!view_credential_account(rq, rq_out(rq), rq->c.viewer))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	return reply_json(rq, 200);
}

static struct str given(struct rq *rq, const char *name) {
	struct str v = param(rq, name);
	return !param_has(rq, name) ? STR_NONE : v.p ? v : S("");
}

static err read_flags(struct rq *rq, struct profile_change *in) {
	static const struct {
		const char *name;
		int64_t flag;
	} flags[] = {{"locked", ACCOUNT_LOCKED},
	             {"bot", ACCOUNT_BOT},
	             {"discoverable", ACCOUNT_DISCOVERABLE},
	             {"indexable", ACCOUNT_INDEXABLE},
	             {"hide_collections", ACCOUNT_HIDE_COLLECTIONS}};
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		bool on;
		if (!param_has(rq, flags[i].name))
			continue;
		TRY(param_bool(rq, flags[i].name, false, &on));
		in->which |= flags[i].flag;
		in->flags |= on ? flags[i].flag : 0;
	}
	return NULL;
}

static struct str text_of(const json_t *o, const char *key) {
	const json_t *v = json_object_get(o, key);
	return str_mem(json_string_value(v), json_string_length(v));
}

/* A list of {name, value}, or as forms send it an object of them keyed by position: fields_attributes[0][name]. */
static err read_fields(struct rq *rq, struct profile_change *in) {
	json_t *all = param_json(rq, "fields_attributes"), *item;
	if (!all)
		return NULL;
	size_t n = json_is_array(all) ? json_array_size(all) : json_object_size(all), i = 0;
	if (!(json_is_array(all) || json_is_object(all)) || n > PROFILE_FIELDS)
		return err_public(ERR_INVALID, "Validation failed: fields_attributes must be a list of at most %d", PROFILE_FIELDS);
	const char *key;
	in->fields_given = true;
	if (json_is_array(all))
		json_array_foreach(all, i, item) in->fields[in->field_count++] =
		    (struct profile_field){text_of(item, "name"), text_of(item, "value")};
	else
		json_object_foreach(all, key, item) in->fields[in->field_count++] =
		    (struct profile_field){text_of(item, "name"), text_of(item, "value")};
	return NULL;
}

/* JSON bodies send true, forms "true" or "1". */
static err read_source(struct rq *rq, struct settings_change *in) {
	json_t *source = param_json(rq, "source"), *v;
	*in = SETTINGS_UNCHANGED;
	if (!source)
		return NULL;
	if (!json_is_object(source))
		return err_public(ERR_INVALID, "Validation failed: source must be an object");
	if (json_object_get(source, "privacy"))
		in->privacy = text_of(source, "privacy");
	if (json_object_get(source, "language"))
		in->language = text_of(source, "language").p ? text_of(source, "language") : S("");
	if ((v = json_object_get(source, "sensitive")))
		in->sensitive =
		    json_is_true(v) || str_eq(str_of(json_string_value(v)), S("true")) || str_eq(str_of(json_string_value(v)), S("1"));
	return NULL;
}

static err read_picture(struct rq *rq, const char *name, enum media_kind kind, struct str *key) {
	struct upload *u = param_upload(rq, name);
	struct media row;
	struct media_text text = {0};
	if (!u || (!u->size && !u->mem.n))
		return NULL;
	TRY(api_media_take(&rq->c, u, kind, &text, &row));
	*key = row.key;
	return NULL;
}

enum handled api_update_credentials(struct rq *rq) {
	struct problems p = {.n = 0};
	struct profile_change in = {.display_name = given(rq, "display_name"), .note = given(rq, "note")};
	TRY_RQ(rq, read_flags(rq, &in));
	TRY_RQ(rq, read_fields(rq, &in));
	TRY_RQ(rq, read_source(rq, &in.settings));
	err e = profile_check(&in, &p);
	if (e)
		return reply_problems(rq, e, &p);
	TRY_RQ(rq, read_picture(rq, "avatar", MEDIA_AVATAR, &in.avatar));
	TRY_RQ(rq, read_picture(rq, "header", MEDIA_HEADER, &in.header));
	TRY_RQ(rq, profile_change(&rq->c, &in));
	return api_verify_credentials(rq);
}

static enum handled remove_picture(struct rq *rq, struct profile_change *in) {
	in->settings = SETTINGS_UNCHANGED;
	TRY_RQ(rq, profile_change(&rq->c, in));
	return api_verify_credentials(rq);
}

enum handled api_profile_avatar_delete(struct rq *rq) { return remove_picture(rq, &(struct profile_change){.avatar = S("")}); }

enum handled api_profile_header_delete(struct rq *rq) { return remove_picture(rq, &(struct profile_change){.header = S("")}); }

enum handled api_preferences(struct rq *rq) {
	struct settings s;
	TRY_RQ(rq, settings_read(&rq->c, rq->c.viewer, &s));
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	json_text(out, "posting:default:visibility", s.privacy);
	json_bool(out, "posting:default:sensitive", s.sensitive);
	json_text_or_null(out, "posting:default:language", s.language.n ? s.language : s.locale);
	json_text(out, "posting:default:quote_policy", S("nobody"));
	json_text(out, "reading:expand:media", s.expand_media);
	json_bool(out, "reading:expand:spoilers", s.expand_warnings);
	json_bool(out, "reading:autoplay:gifs", !s.reduce_motion);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}
