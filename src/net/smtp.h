/* Mail out: one message to one recipient, by SMTP (libcurl) or the machine's sendmail. Blocks; for jobs, not for loops. Any thread. */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include "base/buf.h"
#include "base/err.h"

struct smtp_route {
	struct str
	    to; /* "smtp://[USER[:PASSWORD]@]HOST[:PORT]" (STARTTLS where offered, always with a user), "smtps://…", "sendmail[:PATH]" */
	struct str password; /* of a USER without one in `to`; never sent without TLS but to a loopback address */
	struct str ca_file;  /* certificates to trust instead of the system's; may be empty */
	struct str helo;     /* the name we greet with */
	int64_t timeout_ms;  /* for the whole exchange; 0: a minute */
};

/* ERR_INVALID names what is wrong with the route: to be called at the start. */
err smtp_route_check(struct str to);
/* The route as it may be shown: without its password. */
void smtp_route_name(struct buf *out, struct str to);
/* It has a user and no password in it. */
bool smtp_route_wants_password(struct str to);

/* from and to are bare addresses; message is the whole RFC 5322 text with CRLF lines. NULL: the next server has taken it over.
 * ERR_UNAVAILABLE: worth another try, or another route (its cause says why); ERR_INVALID: this recipient is refused for good (5xx to RCPT,
 * or a malformed address). */
err smtp_send(const struct smtp_route *r, struct str from, struct str to, struct str message);

/* Whether the route would take a mail: greets the server, encrypts, logs in and leaves; of sendmail, that it can be run. */
err smtp_ask(const struct smtp_route *r);

#endif
