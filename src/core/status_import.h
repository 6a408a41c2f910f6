/* Posts of one's own from elsewhere: local and back-dated. They get ids of their original time, enter no stream and no notification, and
 * whom they mention is not told: names stay text. */
#ifndef CORE_STATUS_IMPORT_H
#define CORE_STATUS_IMPORT_H

#include "core/ctx.h"

enum { IMPORT_TEXT_MAX = 64 * 1024, IMPORT_MEDIA_MAX = 16 };

struct import_post {
	struct str source;   /* what it is called there, unique: "x:1234", its URI */
	struct str reply_to; /* likewise, of what it replies to; empty: nothing */
	struct str text, warning, language;
	int64_t at;     /* ms */
	int visibility; /* never direct: whom it was for is not here */
	bool sensitive;
	const int64_t *media; /* the viewer's own loose attachments */
	size_t media_count;
};

/* *known: it came before, *id is that post then. Replies to posts that were imported join them. ERR_INVALID for a time that cannot be, or a
 * text that is empty, too long or not UTF-8. */
err status_import(struct ctx *c, const struct import_post *p, int64_t *id, bool *known);

#endif
