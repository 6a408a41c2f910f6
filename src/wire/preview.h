/* What a page of the web says of itself, for the card under a post that links to it: OpenGraph (ogp.me), Twitter's card names, <title> and
 * <meta name>. Read by libxml2's HTML parser as events, so that no tree is built, however deep the page is. No I/O. Any thread.
 *
 * All of it is plain text of a stranger: UTF-8 without control characters or marks that turn the writing's direction, spaces drawn
 * together, cut at a length. Addresses are as the page wrote them, perhaps relative to its own: who uses one checks it. */
#ifndef WIRE_PREVIEW_H
#define WIRE_PREVIEW_H

#include "base/arena.h"

enum { PREVIEW_LOOKED_AT = 1024 * 1024, PREVIEW_TITLE = 300, PREVIEW_WORDS = 600, PREVIEW_NAME = 100, PREVIEW_ADDRESS = 2048 };

/* Empty: the page does not say. */
struct preview {
	struct str title;                  /* at most PREVIEW_TITLE characters */
	struct str description, image_alt; /* PREVIEW_WORDS */
	struct str site, author;           /* PREVIEW_NAME */
	struct str image, author_url;      /* addresses, at most PREVIEW_ADDRESS bytes */
	struct str published;              /* article:published_time, as written */
	struct str language;               /* lang of the document, as "de" or "pt-BR" */
};

/* At most PREVIEW_LOOKED_AT bytes of the page are read. charset: of its Content-Type; empty: what the page itself says, else UTF-8 or what
 * it looks like. Never fails: of a page that says nothing everything is empty. The texts live in the arena. */
void preview_read(struct arena *a, struct str html, struct str charset, struct preview *out);

#endif
