#include "config/config.h"

#include "base/arena.h"
#include "base/must.h"
#include "wire/cidr.h"
#include "wire/url.h"

#include <ctype.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum kind { TEXT, LIST, SECRET, BOOL, NUMBER, SIZE, SPAN, ONE_OF };

static const struct row {
	struct str section, key;
	enum kind kind;
	struct str value;
	int64_t least, most;
	struct str help;
} rows[SETTING_COUNT] = {
#define SETTING(section, key, kind, value, least, most, help) {S(#section), S(#key), kind, S(value), least, most, S(help)},
#include "config/settings.def"
#undef SETTING
};

struct config {
	struct arena *arena;
	struct {
		struct str text, from;
		int64_t number;
	} values[SETTING_COUNT];
};

static int find(struct str section, struct str key) {
	for (int i = 0; i < SETTING_COUNT; i++)
		if (str_eq(rows[i].section, section) && str_eq(rows[i].key, key))
			return i;
	return -1;
}

/* A number with an optional unit; false when it is not one. */
static bool scaled(struct str text, const char *units, const int64_t *factors, int64_t *out) {
	int64_t factor = 1;
	const char *unit = text.n ? strchr(units, text.p[text.n - 1]) : NULL;
	if (unit && *unit) {
		factor = factors[unit - units];
		text.n--;
	}
	return str_i64(text, out) && *out >= 0 && !__builtin_mul_overflow(*out, factor, out);
}

static bool parse_number(const struct row *row, struct str text, int64_t *out) {
	static const int64_t sizes[] = {1 << 10, 1 << 20, 1 << 30, (int64_t)1 << 40}, spans[] = {1, 60, 3600, 86400};
	switch (row->kind) {
	case NUMBER: return str_i64(text, out);
	case SIZE: return scaled(text, "KMGT", sizes, out);
	case SPAN: return scaled(text, "smhd", spans, out);
	case BOOL:
		*out = str_eq(text, S("yes")) || str_eq(text, S("true")) || str_eq(text, S("on")) || str_eq(text, S("1"));
		return *out || str_eq(text, S("no")) || str_eq(text, S("false")) || str_eq(text, S("off")) || str_eq(text, S("0"));
	default: return true;
	}
}

static bool is_choice(const struct row *row, struct str text) {
	struct str rest = str_skip(row->help, (size_t)str_chr(row->help, ':') + 1);
	while (rest.n)
		if (str_eq(str_trim(str_cut(&rest, ',')), text))
			return true;
	return false;
}

static const char *expected(const struct row *row) {
	static const char *const by_kind[] = {[TEXT] = "a text",
	                                      [LIST] = "a list",
	                                      [SECRET] = "a text",
	                                      [BOOL] = "yes or no",
	                                      [NUMBER] = "a whole number",
	                                      [SIZE] = "a size as 10M",
	                                      [SPAN] = "a span as 30s, 15m, 1h or 7d"};
	return row->kind == ONE_OF ? row->help.p + str_chr(row->help, ':') + 2 : by_kind[row->kind];
}

/* A list written on several lines of one place is all of them; a later place begins it anew. */
static err set(struct config *c, struct str section, struct str key, struct str value, struct str from) {
	int i = find(section, key);
	if (i < 0)
		return err_public(ERR_INVALID, "%.*s: there is no setting %.*s.%.*s", S_ARG(from), S_ARG(section), S_ARG(key));
	const struct row *row = &rows[i];
	int64_t number = 0;
	if (!parse_number(row, value, &number) || (row->kind == ONE_OF && !is_choice(row, value)))
		return err_public(ERR_INVALID, "%.*s: %.*s.%.*s must be %s, not \"%.*s\"", S_ARG(from), S_ARG(section), S_ARG(key),
		                  expected(row), S_ARG(value));
	bool counted = row->kind == NUMBER || row->kind == SIZE || row->kind == SPAN;
	if (counted && (number < row->least || (row->most && number > row->most)))
		return err_public(ERR_INVALID, "%.*s: %.*s.%.*s is out of range: \"%.*s\"", S_ARG(from), S_ARG(section), S_ARG(key),
		                  S_ARG(value));
	bool more = row->kind == LIST && c->values[i].text.n && str_eq(c->values[i].from, from);
	c->values[i].text =
	    more ? arena_printf(c->arena, "%.*s, %.*s", S_ARG(c->values[i].text), S_ARG(value)) : arena_str(c->arena, value);
	c->values[i].from = arena_str(c->arena, from);
	c->values[i].number = number;
	return NULL;
}

static err read_defaults(struct config *c) {
	for (int i = 0; i < SETTING_COUNT; i++)
		TRY(set(c, rows[i].section, rows[i].key, rows[i].value, S("default")));
	return NULL;
}

struct ini_reading {
	struct config *config;
	const char *file;
	err failed;
};

static int on_ini(void *arg, const char *section, const char *key, const char *value) {
	struct ini_reading *r = arg;
	if (!r->failed)
		r->failed = set(r->config, str_of(section), str_of(key), str_of(value), str_of(r->file));
	return !r->failed;
}

static err read_file(struct config *c, const struct config_options *o) {
	bool named = o->file.n != 0;
	struct str path = named ? arena_str(c->arena, o->file) : arena_printf(c->arena, "%.*s/freehold.conf", S_ARG(o->data_dir));
	struct stat st;
	if (!named && stat(path.p, &st) != 0)
		return NULL;
	struct ini_reading reading = {.config = c, .file = path.p};
	int line = ini_parse(path.p, on_ini, &reading);
	if (line < 0)
		return err_public(ERR_INVALID, "%s cannot be read", path.p);
	if (reading.failed)
		return reading.failed;
	if (line > 0)
		return err_public(ERR_INVALID, "%s: line %d is neither [section] nor key = value", path.p, line);
	return NULL;
}

static struct str variable_name(struct arena *a, const struct row *row) {
	struct str name = arena_printf(a, "FREEHOLD_%.*s_%.*s", S_ARG(row->section), S_ARG(row->key));
	for (char *p = (char *)(uintptr_t)name.p; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return name;
}

/* Walks the environment and not the table, so that a misspelt variable is refused too. */
static err read_environment(struct config *c) {
	for (char **v = environ; *v; v++) {
		struct str value = str_of(*v), name = str_cut(&value, '=');
		if (!str_starts(name, S("FREEHOLD_")))
			continue;
		int i = 0;
		while (i < SETTING_COUNT && !str_eq(variable_name(c->arena, &rows[i]), name))
			i++;
		if (i == SETTING_COUNT)
			return err_public(ERR_INVALID, "%.*s: there is no such setting", S_ARG(name));
		TRY(set(c, rows[i].section, rows[i].key, value, name));
	}
	return NULL;
}

static err read_sets(struct config *c, const struct config_options *o) {
	for (size_t i = 0; i < o->set_count; i++) {
		struct str value = o->sets[i], name = str_cut(&value, '=');
		if (name.n == o->sets[i].n)
			return err_public(ERR_INVALID, "--set %.*s: expected section.key=value", S_ARG(name));
		struct str key = name, section = str_cut(&key, '.');
		TRY(set(c, section, key, value, S("--set")));
	}
	return NULL;
}

static err check_ranges(const struct config *c, enum setting s, const char *name) {
	struct str list = config_text(c, s), item;
	struct cidr range;
	while (cidr_next(&list, &item))
		if (!cidr_parse(item, &range))
			return err_public(ERR_INVALID, "%s holds \"%.*s\", which is no address or range of them", name, S_ARG(item));
	return NULL;
}

/* Nothing but a scheme, a host and perhaps a port. */
static bool is_place(struct str address) {
	struct url u;
	return url_split(address, &u) && u.host.n && !u.has_userinfo && u.path.n == 0 && u.query.n == 0 && u.fragment.n == 0 &&
	       (str_eq(u.scheme, S("http")) || str_eq(u.scheme, S("https")));
}

static err check_names(const struct config *c) {
	struct str domain = config_text(c, SET_server_domain), base = config_text(c, SET_server_base_url);
	if (domain.n && !is_place(arena_printf(c->arena, "https://%.*s", S_ARG(domain))))
		return err_public(ERR_INVALID, "server.domain must be a name as example.org, not \"%.*s\"", S_ARG(domain));
	while (str_ends(base, S("/")))
		base.n--;
	if (base.n && !is_place(base))
		return err_public(ERR_INVALID, "server.base_url must be an address as https://example.org, not \"%.*s\"", S_ARG(base));
	return NULL;
}

/* Of the form 2027-05-31, and a day that there is. */
static err check_date(const struct config *c) {
	struct str text = config_text(c, SET_server_registered_until);
	struct tm tm = {0};
	const char *end = text.n ? strptime(text.p, "%Y-%m-%d", &tm) : NULL;
	if (text.n && (text.n != 10 || !end || *end))
		return err_public(ERR_INVALID, "server.registered_until must be a day as 2027-05-31, not \"%.*s\"", S_ARG(text));
	return NULL;
}

static err check(const struct config *c) {
	bool cert = config_text(c, SET_server_tls_cert).n, key = config_text(c, SET_server_tls_key).n;
	if (cert != key)
		return err_public(ERR_INVALID, "server.tls_cert and server.tls_key belong together: %s is missing",
		                  cert ? "server.tls_key" : "server.tls_cert");
	TRY(check_ranges(c, SET_server_trusted_proxies, "server.trusted_proxies"));
	TRY(check_ranges(c, SET_server_metrics_from, "server.metrics_from"));
	TRY(check_date(c));
	return check_names(c);
}

err config_read(struct config **out, const struct config_options *o) {
	struct config *c = xcalloc(1, sizeof *c);
	c->arena = arena_new();
	err e = read_defaults(c);
	if (!e)
		e = read_file(c, o);
	if (!e)
		e = read_environment(c);
	if (!e)
		e = read_sets(c, o);
	if (!e)
		e = check(c);
	if (e)
		config_free(&c);
	*out = c;
	return e;
}

void config_free(struct config **c) {
	if (!*c)
		return;
	arena_free(&(*c)->arena);
	free(*c);
	*c = NULL;
}

struct str config_text(const struct config *c, enum setting s) {
	must(rows[s].kind == TEXT || rows[s].kind == LIST || rows[s].kind == SECRET || rows[s].kind == ONE_OF);
	return c->values[s].text;
}

bool config_bool(const struct config *c, enum setting s) {
	must(rows[s].kind == BOOL);
	return c->values[s].number != 0;
}

int64_t config_number(const struct config *c, enum setting s) {
	must(rows[s].kind == NUMBER || rows[s].kind == SIZE || rows[s].kind == SPAN);
	return c->values[s].number;
}

bool config_given(const struct config *c, enum setting s) { return !str_eq(c->values[s].from, S("default")); }

/* An address may carry a password ("postgres://user:password@host"): it is never shown. */
static void put_without_password(struct buf *out, struct str value) {
	ptrdiff_t scheme = str_find(value, S("://")), at = (ptrdiff_t)value.n - 1;
	while (at >= 0 && value.p[at] != '@')
		at--;
	ptrdiff_t colon = scheme < 0 ? -1 : str_chr(str_skip(value, (size_t)scheme + 3), ':');
	if (colon >= 0 && scheme + 3 + colon < at) {
		buf_put(out, str_first(value, (size_t)(scheme + 3 + colon)));
		buf_lit(out, ":***");
		value = str_skip(value, (size_t)at);
	}
	buf_put(out, value);
}

/* Keys for gateways may stand anywhere behind the host. */
static void put_item(struct buf *out, struct str item) {
	ptrdiff_t scheme = str_starts(item, S("http://")) ? 7 : str_starts(item, S("https://")) ? 8 : -1;
	ptrdiff_t host = scheme < 0 ? -1 : str_chr(str_skip(item, (size_t)scheme), '/');
	put_without_password(out, host < 0 ? item : str_first(item, (size_t)(scheme + host)));
	if (host >= 0)
		buf_lit(out, "/***");
}

static void put_value(const struct config *c, int i, struct buf *out) {
	struct str rest = c->values[i].text;
	if (rows[i].kind == SECRET)
		rest = rest.n ? S("***") : STR_NONE;
	do {
		buf_printf(out, "%.*s = ", S_ARG(rows[i].key));
		if (rows[i].kind == LIST)
			put_item(out, str_trim(str_cut(&rest, ',')));
		else
			put_without_password(out, rest);
		buf_byte(out, '\n');
	} while (rows[i].kind == LIST && rest.n);
}

void config_print(const struct config *c, struct buf *out) {
	struct str section = STR_NONE;
	for (int i = 0; i < SETTING_COUNT; i++) {
		if (!str_eq(section, rows[i].section)) {
			section = rows[i].section;
			buf_printf(out, "%s[%.*s]\n", i ? "\n" : "", S_ARG(section));
		}
		buf_printf(out, "# %.*s (from: %.*s)\n", S_ARG(rows[i].help), S_ARG(c->values[i].from));
		put_value(c, i, out);
	}
}
