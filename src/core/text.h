/* Posts as typed become HTML: paragraphs, line breaks, links, mentions, hashtags (Mastodon's markup, which clients style).
 *
 * Pure: no database; the arena is scratch. Whom a text's mentions mean was decided when it was posted (the mention rows); the caller hands
 * them in. */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "base/arena.h"
#include "base/buf.h"
#include "core/site.h"

/* Somebody a text may name. domain is empty for one of ours; url empty: made from the site's address and the name. */
struct text_person {
	struct str username, domain, url;
};

/* Appends the HTML. Mentions link only to those among people; other "@name" stay text. ":shortcode:" stays as it is (clients replace it).
 */
void text_html(struct arena *a, struct buf *out, const struct site *site, struct str text, const struct text_person *people, size_t n);

/* The same for one line of a profile field: no paragraph around it. */
void text_html_inline(struct arena *a, struct buf *out, const struct site *site, struct str text);

/* The distinct names between colons in a text that might be custom emoji, as typed, in order. */
void text_shortcodes(struct arena *a, struct str text, struct str **out, size_t *n);

/* Address of a hashtag's page: BASE/tags/NAME, the name folded and escaped. */
void text_tag_url(struct arena *a, struct buf *out, const struct site *site, struct str name);

#endif
