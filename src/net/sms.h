/* Text messages out: one message to one number, by a gateway's HTTP (wire/gateway.h) or a modem through the machine's gammu. Blocks; for
 * jobs, not for loops. Any thread. */
#ifndef NET_SMS_H
#define NET_SMS_H

#include "base/buf.h"
#include "base/err.h"

struct sms_route {
	struct str to;      /* "https://…{to}…{text}…", "gateway:/FILE" with a request in it, "gammu:/FILE", gammu's own settings */
	struct str ca_file; /* certificates to trust instead of the system's; may be empty */
};

/* ERR_INVALID names what is wrong with the route, or with the file it names: to be called at the start. */
err sms_route_check(struct str to);
/* The route as it may be shown: of an address, only where it leads. */
void sms_route_name(struct buf *out, struct str to);

/* number is as wire/phone.h writes it, text UTF-8. NULL: taken over. ERR_UNAVAILABLE: worth another try, or another route (its cause says
 * why, and neither number nor text); ERR_INVALID: this number is refused for good (400, 422 and the like, or what Freehold-Refused says).
 */
err sms_send(const struct sms_route *r, struct str number, struct str text);

/* Whether the route answers: of a gateway, that its server says anything at all; of a modem, that it tells what it is. Nothing is sent. */
err sms_ask(const struct sms_route *r);

#endif
