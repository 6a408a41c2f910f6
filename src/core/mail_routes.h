/* The ways that mails can take (mail.route; core/routes.h): mail servers. Without any, mails are files in DATA/mail. */
#ifndef CORE_MAIL_ROUTES_H
#define CORE_MAIL_ROUTES_H

#include "core/routes.h"

extern const struct routes_kind mail_routes;

/* From and to are bare addresses, message the whole text (net/smtp.h). Errors as of routes_send. */
err mail_routes_send(struct ctx *c, struct str from, struct str to, struct str message);

/* The route as net/smtp.h wants it, copied into the arena. */
struct smtp_route;
err mail_route_get(struct ctx *c, size_t i, struct arena *a, struct smtp_route *out);

#endif
