/* One's own archive, in the form of Mastodon's (app/services/backup_service.rb): ActivityStreams 2.0 and the files that it names, in a zip.
 * Each post has its text as typed beside the HTML ("source", ActivityPub §3.3), so that nothing is lost on the way back. */
#include "base/id.h"
#include "base/must.h"
#include "core/media.h"
#include "core/site.h"
#include "core/text.h"
#include "move/lists_out.h"
#include "move/transfer_run.h"
#include "move/zipfile.h"
#include "store/account.h"
#include "store/bookmark.h"
#include "store/favourite.h"
#include "store/media.h"
#include "store/media_file.h"
#include "store/mention.h"
#include "store/poll.h"
#include "store/status.h"
#include "store/tag.h"
#include "store/transfer.h"

enum { PAGE = 200 };
#define CONTEXT "\"@context\":\"https://www.w3.org/ns/activitystreams\""
#define EVERYBODY "https://www.w3.org/ns/activitystreams#Public"

struct packing {
	struct transfer_run *r;
	struct ctx *c;
	struct zipfile *zip;
	struct account_row me;
	struct str actor; /* its address; both live in an arena of their own */
	struct arena *kept;
	struct buf out;
	int64_t posts;
};

static err flush(struct packing *p) {
	err e = zipfile_write(p->zip, buf_str(&p->out));
	buf_clear(&p->out);
	return e;
}

static void put_member(struct buf *out, const char *key, struct str value) {
	buf_printf(out, ",\"%s\":", key);
	if (value.n)
		buf_json_string(out, value);
	else
		buf_lit(out, "null");
}

static void put_time(struct buf *out, const char *key, int64_t ms) {
	buf_printf(out, ",\"%s\":\"", key);
	buf_iso8601(out, ms);
	buf_byte(out, '"');
}

/* ── addresses ── */

static struct str person_url(struct packing *p, struct str username) {
	return arena_printf(p->c->arena, "%.*s/users/%.*s", S_ARG(p->c->site->base_url), S_ARG(username));
}

/* Empty for a post that is gone. */
static err post_url(struct packing *p, int64_t id, struct str *out) {
	struct status s;
	struct account_row row;
	bool found;
	*out = STR_NONE;
	TRY(store_status_by_id(p->c->arena, p->c->db, id, &s, &found));
	if (found)
		TRY(store_account_by_id(p->c->arena, p->c->db, s.author_id, &row, &found));
	if (found)
		*out = arena_printf(p->c->arena, "%.*s/statuses/%lld", S_ARG(person_url(p, row.username)), (long long)id);
	return NULL;
}

/* ── files ── */

struct sending {
	struct packing *p;
	struct str name;
	bool begun;
};

static err send(void *ctx, struct str bytes) {
	struct sending *s = ctx;
	if (!s->begun)
		TRY(zipfile_entry(s->p->zip, s->name, false));
	s->begun = true;
	return zipfile_write(s->p->zip, bytes);
}

/* A file that the store does not have is told of, and the rest goes on. */
static err put_blob(struct packing *p, struct str name, const struct blob_name *blob) {
	struct sending s = {p, name, false};
	err e = blob_read(p->c->site->blobs, blob, 0, -1, send, &s);
	if (!e || s.begun || (e->code != ERR_NOT_FOUND && e->code != ERR_STORE))
		return e;
	transfer_refuse(p->r, p->posts, "%.*s is not there any more", S_ARG(name));
	return NULL;
}

/* Of a film the file as it was uploaded, or its fallback; nothing else is needed to make it anew. */
static err put_medium(struct packing *p, const struct media *m) {
	struct str name = arena_printf(p->c->arena, "media_attachments/files/%.*s", S_ARG(m->key));
	struct media_file f;
	bool found;
	if (m->has_blob)
		return put_blob(p, name, &m->blob);
	if (m->has_source)
		return put_blob(p, name, &m->source);
	TRY(store_media_file_get(p->c->arena, p->c->db, m->id, m->kind == MEDIA_AUDIO ? S("fallback.m4a") : S("fallback.mp4"), &f, &found));
	if (found)
		return put_blob(p, name, &f.blob);
	transfer_refuse(p->r, p->posts, "%.*s is not made yet", S_ARG(name));
	return NULL;
}

static err put_picture(struct packing *p, struct str key, const char *stem, struct str *name) {
	struct media m;
	bool found = false;
	*name = STR_NONE;
	if (key.n)
		TRY(store_media_by_key(p->c->arena, p->c->db, key, &m, &found));
	if (!found || !m.has_blob)
		return NULL;
	size_t dot = key.n;
	while (dot && key.p[dot - 1] != '.')
		dot--;
	*name = arena_printf(p->kept, "%s.%.*s", stem, S_ARG(str_skip(key, dot)));
	return put_blob(p, *name, &m.blob);
}

/* ── posts ── */

static void put_audience(struct packing *p, const struct status *s, const struct mention *m, size_t n) {
	struct buf *out = &p->out;
	enum visibility v = status_visibility(s);
	struct str followers = arena_printf(p->c->arena, "%.*s/followers", S_ARG(p->actor));
	buf_lit(out, ",\"to\":[");
	if (v != VISIBILITY_DIRECT)
		buf_json_string(out, v == VISIBILITY_PUBLIC ? S(EVERYBODY) : followers);
	for (size_t i = 0; v == VISIBILITY_DIRECT && i < n; i++) {
		buf_put(out, i ? S(",") : S(""));
		buf_json_string(out, person_url(p, m[i].username));
	}
	buf_lit(out, "],\"cc\":[");
	if (v <= VISIBILITY_UNLISTED)
		buf_json_string(out, v == VISIBILITY_PUBLIC ? followers : S(EVERYBODY));
	buf_byte(out, ']');
}

static void put_attachments(struct packing *p, const struct media *m, size_t n) {
	struct buf *out = &p->out;
	buf_lit(out, ",\"attachment\":[");
	for (size_t i = 0; i < n; i++) {
		buf_put(out, i ? S(",{\"type\":\"Document\"") : S("{\"type\":\"Document\""));
		put_member(out, "mediaType", m[i].type);
		put_member(out, "url", arena_printf(p->c->arena, "/media_attachments/files/%.*s", S_ARG(m[i].key)));
		put_member(out, "name", m[i].description);
		put_member(out, "blurhash", str_of(m[i].blurhash));
		buf_printf(out, ",\"width\":%d,\"height\":%d,\"focalPoint\":[%.4f,%.4f]}", m[i].width, m[i].height, m[i].focus_x,
		           m[i].focus_y);
	}
	buf_byte(out, ']');
}

static err put_tags(struct packing *p, int64_t id, const struct mention *m, size_t n) {
	struct buf *out = &p->out;
	struct tag *tags;
	size_t tag_n;
	bool first = true;
	TRY(store_tags_of_status(p->c->arena, p->c->db, id, &tags, &tag_n));
	buf_lit(out, ",\"tag\":[");
	for (size_t i = 0; i < n; i++) {
		if (m[i].silent)
			continue;
		buf_put(out, first ? S("{\"type\":\"Mention\"") : S(",{\"type\":\"Mention\""));
		first = false;
		put_member(out, "href", person_url(p, m[i].username));
		put_member(out, "name", arena_printf(p->c->arena, "@%.*s@%.*s", S_ARG(m[i].username), S_ARG(p->c->site->domain)));
		buf_byte(out, '}');
	}
	for (size_t i = 0; i < tag_n; i++) {
		BUF_AUTO url = {0};
		text_tag_url(p->c->arena, &url, p->c->site, tags[i].name);
		buf_put(out, first ? S("{\"type\":\"Hashtag\"") : S(",{\"type\":\"Hashtag\""));
		first = false;
		put_member(out, "href", buf_str(&url));
		put_member(out, "name", arena_printf(p->c->arena, "#%.*s", S_ARG(tags[i].display)));
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
	return NULL;
}

static err put_poll(struct packing *p, int64_t id) {
	struct buf *out = &p->out;
	struct poll poll;
	bool found;
	TRY(store_poll_by_status(p->c->arena, p->c->db, id, &poll, &found));
	if (!found)
		return NULL;
	put_time(out, "endTime", poll.expires_at);
	buf_printf(out, ",\"votersCount\":%lld,\"%s\":[", (long long)poll.voters, poll.flags & POLL_MULTIPLE ? "anyOf" : "oneOf");
	for (size_t i = 0; i < poll.option_count; i++) {
		buf_put(out, i ? S(",{\"type\":\"Note\"") : S("{\"type\":\"Note\""));
		put_member(out, "name", poll.options[i]);
		buf_printf(out, ",\"replies\":{\"type\":\"Collection\",\"totalItems\":%lld}}", (long long)poll.votes[i]);
	}
	buf_byte(out, ']');
	return NULL;
}

static void put_content(struct packing *p, const struct status *s, const struct mention *m, size_t n) {
	struct text_person *people = arena_many(p->c->arena, struct text_person, n + 1);
	size_t named = 0;
	BUF_AUTO html = {0};
	for (size_t i = 0; i < n; i++)
		if (!m[i].silent)
			people[named++] = (struct text_person){.username = m[i].username, .domain = m[i].domain};
	text_html(p->c->arena, &html, p->c->site, s->text, people, named);
	buf_lit(&p->out, ",\"content\":");
	buf_json_string(&p->out, buf_str(&html));
	if (s->language.n) {
		buf_lit(&p->out, ",\"contentMap\":{");
		buf_json_string(&p->out, s->language);
		buf_byte(&p->out, ':');
		buf_json_string(&p->out, buf_str(&html));
		buf_byte(&p->out, '}');
	}
	buf_lit(&p->out, ",\"source\":{\"mediaType\":\"text/plain\",\"content\":");
	buf_json_string(&p->out, s->text);
	buf_byte(&p->out, '}');
}

static err put_note(struct packing *p, const struct status *s, struct str url, const struct mention *m, size_t n) {
	struct buf *out = &p->out;
	struct media *media;
	size_t media_n;
	struct str reply = STR_NONE;
	if (s->reply_to_id)
		TRY(post_url(p, s->reply_to_id, &reply));
	TRY(store_media_of_status(p->c->arena, p->c->db, s->id, &media, &media_n));
	buf_printf(out, ",\"object\":{\"type\":\"%s\"", s->flags & STATUS_HAS_POLL ? "Question" : "Note");
	put_member(out, "id", url);
	put_member(out, "attributedTo", p->actor);
	put_member(out, "url",
	           arena_printf(p->c->arena, "%.*s/@%.*s/%lld", S_ARG(p->c->site->base_url), S_ARG(p->me.username), (long long)s->id));
	put_time(out, "published", id_ms(s->id));
	if (s->edited_at)
		put_time(out, "updated", s->edited_at);
	put_audience(p, s, m, n);
	put_member(out, "summary", s->warning);
	put_member(out, "inReplyTo", reply);
	buf_put(out, s->flags & STATUS_SENSITIVE ? S(",\"sensitive\":true") : S(",\"sensitive\":false"));
	put_content(p, s, m, n);
	put_attachments(p, media, media_n);
	TRY(put_tags(p, s->id, m, n));
	TRY(put_poll(p, s->id));
	buf_byte(out, '}');
	return NULL;
}

static err put_activity(struct packing *p, const struct status *s) {
	struct buf *out = &p->out;
	struct mention *m;
	size_t n;
	struct str url = arena_printf(p->c->arena, "%.*s/statuses/%lld", S_ARG(p->actor), (long long)s->id), boosted;
	TRY(store_mentions_of(p->c->arena, p->c->db, s->id, &m, &n));
	buf_put(out, p->posts++ ? S(",\n{\"id\":") : S("\n{\"id\":"));
	buf_json_string(out, arena_printf(p->c->arena, "%.*s/activity", S_ARG(url)));
	put_member(out, "type", s->boost_of_id ? S("Announce") : S("Create"));
	put_member(out, "actor", p->actor);
	put_time(out, "published", id_ms(s->id));
	put_audience(p, s, m, n);
	if (s->boost_of_id) {
		TRY(post_url(p, s->boost_of_id, &boosted));
		put_member(out, "object", boosted);
	} else {
		TRY(put_note(p, s, url, m, n));
	}
	buf_byte(out, '}');
	return flush(p);
}

typedef err (*each_fn)(struct packing *p, const struct status *s);

static err each_post(struct packing *p, each_fn fn) {
	int64_t *ids, after = 0;
	size_t n;
	p->posts = 0;
	do {
		TRY(store_transfer_posts(p->c->arena, p->c->db, p->c->viewer, after, PAGE, &ids, &n));
		for (size_t i = 0; i < n; i++) {
			struct status s;
			bool found;
			TRY(store_status_by_id(p->c->arena, p->c->db, ids[i], &s, &found));
			if (found)
				TRY(fn(p, &s));
			after = ids[i];
		}
		p->r->t.position += (int64_t)n;
		arena_reset(p->c->arena);
		TRY(transfer_step(p->r));
	} while (n == PAGE);
	return NULL;
}

static err put_media(struct packing *p, const struct status *s) {
	struct media *media;
	size_t n;
	p->posts++;
	if (!(s->flags & STATUS_HAS_MEDIA))
		return NULL;
	TRY(store_media_of_status(p->c->arena, p->c->db, s->id, &media, &n));
	for (size_t i = 0; i < n; i++)
		TRY(put_medium(p, &media[i]));
	return NULL;
}

static err put_outbox(struct packing *p) {
	TRY(zipfile_entry(p->zip, S("outbox.json"), true));
	buf_lit(&p->out, "{" CONTEXT ",\"id\":\"outbox.json\",\"type\":\"OrderedCollection\",\"orderedItems\":[");
	TRY(each_post(p, put_activity));
	buf_printf(&p->out, "\n],\"totalItems\":%lld}\n", (long long)p->posts);
	p->r->t.taken = p->posts;
	return flush(p);
}

/* ── the rest ── */

typedef err (*marks_fn)(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);

static err put_marks(struct packing *p, struct str name, marks_fn marks) {
	struct placed_ids found;
	struct str url;
	int64_t below = 0;
	bool first = true;
	TRY(zipfile_entry(p->zip, name, true));
	buf_lit(&p->out, "{" CONTEXT ",\"id\":");
	buf_json_string(&p->out, name);
	buf_lit(&p->out, ",\"type\":\"OrderedCollection\",\"orderedItems\":[");
	do {
		TRY(marks(p->c->arena, p->c->db, p->c->viewer, range_of(PAGE, below, 0, 0), &found));
		size_t n = found.n;
		for (size_t i = 0; i < n; i++) {
			TRY(post_url(p, found.v[i].id, &url));
			below = found.v[i].cursor;
			if (!url.n)
				continue;
			buf_put(&p->out, first ? S("\n") : S(",\n"));
			first = false;
			buf_json_string(&p->out, url);
		}
		TRY(flush(p));
		arena_reset(p->c->arena);
		if (n < PAGE)
			break;
	} while (true);
	buf_lit(&p->out, "\n]}\n");
	return flush(p);
}

static err put_actor(struct packing *p) {
	struct str avatar, header;
	struct buf *out = &p->out;
	TRY(put_picture(p, p->me.avatar, "avatar", &avatar));
	TRY(put_picture(p, p->me.header, "header", &header));
	TRY(zipfile_entry(p->zip, S("actor.json"), true));
	BUF_AUTO note = {0};
	text_html(p->c->arena, &note, p->c->site, p->me.note, NULL, 0);
	buf_printf(out, "{" CONTEXT ",\"type\":\"%s\"", p->me.flags & ACCOUNT_BOT ? "Service" : "Person");
	put_member(out, "id", p->actor);
	put_member(out, "preferredUsername", p->me.username);
	put_member(out, "name", p->me.display_name);
	put_member(out, "summary", buf_str(&note));
	put_member(out, "url", arena_printf(p->c->arena, "%.*s/@%.*s", S_ARG(p->c->site->base_url), S_ARG(p->me.username)));
	put_time(out, "published", id_ms(p->me.id));
	buf_printf(out, ",\"manuallyApprovesFollowers\":%s,\"discoverable\":%s,\"indexable\":%s",
	           p->me.flags & ACCOUNT_LOCKED ? "true" : "false", p->me.flags & ACCOUNT_DISCOVERABLE ? "true" : "false",
	           p->me.flags & ACCOUNT_INDEXABLE ? "true" : "false");
	buf_lit(out, ",\"outbox\":\"outbox.json\",\"likes\":\"likes.json\",\"bookmarks\":\"bookmarks.json\"");
	if (avatar.n) {
		buf_lit(out, ",\"icon\":{\"type\":\"Image\"");
		put_member(out, "url", avatar);
		buf_byte(out, '}');
	}
	if (header.n) {
		buf_lit(out, ",\"image\":{\"type\":\"Image\"");
		put_member(out, "url", header);
		buf_byte(out, '}');
	}
	buf_printf(out, ",\"fields\":%.*s}\n", S_ARG(p->me.fields.n ? p->me.fields : S("[]")));
	return flush(p);
}

static err put_lists(struct packing *p) {
	for (size_t i = 0; i < LIST_FILES; i++) {
		TRY(zipfile_entry(p->zip, str_of(list_files[i].name), true));
		TRY(list_files[i].put(p->c, &p->out));
		TRY(flush(p));
		arena_reset(p->c->arena);
	}
	return NULL;
}

static err put_all(struct packing *p) {
	bool found;
	TRY(store_account_by_id(p->kept, p->c->db, p->c->viewer, &p->me, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	struct str actor = person_url(p, p->me.username);
	p->actor = arena_str(p->kept, actor);
	p->r->t.total = p->me.statuses > 0 ? 2 * p->me.statuses : 1;
	TRY(put_actor(p));
	TRY(put_outbox(p));
	TRY(put_marks(p, S("likes.json"), store_favourites_of));
	TRY(put_marks(p, S("bookmarks.json"), store_bookmarks_of));
	TRY(put_lists(p));
	return each_post(p, put_media);
}

err transfer_archive_out(struct transfer_run *r, int fd) {
	struct packing p = {.r = r, .c = &r->c, .kept = arena_new(), .zip = zipfile_new(fd)};
	err e = put_all(&p);
	if (!e)
		e = zipfile_finish(p.zip, &r->t.size);
	struct err kept = e ? *e : (struct err){0};
	zipfile_free(&p.zip);
	buf_free(&p.out);
	arena_free(&p.kept);
	return e ? err_copy(&kept) : NULL;
}
