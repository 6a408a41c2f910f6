#include "move/posts_in.h"

#include "store/status.h"
#include "wire/html_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct str text_of(json_t *o, const char *key) {
	json_t *v = json_object_get(o, key);
	return json_is_string(v) ? str_mem(json_string_value(v), json_string_length(v)) : STR_NONE;
}

static bool refuse(const char **why, const char *text) {
	*why = text;
	return false;
}

static bool in_years(const struct tm *t) { return t->tm_year >= 90 && t->tm_year < 300; }

/* "2023-04-05T06:07:08Z", with a fraction perhaps. */
static bool iso_time(struct arena *a, struct str s, int64_t *ms) {
	struct tm t = {0};
	const char *rest = s.n ? strptime(arena_str(a, s).p, "%Y-%m-%dT%H:%M:%S", &t) : NULL;
	if (!rest || !in_years(&t) || !strchr(".Z", *rest))
		return false;
	*ms = (int64_t)timegm(&t) * 1000;
	int64_t digit = 100;
	for (const char *p = rest + (*rest == '.'); *p >= '0' && *p <= '9'; p++, digit /= 10)
		*ms += (*p - '0') * digit;
	return true;
}

static struct str plain(struct arena *a, struct str html) {
	BUF_AUTO out = {0};
	html_text_plain(&out, html);
	return arena_str(a, buf_str(&out));
}

/* ── Mastodon: activities of an outbox (ActivityStreams 2.0) ── */

static bool names(json_t *list, struct str what) {
	json_t *item;
	size_t i;
	if (json_is_string(list))
		return str_ends(str_of(json_string_value(list)), what);
	json_array_foreach(list, i, item) if (json_is_string(item) && str_ends(str_of(json_string_value(item)), what)) return true;
	return false;
}

static int visibility_of(json_t *o) {
	json_t *to = json_object_get(o, "to"), *cc = json_object_get(o, "cc");
	if (names(to, S("#Public")) || names(to, S("as:Public")))
		return VISIBILITY_PUBLIC;
	if (names(cc, S("#Public")) || names(cc, S("as:Public")))
		return VISIBILITY_UNLISTED;
	return names(to, S("/followers")) ? VISIBILITY_PRIVATE : VISIBILITY_DIRECT;
}

/* A Question (ActivityStreams vocabulary, "Question"), with votersCount of Mastodon's own. Without that, who voted is known only as far as
 * the votes tell. False: no poll is like that. */
static bool take_poll(struct arena *a, json_t *o, struct import_poll *p) {
	json_t *single = json_object_get(o, "oneOf"), *options = single ? single : json_object_get(o, "anyOf"), *option;
	size_t i;
	int64_t all = 0, most = 0;
	if (json_array_size(options) > IMPORT_OPTIONS_MAX)
		return false;
	p->option_count = json_array_size(options);
	p->multiple = !single;
	json_array_foreach(options, i, option) {
		int64_t votes = json_integer_value(json_object_get(json_object_get(option, "replies"), "totalItems"));
		if (votes < 0 || votes > IMPORT_VOTES_MAX)
			return false;
		p->options[i] = text_of(option, "name");
		p->votes[i] = votes;
		all += votes;
		most = votes > most ? votes : most;
	}
	int64_t said = json_integer_value(json_object_get(o, "votersCount")), least = single ? all : most;
	p->voters = said > least ? said : least;
	if (!iso_time(a, text_of(o, "endTime"), &p->ends) && !iso_time(a, text_of(o, "closed"), &p->ends))
		p->ends = 0;
	return true;
}

static void take_files(json_t *o, struct foreign_post *out) {
	json_t *list = json_object_get(o, "attachment"), *item;
	size_t i;
	json_array_foreach(list, i, item) {
		struct str url = text_of(item, "url");
		if (url.n && out->file_count < IMPORT_MEDIA_MAX)
			out->files[out->file_count++] = (struct post_file){url, text_of(item, "name")};
	}
}

static struct str language_of(json_t *o) {
	const char *key;
	json_t *value;
	json_object_foreach(json_object_get(o, "contentMap"), key, value) return str_of(key);
	return STR_NONE;
}

/* What Freehold exports has the text as it was typed beside the HTML ("source", ActivityPub §3.3). */
static struct str content_of(struct arena *a, json_t *o) {
	json_t *source = json_object_get(o, "source");
	if (str_eq(text_of(source, "mediaType"), S("text/plain")))
		return text_of(source, "content");
	return plain(a, text_of(o, "content"));
}

bool mastodon_post(struct arena *a, json_t *item, struct foreign_post *out, const char **why) {
	json_t *o = json_object_get(item, "object");
	*out = (struct foreign_post){.actor = text_of(item, "actor")};
	if (str_eq(text_of(item, "type"), S("Announce")))
		return refuse(why, "it is a boost of somebody's post");
	if (!str_eq(text_of(item, "type"), S("Create")) || !json_is_object(o))
		return refuse(why, "it is no post");
	if (!str_eq(text_of(o, "type"), S("Note")) && !str_eq(text_of(o, "type"), S("Question")))
		return refuse(why, "it is of a kind that is not known here");
	if (!str_eq(text_of(o, "attributedTo"), out->actor))
		return refuse(why, "somebody else wrote it");
	struct import_post *p = &out->post;
	if (!iso_time(a, text_of(o, "published").n ? text_of(o, "published") : text_of(item, "published"), &p->at))
		return refuse(why, "its time makes no sense");
	p->source = text_of(o, "id");
	p->reply_to = text_of(o, "inReplyTo");
	p->text = content_of(a, o);
	if (!take_poll(a, o, &p->poll))
		return refuse(why, "its poll makes no sense");
	p->warning = text_of(o, "summary");
	p->language = language_of(o);
	p->visibility = visibility_of(o);
	if (p->visibility == VISIBILITY_DIRECT)
		return refuse(why, "it was for those whom it names alone, and they are not here");
	p->sensitive = json_is_true(json_object_get(o, "sensitive"));
	take_files(o, out);
	return true;
}

/* ── X: data/tweets.js ── */

/* "Wed Oct 10 20:19:24 +0000 2018", in English whatever the machine speaks. */
static bool x_time(struct arena *a, struct str s, int64_t *ms) {
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4];
	struct tm t = {0};
	if (s.n > 40 || sscanf(arena_str(a, s).p, "%*3s %3s %2d %2d:%2d:%2d +0000 %4d", month, &t.tm_mday, &t.tm_hour, &t.tm_min, &t.tm_sec,
	                       &t.tm_year) != 6)
		return false;
	const char *at = strlen(month) == 3 ? strstr(months, month) : NULL;
	if (!at || (at - months) % 3)
		return false;
	t.tm_mon = (int)(at - months) / 3;
	t.tm_year -= 1900;
	*ms = (int64_t)timegm(&t) * 1000;
	return in_years(&t);
}

static struct str replace(struct arena *a, struct str text, struct str from, struct str to) {
	ptrdiff_t at = from.n ? str_find(text, from) : -1;
	if (at < 0)
		return text;
	return arena_printf(a, "%.*s%.*s%.*s", S_ARG(str_first(text, (size_t)at)), S_ARG(to), S_ARG(str_skip(text, (size_t)at + from.n)));
}

/* Its short links become the long ones; those of pictures go, for the pictures come themselves. */
static struct str x_text(struct arena *a, json_t *tweet, struct str text) {
	json_t *urls = json_object_get(json_object_get(tweet, "entities"), "urls"), *url, *media, *medium;
	size_t i;
	json_array_foreach(urls, i, url) if (i < 64) text = replace(a, text, text_of(url, "url"), text_of(url, "expanded_url"));
	media = json_object_get(json_object_get(tweet, "extended_entities"), "media");
	json_array_foreach(media, i, medium) if (i < 64) text = replace(a, text, text_of(medium, "url"), STR_NONE);
	BUF_AUTO out = {0};
	html_text_references(&out, text);
	return arena_str(a, str_trim(buf_str(&out)));
}

/* Of a film the best that the archive's list names; that is the one it holds. */
static struct str x_address(json_t *medium) {
	json_t *variants = json_object_get(json_object_get(medium, "video_info"), "variants"), *variant;
	struct str best = STR_NONE;
	json_int_t most = -1;
	size_t i;
	json_array_foreach(variants, i, variant) {
		json_t *said = json_object_get(variant, "bitrate");
		json_int_t rate = json_is_string(said) ? atoll(json_string_value(said)) : json_integer_value(said);
		if (!str_eq(text_of(variant, "content_type"), S("video/mp4")) || rate <= most)
			continue;
		most = rate;
		best = text_of(variant, "url");
	}
	return best.n ? best : text_of(medium, "media_url_https");
}

/* The archive has them as tweets_media/ID-NAME, where NAME is the last part of the file's address. */
static void x_files(struct arena *a, json_t *tweet, struct str id, struct foreign_post *out) {
	json_t *media = json_object_get(json_object_get(tweet, "extended_entities"), "media"), *medium;
	size_t i;
	json_array_foreach(media, i, medium) {
		struct str rest = x_address(medium), url = str_cut(&rest, '?');
		size_t at = url.n;
		while (at && url.p[at - 1] != '/')
			at--;
		if (url.n && out->file_count < IMPORT_MEDIA_MAX)
			out->files[out->file_count++] =
			    (struct post_file){arena_printf(a, "/%.*s-%.*s", S_ARG(id), S_ARG(str_skip(url, at))), STR_NONE};
	}
}

bool x_post(struct arena *a, json_t *item, struct foreign_post *out, const char **why) {
	json_t *tweet = json_object_get(item, "tweet");
	*out = (struct foreign_post){0};
	struct str id = text_of(tweet, "id_str"), text = text_of(tweet, "full_text"), reply = text_of(tweet, "in_reply_to_status_id_str");
	struct import_post *p = &out->post;
	if (!id.n || id.n > 20)
		return refuse(why, "it is no post");
	if (str_starts(text, S("RT @")))
		return refuse(why, "it is a repost of somebody's post");
	if (!x_time(a, text_of(tweet, "created_at"), &p->at))
		return refuse(why, "its time makes no sense");
	p->source = arena_printf(a, "x:%.*s", S_ARG(id));
	p->reply_to = reply.n && reply.n <= 20 ? arena_printf(a, "x:%.*s", S_ARG(reply)) : STR_NONE;
	p->text = x_text(a, tweet, text);
	p->language = str_eq(text_of(tweet, "lang"), S("und")) ? STR_NONE : text_of(tweet, "lang");
	p->visibility = VISIBILITY_PUBLIC;
	p->sensitive = json_is_true(json_object_get(tweet, "possibly_sensitive"));
	x_files(a, tweet, id, out);
	return true;
}

/* ── diaspora* ── */

/* Its text is Markdown, which reads well as it is. Aspects are not here: what was not public is for followers. */
bool diaspora_post(struct arena *a, json_t *item, struct foreign_post *out, const char **why) {
	json_t *data = json_object_get(item, "entity_data");
	*out = (struct foreign_post){.actor = text_of(data, "author")};
	struct str kind = text_of(item, "entity_type"), guid = text_of(data, "guid");
	struct import_post *p = &out->post;
	if (str_eq(kind, S("reshare")))
		return refuse(why, "it is a reshare of somebody's post");
	if (!str_eq(kind, S("status_message")))
		return refuse(why, "it is no post");
	if (!guid.n || guid.n > 255 || !iso_time(a, text_of(data, "created_at"), &p->at))
		return refuse(why, "its time makes no sense, or it has no name of its own");
	p->source = arena_printf(a, "diaspora:%.*s", S_ARG(guid));
	p->text = text_of(data, "text");
	p->visibility = json_is_true(json_object_get(data, "public")) ? VISIBILITY_PUBLIC : VISIBILITY_PRIVATE;
	p->sensitive = str_find(p->text, S("#nsfw")) >= 0;
	out->file_count = 0;
	return true;
}
