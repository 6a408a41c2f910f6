#include "core/sms_routes.h"

#include "core/site.h"
#include "net/sms.h"

const struct routes_kind sms_routes = {
    .setting = SET_sms_route,
    .setting_name = "sms.route",
    .name = "text message",
    .job = SMS_JOB,
    .away_key = "sms_away_since",
    .check = sms_route_check,
    .put_name = sms_route_name,
};

struct texting {
	struct str number, text;
};

static err send_by(struct ctx *c, struct str to, void *arg) {
	const struct texting *t = arg;
	struct sms_route route = {.to = to, .ca_file = config_text(c->site->config, SET_sms_ca_file)};
	return sms_send(&route, t->number, t->text);
}

err sms_routes_send(struct ctx *c, struct str number, struct str text) {
	struct texting t = {number, text};
	return routes_send(c, c->site->sms, send_by, &t);
}

void sms_route_get(struct ctx *c, size_t i, struct arena *a, struct sms_route *out) {
	*out = (struct sms_route){.to = arena_str(a, routes_state(c->site->sms, i).to),
	                          .ca_file = arena_str(a, config_text(c->site->config, SET_sms_ca_file))};
}
