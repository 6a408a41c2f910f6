/* What the network says about itself (Mastodon API, instance). */
#include "api/json.h"
#include "api/routes.h"
#include "api/view/account.h"
#include "config/config.h"
#include "core/media.h"
#include "core/profile.h"
#include "core/site.h"
#include "core/site_text.h"
#include "core/text.h"
#include "core/totals.h"
#include "store/member.h"

#define VERSION "4.5.0 (compatible; Freehold " FREEHOLD_VERSION ")"

/* ── parts both versions share ── */

static void put_html(struct rq *rq, struct buf *out, const char *key, struct str text) {
	BUF_AUTO html = {0};
	text_html(rq->c.arena, &html, rq->c.site, text, NULL, 0);
	json_text(out, key, buf_str(&html));
}

static err put_rules(struct rq *rq, struct buf *out) {
	struct rule_row *rules;
	size_t n;
	TRY(store_rules(rq->c.arena, rq->c.db, &rules, &n));
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		buf_put(out, i ? S(",{") : S("{"));
		json_id(out, "id", rules[i].id);
		json_text(out, "text", rules[i].text);
		json_text(out, "hint", rules[i].hint);
		json_key(out, "translations");
		buf_lit(out, "{}}");
	}
	buf_byte(out, ']');
	return NULL;
}

static struct str streaming_url(struct rq *rq) {
	struct str base = rq->c.site->base_url;
	return arena_printf(rq->c.arena, "ws%.*s", S_ARG(str_skip(base, sizeof "http" - 1)));
}

static int64_t number(const struct rq *rq, enum setting s) { return config_number(rq->c.site->config, s); }

static void put_media_limits(struct rq *rq, struct buf *out) {
	json_key(out, "media_attachments");
	buf_byte(out, '{');
	json_key(out, "supported_mime_types");
	buf_lit(out, "[\"image/jpeg\",\"image/png\",\"image/gif\",\"image/webp\",\"image/avif\",\"image/heic\",\"image/heif\","
	             "\"video/mp4\",\"video/quicktime\",\"video/webm\",\"video/x-matroska\",\"video/ogg\",\"audio/mpeg\",\"audio/mp4\","
	             "\"audio/aac\",\"audio/ogg\",\"audio/webm\",\"audio/flac\",\"audio/wav\",\"audio/x-wav\"]");
	json_i64(out, "description_limit", MEDIA_DESCRIPTION_MAX);
	json_i64(out, "image_size_limit", number(rq, SET_media_picture_limit));
	json_i64(out, "image_matrix_limit", number(rq, SET_media_pixel_limit));
	json_i64(out, "video_size_limit", number(rq, SET_media_film_limit));
	json_i64(out, "video_frame_rate_limit", 300);
	json_i64(out, "video_matrix_limit", number(rq, SET_media_film_pixels));
	buf_byte(out, '}');
}

static void put_limits(struct rq *rq, struct buf *out) {
	json_key(out, "accounts");
	buf_printf(out,
	           "{\"max_featured_tags\":0,\"max_pinned_statuses\":%lld,\"max_profile_fields\":%d,\"profile_field_name_limit\":%d,"
	           "\"profile_field_value_limit\":%d,\"max_display_name_length\":%d,\"max_note_length\":%d}",
	           (long long)number(rq, SET_statuses_max_pinned), PROFILE_FIELDS, PROFILE_FIELD_TEXT, PROFILE_FIELD_TEXT, PROFILE_NAME,
	           PROFILE_NOTE);
	json_key(out, "statuses");
	buf_printf(out, "{\"max_characters\":%lld,\"max_media_attachments\":%lld,\"characters_reserved_per_url\":23}",
	           (long long)number(rq, SET_statuses_max_characters), (long long)number(rq, SET_statuses_max_media));
	put_media_limits(rq, out);
	json_key(out, "polls");
	buf_printf(out, "{\"max_options\":%lld,\"max_characters_per_option\":50,\"min_expiration\":300,\"max_expiration\":2629746}",
	           (long long)number(rq, SET_statuses_max_poll_options));
	json_key(out, "translation");
	buf_lit(out, "{\"enabled\":false}");
}

static void put_contact_account(struct rq *rq, struct buf *out, int64_t owner) {
	if (!owner || !view_account(rq, out, owner))
		buf_lit(out, "null");
}

static void put_languages(struct buf *out) {
	json_key(out, "languages");
	for (int l = 0; l < LANGUAGES; l++) {
		buf_byte(out, l ? ',' : '[');
		buf_json_string(out, str_of(language_code((enum language)l)));
	}
	buf_byte(out, ']');
}

/* ── version 2 ── */

static void put_configuration(struct rq *rq, struct buf *out) {
	struct str base = rq->c.site->base_url;
	json_key(out, "configuration");
	buf_lit(out, "{\"urls\":{");
	json_text(out, "streaming", streaming_url(rq));
	json_key(out, "status");
	buf_lit(out, "null");
	json_text(out, "about", arena_printf(rq->c.arena, "%.*s/about", S_ARG(base)));
	json_text(out, "privacy_policy", arena_printf(rq->c.arena, "%.*s/privacy", S_ARG(base)));
	json_key(out, "terms_of_service");
	buf_lit(out, "null},\"vapid\":{\"public_key\":\"\"}");
	put_limits(rq, out);
	json_key(out, "timelines_access");
	buf_lit(out, "{\"live_feeds\":{\"local\":\"public\",\"remote\":\"disabled\"},\"hashtag_feeds\":{\"local\":\"public\",\"remote\":"
	             "\"disabled\"},"
	             "\"trending_link_feeds\":{\"local\":\"disabled\",\"remote\":\"disabled\"}}");
	json_bool(out, "limited_federation", true);
	buf_byte(out, '}');
}

static void put_registrations(struct rq *rq, struct buf *out, const struct site_text *site) {
	bool asks = site->registrations == REGISTRATIONS_APPROVAL;
	json_key(out, "registrations");
	buf_byte(out, '{');
	json_bool(out, "enabled", asks || site->registrations == REGISTRATIONS_OPEN);
	json_bool(out, "approval_required", asks);
	json_bool(out, "reason_required", asks && site->reason_required);
	json_key(out, "message");
	buf_lit(out, "null");
	json_key(out, "min_age");
	buf_lit(out, "null");
	json_text(out, "url", arena_printf(rq->c.arena, "%.*s/signup", S_ARG(rq->c.site->base_url)));
	buf_byte(out, '}');
}

static void put_identity(struct rq *rq, struct buf *out, const struct site_text *site, const struct total_counts *t) {
	json_text(out, "domain", rq->c.site->domain);
	json_text(out, "title", site->title);
	json_text(out, "version", S(VERSION));
	json_text(out, "source_url", rq->c.site->source_url);
	json_text(out, "description", site->description);
	json_key(out, "usage");
	buf_printf(out, "{\"users\":{\"active_month\":%lld}}", (long long)t->active_month);
	json_key(out, "thumbnail");
	buf_byte(out, '{');
	json_text(out, "url", arena_printf(rq->c.arena, "%.*s/icons/icon.svg", S_ARG(rq->c.site->base_url)));
	buf_lit(out, ",\"blurhash\":null,\"versions\":{},\"description\":\"\"}");
	json_key(out, "icon");
	buf_lit(out, "[]");
	put_languages(out);
	json_key(out, "api_versions");
	buf_lit(out, "{\"mastodon\":2}");
}

enum handled api_instance_v2(struct rq *rq) {
	struct site_text site;
	struct total_counts t;
	int64_t owner;
	bool found;
	TRY_RQ(rq, site_text_read(&rq->c, &site));
	TRY_RQ(rq, totals_read(&rq->c, &t));
	TRY_RQ(rq, store_member_owner(rq->c.db, &owner, &found));
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	put_identity(rq, out, &site, &t);
	put_configuration(rq, out);
	put_registrations(rq, out, &site);
	json_key(out, "contact");
	buf_byte(out, '{');
	json_text(out, "email", site.contact_email);
	json_key(out, "account");
	put_contact_account(rq, out, owner);
	buf_byte(out, '}');
	json_key(out, "rules");
	TRY_RQ(rq, put_rules(rq, out));
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

/* ── version 1 ── */

static void put_identity_v1(struct rq *rq, struct buf *out, const struct site_text *site, const struct total_counts *t) {
	json_text(out, "uri", rq->c.site->domain);
	json_text(out, "title", site->title);
	json_text(out, "short_description", site->description);
	json_text(out, "description", site->description);
	json_text(out, "email", site->contact_email);
	json_text(out, "version", S(VERSION));
	json_key(out, "urls");
	buf_byte(out, '{');
	json_text(out, "streaming_api", streaming_url(rq));
	buf_byte(out, '}');
	json_key(out, "stats");
	buf_printf(out, "{\"user_count\":%lld,\"status_count\":%lld,\"domain_count\":0}", (long long)t->members, (long long)t->posts);
	json_text(out, "thumbnail", arena_printf(rq->c.arena, "%.*s/icons/icon.svg", S_ARG(rq->c.site->base_url)));
	put_languages(out);
	json_bool(out, "registrations", site->registrations == REGISTRATIONS_APPROVAL || site->registrations == REGISTRATIONS_OPEN);
	json_bool(out, "approval_required", site->registrations == REGISTRATIONS_APPROVAL);
	json_bool(out, "invites_enabled", site->registrations != REGISTRATIONS_CLOSED);
}

enum handled api_instance_v1(struct rq *rq) {
	struct site_text site;
	struct total_counts t;
	int64_t owner;
	bool found;
	TRY_RQ(rq, site_text_read(&rq->c, &site));
	TRY_RQ(rq, totals_read(&rq->c, &t));
	TRY_RQ(rq, store_member_owner(rq->c.db, &owner, &found));
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	put_identity_v1(rq, out, &site, &t);
	json_key(out, "configuration");
	buf_byte(out, '{');
	put_limits(rq, out);
	buf_byte(out, '}');
	json_key(out, "contact_account");
	put_contact_account(rq, out, owner);
	json_key(out, "rules");
	TRY_RQ(rq, put_rules(rq, out));
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

/* ── its texts ── */

enum handled api_instance_rules(struct rq *rq) {
	TRY_RQ(rq, put_rules(rq, rq_out(rq)));
	return reply_json(rq, 200);
}

static enum handled reply_dated(struct rq *rq, struct str text, int64_t at) {
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	json_time(out, "updated_at", at);
	put_html(rq, out, "content", text);
	buf_byte(out, '}');
	return reply_json(rq, 200);
}

enum handled api_instance_extended_description(struct rq *rq) {
	struct site_text site;
	TRY_RQ(rq, site_text_read(&rq->c, &site));
	return reply_dated(rq, site.extended_description, site.extended_description_at);
}

enum handled api_instance_privacy_policy(struct rq *rq) {
	struct site_text site;
	TRY_RQ(rq, site_text_read(&rq->c, &site));
	enum language l = language_for(rq_header(rq, S("Accept-Language")));
	return reply_dated(rq, site_privacy(&site, l), site.privacy_policy_at);
}

enum handled api_instance_languages(struct rq *rq) {
	struct buf *out = rq_out(rq);
	buf_byte(out, '[');
	for (int l = 0; l < LANGUAGES; l++) {
		buf_put(out, l ? S(",{") : S("{"));
		json_text(out, "code", str_of(language_code((enum language)l)));
		json_text(out, "name", str_of(language_name((enum language)l)));
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
	return reply_json(rq, 200);
}
