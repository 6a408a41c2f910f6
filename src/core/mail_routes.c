#include "core/mail_routes.h"

#include "base/small_file.h"
#include "core/mail.h"
#include "core/site.h"
#include "net/smtp.h"

#include <errno.h>

const struct routes_kind mail_routes = {
    .setting = SET_mail_route,
    .setting_name = "mail.route",
    .name = "mail",
    .job = MAIL_JOB,
    .away_key = "mail_away_since",
    .check = smtp_route_check,
    .put_name = smtp_route_name,
};

/* For a route with a user and no password in it. */
static err read_password(struct ctx *c, struct str *out) {
	struct str path = config_text(c->site->config, SET_mail_password_file);
	char text[1024];
	if (str_empty(path))
		return NULL;
	ssize_t n = small_file_read(arena_str(c->arena, path).p, text, sizeof text);
	if (n < 0)
		return err_private(ERR_UNAVAILABLE, "mail.password_file %.*s cannot be read: %s", S_ARG(path), strerror(errno));
	*out = str_trim(arena_str(c->arena, str_mem(text, (size_t)n)));
	return NULL;
}

static err route_of(struct ctx *c, struct str to, struct smtp_route *out) {
	struct str domain = c->site->domain;
	*out = (struct smtp_route){.to = to, .ca_file = config_text(c->site->config, SET_mail_ca_file), .helo = str_cut(&domain, ':')};
	return smtp_route_wants_password(to) ? read_password(c, &out->password) : NULL;
}

struct mailing {
	struct str from, to, message;
};

static err send_by(struct ctx *c, struct str to, void *arg) {
	const struct mailing *m = arg;
	struct smtp_route route;
	TRY(route_of(c, to, &route));
	return smtp_send(&route, m->from, m->to, m->message);
}

err mail_routes_send(struct ctx *c, struct str from, struct str to, struct str message) {
	struct mailing m = {from, to, message};
	return routes_send(c, c->site->mail, send_by, &m);
}

err mail_route_get(struct ctx *c, size_t i, struct arena *a, struct smtp_route *out) {
	TRY(route_of(c, routes_state(c->site->mail, i).to, out));
	*out = (struct smtp_route){.to = arena_str(a, out->to),
	                           .password = arena_str(a, out->password),
	                           .ca_file = arena_str(a, out->ca_file),
	                           .helo = arena_str(a, out->helo)};
	return NULL;
}
