/* The ways that mails can take (mail.route), tried in the order in which the owner wrote them, each behind a circuit breaker: what is away
 * is not asked for every mail. Any thread. Of many nodes one sends mails: only its breakers say anything. */
#ifndef CORE_MAIL_ROUTES_H
#define CORE_MAIL_ROUTES_H

#include "base/breaker.h"
#include "core/ctx.h"

struct config;
struct mail_routes;

/* ERR_INVALID names the route that cannot be used. Without any, mails are files in DATA/mail. */
err mail_routes_new(struct mail_routes **out, const struct config *config);
void mail_routes_free(struct mail_routes **r);

size_t mail_routes_count(const struct mail_routes *r);
/* No route would be asked now: a mail that is due had better wait. */
bool mail_routes_shut(struct mail_routes *r);
/* No route's breaker is closed: what cannot be sent now cannot for a reason that is not its own. */
bool mail_routes_away(struct mail_routes *r);

/* From and to are bare addresses, message the whole text (net/smtp.h). ERR_INVALID: every route refused this recipient for good.
 * ERR_UNAVAILABLE: to be tried again. */
err mail_routes_send(struct ctx *c, struct str from, struct str to, struct str message);

/* To be called after each try, with whether a server took or judged the mail: when all routes went away or one came back, the database says
 * so for every node, and what waits is due. */
err mail_routes_note(struct ctx *c, bool answered);
/* Since when no mail has left, by what the database says; 0: they leave. */
err mail_routes_away_since(struct ctx *c, int64_t *ms);

/* How many mails wait, counted now and then by the node that sends them, which calls the second often. */
int64_t mail_routes_waiting(struct mail_routes *r);
void mail_routes_count_waiting(struct mail_routes *r, struct db *db);

/* What is known of a route. */
struct mail_route_state {
	struct str name; /* the route without its password; lives as long as the routes */
	enum breaker_state state;
	int64_t sent, failed; /* since the start */
};
struct mail_route_state mail_route_state(struct mail_routes *r, size_t i);
/* The route as net/smtp.h wants it, copied into the arena. */
struct smtp_route;
err mail_route_get(struct ctx *c, size_t i, struct arena *a, struct smtp_route *out);

#endif
