/* XML as object stores write it (Extensible Markup Language 1.0, the part of it they use): elements, text, references to characters and to
 * the five predefined entities, attributes that are passed over. No I/O. Any thread.
 *
 * Strict: one root, every tag closed in its order, at most XML_MAX_DEPTH deep, UTF-8. What a store has no reason to send is refused:
 * document types, entities of one's own, comments, CDATA, instructions but the declaration at the start. */
#ifndef WIRE_XML_H
#define WIRE_XML_H

#include "base/buf.h"

enum { XML_MAX_DEPTH = 16 };

enum xml_event {
	XML_OPEN,  /* *what: the element's name */
	XML_CLOSE, /* *what: the same; comes for <a/> too */
	XML_TEXT,  /* *what: text with its references, never empty; between elements also white space alone */
	XML_DONE,
	XML_BAD,
};

struct xml {
	struct str rest;
	struct str names[XML_MAX_DEPTH];
	int depth;
	bool closing, rooted, bad; /* closing: <a/> was just opened */
};

void xml_init(struct xml *x, struct str document);
/* Views into the document. After XML_DONE and XML_BAD it says the same again. */
enum xml_event xml_next(struct xml *x, struct str *what);
/* Appends text with its references resolved; false when one is none. */
bool xml_text(struct buf *out, struct str text);

#endif
