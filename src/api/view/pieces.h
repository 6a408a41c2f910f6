/* The pieces of posts and accounts: JSON made once per version, kept in the memory of feeds (feed/cache.h), joined for each viewer by
 * view/status.c and view/account.c. */
#ifndef API_VIEW_PIECES_H
#define API_VIEW_PIECES_H

#include "core/site.h"
#include "feed/feed.h"
#include "feed/head.h"

struct status_piece {
	struct status_head head;
	struct section json; /* the entity up to the value of "account" */
	/* A poll: its JSON up to the options, the options with and without votes. Whether it is over is decided when it is shown. */
	struct section poll, options, options_hidden;
	int64_t poll_ends_at; /* 0: none */
	bool poll_hides;      /* votes are shown after the end only */
	bool has_poll;
};

struct account_piece {
	struct account_head head;
	struct section json;         /* the whole entity */
	struct section name, handle; /* display name (or username), username: plain texts for pages */
};

/* Tells the site's feed how these are made. At the start. */
void view_loaders(struct site *site);

/* A piece as built: head is what it begins with, its sections point into b. The result is the arena's. */
struct piece *piece_finish(struct arena *a, struct buf *b, const void *head, size_t n);
/* Marks what was appended to b since `from` as a section. */
static inline struct section piece_since(const struct buf *b, size_t from) {
	return (struct section){(uint32_t)from, (uint32_t)(b->n - from)};
}

err status_piece_load(void *site, struct db *db, struct arena *a, int64_t id, struct piece **out);
err account_piece_load(void *site, struct db *db, struct arena *a, int64_t id, struct piece **out);

#endif
