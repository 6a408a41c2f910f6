/* Posts out of archives of other places. The archive is read twice, in constant memory: its files are put aside, then the posts are
 * taken. What it unpacks to is bounded, and pictures and films are decoded behind the same walls as all others. */
#include "api/media.h"
#include "config/config.h"
#include "core/media.h"
#include "core/site.h"
#include "move/posts_in.h"
#include "move/spool.h"
#include "move/transfer_run.h"
#include "move/unpack.h"
#include "wire/json_items.h"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

/* What a whole archive may unpack to, and the piece that is read at once. */
enum { PIECE = 64 * 1024 };
static const int64_t unpack_most = (int64_t)256 << 30;

struct posts {
	struct transfer_run *r;
	struct unpack *u; /* NULL: one file, diaspora*'s */
	int64_t position; /* in that one */
	struct json_items items;
	struct str actor; /* whose archive it is: who wrote the first post */
	struct arena *kept;
	struct spool *files;
};

typedef bool (*read_fn)(struct arena *a, json_t *item, struct foreign_post *out, const char **why);

static struct str short_text(struct str s) { return str_first(s, 60); }

/* Bytes of the spool in memory, as far as they are looked at. */
struct mapped {
	void *at;
	size_t n;
};

static err map(const struct spooled *at, struct mapped *out, struct str *bytes) {
	int64_t page = sysconf(_SC_PAGESIZE), from = at->offset / page * page;
	out->n = (size_t)(at->offset - from + at->size);
	out->at = mmap(NULL, out->n, PROT_READ, MAP_PRIVATE, at->fd, (off_t)from);
	if (out->at == MAP_FAILED)
		return err_private(ERR_UNAVAILABLE, "a file of the archive cannot be read: %m");
	*bytes = str_mem((const char *)out->at + (at->offset - from), (size_t)at->size);
	return NULL;
}

/* As an attachment of one's own, like an upload: of a film the rest is a job's. */
static err keep_file(struct ctx *c, const struct spooled *at, struct str description, int64_t *id) {
	struct upload u = {.fd = -1};
	struct media_text text = {.description = description};
	struct mapped m;
	struct media row;
	if (media_description(description, &text.description))
		text.description = STR_NONE;
	TRY(map(at, &m, &u.mem));
	err e = api_media_take(c, &u, MEDIA_IMAGE, &text, &row);
	munmap(m.at, m.n);
	*id = e ? 0 : row.id;
	return e;
}

/* What is no picture, film or sound, or is not there, is told and left out. */
static err take_file(struct posts *p, const struct foreign_post *f, const struct post_file *file, int64_t *id) {
	struct spooled at = {0};
	*id = 0;
	err e = spool_find(p->files, file->name, &at) ? keep_file(&p->r->c, &at, file->description, id)
	                                              : err_public(ERR_NOT_FOUND, "it is not in the archive, or too large");
	if (!e || !transfer_is_about_line(e))
		return e;
	struct err why = *e;
	transfer_refuse(p->r, p->items.index, "%.*s: its file %.*s: %s", S_ARG(short_text(f->post.source)), S_ARG(short_text(file->name)),
	                why.text);
	return NULL;
}

static err take_files(struct posts *p, struct foreign_post *f) {
	int64_t *ids = arena_many(p->r->c.arena, int64_t, f->file_count + 1), before;
	TRY(store_import_source(p->r->c.db, p->r->c.viewer, f->post.source, &before));
	for (size_t i = 0; i < f->file_count && !before; i++) {
		TRY(take_file(p, f, &f->files[i], &ids[f->post.media_count]));
		f->post.media_count += ids[f->post.media_count] != 0;
	}
	f->post.media = ids;
	return NULL;
}

static err take(struct posts *p, struct foreign_post *f) {
	struct transfer_run *r = p->r;
	int64_t id;
	bool known;
	if (!p->actor.n)
		p->actor = arena_str(p->kept, f->actor);
	if (!str_eq(p->actor, f->actor)) {
		transfer_refuse(r, p->items.index, "%.*s: somebody else wrote it", S_ARG(short_text(f->post.source)));
		return NULL;
	}
	TRY(take_files(p, f));
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
	r->t.position = p->u ? unpack_position(p->u) : p->position;
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

/* diaspora*'s is one JSON document, in gzip or not; its photos are elsewhere. Its private key is passed over as all else. */
static err read_document(struct posts *p, int fd) {
	char piece[PIECE];
	int copy = dup(fd);
	gzFile z = copy >= 0 && lseek(copy, 0, SEEK_SET) == 0 ? gzdopen(copy, "rb") : NULL;
	int64_t all = 0;
	int got = 0;
	err e = NULL;
	if (!z) {
		if (copy >= 0)
			close(copy);
		return err_private(ERR_UNAVAILABLE, "an archive cannot be read: %m");
	}
	p->items = (struct json_items){.member = S("posts"), .level = 2};
	while (!e && (got = gzread(z, piece, sizeof piece)) > 0) {
		struct str rest = str_mem(piece, (size_t)got), item;
		p->position = gzoffset(z);
		while (!e && json_items_next(&p->items, &rest, &item))
			e = item_in(p, diaspora_post, item);
		all += got;
		if (!e && all > unpack_most)
			e = err_public(ERR_TOO_LARGE, "The archive unpacks to more than %lld MB", (long long)(unpack_most >> 20));
	}
	struct err kept = e ? *e : (struct err){0};
	bool over = p->items.over && got == 0 && gzeof(z);
	json_items_free(&p->items);
	gzclose(z);
	if (e)
		return err_copy(&kept);
	return over
	           ? NULL
	           : err_public(ERR_INVALID, "The archive is damaged, or none of diaspora*: its list of posts never ends, or is not there");
}

static err run(struct posts *p, int fd) {
	if (p->r->t.kind == TRANSFER_DIASPORA)
		return read_document(p, fd);

	TRY(unpack_open(&p->u, fd, unpack_most));
	TRY(spool_fill(&p->files, p->r->c.site->data_dir, p->u, config_number(p->r->c.site->config, SET_media_film_limit)));
	unpack_close(&p->u);
	TRY(unpack_open(&p->u, fd, unpack_most));
	return read_through(p);
}

err transfer_posts_in(struct transfer_run *r, int fd) {
	struct posts p = {.r = r, .kept = arena_new()};
	err e = run(&p, fd);
	struct err kept = e ? *e : (struct err){0};
	unpack_close(&p.u);
	spool_free(&p.files);
	arena_free(&p.kept);
	r->t.position = r->t.total;
	return e ? err_copy(&kept) : NULL;
}
