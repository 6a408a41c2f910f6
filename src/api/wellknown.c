/* How others find out what is here: OAuth metadata (RFC 8414), WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo 2.0. */
#include "api/json.h"
#include "api/routes.h"
#include "core/site.h"
#include "core/site_text.h"
#include "core/totals.h"
#include "store/account.h"

static void put_url(struct rq *rq, const char *key, const char *path) {
	json_text(rq_out(rq), key, arena_printf(rq->c.arena, "%.*s%s", S_ARG(rq->c.site->base_url), path));
}

static void put_scopes(struct buf *out) {
	const char *sep = "";
	json_key(out, "scopes_supported");
	buf_byte(out, '[');
#define SCOPE(name, bit, text) \
	buf_put(out, str_of(sep)); \
	buf_json_string(out, S(text)); \
	sep = ",";
#include "core/scope.def"
#undef SCOPE
	(void)sep;
	buf_byte(out, ']');
}

enum handled api_oauth_metadata(struct rq *rq) {
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	json_text(out, "issuer", arena_printf(rq->c.arena, "%.*s/", S_ARG(rq->c.site->base_url)));
	put_url(rq, "service_documentation", "/about");
	put_url(rq, "authorization_endpoint", "/oauth/authorize");
	put_url(rq, "token_endpoint", "/oauth/token");
	put_url(rq, "app_registration_endpoint", "/api/v1/apps");
	put_url(rq, "revocation_endpoint", "/oauth/revoke");
	put_url(rq, "userinfo_endpoint", "/oauth/userinfo");
	put_scopes(out);
	buf_lit(out, ",\"response_types_supported\":[\"code\"],\"response_modes_supported\":[\"query\"],"
	             "\"grant_types_supported\":[\"authorization_code\",\"client_credentials\"],"
	             "\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\"],"
	             "\"code_challenge_methods_supported\":[\"S256\"]}");
	return reply_json(rq, 200);
}

/* ── people ── */

/* "acct:name@domain", or the address of a profile. */
static bool name_in_resource(const struct site *site, struct str resource, struct str *name) {
	struct str base = site->base_url;
	if (str_starts_ci(resource, S("acct:"))) {
		struct str rest = str_skip(resource, 5);
		if (str_starts(rest, S("@")))
			rest = str_skip(rest, 1);
		*name = str_cut(&rest, '@');
		return str_eq_ci(rest, site->domain);
	}
	if (!str_starts(resource, base))
		return false;
	resource = str_skip(resource, base.n);
	bool short_form = str_starts(resource, S("/@"));
	*name = str_skip(resource, short_form ? 2 : sizeof "/users/" - 1);
	return short_form || str_starts(resource, S("/users/"));
}

static void put_link(struct buf *out, const char *rel, const char *type, struct str href) {
	buf_byte(out, '{');
	json_text(out, "rel", str_of(rel));
	json_text(out, "type", str_of(type));
	json_text(out, "href", href);
	buf_byte(out, '}');
}

enum handled api_webfinger(struct rq *rq) {
	const struct site *site = rq->c.site;
	struct str resource = param(rq, "resource"), name;
	struct account_row a;
	bool found = false;
	if (str_empty(resource))
		return reply_err(rq, err_public(ERR_BAD_REQUEST, "The parameter resource is missing"));
	if (name_in_resource(site, resource, &name))
		TRY_RQ(rq, store_account_by_name(rq->c.arena, rq->c.db, name, STR_NONE, &a, &found));
	if (!found || a.flags & ACCOUNT_GONE)
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	struct str profile = arena_printf(rq->c.arena, "%.*s/@%.*s", S_ARG(site->base_url), S_ARG(a.username));
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	json_text(out, "subject", arena_printf(rq->c.arena, "acct:%.*s@%.*s", S_ARG(a.username), S_ARG(site->domain)));
	json_key(out, "aliases");
	buf_byte(out, '[');
	buf_json_string(out, profile);
	buf_byte(out, ']');
	json_key(out, "links");
	buf_byte(out, '[');
	put_link(out, "http://webfinger.net/rel/profile-page", "text/html", profile);
	buf_lit(out, "]}");
	enum handled done = reply_json(rq, 200);
	rq->x->reply.type = "application/jrd+json; charset=utf-8";
	return done;
}

enum handled api_host_meta(struct rq *rq) {
	struct buf *out = rq_out(rq);
	buf_lit(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  "
	             "<Link rel=\"lrdd\" template=\"");
	buf_html_text(out, rq->c.site->base_url);
	buf_lit(out, "/.well-known/webfinger?resource={uri}\"/>\n</XRD>\n");
	enum handled done = reply_json(rq, 200);
	rq->x->reply.type = "application/xrd+xml; charset=utf-8";
	return done;
}

/* ── the node ── */

enum handled api_nodeinfo_links(struct rq *rq) {
	struct buf *out = rq_out(rq);
	buf_lit(out, "{\"links\":[{");
	json_text(out, "rel", S("http://nodeinfo.diaspora.software/ns/schema/2.0"));
	put_url(rq, "href", "/nodeinfo/2.0");
	buf_lit(out, "}]}");
	return reply_json(rq, 200);
}

enum handled api_nodeinfo(struct rq *rq) {
	struct site_text site;
	struct total_counts t;
	TRY_RQ(rq, site_text_read(&rq->c, &site));
	TRY_RQ(rq, totals_read(&rq->c, &t));
	struct buf *out = rq_out(rq);
	buf_lit(out, "{\"version\":\"2.0\",\"software\":{\"name\":\"freehold\",\"version\":\"" FREEHOLD_VERSION "\"},\"protocols\":[],"
	             "\"services\":{\"inbound\":[],\"outbound\":[]}");
	json_bool(out, "openRegistrations", site.registrations == REGISTRATIONS_OPEN || site.registrations == REGISTRATIONS_APPROVAL);
	json_key(out, "usage");
	buf_printf(out, "{\"users\":{\"total\":%lld,\"activeMonth\":%lld},\"localPosts\":%lld}", (long long)t.members,
	           (long long)t.active_month, (long long)t.posts);
	json_key(out, "metadata");
	buf_byte(out, '{');
	json_text(out, "nodeName", site.title);
	json_text(out, "nodeDescription", site.description);
	buf_lit(out, "}}");
	enum handled done = reply_json(rq, 200);
	rq->x->reply.type = "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/2.0#\"; charset=utf-8";
	return done;
}
