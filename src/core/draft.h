/* What somebody asks to be posted: the checks and look-ups that a new post and an edit share, done before the transaction. */
#ifndef CORE_DRAFT_H
#define CORE_DRAFT_H

#include "core/ctx.h"
#include "store/status.h"

struct poll_draft {
	const struct str *options;
	size_t option_count;
	int64_t expires_in; /* seconds */
	bool multiple, hide_totals;
};

/* What an edit says anew of one of the post's attachments. */
struct picture_words {
	int64_t media;
	bool has_description, has_focus; /* what it does not have stays */
	struct str description;
	double focus_x, focus_y;
};

struct draft {
	struct str text, warning;
	struct str language;  /* empty: the author's default */
	int visibility;       /* enum visibility; -1: the author's default */
	int sensitive;        /* 0 or 1; -1: the author's default */
	int64_t reply_to_id;  /* 0: not a reply */
	int64_t app_id;       /* 0: the web client */
	const int64_t *media; /* in order */
	size_t media_count;
	const struct picture_words *words; /* of an edit; those of attachments the post does not have are passed over */
	size_t words_count;
	const struct poll_draft *poll; /* NULL: none */
	struct str idempotency;        /* the Idempotency-Key as sent; empty: none */
};

/* Trims texts, fills defaults from the author's settings, refuses what is blank, too long or impossible (ERR_INVALID with Mastodon's
 * words). */
err draft_check(struct ctx *c, struct draft *d);

/* Whom and what a text names: accounts (not those the author blocks, not the author, each once), hashtags (each once). */
struct named_tag {
	struct str folded, display;
};
struct named {
	int64_t *accounts;
	size_t account_count;
	struct named_tag *tags;
	size_t tag_count;
};
err draft_named(struct ctx *c, struct str text, struct named *out);

/* In a transaction: writes the mention and hashtag rows of the post. */
err named_put(struct tx *tx, int64_t status, const struct named *n);

#endif
