/* A post as HTML for pages and feeds: what everybody may see of it, without counters and buttons. Needs a db. */
#ifndef WEB_POST_H
#define WEB_POST_H

#include "base/buf.h"
#include "core/ctx.h"
#include "store/account.h"
#include "store/card.h"
#include "store/media.h"
#include "store/mention.h"
#include "store/poll.h"
#include "store/status.h"
#include "web/words.h"

struct post {
	struct status status;
	struct account_row author;
	struct media *media;
	size_t media_count;
	struct mention *mentions;
	size_t mention_count;
	struct poll poll;
	bool has_poll;
	struct card card;
	bool has_card;
};

/* ERR_NOT_FOUND when the ctx's viewer may not see it, or it is a boost. author may be given to spare reading it again. */
err post_load(struct ctx *c, int64_t id, const struct account_row *author, struct post *out);

/* An <article>; its text's headings of its own kind. */
enum post_size { POST_IN_LIST, POST_ALONE };
void post_html(struct ctx *c, struct buf *out, const struct words *w, const struct post *p, enum post_size size);
/* The text alone, as a feed's content. */
void post_text_html(struct ctx *c, struct buf *out, const struct post *p);
/* Plain: the warning or the beginning of the text, for titles and descriptions; at most `most` bytes, whole words where it can. */
struct str post_plain(struct ctx *c, const struct post *p, size_t most);

/* "/@alice/ID" and the author's names. */
struct str post_path(struct arena *a, const struct post *p);
struct str account_title(struct arena *a, const struct account_row *r);                            /* display name, or @name */
struct str account_handle(struct arena *a, const struct site *site, const struct account_row *r);  /* "@alice@example.org" */
struct str account_picture(struct arena *a, const struct site *site, const struct account_row *r); /* address of the avatar */
/* The same, of 144 pixels. */
struct str account_small_picture(struct arena *a, const struct site *site, const struct account_row *r);

#endif
