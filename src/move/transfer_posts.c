/* Posts out of archives of other places. The archive is read once for the posts, in constant memory; what it unpacks to is bounded. */
#include "move/posts_in.h"
#include "move/transfer_run.h"
#include "move/unpack.h"
#include "wire/json_items.h"

/* What a whole archive may unpack to, and the piece that is read at once. */
enum { PIECE = 64 * 1024 };
static const int64_t unpack_most = (int64_t)256 << 30;

struct posts {
	struct transfer_run *r;
	struct unpack *u;
	struct json_items items;
	struct str actor; /* whose archive it is: who wrote the first post */
	struct arena *kept;
	int64_t left_out; /* pictures and films */
};

typedef bool (*read_fn)(struct arena *a, json_t *item, struct foreign_post *out, const char **why);

static struct str short_text(struct str s) { return str_first(s, 60); }

static err take(struct posts *p, const struct foreign_post *f) {
	struct transfer_run *r = p->r;
	int64_t id;
	bool known;
	if (!p->actor.n)
		p->actor = arena_str(p->kept, f->actor);
	if (!str_eq(p->actor, f->actor)) {
		transfer_refuse(r, p->items.index, "%.*s: somebody else wrote it", S_ARG(short_text(f->post.source)));
		return NULL;
	}
	err e = status_import(&r->c, &f->post, &id, &known);
	if (e && transfer_is_about_line(e)) {
		struct err why = *e;
		transfer_refuse(r, p->items.index, "%.*s: %s", S_ARG(short_text(f->post.source)), why.text);
		return NULL;
	}
	TRY(e);
	++*(known ? &r->t.known : &r->t.taken);
	return NULL;
}

static err item_in(struct posts *p, read_fn read, struct str item) {
	struct transfer_run *r = p->r;
	json_error_t why;
	struct foreign_post f;
	const char *text;
	if (!item.n) {
		transfer_refuse(r, p->items.index, "it is longer than %d kB", JSON_ITEM_MAX >> 10);
		return NULL;
	}
	json_t *o = json_loadb(item.p, item.n, JSON_DECODE_ANY, &why);
	err e = NULL;
	if (!o)
		transfer_refuse(r, p->items.index, "it is no JSON: %s", why.text);
	else if (!read(r->c.arena, o, &f, &text))
		transfer_refuse(r, p->items.index, "%.*s: %s", S_ARG(short_text(item)), text);
	else
		e = take(p, &f);
	struct err kept = e ? *e : (struct err){0};
	json_decref(o);
	db_rest(r->c.db);
	arena_reset(r->c.arena);
	if (e)
		return err_copy(&kept);
	r->t.position = unpack_position(p->u);
	return transfer_step(r);
}

static err items_in(struct posts *p, read_fn read, struct str member) {
	char piece[PIECE];
	size_t got;
	p->items = (struct json_items){.member = member};
	do {
		struct str rest, item;
		TRY(unpack_read(p->u, piece, sizeof piece, &got));
		for (rest = str_mem(piece, got); json_items_next(&p->items, &rest, &item);)
			TRY(item_in(p, read, item));
	} while (got);
	if (p->items.over)
		return NULL;
	return err_public(ERR_INVALID, "The archive is damaged: its list of posts never ends, or is not there");
}

/* Whatever folder the archive has them in. "tweets.js", "tweets-part1.js" and, older, "tweet.js". */
static bool has_posts(enum transfer_kind kind, struct str name) {
	size_t at = name.n;
	while (at && name.p[at - 1] != '/')
		at--;
	struct str file = str_skip(name, at);
	if (kind == TRANSFER_MASTODON)
		return str_eq(file, S("outbox.json"));
	return str_eq(file, S("tweets.js")) || str_eq(file, S("tweet.js")) ||
	       (str_starts(file, S("tweets-part")) && str_ends(file, S(".js")));
}

static err read_through(struct posts *p) {
	struct unpack_entry entry;
	bool more, any = false;
	enum transfer_kind kind = p->r->t.kind;
	for (;;) {
		TRY(unpack_next(p->u, &entry, &more));
		if (!more)
			break;
		if (!has_posts(kind, entry.name))
			continue;
		any = true;
		err e = items_in(p, kind == TRANSFER_X ? x_post : mastodon_post, kind == TRANSFER_X ? STR_NONE : S("orderedItems"));
		struct err kept = e ? *e : (struct err){0};
		json_items_free(&p->items);
		if (e)
			return err_copy(&kept);
	}
	if (any)
		return NULL;
	return err_public(ERR_INVALID, "There is no %s in the archive", kind == TRANSFER_X ? "data/tweets.js" : "outbox.json");
}

err transfer_posts_in(struct transfer_run *r, int fd) {
	struct posts p = {.r = r};
	TRY(unpack_open(&p.u, fd, unpack_most));
	p.kept = arena_new();
	err e = read_through(&p);
	struct err kept = e ? *e : (struct err){0};
	unpack_close(&p.u);
	arena_free(&p.kept);
	r->t.position = r->t.total;
	return e ? err_copy(&kept) : NULL;
}
