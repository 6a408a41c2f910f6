#include "blob/s3_inside.h"

#include "wire/url.h"

static err wrong(struct str address, const char *why) { return err_public(ERR_INVALID, "%.*s: %s", S_ARG(address), why); }

struct choices {
	bool tls, virtual;
};

static err read_choice(struct s3 *s, struct str address, struct choices *c, struct str name, struct str value) {
	if (str_eq(name, S("region")))
		s->place.region = value;
	else if (str_eq(name, S("prefix")))
		s->prefix = value;
	else if (str_eq(name, S("keys")))
		return blob_store_keys(s->arena, value, &s->place.key, &s->place.secret);
	else if (str_eq(name, S("ca")))
		s->place.ca_file = value;
	else if (str_eq(name, S("tls")) && (str_eq(value, S("yes")) || str_eq(value, S("no"))))
		c->tls = str_eq(value, S("yes"));
	else if (str_eq(name, S("style")) && (str_eq(value, S("path")) || str_eq(value, S("virtual"))))
		c->virtual = str_eq(value, S("virtual"));
	else
		return wrong(address, "after the bucket stand region=, tls=yes|no, style=path|virtual, prefix=, keys=FILE, ca=FILE");
	return NULL;
}

/* What a bucket may be called (Amazon S3 user guide, "Bucket naming rules"; older ones with capitals and underscores too). */
static bool is_bucket(struct str s) {
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
		      (c == '.' && i)))
			return false;
	}
	return s.n >= 3 && s.n <= 255;
}

err s3_url_read(struct s3 *s, struct str address, const struct store_means *means) {
	struct arena *a = s->arena;
	struct s3_place *p = &s->place;
	struct choices c = {.tls = true};
	struct url u;
	struct str rest, name, value;
	if (!url_split(address, &u) || str_empty(u.host) || u.has_userinfo || u.fragment.n || str_chr(u.host, '%') >= 0)
		return wrong(address, "expected s3://HOST[:PORT]/BUCKET?region=…");
	p->bucket = str_skip(u.path, 1);
	if (str_ends(p->bucket, S("/")))
		p->bucket.n--;
	if (!is_bucket(p->bucket))
		return wrong(address, "the bucket's name must follow the host");
	p->key = arena_str(a, means->key);
	p->secret = arena_str(a, means->secret);
	p->region = S("us-east-1");
	for (rest = arena_str(a, u.query); url_next_pair(&rest, &name, &value);) {
		TRY(url_decode_form(a, value, &value));
		TRY(read_choice(s, address, &c, name, arena_str(a, value)));
	}
	if (str_empty(p->key) || str_empty(p->secret))
		return wrong(address, "keys are missing: media.s3_key and media.s3_secret, or keys=FILE");
	struct str host = str_chr(u.host, ':') >= 0 ? arena_printf(a, "[%.*s]", S_ARG(u.host)) : arena_str(a, u.host);
	struct str port = u.port && u.port != (c.tls ? 443 : 80) ? arena_printf(a, ":%d", u.port) : STR_NONE;
	p->bucket = arena_str(a, p->bucket);
	p->root = c.virtual ? STR_NONE : arena_printf(a, "/%.*s", S_ARG(p->bucket));
	p->host = c.virtual ? arena_printf(a, "%.*s.%.*s%.*s", S_ARG(p->bucket), S_ARG(host), S_ARG(port))
	                    : arena_printf(a, "%.*s%.*s", S_ARG(host), S_ARG(port));
	p->url = arena_printf(a, "%s://%.*s", c.tls ? "https" : "http", S_ARG(p->host));
	return NULL;
}
