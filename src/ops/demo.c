#include "ops/demo.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/must.h"
#include "core/draft.h"
#include "core/media.h"
#include "core/poll.h"
#include "core/site.h"
#include "media/decoder.h"
#include "store/account.h"
#include "store/card.h"
#include "store/favourite.h"
#include "store/follow.h"
#include "store/member.h"
#include "store/pin.h"
#include "store/poll.h"
#include "store/site.h"
#include "web/assets.h"

#include <openssl/sha.h>

#include <stdlib.h>
#include <time.h>

/* ── the tables: demo/people.def, demo/posts.def, demo/extras.def ── */

enum person {
#define PERSON(name, ...) name,
#include "ops/demo/people.def"
#undef PERSON
	PEOPLE
};

static const struct {
	const char *name, *display_name, *avatar, *header;
	int64_t flags;
	int days;
	const char *note, *fields;
} people[PEOPLE] = {
#define PERSON(name, display_name, avatar, header, flags, days, note, fields) \
	{#name, display_name, avatar, header, flags, days, note, fields},
#include "ops/demo/people.def"
#undef PERSON
};

enum post {
	p_none,
#define POST(key, ...) key,
#include "ops/demo/posts.def"
#undef POST
	POSTS
};

static const struct {
	enum person author;
	enum post reply_to;
	int days, hour, minute;
	const char *language;
	enum visibility visibility;
	const char *warning, *text;
} posts[POSTS] = {
#define POST(key, who, reply_to, days, hour, minute, language, visibility, warning, text) \
	[key] = {who, reply_to, days, hour, minute, language, visibility, warning, text},
#include "ops/demo/posts.def"
#undef POST
};

struct picture_of {
	enum post post;
	const char *file, *alt;
};
struct poll_of {
	enum post post;
	int days, multiple;
	const char *options;
};
struct boost_of {
	enum person who;
	enum post post;
	int days, hour, minute;
};
struct card_of {
	enum post post;
	const char *url, *title, *description, *provider;
};
#define PICTURE(...)
#define CARD(...)
#define POLL(...)
#define BOOST(...)
#define PIN(...)
static const struct picture_of pictures[] = {
#undef PICTURE
#define PICTURE(post, file, alt) {post, file, alt},
#include "ops/demo/extras.def"
#undef PICTURE
#define PICTURE(...)
};
static const struct card_of cards[] = {
#undef CARD
#define CARD(post, url, title, description, provider) {post, url, title, description, provider},
#include "ops/demo/extras.def"
#undef CARD
#define CARD(...)
};
static const struct poll_of polls[] = {
#undef POLL
#define POLL(post, days, multiple, options) {post, days, multiple, options},
#include "ops/demo/extras.def"
#undef POLL
#define POLL(...)
};
static const struct boost_of boosts[] = {
#undef BOOST
#define BOOST(who, post, days, hour, minute) {who, post, days, hour, minute},
#include "ops/demo/extras.def"
#undef BOOST
#define BOOST(...)
};
static const enum post pins[] = {
#undef PIN
#define PIN(post) post,
#include "ops/demo/extras.def"
#undef PIN
#define PIN(...)
};
#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ── one filling ── */

struct filling {
	struct ctx c;
	int64_t midnight; /* ms, of today, local time */
	int64_t now;
	int64_t account[PEOPLE], id[POSTS], thread[POSTS];
	struct media picture[COUNT(pictures)];
	bool has_picture[COUNT(pictures)];
	bool pictures_missing; /* said once */
	struct named named[POSTS];
};

static int64_t moment(const struct filling *f, int days, int hour, int minute) {
	int64_t at = f->midnight - (int64_t)days * 86400000 + (hour * 60 + minute) * 60000;
	return at < f->now ? at : at - 86400000;
}

/* The same on every machine, and spread. */
static unsigned chance(unsigned a, unsigned b, unsigned of) {
	return (unsigned)(str_hash(str_mem((unsigned[]){a, b, 17}, 3 * sizeof a)) % of);
}

static int64_t id_of(int64_t ms, unsigned a, unsigned b) { return id_at(ms, (uint16_t)chance(a, b, 65536)); }

static void put_fields(struct buf *out, struct str fields) {
	buf_byte(out, '[');
	for (bool first = true; fields.n; first = false) {
		struct str value = str_cut(&fields, '|'), name = str_cut(&value, '=');
		if (!first)
			buf_byte(out, ',');
		buf_lit(out, "{\"name\":");
		buf_json_string(out, name);
		buf_lit(out, ",\"value\":");
		buf_json_string(out, value);
		buf_lit(out, ",\"verified_at\":null}");
	}
	buf_byte(out, ']');
}

/* ── pictures: decoded like a stranger's. Where they cannot be, the demo does without. ── */

static bool keep_picture(struct filling *f, const char *file, int64_t account, enum media_kind kind, enum picture_shape shape,
                         const char *alt, struct media *out) {
	const struct asset *asset = asset_find(arena_printf(f->c.arena, "demo/%s.jpg", file));
	struct picture p;
	must(asset);
	err e = decoder_picture(f->c.arena, f->c.site->decoder, &(struct picture_source){.mem = asset->plain}, shape, &p);
	if (!e)
		e = media_create(&f->c, account, kind, &p, &(struct media_text){.description = str_of(alt)}, out);
	if (e && !f->pictures_missing)
		log_warn("the demo does without pictures: %s", e->cause[0] ? e->cause : e->text);
	f->pictures_missing |= e != NULL;
	return !e;
}

static void keep_pictures(struct filling *f, struct str avatars[PEOPLE], struct str headers[PEOPLE]) {
	struct media m;
	for (unsigned i = 0; i < PEOPLE; i++) {
		if (people[i].avatar[0] && keep_picture(f, people[i].avatar, f->account[i], MEDIA_AVATAR, PICTURE_AVATAR, "", &m))
			avatars[i] = m.key;
		if (people[i].header[0] && keep_picture(f, people[i].header, f->account[i], MEDIA_HEADER, PICTURE_HEADER, "", &m))
			headers[i] = m.key;
	}
	for (size_t i = 0; i < COUNT(pictures); i++)
		f->has_picture[i] = keep_picture(f, pictures[i].file, f->account[posts[pictures[i].post].author], MEDIA_IMAGE,
		                                 PICTURE_WHOLE, pictures[i].alt, &f->picture[i]);
}

/* ── people ── */

struct settling {
	struct filling *f;
	struct str avatars[PEOPLE], headers[PEOPLE];
};

static err put_person(struct tx *tx, const struct settling *s, unsigned i) {
	struct filling *f = s->f;
	BUF_AUTO fields = {0};
	put_fields(&fields, str_of(people[i].fields));
	struct account_row account = {
	    .id = f->account[i],
	    .username = str_of(people[i].name),
	    .display_name = str_of(people[i].display_name),
	    .note = str_of(people[i].note),
	    .fields = buf_str(&fields),
	    .avatar = s->avatars[i],
	    .header = s->headers[i],
	    .flags = people[i].flags | ACCOUNT_INDEXABLE,
	    .changed_at = id_ms(f->account[i]),
	};
	TRY(store_account_insert(tx, &account));
	struct member_row member = {
	    .account_id = f->account[i],
	    .email = arena_printf(f->c.arena, "%s@demo.invalid", people[i].name),
	    .flags = MEMBER_ACTIVE,
	    .locale = S("en"),
	    .last_login_at = f->now,
	};
	return store_member_insert(tx, &member);
}

static err settle(struct tx *tx, void *arg) {
	const struct settling *s = arg;
	TRY(tx_journal(tx, J_BULK_LOADED, 0, 0, 0));
	TRY(store_site_set(tx_db(tx), S("title"), S("Old Bridge")));
	TRY(store_site_set(
	    tx_db(tx), S("description"),
	    S("Neighbours along the river, between the mill and the old bridge. No advertisements, no algorithm, our own machine.")));
	for (unsigned i = 0; i < PEOPLE; i++)
		TRY(put_person(tx, s, i));
	for (unsigned i = 0; i < PEOPLE; i++)
		for (unsigned j = 0; j < PEOPLE; j++) {
			bool follows = i != j && i != pegel && chance(i, j, 100) < 68;
			int64_t later = s->f->account[i] > s->f->account[j] ? s->f->account[i] : s->f->account[j];
			struct follow follow = {.account_id = s->f->account[i],
			                        .target_id = s->f->account[j],
			                        .id = id_of(id_ms(later) + 3600000 * (1 + (int)chance(i, j, 9)), i, j)};
			if (follows)
				TRY(store_follow_put(tx, &follow, true));
		}
	return NULL;
}

/* ── what they wrote ── */

static err put_pictures(struct tx *tx, struct filling *f, enum post p) {
	int position = 0;
	for (size_t i = 0; i < COUNT(pictures); i++) {
		bool done;
		if (pictures[i].post != p || !f->has_picture[i])
			continue;
		TRY(store_media_attach(tx, f->picture[i].id, f->account[posts[p].author], f->id[p], position++, &done));
		must(done);
	}
	return NULL;
}

static bool pictured(const struct filling *f, enum post p) {
	for (size_t i = 0; i < COUNT(pictures); i++)
		if (pictures[i].post == p && f->has_picture[i])
			return true;
	return false;
}

static const struct poll_of *poll_of(enum post p) {
	for (size_t i = 0; i < COUNT(polls); i++)
		if (polls[i].post == p)
			return &polls[i];
	return NULL;
}

/* Everybody but the author votes, each for what their number says. */
static err put_poll(struct tx *tx, struct filling *f, enum post p, const struct poll_of *poll) {
	struct str options[8], rest = str_of(poll->options);
	size_t n = 0;
	while (rest.n)
		options[n++] = str_cut(&rest, '|');
	struct poll_draft d = {
	    .options = options, .option_count = n, .expires_in = (int64_t)poll->days * 86400, .multiple = poll->multiple != 0};
	TRY(poll_put(tx, f->id[p], &d, id_ms(f->id[p])));
	for (unsigned i = 0; i < PEOPLE; i++) {
		int64_t choice = chance(i, p, (unsigned)n);
		if (i != posts[p].author && i != pegel)
			TRY(store_poll_vote(tx, f->id[p], f->account[i], &choice, 1));
	}
	return NULL;
}

static err put_post(struct tx *tx, struct filling *f, enum post p) {
	enum post parent = posts[p].reply_to;
	const struct poll_of *poll = poll_of(p);
	const struct named *named = &f->named[p];
	f->thread[p] = parent ? f->thread[parent] : f->id[p];
	struct status s = {
	    .id = f->id[p],
	    .author_id = f->account[posts[p].author],
	    .flags = posts[p].visibility | (posts[p].warning[0] ? STATUS_SENSITIVE : 0) | (pictured(f, p) ? STATUS_HAS_MEDIA : 0) |
	             (poll ? STATUS_HAS_POLL : 0) | (named->account_count ? STATUS_HAS_MENTIONS : 0) |
	             (named->tag_count ? STATUS_HAS_TAGS : 0) | (parent ? STATUS_REPLY : 0),
	    .reply_to_id = parent ? f->id[parent] : 0,
	    .reply_to_author_id = parent ? f->account[posts[parent].author] : 0,
	    .thread_id = f->thread[p],
	    .text = str_of(posts[p].text),
	    .warning = str_of(posts[p].warning),
	    .language = str_of(posts[p].language),
	};
	TRY(store_status_insert(tx, &s));
	TRY(named_put(tx, s.id, named));
	TRY(put_pictures(tx, f, p));
	if (poll)
		TRY(put_poll(tx, f, p, poll));
	if (parent)
		TRY(store_status_count_add(tx, s.reply_to_id, 1, 0, 0));
	return store_status_of_account_add(tx, s.author_id, 1, id_ms(s.id));
}

/* Pictures are liked more, the river's level less. */
static err put_favourites(struct tx *tx, struct filling *f, enum post p) {
	unsigned likely = posts[p].author == pegel ? 12 : pictured(f, p) ? 72 : posts[p].reply_to ? 24 : 46;
	for (unsigned i = 0; i < PEOPLE; i++) {
		bool changed;
		int64_t at = id_ms(f->id[p]) + 60000 * (1 + (int)chance(i + 50, p, 600));
		if (i == posts[p].author || i == pegel || chance(i, p + 1000, 100) >= likely || at > f->now)
			continue;
		TRY(store_favourite_insert(tx, f->account[i], f->id[p], id_of(at, i, p), &changed));
		TRY(store_status_count_add(tx, f->id[p], 0, 0, 1));
	}
	return NULL;
}

static err put_boost(struct tx *tx, struct filling *f, const struct boost_of *b) {
	struct status s = {
	    .id = id_of(moment(f, b->days, b->hour, b->minute), b->who, b->post),
	    .author_id = f->account[b->who],
	    .flags = VISIBILITY_PUBLIC | STATUS_BOOST,
	    .boost_of_id = f->id[b->post],
	    .boost_author_id = f->account[posts[b->post].author],
	};
	s.thread_id = s.id;
	TRY(store_status_insert(tx, &s));
	TRY(store_status_count_add(tx, s.boost_of_id, 0, 1, 0));
	return store_status_of_account_add(tx, s.author_id, 1, id_ms(s.id));
}

static err put_card(struct tx *tx, struct filling *f, const struct card_of *of) {
	struct card k = {
	    .id = id_new(),
	    .url = str_of(of->url),
	    .state = CARD_READY,
	    .fetched_at = f->now,
	    .title = str_of(of->title),
	    .description = str_of(of->description),
	    .provider = str_of(of->provider),
	    .language = str_of(posts[of->post].language),
	};
	SHA256((const unsigned char *)of->url, strlen(of->url), (unsigned char *)k.hash);
	TRY(store_card_insert(tx, &k));
	TRY(store_card_update(tx, &k));
	return store_card_link(tx, f->id[of->post], k.id);
}

static err tell(struct tx *tx, void *arg) {
	struct filling *f = arg;
	TRY(tx_journal(tx, J_BULK_LOADED, 0, 0, 0));
	for (enum post p = 1; p < POSTS; p++)
		TRY(put_post(tx, f, p));
	for (enum post p = 1; p < POSTS; p++)
		TRY(put_favourites(tx, f, p));
	for (size_t i = 0; i < COUNT(boosts); i++)
		TRY(put_boost(tx, f, &boosts[i]));
	for (size_t i = 0; i < COUNT(cards); i++)
		TRY(put_card(tx, f, &cards[i]));
	for (size_t i = 0; i < COUNT(pins); i++)
		TRY(store_pin_insert(tx, f->account[posts[pins[i]].author], f->id[pins[i]], id_new()));
	return NULL;
}

/* ── the whole ── */

static void choose_ids(struct filling *f) {
	for (unsigned i = 0; i < PEOPLE; i++)
		f->account[i] = id_of(moment(f, people[i].days + 1, 12, 0), i, 77);
	for (enum post p = 1; p < POSTS; p++)
		f->id[p] = id_of(moment(f, posts[p].days, posts[p].hour, posts[p].minute), p, 78);
}

static err fill(struct filling *f) {
	struct settling settling = {.f = f};
	choose_ids(f);
	keep_pictures(f, settling.avatars, settling.headers);
	TRY(tx_run(f->c.db, settle, &settling));
	for (enum post p = 1; p < POSTS; p++) {
		f->c.viewer = f->account[posts[p].author];
		TRY(draft_named(&f->c, str_of(posts[p].text), &f->named[p]));
	}
	db_rest(f->c.db);
	return tx_run(f->c.db, tell, f);
}

static int64_t midnight_before(int64_t now) {
	time_t at = (time_t)(now / 1000);
	struct tm tm;
	localtime_r(&at, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	return (int64_t)mktime(&tm) * 1000;
}

err demo_fill(struct site *site) {
	struct filling *f = xcalloc(1, sizeof *f);
	int64_t newest = 0;
	f->now = clock_ms();
	f->midnight = midnight_before(f->now);
	f->c = (struct ctx){.site = site, .arena = arena_new()};
	err e = db_open(&f->c.db, site->store);
	if (!e)
		e = store_newest_id(f->c.db, &newest);
	if (!e && newest)
		log_info("the network is not empty: nothing of the demo is added");
	if (!e && !newest) {
		log_info("filling the empty network with the demo");
		e = fill(f);
	}
	db_close(&f->c.db);
	arena_free(&f->c.arena);
	free(f);
	return e;
}
