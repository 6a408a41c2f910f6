/* Mail out: one message to one recipient, by SMTP (libcurl) or the machine's sendmail. Blocks; for jobs, not for loops. Any thread. */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include "base/err.h"

struct smtp_route {
	struct str
	    to; /* "smtp://[USER@]HOST[:PORT]" (STARTTLS where offered, always with a user), "smtps://…", "sendmail" or "sendmail:PATH" */
	struct str password; /* of USER; never sent without TLS but to a loopback address */
	struct str ca_file;  /* certificates to trust instead of the system's; may be empty */
	struct str helo;     /* the name we greet with */
	int64_t timeout_ms;  /* for the whole exchange; 0: a minute */
};

/* ERR_INVALID names what is wrong with the route: to be called at the start. */
err smtp_route_check(struct str to);

/* from and to are bare addresses; message is the whole RFC 5322 text with CRLF lines. NULL: the next server has taken it over.
 * ERR_UNAVAILABLE: worth another try (its cause says why); ERR_INVALID: refused for good (5xx, or a malformed address). */
err smtp_send(const struct smtp_route *r, struct str from, struct str to, struct str message);

#endif
