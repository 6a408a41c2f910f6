#include "api/view/card.h"
#include "api/view/emoji.h"
#include "api/view/media.h"
#include "api/view/pieces.h"
#include "core/text.h"
#include "store/account.h"
#include "store/app.h"
#include "store/card.h"
#include "store/media.h"
#include "store/mention.h"
#include "store/poll.h"
#include "store/status.h"
#include "store/tag.h"

#include <stdlib.h>

/* Everything a post's piece is made of. */
struct making {
	struct arena *a;
	struct db *db;
	const struct site *site;
	struct buf *b;
	struct status s;
	struct account_row author;
	struct mention *mentions;
	size_t mention_n;
	struct tag *tags;
	size_t tag_n;
	struct status_piece piece;
};

static void put_bool(struct buf *b, bool yes) { buf_put(b, yes ? S("true") : S("false")); }

static void put_id_or_null(struct buf *b, int64_t id) {
	if (!id) {
		buf_lit(b, "null");
		return;
	}
	buf_byte(b, '"');
	buf_i64(b, id);
	buf_byte(b, '"');
}

static void put_time_or_null(struct buf *b, int64_t ms) {
	if (!ms) {
		buf_lit(b, "null");
		return;
	}
	buf_byte(b, '"');
	buf_iso8601(b, ms);
	buf_byte(b, '"');
}

static void put_text_or_null(struct buf *b, struct str s) {
	if (s.n)
		buf_json_string(b, s);
	else
		buf_lit(b, "null");
}

static void put_acct(struct buf *b, struct str username, struct str domain) {
	buf_put(b, username);
	if (domain.n) {
		buf_byte(b, '@');
		buf_put(b, domain);
	}
}

static void put_addresses(struct making *m) {
	buf_lit(m->b, ",\"uri\":\"");
	buf_put(m->b, m->site->base_url);
	buf_lit(m->b, "/users/");
	put_acct(m->b, m->author.username, m->author.domain);
	buf_lit(m->b, "/statuses/");
	buf_i64(m->b, m->s.id);
	buf_lit(m->b, "\",\"url\":\"");
	buf_put(m->b, m->site->base_url);
	buf_lit(m->b, "/@");
	put_acct(m->b, m->author.username, m->author.domain);
	buf_byte(m->b, '/');
	buf_i64(m->b, m->s.id);
	buf_byte(m->b, '"');
}

static void put_head(struct making *m) {
	static const struct str visibilities[] = {{"public", 6}, {"unlisted", 8}, {"private", 7}, {"direct", 6}};
	const struct status *s = &m->s;
	buf_lit(m->b, "{\"id\":\"");
	buf_i64(m->b, s->id);
	buf_lit(m->b, "\",\"created_at\":\"");
	buf_iso8601(m->b, s->id >> 16);
	buf_lit(m->b, "\",\"in_reply_to_id\":");
	put_id_or_null(m->b, s->reply_to_id);
	buf_lit(m->b, ",\"in_reply_to_account_id\":");
	put_id_or_null(m->b, s->reply_to_author_id);
	buf_lit(m->b, ",\"spoiler_text\":");
	buf_json_string(m->b, s->warning);
	buf_lit(m->b, ",\"visibility\":\"");
	buf_put(m->b, visibilities[status_visibility(s)]);
	buf_lit(m->b, "\",\"language\":");
	put_text_or_null(m->b, s->language);
	put_addresses(m);
	buf_lit(m->b, ",\"edited_at\":");
	put_time_or_null(m->b, s->edited_at);
}

static err put_counts(struct making *m) {
	struct status_counts n;
	TRY(store_status_counts(m->db, m->s.id, &n));
	buf_lit(m->b, ",\"replies_count\":");
	buf_i64(m->b, n.replies);
	buf_lit(m->b, ",\"reblogs_count\":");
	buf_i64(m->b, n.boosts);
	buf_lit(m->b, ",\"favourites_count\":");
	buf_i64(m->b, n.favourites);
	buf_lit(m->b, ",\"quotes_count\":0");
	return NULL;
}

static err put_content(struct making *m) {
	struct text_person *people = arena_many(m->a, struct text_person, m->mention_n + 1);
	size_t n = 0;
	for (size_t i = 0; i < m->mention_n; i++)
		if (!m->mentions[i].silent)
			people[n++] = (struct text_person){.username = m->mentions[i].username, .domain = m->mentions[i].domain};
	BUF_AUTO html = {0};
	text_html(m->a, &html, m->site, m->s.text, people, n);
	buf_lit(m->b, ",\"content\":");
	buf_json_string(m->b, buf_str(&html));
	return NULL;
}

static void put_mentions(struct making *m) {
	bool any = false;
	buf_lit(m->b, ",\"mentions\":[");
	for (size_t i = 0; i < m->mention_n; i++) {
		const struct mention *one = &m->mentions[i];
		if (one->silent)
			continue;
		buf_put(m->b, any ? S(",{\"id\":\"") : S("{\"id\":\""));
		any = true;
		buf_i64(m->b, one->account_id);
		buf_lit(m->b, "\",\"username\":");
		buf_json_string(m->b, one->username);
		buf_lit(m->b, ",\"url\":\"");
		buf_put(m->b, m->site->base_url);
		buf_lit(m->b, "/@");
		put_acct(m->b, one->username, one->domain);
		buf_lit(m->b, "\",\"acct\":\"");
		put_acct(m->b, one->username, one->domain);
		buf_lit(m->b, "\"}");
	}
	buf_byte(m->b, ']');
}

static void put_tags(struct making *m) {
	buf_lit(m->b, ",\"tags\":[");
	for (size_t i = 0; i < m->tag_n; i++) {
		buf_put(m->b, i ? S(",{\"name\":") : S("{\"name\":"));
		buf_json_string(m->b, m->tags[i].name);
		buf_lit(m->b, ",\"url\":\"");
		text_tag_url(m->a, m->b, m->site, m->tags[i].name);
		buf_lit(m->b, "\"}");
	}
	buf_byte(m->b, ']');
}

static err put_media(struct making *m) {
	struct media *all = NULL;
	size_t n = 0;
	if (m->s.flags & STATUS_HAS_MEDIA)
		TRY(store_media_of_status(m->a, m->db, m->s.id, &all, &n));
	buf_lit(m->b, ",\"media_attachments\":");
	view_media_attachments(m->b, m->site, all, n);
	return NULL;
}

static err put_card(struct making *m) {
	struct card k;
	bool found = false;
	if (m->s.flags & STATUS_HAS_CARD)
		TRY(store_card_of_status(m->a, m->db, m->s.id, &k, &found));
	buf_lit(m->b, ",\"card\":");
	if (found && card_is_shown(&k))
		view_card(m->b, m->site, &k);
	else
		buf_lit(m->b, "null");
	return NULL;
}

static err put_application(struct making *m) {
	struct app_row app;
	bool found = false;
	if (m->s.app_id)
		TRY(store_app_by_id(m->a, m->db, m->s.app_id, &app, &found));
	buf_lit(m->b, ",\"application\":");
	if (!found) {
		buf_lit(m->b, "null");
		return NULL;
	}
	buf_lit(m->b, "{\"name\":");
	buf_json_string(m->b, app.name);
	buf_lit(m->b, ",\"website\":");
	put_text_or_null(m->b, app.website);
	buf_byte(m->b, '}');
	return NULL;
}

static void put_options(struct buf *b, const struct poll *p, bool votes) {
	buf_byte(b, '[');
	for (size_t i = 0; i < p->option_count; i++) {
		buf_put(b, i ? S(",{\"title\":") : S("{\"title\":"));
		buf_json_string(b, p->options[i]);
		buf_lit(b, ",\"votes_count\":");
		if (votes)
			buf_i64(b, p->votes[i]);
		else
			buf_lit(b, "null");
		buf_byte(b, '}');
	}
	buf_byte(b, ']');
}

static err put_poll(struct making *m) {
	struct poll p;
	bool found = false;
	if (m->s.flags & STATUS_HAS_POLL)
		TRY(store_poll_by_status(m->a, m->db, m->s.id, &p, &found));
	if (!found)
		return NULL;
	int64_t votes = 0;
	for (size_t i = 0; i < p.option_count; i++)
		votes += p.votes[i];
	m->piece.has_poll = true;
	m->piece.poll_ends_at = p.expires_at;
	m->piece.poll_hides = p.flags & POLL_HIDE_TOTALS;
	size_t from = m->b->n;
	buf_lit(m->b, "{\"id\":\"");
	buf_i64(m->b, m->s.id);
	buf_lit(m->b, "\",\"expires_at\":");
	put_time_or_null(m->b, p.expires_at);
	buf_lit(m->b, ",\"multiple\":");
	put_bool(m->b, p.flags & POLL_MULTIPLE);
	buf_lit(m->b, ",\"votes_count\":");
	buf_i64(m->b, votes);
	buf_lit(m->b, ",\"voters_count\":");
	buf_i64(m->b, p.voters);
	buf_lit(m->b, ",\"emojis\":");
	TRY(view_emojis_in(m->a, m->db, m->b, m->site, p.options, p.option_count));
	buf_lit(m->b, ",\"options\":");
	m->piece.poll = piece_since(m->b, from);
	from = m->b->n;
	put_options(m->b, &p, true);
	m->piece.options = piece_since(m->b, from);
	from = m->b->n;
	put_options(m->b, &p, false);
	m->piece.options_hidden = piece_since(m->b, from);
	return NULL;
}

static err put_entity(struct making *m) {
	const size_t from = m->b->n;
	put_head(m);
	TRY(put_counts(m));
	TRY(put_content(m));
	TRY(put_media(m));
	put_mentions(m);
	put_tags(m);
	buf_lit(m->b, ",\"emojis\":");
	TRY(view_emojis_in(m->a, m->db, m->b, m->site, (struct str[]){m->s.text, m->s.warning}, 2));
	TRY(put_application(m));
	TRY(put_card(m));
	buf_lit(m->b, ",\"quote\":null,\"quote_approval\":{\"automatic\":[],\"manual\":[],\"current_user\":\"denied\"}"
	              ",\"tagged_collections\":[],\"text\":null,\"account\":");
	m->piece.json = piece_since(m->b, from);
	return NULL;
}

static int ascending(const void *x, const void *y) {
	const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

static struct section put_set(struct buf *b, int64_t *ids, size_t n) {
	if (n)
		qsort(ids, n, sizeof *ids, ascending);
	while (b->n & 7)
		buf_byte(b, 0);
	const struct section s = {(uint32_t)b->n, (uint32_t)n};
	buf_put(b, str_mem(ids, n * sizeof *ids));
	return s;
}

static void put_rules(struct making *m) {
	int64_t *ids = arena_many(m->a, int64_t, (m->mention_n > m->tag_n ? m->mention_n : m->tag_n) + 1);
	for (size_t i = 0; i < m->mention_n; i++)
		ids[i] = m->mentions[i].account_id;
	m->piece.head.mentions = put_set(m->b, ids, m->mention_n);
	for (size_t i = 0; i < m->tag_n; i++)
		ids[i] = m->tags[i].id;
	m->piece.head.tags = put_set(m->b, ids, m->tag_n);
	const size_t from = m->b->n;
	reader_fold(m->b, m->s.text);
	buf_byte(m->b, '\n');
	reader_fold(m->b, m->s.warning);
	m->piece.head.folded = piece_since(m->b, from);
}

static struct status_head head_of(const struct status *s) {
	return (struct status_head){
	    .piece = {.id = s->id, .kind = PIECE_STATUS},
	    .author = s->author_id,
	    .flags = s->flags,
	    .reply_to = s->reply_to_id,
	    .reply_to_author = s->reply_to_author_id,
	    .thread = s->thread_id,
	    .boost_of = s->boost_of_id,
	    .boost_author = s->boost_author_id,
	    .language = source_language(s->language.p, s->language.n),
	};
}

err status_piece_load(void *arg, struct db *db, struct arena *a, int64_t id, struct piece **out) {
	BUF_AUTO b = {0};
	struct making m = {.a = a, .db = db, .site = arg, .b = &b};
	bool found, known;
	TRY(store_status_by_id(a, db, id, &m.s, &found));
	if (!found)
		return NULL;
	TRY(store_account_by_id(a, db, m.s.author_id, &m.author, &known));
	if (!known)
		return NULL;
	if ((m.s.flags & STATUS_HAS_MENTIONS) || status_visibility(&m.s) == VISIBILITY_DIRECT)
		TRY(store_mentions_of(a, db, id, &m.mentions, &m.mention_n));
	if (m.s.flags & STATUS_HAS_TAGS)
		TRY(store_tags_of_status(a, db, id, &m.tags, &m.tag_n));
	int64_t there = 0;
	if (m.s.reply_to_id)
		TRY(db_i64(db, &there, NULL, FEED_STATUS_THERE, I(m.s.reply_to_id)));
	m.piece.head = head_of(&m.s);
	/* A reply to what was deleted says that it is one, no more. */
	if (!there)
		m.s.reply_to_id = 0;
	buf_put(&b, str_mem(&m.piece, sizeof m.piece));
	put_rules(&m);
	TRY(put_entity(&m));
	TRY(put_poll(&m));
	*out = piece_finish(a, &b, &m.piece, sizeof m.piece);
	return NULL;
}
