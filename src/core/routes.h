/* An ordered list of ways to something outside that may be away (mail.route), tried in the order in which the owner wrote them, each behind
 * a circuit breaker: what is away is not asked every time. What goes out is a job's (jobs/runner.h). Any thread. Of many nodes one runs the
 * job: only its breakers say anything. */
#ifndef CORE_ROUTES_H
#define CORE_ROUTES_H

#include "base/breaker.h"
#include "base/buf.h"
#include "config/config.h"
#include "core/ctx.h"

struct routes;

/* What goes by them. */
struct routes_kind {
	enum setting setting;
	const char *setting_name, *name;                  /* "mail.route"; "mail", as the log calls what is sent */
	const char *job, *away_key;                       /* the kind of job that sends; the site's key for since when all are away */
	err (*check)(struct str to);                      /* ERR_INVALID: a route that cannot be used, and why */
	void (*put_name)(struct buf *out, struct str to); /* without its secrets */
};

/* ERR_INVALID names the route that cannot be used. kind is kept, not copied. */
err routes_new(struct routes **out, const struct routes_kind *kind, const struct config *config);
void routes_free(struct routes **r);

size_t routes_count(const struct routes *r);
/* No route would be asked now: what is due had better wait. */
bool routes_shut(struct routes *r);
/* No route's breaker is closed: what cannot be sent now cannot for a reason that is not its own. */
bool routes_away(struct routes *r);

/* Sends by one route. ERR_INVALID: this recipient is refused for good, and the route answers; all else: the route is away. */
typedef err (*routes_send_fn)(struct ctx *c, struct str to, void *arg);
/* By the first that takes it. ERR_INVALID: every route refused this recipient for good. ERR_UNAVAILABLE: to be tried again. */
err routes_send(struct ctx *c, struct routes *r, routes_send_fn send, void *arg);

/* To be called after each try, with whether a route took or judged it: when all routes went away or one came back, the database says so
 * for every node, and what waits is due. */
err routes_note(struct ctx *c, struct routes *r, bool answered);
/* Since when nothing has left, by what the database says; 0: it leaves. */
err routes_away_since(struct ctx *c, const struct routes_kind *kind, int64_t *ms);

/* How many wait, counted now and then by the node that sends, which calls the second often. */
int64_t routes_waiting(struct routes *r);
void routes_count_waiting(struct routes *r, struct db *db);

/* What is known of a route. */
struct route_state {
	struct str name; /* without its secrets */
	struct str to;   /* as it is written in the setting; both live as long as the routes */
	enum breaker_state state;
	int64_t sent, failed; /* since the start */
};
struct route_state routes_state(struct routes *r, size_t i);

#endif
