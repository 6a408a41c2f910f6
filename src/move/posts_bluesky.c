/* Posts of a Bluesky repository (docs.bsky.app, "Repository Export"; lexicons app.bsky.feed.post and app.bsky.richtext.facet): a CAR of
 * records. The whole file is one account's, so there is nobody else's to be found. Pictures are not in it. */
#include "base/vec.h"
#include "core/status_import.h"
#include "move/transfer_run.h"
#include "store/status.h"
#include "wire/car.h"

#include <sodium.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { POSTS_MAX = 4 << 20, HEADER_MAX = 64 * 1024, VARINT = 9, FACETS_MAX = 64 };
#define POST_TYPE "app.bsky.feed.post"

/* The blocks stand in no order of time, and an answer has to come after what it answers. */
struct record {
	int64_t at, offset, length; /* ms; of the section in the file */
};
struct car {
	struct transfer_run *r;
	int fd;
	VEC(struct record) posts;
	struct buf section;
};

static err damaged(void) { return err_public(ERR_INVALID, "The file is no whole CAR archive, as Bluesky makes them"); }

static err read_at(struct car *c, int64_t at, int64_t n) {
	buf_clear(&c->section);
	buf_reserve(&c->section, (size_t)n + 1);
	while ((int64_t)c->section.n < n) {
		ssize_t got = pread(c->fd, c->section.p + c->section.n, (size_t)n - c->section.n, at + (int64_t)c->section.n);
		if (got < 0)
			return err_private(ERR_UNAVAILABLE, "an archive cannot be read: %m");
		if (!got)
			return damaged();
		c->section.n += (size_t)got;
	}
	return NULL;
}

/* The length at *at, which moves behind it. */
static err read_length(struct car *c, int64_t *at, int64_t *length) {
	char bytes[VARINT];
	uint64_t n;
	ssize_t got = pread(c->fd, bytes, sizeof bytes, *at);
	struct str s = str_mem(bytes, got > 0 ? (size_t)got : 0), rest = s;
	if (!car_varint(&rest, &n) || !n || n > (uint64_t)(c->r->t.total - *at))
		return damaged();
	*at += (int64_t)(s.n - rest.n);
	*length = (int64_t)n;
	return *length <= c->r->t.total - *at ? NULL : damaged();
}

static bool time_of(struct arena *a, struct str post, int64_t *ms) {
	struct str s = cbor_text(post, S("createdAt"));
	struct tm t = {0};
	const char *rest = s.n && s.n < 64 ? strptime(arena_str(a, s).p, "%Y-%m-%dT%H:%M:%S", &t) : NULL;
	if (!rest || t.tm_year < 90 || t.tm_year > 300)
		return false;
	int64_t digit = 100;
	*ms = (int64_t)timegm(&t) * 1000;
	if (*rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9'; rest++, digit /= 10)
			*ms += (*rest - '0') * digit;
	if (*rest == '+' || *rest == '-') {
		int64_t hours = strtol(rest, NULL, 10);
		*ms -= hours * 3600 * 1000;
	}
	return true;
}

/* ── a record as a post ── */

struct link {
	int64_t from, to;
	struct str uri;
};

static int64_t integer(struct str map, const char *key) {
	struct str value;
	struct cbor c;
	return cbor_member(map, str_of(key), &value) && cbor_next(&value, &c) && c.kind == CBOR_INTEGER ? c.number : -1;
}

/* Calls for each item of the list under a key. */
static size_t items_of(struct str map, const char *key, struct str *out, size_t most) {
	struct str value;
	struct cbor c;
	size_t n = 0;
	if (!cbor_member(map, str_of(key), &value) || !cbor_next(&value, &c) || c.kind != CBOR_LIST)
		return 0;
	for (int64_t i = 0; i < c.number && n < most; i++) {
		struct str from = value;
		if (!cbor_skip(&value))
			break;
		out[n++] = str_first(from, from.n - value.n);
	}
	return n;
}

static int by_from(const void *a, const void *b) {
	int64_t x = ((const struct link *)a)->from, y = ((const struct link *)b)->from;
	return (x > y) - (x < y);
}

static size_t links_of(struct str post, struct link *out) {
	struct str facets[FACETS_MAX], features[4], index;
	size_t n = 0, all = items_of(post, "facets", facets, FACETS_MAX);
	for (size_t i = 0; i < all; i++) {
		if (!cbor_member(facets[i], S("index"), &index) || !items_of(facets[i], "features", features, 4))
			continue;
		struct str uri = cbor_text(features[0], S("uri"));
		if (uri.n)
			out[n++] = (struct link){integer(index, "byteStart"), integer(index, "byteEnd"), uri};
	}
	qsort(out, n, sizeof *out, by_from);
	return n;
}

/* Links are shortened in the text; here they stand whole. */
static struct str text_of(struct arena *a, struct str post) {
	struct str text = cbor_text(post, S("text")), embed;
	struct link links[FACETS_MAX];
	size_t n = links_of(post, links);
	int64_t at = 0;
	BUF_AUTO out = {0};
	for (size_t i = 0; i < n; i++) {
		if (links[i].from < at || links[i].to < links[i].from || links[i].to > (int64_t)text.n)
			continue;
		buf_put(&out, str_mem(text.p + at, (size_t)(links[i].from - at)));
		buf_put(&out, links[i].uri);
		at = links[i].to;
	}
	buf_put(&out, str_skip(text, (size_t)at));
	struct str external = STR_NONE;
	if (cbor_member(post, S("embed"), &embed) && cbor_member(embed, S("external"), &external)) {
		struct str uri = cbor_text(external, S("uri"));
		if (uri.n && str_find(buf_str(&out), uri) < 0) {
			buf_lit(&out, "\n\n");
			buf_put(&out, uri);
		}
	}
	return arena_str(a, str_trim(buf_str(&out)));
}

static struct str source_of(struct arena *a, struct str cid_text) { return arena_printf(a, "bluesky:%.*s", S_ARG(cid_text)); }

static struct str parent_of(struct arena *a, struct str post) {
	struct str reply, parent;
	if (!cbor_member(post, S("reply"), &reply) || !cbor_member(reply, S("parent"), &parent))
		return STR_NONE;
	struct str cid = cbor_text(parent, S("cid"));
	return cid.n && cid.n < 100 ? source_of(a, cid) : STR_NONE;
}

static struct str language_of(struct str post) {
	struct str langs[1];
	struct cbor c;
	return items_of(post, "langs", langs, 1) && cbor_next(&langs[0], &c) && c.kind == CBOR_TEXT ? c.text : STR_NONE;
}

static err take(struct car *c, const struct record *at, int64_t number) {
	struct transfer_run *r = c->r;
	struct str cid, post, labels, embed;
	int64_t id;
	bool known;
	BUF_AUTO name = {0};
	TRY(read_at(c, at->offset, at->length));
	if (!car_section(buf_str(&c->section), &cid, &post))
		return damaged();
	car_cid_text(&name, cid);
	struct import_post p = {
	    .source = source_of(r->c.arena, buf_str(&name)),
	    .reply_to = parent_of(r->c.arena, post),
	    .text = text_of(r->c.arena, post),
	    .language = language_of(post),
	    .at = at->at,
	    .visibility = VISIBILITY_PUBLIC,
	    .sensitive = cbor_member(post, S("labels"), &labels) && cbor_member(labels, S("values"), &labels),
	};
	err e = status_import(&r->c, &p, &id, &known);
	if (e && !transfer_is_about_line(e))
		return e;
	if (e) {
		struct err why = *e;
		transfer_refuse(r, number, "%.*s: %s", S_ARG(buf_str(&name)), why.text);
		return NULL;
	}
	++*(known ? &r->t.known : &r->t.taken);
	if (!known && cbor_member(post, S("embed"), &embed) &&
	    (cbor_member(embed, S("images"), &labels) || cbor_member(embed, S("video"), &labels)))
		transfer_refuse(r, number, "%.*s: its pictures or film: they are not in the archive", S_ARG(buf_str(&name)));
	return NULL;
}

/* ── the file ── */

static bool hash_fits(struct str cid, struct str block) {
	unsigned char digest[32];
	crypto_hash_sha256(digest, (const unsigned char *)block.p, block.n);
	return memcmp(cid.p + CAR_CID - 32, digest, 32) == 0;
}

/* Notes a section that is a post. */
static err look(struct car *c, int64_t at, int64_t length) {
	struct str cid, block;
	int64_t ms;
	TRY(read_at(c, at, length));
	if (!car_section(buf_str(&c->section), &cid, &block) || !str_eq(cbor_text(block, S("$type")), S(POST_TYPE)))
		return NULL;
	if (!hash_fits(cid, block))
		return err_public(ERR_INVALID, "The archive is damaged: a record has another checksum than its name says");
	if (c->posts.n >= POSTS_MAX)
		return err_public(ERR_TOO_LARGE, "The archive has more than %d posts", POSTS_MAX);
	if (!time_of(c->r->c.arena, block, &ms))
		transfer_refuse(c->r, (int64_t)c->posts.n + 1, "its time makes no sense");
	else
		vec_push(NULL, &c->posts, ((struct record){ms, at, length}));
	return NULL;
}

static err find_posts(struct car *c) {
	int64_t at = 0, length;
	struct str value;
	TRY(read_length(c, &at, &length));
	if (length > HEADER_MAX)
		return damaged();
	TRY(read_at(c, at, length));
	if (!cbor_member(buf_str(&c->section), S("roots"), &value))
		return damaged();
	for (at += length; at < c->r->t.total; at += length) {
		TRY(read_length(c, &at, &length));
		if (length > CAR_BLOCK_MAX)
			transfer_refuse(c->r, (int64_t)c->posts.n + 1, "a record is longer than %d kB", CAR_BLOCK_MAX >> 10);
		else
			TRY(look(c, at, length));
		arena_reset(c->r->c.arena);
		TRY(transfer_step(c->r));
	}
	return NULL;
}

static int by_time(const void *a, const void *b) {
	int64_t x = ((const struct record *)a)->at, y = ((const struct record *)b)->at;
	return (x > y) - (x < y);
}

static err run(struct car *c) {
	TRY(find_posts(c));
	if (c->posts.n)
		qsort(c->posts.v, c->posts.n, sizeof *c->posts.v, by_time);
	for (size_t i = 0; i < c->posts.n; i++) {
		TRY(take(c, &c->posts.v[i], (int64_t)i + 1));
		db_rest(c->r->c.db);
		arena_reset(c->r->c.arena);
		c->r->t.position = (int64_t)((double)c->r->t.total * (double)i / (double)c->posts.n);
		TRY(transfer_step(c->r));
	}
	c->r->t.position = c->r->t.total;
	return NULL;
}

err transfer_bluesky_in(struct transfer_run *r, int fd) {
	struct car c = {.r = r, .fd = fd};
	err e = run(&c);
	struct err kept = e ? *e : (struct err){0};
	vec_free(&c.posts);
	buf_free(&c.section);
	return e ? err_copy(&kept) : NULL;
}
