#include "api/view/emoji.h"
#include "api/view/media.h"
#include "api/view/pieces.h"
#include "api/view/role.h"
#include "base/must.h"
#include "core/media.h"
#include "core/text.h"
#include "store/account.h"
#include "store/member.h"

#include <jansson.h>

static void put_bool(struct buf *b, bool yes) { buf_put(b, yes ? S("true") : S("false")); }

static void put_handle(struct buf *b, const struct account_row *r) {
	buf_put(b, r->username);
	if (r->domain.n) {
		buf_byte(b, '@');
		buf_put(b, r->domain);
	}
}

/* Twice: as it is and as a still picture, which here is the same. */
static void put_picture(struct buf *b, const struct site *site, const struct account_row *r, const char *name, struct str key) {
	for (int still = 0; still < 2; still++) {
		buf_lit(b, ",\"");
		buf_put(b, str_of(name));
		buf_put(b, still ? S("_static\":\"") : S("\":\""));
		if (key.n) {
			view_media_url(b, site, key);
		} else {
			buf_put(b, site->base_url);
			buf_byte(b, '/');
			buf_put(b, str_of(name));
			buf_lit(b, "s/");
			buf_i64(b, r->id);
			buf_lit(b, ".png");
		}
		buf_byte(b, '"');
	}
	buf_lit(b, ",\"");
	buf_put(b, str_of(name));
	buf_lit(b, "_description\":\"\"");
}

/* "small": of the account's own pictures (docs/extensions.md). */
static void put_small(struct buf *b, const struct site *site, const char *name, struct str key) {
	BUF_AUTO address = {0};
	buf_printf(b, "\"%s_small\":", name);
	if (!key.n) {
		buf_lit(b, "null");
		return;
	}
	media_file_address(&address, key, S(MEDIA_SMALL));
	buf_byte(b, '"');
	view_media_url(b, site, buf_str(&address));
	buf_byte(b, '"');
}

static void put_fields(struct arena *a, struct buf *b, const struct site *site, const struct account_row *r) {
	json_t *fields = r->fields.n ? json_loadb(r->fields.p, r->fields.n, 0, NULL) : NULL;
	size_t i;
	json_t *f;
	buf_lit(b, ",\"fields\":[");
	json_array_foreach(fields, i, f) {
		const char *verified = json_string_value(json_object_get(f, "verified_at"));
		BUF_AUTO html = {0};
		buf_put(b, i ? S(",{\"name\":") : S("{\"name\":"));
		buf_json_string(b, str_of(json_string_value(json_object_get(f, "name"))));
		buf_lit(b, ",\"value\":");
		text_html_inline(a, &html, site, str_of(json_string_value(json_object_get(f, "value"))));
		buf_json_string(b, buf_str(&html));
		buf_lit(b, ",\"verified_at\":");
		if (verified)
			buf_json_string(b, str_of(verified));
		else
			buf_lit(b, "null");
		buf_byte(b, '}');
	}
	buf_byte(b, ']');
	json_decref(fields);
}

static void put_day(struct buf *b, int64_t ms) {
	if (!ms) {
		buf_lit(b, "null");
		return;
	}
	buf_byte(b, '"');
	buf_iso8601(b, ms);
	b->n -= sizeof "T00:00:00.000Z" - 1;
	buf_byte(b, '"');
}

static void put_names(struct buf *b, const struct site *site, const struct account_row *r) {
	buf_lit(b, "{\"id\":\"");
	buf_i64(b, r->id);
	buf_lit(b, "\",\"username\":");
	buf_json_string(b, r->username);
	buf_lit(b, ",\"acct\":\"");
	put_handle(b, r);
	buf_lit(b, "\",\"display_name\":");
	buf_json_string(b, r->display_name);
	buf_lit(b, ",\"url\":\"");
	buf_put(b, site->base_url);
	buf_lit(b, "/@");
	put_handle(b, r);
	buf_lit(b, "\",\"uri\":\"");
	buf_put(b, site->base_url);
	buf_lit(b, "/users/");
	put_handle(b, r);
	buf_byte(b, '"');
}

static void put_flags(struct buf *b, const struct account_row *r) {
	static const struct {
		const char *name;
		int64_t flag;
	} flags[] = {
	    {"locked", ACCOUNT_LOCKED},
	    {"bot", ACCOUNT_BOT},
	    {"discoverable", ACCOUNT_DISCOVERABLE},
	    {"indexable", ACCOUNT_INDEXABLE},
	    {"hide_collections", ACCOUNT_HIDE_COLLECTIONS},
	    {"suspended", ACCOUNT_SUSPENDED},
	    {"limited", ACCOUNT_LIMITED},
	    {"memorial", ACCOUNT_MEMORIAL},
	};
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		buf_lit(b, ",\"");
		buf_put(b, str_of(flags[i].name));
		buf_lit(b, "\":");
		put_bool(b, r->flags & flags[i].flag);
	}
	buf_lit(b, ",\"noindex\":");
	put_bool(b, !(r->flags & ACCOUNT_INDEXABLE));
}

static err put_account(struct arena *a, struct db *db, struct buf *b, const struct site *site, const struct account_row *r) {
	put_names(b, site, r);
	put_flags(b, r);
	buf_lit(b, ",\"group\":false,\"created_at\":\"");
	/* Mastodon tells the day only. */
	buf_iso8601(b, (r->id >> 16) / 86400000 * 86400000);
	buf_lit(b, "\",\"note\":");
	BUF_AUTO html = {0};
	text_html(a, &html, site, r->note, NULL, 0);
	buf_json_string(b, buf_str(&html));
	put_picture(b, site, r, "avatar", r->avatar);
	put_picture(b, site, r, "header", r->header);
	buf_lit(b, ",\"followers_count\":");
	buf_i64(b, r->followers);
	buf_lit(b, ",\"following_count\":");
	buf_i64(b, r->following);
	buf_lit(b, ",\"statuses_count\":");
	buf_i64(b, r->statuses);
	buf_lit(b, ",\"last_status_at\":");
	put_day(b, r->last_status_at);
	buf_lit(b, ",\"emojis\":");
	TRY(view_emojis_in(a, db, b, site, (struct str[]){r->display_name, r->note, r->fields}, 3));
	struct member_row m = {0};
	bool found;
	TRY(store_member_by_id(a, db, r->id, &m, &found));
	buf_lit(b, ",\"roles\":[");
	if (found && m.role)
		view_account_role(b, m.role);
	buf_byte(b, ']');
	put_fields(a, b, site, r);
	buf_lit(b, ",\"moved\":null,\"feature_approval\":null,\"show_featured\":true,\"show_media\":true,\"show_media_replies\":true,"
	           "\"freehold\":{");
	put_small(b, site, "avatar", r->avatar);
	buf_byte(b, ',');
	put_small(b, site, "header", r->header);
	buf_lit(b, "}}");
	return NULL;
}

err account_piece_load(void *arg, struct db *db, struct arena *a, int64_t id, struct piece **out) {
	const struct site *site = arg;
	struct account_row r;
	bool found;
	TRY(store_account_by_id(a, db, id, &r, &found));
	if (!found)
		return NULL;
	struct account_piece p = {.head = {.piece = {.id = id, .kind = PIECE_ACCOUNT}, .flags = r.flags}};
	BUF_AUTO b = {0};
	buf_put(&b, str_mem(&p, sizeof p));
	TRY(put_account(a, db, &b, site, &r));
	p.json = piece_since(&b, sizeof p);
	size_t from = b.n;
	buf_put(&b, r.display_name.n ? r.display_name : r.username);
	p.name = piece_since(&b, from);
	from = b.n;
	put_handle(&b, &r);
	p.handle = piece_since(&b, from);
	*out = piece_finish(a, &b, &p, sizeof p);
	return NULL;
}

struct piece *piece_finish(struct arena *a, struct buf *b, const void *head, size_t n) {
	must(b->n >= n && b->n <= UINT32_MAX);
	memcpy(b->p, head, n);
	struct piece *p = arena_alloc(a, b->n);
	memcpy(p, b->p, b->n);
	p->size = (uint32_t)b->n;
	return p;
}

void view_loaders(struct site *site) {
	feed_loader(site->feed, PIECE_STATUS, status_piece_load, site);
	feed_loader(site->feed, PIECE_ACCOUNT, account_piece_load, site);
}
