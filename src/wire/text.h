/* What people's texts contain: mentions, hashtags, links, custom emoji; and how long a text counts.
 *
 * The rules are Mastodon's (its mention, hashtag and link patterns), over Unicode by utf8proc. No I/O; the text must be UTF-8. */
#ifndef WIRE_TEXT_H
#define WIRE_TEXT_H

#include "base/arena.h"

enum text_kind { TEXT_MENTION, TEXT_TAG, TEXT_LINK, TEXT_EMOJI };

/* One find: text.p + at, n bytes, with its sign ("@name@domain", "#tag", "https://…", ":name:"). Finds do not overlap and come in order. */
struct text_find {
	enum text_kind kind;
	size_t at, n;
	struct str name;   /* mention: the user's name; tag and emoji: without the sign; link: the whole address */
	struct str domain; /* mention: what follows the second @, with a port; else empty */
};
/* The next find at or after *at, which moves behind it. while (text_next(text, &at, &f)) … */
bool text_next(struct str text, size_t *at, struct text_find *f);

/* Characters as Mastodon counts them: grapheme clusters, a link as 23, a mention without its domain. */
size_t text_length(struct str text);

/* A hashtag's name by which it is found: lower case, NFKC, Latin letters without their accents. */
struct str text_tag_fold(struct arena *a, struct str name);

/* The words of a text as the search index keeps them: folded like hashtags, in order, each once per occurrence; scripts written without
 * spaces are cut into single characters. Links give the words of their host and path, mentions the name. */
void text_words(struct arena *a, struct str text, struct str **out, size_t *n);

#endif
