/* Feeds against one plain SQL oracle: people post, edit, delete, boost, follow, block, mute … at random; then pages of every kind of feed,
 * by all three cursors, must hold exactly what the SQL says, from memory as well as with the database's help.
 *
 * usage: unit-feed [--long] [SEED]. Prints its seed. On SQLite, or on the PostgreSQL that TEST_PG names. */
#include "api/view/pieces.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "feed/audience.h"
#include "store/account.h"
#include "store/block.h"
#include "store/filter.h"
#include "store/follow.h"
#include "store/list.h"
#include "store/mention.h"
#include "store/mute.h"
#include "store/purge.h"
#include "store/status.h"
#include "store/tag.h"
#include "store/thread_mute.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PEOPLE = 20, TAGS = 4, LISTS = 6, FILTERS = 8 };

static struct store *store;
static struct db *db;
static struct site site;
static char folder[] = "/tmp/freehold-feed-XXXXXX";
static int64_t people[PEOPLE], tags[TAGS], lists[LISTS], list_owners[LISTS];
static VEC(int64_t) posts; /* ids ever used, also of deleted ones */
static int64_t clock_of_posts;

static void ok(err e) {
	if (!e)
		return;
	fprintf(stderr, "failed: %s: %s\n", e->text, e->cause);
	abort();
}

/* ── chance ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static uint64_t chance = 1;

static uint32_t draw(uint32_t below) {
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return (uint32_t)((chance >> 11) % below);
}
static bool one_in(uint32_t n) { return draw(n) == 0; }
/* A few people post and are followed much more than others. */
static int64_t somebody(void) { return people[one_in(2) ? draw(4) : draw(PEOPLE)]; }
static int64_t some_post(void) {
	return posts.n ? posts.v[one_in(2) && posts.n > 40 ? posts.n - 1 - draw(40) : draw((uint32_t)posts.n)] : 1;
}

/* ── changes ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *const words[] = {"stone", "river", "moss", "light", "oak", "rain", "fox", "owl"};

static struct str some_text(struct arena *a) {
	struct str text = STR_NONE;
	for (uint32_t i = 0, n = 1 + draw(5); i < n; i++)
		text = arena_printf(a, "%.*s%s%s", S_ARG(text), i ? " " : "", words[draw(8)]);
	return text;
}

static struct arena *scratch;

static err add_names(struct tx *tx, struct status *s) {
	if (s->flags & STATUS_HAS_TAGS)
		for (int i = 0; i < TAGS; i++)
			if (one_in(2))
				TRY(store_tag_status_insert(tx, tags[i], s->id));
	if (s->flags & STATUS_HAS_MENTIONS)
		for (int i = 0; i < 1 + (int)draw(3); i++) {
			const int64_t named = people[draw(PEOPLE)];
			int64_t already;
			struct mention *all;
			size_t n;
			TRY(store_mentions_of(scratch, tx_db(tx), s->id, &all, &n));
			already = 0;
			for (size_t k = 0; k < n; k++)
				already |= all[k].account_id == named;
			if (!already)
				TRY(store_mention_insert(tx, s->id, named, one_in(4)));
		}
	return NULL;
}

static err post_tx(struct tx *tx, void *arg) {
	struct status *s = arg;
	struct status other;
	bool found;
	*s = (struct status){.id = s->id, .author_id = somebody(), .flags = one_in(3) ? (int64_t)draw(4) : 0};
	s->thread_id = s->id;
	s->text = some_text(scratch);
	static const struct str languages[] = {{"", 0}, {"en", 2}, {"de", 2}, {"fr", 2}};
	s->language = languages[draw(4)];
	s->flags |= one_in(5) ? STATUS_HAS_MEDIA : 0;
	s->flags |= one_in(3) ? STATUS_HAS_TAGS : 0;
	s->flags |= one_in(4) || (s->flags & 3) == VISIBILITY_DIRECT ? STATUS_HAS_MENTIONS : 0;
	TRY(store_status_by_id(scratch, tx_db(tx), some_post(), &other, &found));
	if (found && other.id < s->id && one_in(2)) {
		if (other.boost_of_id)
			TRY(store_status_by_id(scratch, tx_db(tx), other.boost_of_id, &other, &found));
	} else {
		found = false;
	}
	int64_t twice = 0;
	if (found && other.id < s->id && (other.flags & 3) < VISIBILITY_PRIVATE && one_in(2))
		TRY(store_status_boost_by(tx_db(tx), other.id, s->author_id, &twice));
	else if (found && other.id < s->id) {
		s->flags |= STATUS_REPLY;
		s->reply_to_id = other.id;
		s->reply_to_author_id = other.author_id;
		s->thread_id = other.thread_id;
		twice = -1;
	} else {
		twice = -1;
	}
	if (!twice) {
		*s = (struct status){.id = s->id,
		                     .thread_id = s->id,
		                     .author_id = s->author_id,
		                     .boost_of_id = other.id,
		                     .boost_author_id = other.author_id};
		s->flags = STATUS_BOOST | (int64_t)draw(2);
	}
	TRY(tx_journal(tx, J_STATUS_CREATED, s->id, s->author_id, s->boost_of_id));
	TRY(store_status_insert(tx, s));
	return add_names(tx, s);
}

static void do_post(void) {
	clock_of_posts += 1 + draw(5000);
	struct status s = {.id = id_at(clock_of_posts, (uint16_t)draw(65536))};
	/* Some come from elsewhere, with the time they had there. */
	if (one_in(20))
		s.id = id_at(clock_of_posts - draw(3000000), (uint16_t)draw(65536));
	err e = tx_run(db, post_tx, &s);
	if (e && e->code == ERR_CONFLICT)
		return;
	ok(e);
	vec_push(NULL, &posts, s.id);
}

static err edit_tx(struct tx *tx, void *arg) {
	struct status s;
	bool found;
	TRY(store_status_by_id(scratch, tx_db(tx), *(int64_t *)arg, &s, &found));
	if (!found || s.boost_of_id)
		return NULL;
	TRY(tx_journal(tx, J_STATUS_EDITED, s.id, s.author_id, 0));
	s.text = some_text(scratch);
	s.flags ^= one_in(2) ? STATUS_HAS_MEDIA : 0;
	s.flags |= STATUS_EDITED | STATUS_HAS_TAGS;
	s.edited_at = clock_ms();
	TRY(store_status_update(tx, &s));
	TRY(store_tag_status_delete(tx, s.id));
	for (int i = 0; i < TAGS; i++)
		if (one_in(2))
			TRY(store_tag_status_insert(tx, tags[i], s.id));
	return NULL;
}

static err delete_tx(struct tx *tx, void *arg) {
	struct status s;
	bool found;
	TRY(store_status_by_id(scratch, tx_db(tx), *(int64_t *)arg, &s, &found));
	if (!found)
		return NULL;
	TRY(tx_journal(tx, J_STATUS_DELETED, s.id, s.author_id, s.boost_of_id ? s.boost_of_id : -s.reply_to_id));
	TRY(store_tag_status_delete(tx, s.id));
	TRY(store_mentions_delete(tx, s.id));
	/* Its boosts stay until a job removes them: never to be shown. */
	bool more;
	TRY(one_in(2) ? store_purge_status(tx, s.id, 2, &more) : NULL);
	return store_status_delete(tx, s.id);
}

static err follow_tx(struct tx *tx, void *arg) {
	const int64_t a = people[draw(PEOPLE)], b = somebody();
	bool gone;
	if (a == b)
		return NULL;
	if (one_in(4)) {
		TRY(tx_journal(tx, J_UNFOLLOWED, a, b, 0));
		return store_follow_delete(tx, a, b, &gone);
	}
	struct follow f = {.account_id = a, .target_id = b, .id = id_new(), .flags = one_in(4) ? FOLLOW_NO_BOOSTS : 0};
	f.languages = one_in(4) ? S("en,de") : STR_NONE;
	TRY(tx_journal(tx, J_FOLLOWED, a, b, 1));
	TRY(store_follow_delete(tx, a, b, &gone));
	return store_follow_put(tx, &f, true);
}

static err shun_tx(struct tx *tx, void *arg) {
	const int64_t a = people[draw(PEOPLE)], b = people[draw(PEOPLE)];
	if (a == b)
		return NULL;
	switch (draw(5)) {
	case 0:
		TRY(tx_journal(tx, J_BLOCKED, a, b, 0));
		TRY(store_block_delete(tx, a, b));
		return store_block_put(tx, a, b, id_new());
	case 1: TRY(tx_journal(tx, J_UNBLOCKED, a, b, 0)); return store_block_delete(tx, a, b);
	case 2: {
		const struct mute m = {.account_id = a,
		                       .target_id = b,
		                       .id = id_new(),
		                       .expires_at = one_in(3) ? 0 : clock_ms() + (one_in(2) ? 86400000 : -1000)};
		TRY(tx_journal(tx, J_MUTED, a, b, 0));
		return store_mute_put(tx, &m);
	}
	default:
		/* More goes than comes, or nobody would see anybody in the end. */
		TRY(tx_journal(tx, J_UNBLOCKED, a, b, 0));
		TRY(store_block_delete(tx, a, b));
		TRY(store_block_delete(tx, b, a));
		return store_mute_delete(tx, a, b);
	}
}

static err thread_tx(struct tx *tx, void *arg) {
	const int64_t a = people[draw(PEOPLE)], thread = some_post();
	const bool on = one_in(2);
	TRY(tx_journal(tx, J_THREAD_MUTED, a, thread, on));
	TRY(store_thread_mute_delete(tx, a, thread));
	return on ? store_thread_mute_insert(tx, a, thread) : NULL;
}

static err tag_tx(struct tx *tx, void *arg) {
	const int64_t a = people[draw(PEOPLE)], tag = tags[draw(TAGS)];
	const bool on = one_in(2);
	bool changed;
	TRY(tx_journal(tx, J_TAG_FOLLOWED, a, tag, on));
	return on ? store_tag_follow(tx, a, tag, id_new(), &changed) : store_tag_unfollow(tx, a, tag, &changed);
}

static err list_tx(struct tx *tx, void *arg) {
	const int i = (int)draw(LISTS);
	const int64_t member = people[draw(PEOPLE)];
	TRY(tx_journal(tx, J_LIST_CHANGED, list_owners[i], lists[i], 0));
	TRY(store_list_member_delete(tx, lists[i], member));
	if (one_in(3)) {
		const struct list l = {.id = lists[i],
		                       .account_id = list_owners[i],
		                       .title = S("list"),
		                       .replies = (enum list_replies)draw(3),
		                       .exclusive = one_in(3)};
		return store_list_put(tx, &l);
	}
	return one_in(3) ? NULL : store_list_member_put(tx, lists[i], member, id_new());
}

static err filter_tx(struct tx *tx, void *arg) {
	const int64_t id = 1000 + draw(FILTERS), owner = people[id % PEOPLE];
	TRY(tx_journal(tx, J_FILTER_CHANGED, owner, id, 0));
	TRY(store_filter_delete(tx, id));
	if (one_in(2))
		return NULL;
	const struct filter f = {.id = id,
	                         .account_id = owner,
	                         .title = S("filter"),
	                         .contexts = 1 + draw(31),
	                         .action = one_in(3) ? FILTER_WARN : FILTER_HIDE,
	                         .expires_at = one_in(4) ? clock_ms() + (one_in(2) ? 86400000 : -1000) : 0};
	const struct filter_keyword k = {
	    .id = id, .filter_id = id, .keyword = one_in(3) ? S("STO") : str_of(words[draw(8)]), .whole_word = one_in(2)};
	const struct filter_status s = {.id = id, .filter_id = id, .status_id = some_post()};
	TRY(store_filter_put(tx, &f));
	TRY(store_filter_keyword_put(tx, &k));
	return store_filter_status_put(tx, &s);
}

static err account_tx(struct tx *tx, void *arg) {
	const int64_t a = *(const int64_t *)arg;
	static const int64_t flags[] = {ACCOUNT_SUSPENDED, ACCOUNT_LIMITED, 0, 0};
	TRY(tx_journal(tx, J_MODERATED, people[0], a, 0));
	return store_account_flags_set(tx, a, flags[draw(4)], one_in(5) ? 0 : ACCOUNT_SUSPENDED | ACCOUNT_LIMITED);
}

static bool in_memory(int64_t reader) { return cache_find(feed_cache(site.feed), PIECE_READER, reader) != NULL; }

/* A moderator's decision makes memory forget the account it is about, and no reader else. */
static void decide(void) {
	const int64_t about = people[draw(PEOPLE)];
	bool were[PEOPLE];
	for (int i = 0; i < PEOPLE; i++)
		were[i] = in_memory(people[i]);
	ok(tx_run(db, account_tx, (void *)(uintptr_t)&about));
	for (int i = 0; i < PEOPLE; i++)
		must(people[i] == about ? !in_memory(about) : in_memory(people[i]) == were[i]);
}

static void change(void) {
	int64_t id = some_post();
	switch (draw(40)) {
	case 0: ok(tx_run(db, edit_tx, &id)); break;
	case 1:
	case 2: ok(tx_run(db, delete_tx, &id)); break;
	case 3:
	case 4:
	case 5:
	case 6: ok(tx_run(db, follow_tx, NULL)); break;
	case 7:
	case 8: ok(tx_run(db, shun_tx, NULL)); break;
	case 9: ok(tx_run(db, thread_tx, NULL)); break;
	case 10: ok(tx_run(db, tag_tx, NULL)); break;
	case 11:
	case 12: ok(tx_run(db, list_tx, NULL)); break;
	case 13: ok(tx_run(db, filter_tx, NULL)); break;
	case 14:
		if (one_in(3))
			decide();
		break;
	default: do_post();
	}
	arena_reset(scratch);
}

/* ── the oracle ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char oracle_sets[] =
    "shunned AS (SELECT target_id AS id FROM block, me WHERE account_id = viewer"
    " UNION SELECT account_id FROM block, me WHERE target_id = viewer"
    " UNION SELECT target_id FROM mute, me WHERE account_id = viewer AND (expires_at IS NULL OR expires_at > now)),"
    "blockers AS (SELECT account_id AS id FROM block, me WHERE target_id = viewer),"
    "muted_threads AS (SELECT thread_id AS id FROM thread_mute, me WHERE account_id = viewer),"
    "followed AS (SELECT target_id AS id, flags, languages FROM follow, me WHERE account_id = viewer),"
    "entry AS (SELECT s.*, coalesce(s.thread_id, s.id) AS thread, coalesce(s.boost_of_id, s.id) AS post_id,"
    " coalesce(s.boost_author_id, s.reply_to_author_id, s.author_id) AS other_id, a.flags AS author_flags"
    " FROM status s JOIN account a ON a.id = s.author_id WHERE a.flags & 1568 = 0"
    " AND (s.boost_of_id IS NULL OR EXISTS (SELECT 1 FROM status p WHERE p.id = s.boost_of_id))),"
    "pleasant AS (SELECT e.* FROM entry e, me WHERE e.author_id NOT IN (SELECT id FROM shunned)"
    " AND (e.other_id = e.author_id OR e.other_id = viewer OR e.other_id NOT IN (SELECT id FROM shunned))"
    " AND (e.boost_of_id IS NOT NULL OR e.author_id = viewer OR e.thread NOT IN (SELECT id FROM muted_threads))),";

#define REPLY_FINE "e.flags & 256 = 0 OR e.reply_to_author_id = e.author_id OR e.reply_to_author_id = viewer"

static const char *const oracle_candidates[] = {
    [FEED_HOME] = "SELECT e.id, e.post_id, 0 AS open FROM entry e, me WHERE e.author_id = viewer"
                  " UNION ALL SELECT e.id, e.post_id, 0 FROM pleasant e JOIN followed f ON f.id = e.author_id, me"
                  "  WHERE e.author_id NOT IN (SELECT m.account_id FROM list l JOIN list_member m ON m.list_id = l.id, me WHERE "
                  "l.account_id = viewer AND l.exclusive <> 0)"
                  "  AND CASE WHEN e.boost_of_id IS NOT NULL THEN f.flags & 1 = 0 ELSE"
                  "   (f.languages IS NULL OR e.language IS NULL OR ',' || f.languages || ',' LIKE '%,' || e.language || ',%')"
                  "   AND (" REPLY_FINE " OR e.reply_to_author_id IN (SELECT id FROM followed)) END"
                  " UNION ALL SELECT e.id, e.post_id, 1 FROM pleasant e JOIN status_tag t ON t.status_id = e.id JOIN tag_follow w ON "
                  "w.tag_id = t.tag_id"
                  "  JOIN me ON w.account_id = viewer WHERE e.flags & 515 = 0",
    [FEED_LIST] =
        "SELECT e.id, e.post_id, 0 AS open FROM pleasant e JOIN list_member m ON m.account_id = e.author_id JOIN me ON m.list_id = source"
        " JOIN list l ON l.id = source AND l.account_id = viewer"
        " WHERE e.flags & 3 <> 3 AND (e.flags & 3 <> 2 OR e.author_id = viewer OR e.author_id IN (SELECT id FROM followed))"
        " AND (e.boost_of_id IS NOT NULL OR e.author_id = viewer OR " REPLY_FINE
        "  OR (l.replies = 1 AND e.reply_to_author_id IN (SELECT account_id FROM list_member x WHERE x.list_id = source))"
        "  OR (l.replies = 2 AND e.reply_to_author_id IN (SELECT id FROM followed)))",
    [FEED_PUBLIC] = "SELECT e.id, e.post_id, 1 AS open FROM pleasant e, me WHERE e.flags & 515 = 0 AND (e.flags & 256 = 0 OR "
                    "e.reply_to_author_id = e.author_id)",
    [FEED_TAGS] = "SELECT e.id, e.post_id, 1 AS open FROM pleasant e JOIN status_tag t ON t.status_id = e.id JOIN me ON t.tag_id = source "
                  "WHERE e.flags & 515 = 0",
    [FEED_AUTHOR] = "SELECT e.id, e.post_id, 0 AS open FROM entry e JOIN me ON e.author_id = source"
                    " WHERE e.flags & 3 <> 3 AND e.author_id NOT IN (SELECT id FROM blockers)",
};

#define ROW_SEEN(s) \
	"(" s ".author_id = viewer OR (" s ".author_id NOT IN (SELECT id FROM blockers) AND (" s ".flags & 3 < 2" \
	" OR (" s ".flags & 3 = 2 AND " s ".author_id IN (SELECT id FROM followed))" \
	" OR viewer IN (SELECT account_id FROM mention WHERE status_id = " s ".id))))"

static const char oracle_page[] =
    "ranked AS (SELECT id, post_id, open, row_number() OVER (ORDER BY id DESC) AS place FROM"
    " (SELECT id, post_id, min(open) AS open FROM candidate GROUP BY id, post_id) c),"
    "unrepeated AS (SELECT id, post_id, open, place - lag(place) OVER (PARTITION BY post_id ORDER BY id DESC) AS distance FROM ranked)"
    " SELECT u.id FROM unrepeated u JOIN entry e ON e.id = u.id JOIN status p ON p.id = u.post_id JOIN account pa ON pa.id = p.author_id, "
    "me"
    " WHERE (NOT windowed OR u.distance IS NULL OR u.distance > 40)"
    " AND " ROW_SEEN("e") " AND (p.author_id = viewer OR pa.flags & 1568 = 0) AND " ROW_SEEN(
        "p") " AND (profile OR p.author_id = viewer OR p.id NOT IN (SELECT status_id FROM mention WHERE account_id IN (SELECT id FROM "
             "shunned)))"
             " AND (profile OR e.boost_of_id IS NULL OR p.author_id = viewer OR coalesce(p.thread_id, p.id) NOT IN (SELECT id FROM "
             "muted_threads))"
             " AND (open = 0 OR e.author_id = viewer OR e.author_flags & 64 = 0 OR e.author_id IN (SELECT id FROM followed))"
             " AND (p.author_id = viewer OR NOT EXISTS (SELECT 1 FROM filter f WHERE f.account_id = viewer AND f.action = 1 AND f.contexts "
             "& context <> 0"
             "  AND (f.expires_at IS NULL OR f.expires_at > now)"
             "  AND (EXISTS (SELECT 1 FROM filter_status x WHERE x.filter_id = f.id AND x.status_id = p.id)"
             "   OR EXISTS (SELECT 1 FROM filter_keyword k WHERE k.filter_id = f.id AND (' ' || p.text || ' ') LIKE"
             "    CASE WHEN k.whole_word <> 0 THEN '% ' || lower(k.keyword) || ' %' ELSE '%' || lower(k.keyword) || '%' END))))";

static struct str oracle_sql(struct arena *a, const struct feed_query *q, bool windowed, int64_t now) {
	static const int contexts[] = {[FEED_HOME] = FILTER_HOME,
	                               [FEED_LIST] = FILTER_HOME,
	                               [FEED_PUBLIC] = FILTER_PUBLIC,
	                               [FEED_TAGS] = FILTER_PUBLIC,
	                               [FEED_AUTHOR] = FILTER_ACCOUNT};
	struct str sql =
	    arena_printf(a,
	                 "WITH me AS (SELECT CAST(%lld AS BIGINT) AS viewer, CAST(%lld AS BIGINT) AS now, CAST(%lld AS BIGINT) AS source,"
	                 " CAST(%d AS BIGINT) AS context, %s AS windowed, %s AS profile), %s candidate AS (%s), %s",
	                 (long long)q->viewer, (long long)now, (long long)q->id, contexts[q->kind], windowed ? "TRUE" : "FALSE",
	                 q->kind == FEED_AUTHOR ? "TRUE" : "FALSE", oracle_sets, oracle_candidates[q->kind], oracle_page);
	if (q->without_boosts)
		sql = arena_printf(a, "%.*s AND e.boost_of_id IS NULL", S_ARG(sql));
	if (q->without_replies)
		sql = arena_printf(a, "%.*s AND (e.flags & 256 = 0 OR e.reply_to_author_id = e.author_id)", S_ARG(sql));
	if (q->only_media)
		sql = arena_printf(a, "%.*s AND e.flags & 8 <> 0", S_ARG(sql));
	for (size_t i = 0; i < q->none_n; i++)
		sql = arena_printf(a, "%.*s AND p.id NOT IN (SELECT status_id FROM status_tag WHERE tag_id = %lld)", S_ARG(sql),
		                   (long long)q->none[i]);
	for (size_t i = 0; i < q->all_n; i++)
		sql = arena_printf(a, "%.*s AND p.id IN (SELECT status_id FROM status_tag WHERE tag_id = %lld)", S_ARG(sql),
		                   (long long)q->all[i]);
	if (q->max_id)
		sql = arena_printf(a, "%.*s AND u.id < %lld", S_ARG(sql), (long long)q->max_id);
	if (q->since_id)
		sql = arena_printf(a, "%.*s AND u.id > %lld", S_ARG(sql), (long long)q->since_id);
	if (q->min_id)
		sql = arena_printf(a, "%.*s AND u.id > %lld", S_ARG(sql), (long long)q->min_id);
	return arena_printf(a, "%.*s ORDER BY u.id %s LIMIT %d", S_ARG(sql), q->min_id ? "ASC" : "DESC", q->limit);
}

static sqlite3 *lite;
static PGconn *pg;

static size_t ask_oracle(struct str sql, int64_t *out) {
	size_t n = 0;
	if (pg) {
		PGresult *res = PQexec(pg, sql.p);
		if (PQresultStatus(res) != PGRES_TUPLES_OK)
			fprintf(stderr, "%s%s\n", PQerrorMessage(pg), sql.p);
		must(PQresultStatus(res) == PGRES_TUPLES_OK);
		for (; n < (size_t)PQntuples(res); n++)
			out[n] = atoll(PQgetvalue(res, (int)n, 0));
		PQclear(res);
		return n;
	}
	sqlite3_stmt *s;
	if (sqlite3_prepare_v2(lite, sql.p, -1, &s, NULL))
		fprintf(stderr, "%s\n%s\n", sqlite3_errmsg(lite), sql.p);
	must(s);
	while (sqlite3_step(s) == SQLITE_ROW)
		out[n++] = sqlite3_column_int64(s, 0);
	must(!sqlite3_finalize(s));
	return n;
}

/* ── comparing ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t checks, from_memory;

static struct feed_query some_query(void) {
	struct feed_query q = {.kind = (enum feed_kind)draw(5), .viewer = people[draw(PEOPLE)], .limit = 1 + (int)draw(40)};
	if (one_in(3))
		q.kind = FEED_HOME;
	switch (q.kind) {
	case FEED_LIST: {
		const uint32_t i = draw(LISTS);
		q.id = lists[i];
		q.viewer = list_owners[i];
		break;
	}
	case FEED_AUTHOR:
		q.id = somebody();
		q.without_boosts = one_in(3);
		q.without_replies = one_in(3);
		break;
	case FEED_TAGS:
		q.id = tags[draw(TAGS)];
		q.all = &tags[draw(TAGS)];
		q.all_n = one_in(3);
		q.none = &tags[draw(TAGS)];
		q.none_n = one_in(3);
		break;
	default: break;
	}
	if (q.kind != FEED_HOME && q.kind != FEED_LIST)
		q.only_media = one_in(4);
	if (q.kind >= FEED_PUBLIC && one_in(4))
		q.viewer = 0;
	const int64_t near = some_post() + draw(3) - 1;
	if (one_in(2))
		q.max_id = near;
	else if (one_in(3))
		q.since_id = near;
	else if (one_in(2))
		q.min_id = near;
	return q;
}

/* The page from memory (db NULL; false: it could not tell), or with the database's help. */
static bool page_of(struct db *with, struct arena *a, const struct feed_query *q, struct feed_page *out) {
	struct pass p = pass_of(site.feed, with, a, q->viewer);
	feed_open(site.feed, q);
	do {
		pass_enter(&p);
		feed_merge(&p, q, out);
	} while (pass_leave(&p));
	ok(p.error);
	return !p.missed;
}

static void compare(const struct feed_query *q, const struct feed_page *page, const int64_t *want, size_t n, const char *how,
                    struct str sql) {
	bool same = page->n == n;
	for (size_t i = 0; same && i < n; i++)
		same = page->v[i].id == want[q->min_id ? n - 1 - i : i];
	if (same)
		return;
	fprintf(stderr, "%s: kind %d viewer %lld id %lld max %lld since %lld min %lld limit %d\nfeed:", how, q->kind, (long long)q->viewer,
	        (long long)q->id, (long long)q->max_id, (long long)q->since_id, (long long)q->min_id, q->limit);
	for (size_t i = 0; i < page->n; i++)
		fprintf(stderr, " %lld", (long long)page->v[i].id);
	fprintf(stderr, "\nsql: ");
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, " %lld", (long long)want[q->min_id ? n - 1 - i : i]);
	fprintf(stderr, "\n%s\n", sql.p);
	abort();
}

static void check(struct arena *a) {
	static int64_t want[PAGE_MOST];
	const struct feed_query q = some_query();
	const struct str sql = oracle_sql(a, &q, q.kind == FEED_HOME || q.kind == FEED_LIST, clock_ms());
	const size_t n = ask_oracle(sql, want);
	struct feed_page page;
	if (page_of(NULL, a, &q, &page)) {
		compare(&q, &page, want, n, "from memory", sql);
		from_memory++;
	}
	must(page_of(db, a, &q, &page));
	compare(&q, &page, want, n, "with the database", sql);
	db_rest(db);
	checks++;
	arena_reset(a);
}

/* ── audiences ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static int64_t asked, wanted_cold;

static int ascending(const void *x, const void *y) {
	const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

/* Of one post in one kind of feed, for everybody at once: some in memory, some not. */
static void check_audience(struct arena *a) {
	struct feed_query q = {.kind = (enum feed_kind)draw(FEED_AUTHOR), .limit = 1};
	struct wish v[PEOPLE];
	const int64_t post = some_post();
	const uint32_t list = draw(LISTS);
	size_t n = PEOPLE;
	int64_t sorted[PEOPLE], found[PAGE_MOST];
	memcpy(sorted, people, sizeof sorted);
	qsort(sorted, PEOPLE, sizeof *sorted, ascending);
	q.id = q.kind == FEED_LIST ? lists[list] : q.kind == FEED_TAGS ? tags[draw(TAGS)] : 0;
	for (size_t i = 0; i < PEOPLE; i++)
		v[i] = (struct wish){.viewer = sorted[i]};
	if (q.kind == FEED_LIST) {
		v[0].viewer = list_owners[list];
		n = 1;
	}
	for (size_t i = 0; i < n; i++)
		if (one_in(3))
			ok(audience_warm(site.feed, db, a, v[i].viewer));
		else if (one_in(2))
			cache_drop(feed_cache(site.feed), PIECE_READER, v[i].viewer);
	ok(audience_wants(site.feed, db, a, q.kind, q.id, post, v, n));
	q.max_id = post + 1;
	q.since_id = post - 1;
	for (size_t i = 0; i < n; i++) {
		q.viewer = v[i].viewer;
		const struct str sql = oracle_sql(a, &q, false, clock_ms());
		const bool want = ask_oracle(sql, found) == 1;
		if (want != v[i].wants)
			fprintf(stderr, "post %lld, kind %d, id %lld: viewer %lld (cold: %d) wants it: %d, sql says %d\n%s\n",
			        (long long)post, q.kind, (long long)q.id, (long long)v[i].viewer, v[i].cold, v[i].wants, want, sql.p);
		must(want == v[i].wants);
		asked++;
		wanted_cold += v[i].wants && v[i].cold;
	}
	db_rest(db);
	arena_reset(a);
}

/* ── the cast ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static err cast_tx(struct tx *tx, void *arg) {
	TRY(tx_journal(tx, J_BULK_LOADED, 0, 0, 0));
	for (int i = 0; i < PEOPLE; i++) {
		const struct account_row a = {.id = people[i], .username = arena_printf(scratch, "person%d", i), .changed_at = 1};
		TRY(store_account_insert(tx, &a));
	}
	for (int i = 0; i < TAGS; i++) {
		const struct str name = arena_printf(scratch, "tag%d", i);
		TRY(store_tag_ensure(tx, name, name, tags[i], &tags[i]));
	}
	for (int i = 0; i < LISTS; i++) {
		const struct list l = {.id = lists[i], .account_id = list_owners[i], .title = S("list")};
		TRY(store_list_put(tx, &l));
	}
	return NULL;
}

static void start(void) {
	const char *url = getenv("TEST_PG");
	must(mkdtemp(folder));
	ok(store_open(&store, url ? str_of(url) : S("sqlite:freehold.db"), str_of(folder)));
	ok(db_open(&db, store));
	site = (struct site){.base_url = S("https://example.org"), .domain = S("example.org")};
	/* So little memory that pieces and sources go all the time. */
	site.feed = feed_new(400 * 1000);
	view_loaders(&site);
	store_on_commit(store, feed_apply, site.feed);
	scratch = arena_new();
	clock_of_posts = clock_ms() - 86400000LL * 365;
	for (int i = 0; i < PEOPLE; i++)
		people[i] = id_new();
	for (int i = 0; i < TAGS; i++)
		tags[i] = id_new();
	for (int i = 0; i < LISTS; i++) {
		lists[i] = id_new();
		list_owners[i] = people[i];
	}
	ok(tx_run(db, cast_tx, NULL));
	if (url) {
		pg = PQconnectdb(url);
		must(PQstatus(pg) == CONNECTION_OK);
	} else {
		must(!sqlite3_open(arena_printf(scratch, "%s/freehold.db", folder).p, &lite));
	}
}

static void stop(void) {
	PQfinish(pg);
	sqlite3_close(lite);
	db_close(&db);
	feed_free(&site.feed);
	store_close(&store);
	arena_free(&scratch);
	vec_free(&posts);
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	must(!system(command));
}

int main(int argc, char **argv) {
	int64_t ms = 8000;
	chance = (uint64_t)clock_mono_ns();
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--long"))
			ms = 120000;
		else
			chance = strtoull(argv[i], NULL, 10);
	}
	printf("seed %llu\n", (unsigned long long)chance);
	fflush(stdout);
	chance |= 1;
	struct arena *a = arena_new();
	start();
	const int64_t end = clock_mono_ms() + ms;
	for (int i = 0; i < 200; i++)
		change();
	while (clock_mono_ms() < end && posts.n < 1500) {
		for (uint32_t i = 0, n = draw(12); i < n; i++)
			change();
		for (int i = 0; i < 6; i++)
			check(a);
		if (one_in(4))
			check_audience(a);
	}
	while (clock_mono_ms() < end)
		check(a);
	printf("%lld pages compared, %lld of them also from memory alone, %zu posts; %lld asked whether they want one, %lld who do were "
	       "not in memory\n",
	       (long long)checks, (long long)from_memory, posts.n, (long long)asked, (long long)wanted_cold);
	must(from_memory > checks / 10);
	must(wanted_cold || asked < 500);
	arena_free(&a);
	stop();
	return 0;
}
