/* Mails as bytes: one plain text in UTF-8 to one recipient (RFC 5322; RFC 2047 for header words; RFC 2045 for the body). No I/O, no clock.
 * Any thread. */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include "base/buf.h"

struct message {
	struct str from_name; /* may be empty */
	struct str from, to;  /* bare addresses */
	struct str subject;
	struct str text; /* lines end in LF or CRLF */
	struct str id;   /* of Message-ID, without brackets: "123@example.org" */
	int64_t at;      /* ms, of Date */
};

/* Appends the whole message with CRLF lines. Control characters in header values become spaces. */
void message_put(struct buf *out, const struct message *m);

#endif
