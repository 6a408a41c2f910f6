/* What the pieces of posts and accounts begin with: all that decides who may see them. The JSON after it is api/view's. */
#ifndef FEED_HEAD_H
#define FEED_HEAD_H

#include "feed/reader.h"
#include "store/status.h"

struct status_head {
	struct piece piece;
	int64_t author, flags; /* flags of enum status_flag */
	int64_t reply_to, reply_to_author;
	int64_t thread;
	int64_t boost_of, boost_author; /* 0: not a boost */
	uint16_t language;              /* source_language of its tag */
	struct section mentions, tags;  /* ascending ids of accounts and hashtags */
	struct section folded;          /* its texts, folded for filters (reader_fold) */
};

struct account_head {
	struct piece piece;
	int64_t flags; /* of enum account_flag */
};

static inline enum visibility head_visibility(const struct status_head *s) { return (enum visibility)(s->flags & STATUS_VISIBILITY); }

#endif
