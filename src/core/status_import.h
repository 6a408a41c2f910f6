/* Posts of one's own from elsewhere: local and back-dated. They get ids of their original time, enter no stream and no notification, and
 * whom they mention is not told: names stay text. */
#ifndef CORE_STATUS_IMPORT_H
#define CORE_STATUS_IMPORT_H

#include "core/ctx.h"

enum { IMPORT_TEXT_MAX = 64 * 1024, IMPORT_MEDIA_MAX = 16, IMPORT_OPTIONS_MAX = 20, IMPORT_VOTES_MAX = 1000000000 };

/* A poll as it stood when the archive was made: nobody votes in it here. */
struct import_poll {
	struct str options[IMPORT_OPTIONS_MAX];
	int64_t votes[IMPORT_OPTIONS_MAX];
	size_t option_count; /* 0: there is none */
	bool multiple;
	int64_t voters;
	int64_t ends; /* ms; 0: not known */
};

struct import_post {
	struct str source;   /* what it is called there, unique: "x:1234", its URI */
	struct str reply_to; /* likewise, of what it replies to; empty: nothing */
	struct str text, warning, language;
	int64_t at;     /* ms */
	int visibility; /* never direct: whom it was for is not here */
	bool sensitive;
	const int64_t *media; /* the viewer's own loose attachments */
	size_t media_count;
	struct import_poll poll;
};

/* *known: it came before, *id is that post then. Replies to posts that were imported join them. ERR_INVALID for a time that cannot be, or a
 * text or option of a poll that is empty, too long or not UTF-8. */
err status_import(struct ctx *c, const struct import_post *p, int64_t *id, bool *known);

#endif
