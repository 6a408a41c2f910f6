/* HTML of a post as plain text: paragraphs and line breaks stay, tags go, character references become characters. For importing posts; what
 * comes out is text and is escaped again where it is shown. Pure. */
#ifndef WIRE_HTML_TEXT_H
#define WIRE_HTML_TEXT_H

#include "base/buf.h"

/* Appends; spaces at both ends are not. Of bytes that are UTF-8 comes UTF-8 without NUL. */
void html_text_plain(struct buf *out, struct str html);

/* The character references alone: of texts that are escaped but have no tags (X writes them so). */
void html_text_references(struct buf *out, struct str text);

#endif
