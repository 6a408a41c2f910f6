/* The ways that text messages can take (sms.route; core/routes.h): gateways and modems (net/sms.h). */
#ifndef CORE_SMS_ROUTES_H
#define CORE_SMS_ROUTES_H

#include "core/routes.h"

#define SMS_JOB "sms"

extern const struct routes_kind sms_routes;

/* number: "+…" (wire/phone.h). Errors as of routes_send. */
err sms_routes_send(struct ctx *c, struct str number, struct str text);

/* The route as net/sms.h wants it, copied into the arena. */
struct sms_route;
void sms_route_get(struct ctx *c, size_t i, struct arena *a, struct sms_route *out);

#endif
