#include "move/standby.h"

#include "base/clock.h"
#include "move/demote.h"
#include "move/origin.h"
#include "net/cert.h"
#include "ops/command.h"
#include "ops/open.h"
#include "ops/serve.h"
#include "ops/standby_process.h"
#include "store/standby.h"
#include "wire/url.h"

#include <errno.h>
#include <stdio.h>

/* ── on the network: who may keep a copy ── */

static bool good_name(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == '.'))
			return false;
	return s.n >= 1 && s.n <= 64;
}

static int invite(struct command_call *call) {
	struct str name = call->argc > 2 ? str_of(call->argv[2]) : S("standby"), token;
	err e = standby_rehearses(name) ? err_public(ERR_INVALID, "names that begin with " STANDBY_REHEARSAL " are those of rehearsals")
	        : good_name(name)       ? origin_invite(&call->c, name, &token)
	                                : err_public(ERR_INVALID, "a standby's name is made of a-z, 0-9, - and ., 64 at most");
	if (e)
		return command_failed(call, e);
	buf_printf(call->out,
	           "For one use within the hour, on the machine that shall keep the copy:\n\n    freehold standby --from %.*s --token %.*s "
	           "--data DIR\n",
	           S_ARG(call->c.site->base_url), S_ARG(token));
	return EXIT_DONE;
}

static void put_row(struct buf *out, const struct standby_row *r) {
	buf_printf(out, "%-20.*s ", S_ARG(r->name));
	if (!r->joined) {
		buf_put(out, r->token_until > clock_ms() ? S("invited, has not joined") : S("invited, too long ago"));
	} else if (!r->heard_at) {
		buf_lit(out, "joined");
	} else {
		buf_lit(out, "heard of last ");
		buf_iso8601(out, r->heard_at);
		buf_printf(out, ", has entry %lld", (long long)r->seq);
	}
	buf_byte(out, '\n');
}

static int list(struct command_call *call) {
	struct standby_row *v;
	size_t n;
	err e = store_standby_list(call->arena, call->c.db, &v, &n);
	if (e)
		return command_failed(call, e);
	for (size_t i = 0; i < n; i++)
		put_row(call->out, &v[i]);
	if (!n)
		buf_lit(call->out, "No machine keeps a copy of this network. freehold standby invite lets one.\n");
	return EXIT_DONE;
}

static int revoke_one(struct command_call *call) {
	struct str name = str_of(call->argv[2]);
	bool found;
	err e = origin_revoke(&call->c, name, &found);
	if (!e && !found)
		e = err_public(ERR_NOT_FOUND, "there is no standby called %.*s", S_ARG(name));
	if (e)
		return command_failed(call, e);
	buf_printf(call->out, "%.*s is no standby any more.\n", S_ARG(name));
	return EXIT_DONE;
}

/* ── how it is ── */

static void put_copy(struct buf *out, struct str origin, const struct standby_state *s) {
	buf_printf(out, "state standby\norigin %.*s\nloaded %s\nmedia_whole %s\n", S_ARG(origin), s->loaded ? "yes" : "no",
	           s->media_whole ? "yes" : "no");
	if (s->comparing)
		buf_printf(out, "compared %lld\ndiffers %lld\n", (long long)s->compared, (long long)s->differs);
	if (s->lag >= 0)
		buf_printf(out, "lag_seconds %.3f\n", (double)s->lag / 1000);
	if (s->silence >= 0)
		buf_printf(out, "silence_seconds %.3f\n", (double)s->silence / 1000);
	buf_printf(out, "rows %lld\nentries %lld\nblobs %lld\nblob_bytes %lld\n", (long long)s->rows, (long long)s->entries,
	           (long long)s->blobs, (long long)s->blob_bytes);
	if (s->trouble[0])
		buf_printf(out, "trouble %s\n", s->trouble);
}

static int status_inside(struct command_call *call) {
	const struct site *site = call->c.site;
	struct standby_state s;
	struct str origin;
	if (!site->standby) {
		buf_printf(call->out, "state network\ndomain %.*s\n", S_ARG(site->domain));
		return EXIT_DONE;
	}
	standby_look(site->standby, &s);
	err e = standby_origin(call->arena, call->c.db, &origin);
	if (e)
		return command_failed(call, e);
	put_copy(call->out, origin, &s);
	return EXIT_DONE;
}

/* Never opens the folder: a process may be about to start on it. */
static int status(struct command_call *call) {
	int said;
	if (call->c.site)
		return status_inside(call);
	if (open_running(call, &said))
		return said;
	buf_lit(call->out, "state silent\n");
	return EXIT_FAILED;
}

static command_fn on_network(const struct command_call *call) {
	const char *verb = call->argc > 1 ? call->argv[1] : "";
	if (strcmp(verb, "invite") == 0 && call->argc <= 3)
		return invite;
	if (strcmp(verb, "list") == 0 && call->argc == 2)
		return list;
	if (strcmp(verb, "revoke") == 0 && call->argc == 3)
		return revoke_one;
	return NULL;
}

/* ── on the other machine ── */

static int keep_copy(struct command_call *call, struct str from, struct str token, bool reads) {
	sigset_t signals = serve_block_signals();
	bool promoted;
	struct node_media tried = {0};
	serve_log_level(call->config);
	err e = standby_process(call, from, token, reads || config_bool(call->config, SET_standby_serve_reads), signals, &promoted, &tried);
	if (!e && promoted)
		e = serve_network(call, false, signals, &tried);
	node_media_free(&tried);
	return e ? command_failed(call, e) : EXIT_DONE;
}

/* A token on the command line can be seen by everybody on the machine; a file need not. */
static err read_token(struct command_call *call, struct str path, struct str *token) {
	char text[256];
	FILE *f = str_eq(path, S("-")) ? stdin : fopen(arena_str(call->arena, path).p, "re");
	if (!f)
		return err_public(ERR_INVALID, "%.*s cannot be read: %s", S_ARG(str_first(path, 150)), strerror(errno));
	bool got = fgets(text, sizeof text, f) != NULL;
	if (f != stdin)
		fclose(f);
	*token = arena_str(call->arena, got ? str_trim(str_of(text)) : STR_NONE);
	return token->n ? NULL : err_public(ERR_INVALID, "%.*s has no token in its first line", S_ARG(str_first(path, 150)));
}

/* False: the usage is to be shown. *failed: told already. */
static bool read_from(struct command_call *call, struct str *from, struct str *token, bool *failed) {
	struct str file = STR_NONE;
	*failed = false;
	if (!option_value(call, "--from", from) || !option_value(call, "--token", token) || !option_value(call, "--token-file", &file) ||
	    option_unknown(call) || call->argc > 1 || (token->n && file.n))
		return false;
	err e = file.n ? read_token(call, file, token) : NULL;
	*failed = e != NULL;
	if (e)
		command_failed(call, e);
	return e || !from->n == !token->n;
}

int command_standby(struct command_call *call) {
	struct str from = STR_NONE, token = STR_NONE;
	bool failed;
	command_fn fn = on_network(call);
	if (call->argc == 2 && strcmp(call->argv[1], "status") == 0)
		return status(call);
	if (fn)
		return call->c.site ? fn(call) : command_in_network(call, fn);
	bool reads = option_flag(call, "--serve-reads");
	if (!read_from(call, &from, &token, &failed) || call->c.site)
		return EXIT_USAGE;
	return failed ? EXIT_FAILED : keep_copy(call, from, token, reads);
}

/* ── promote ── */

static void put_through(struct buf *out, int64_t through) {
	buf_lit(out, "Everything that was acknowledged before ");
	buf_iso8601(out, through);
	buf_lit(out, " is here, by the clock of the old home.\n");
}

/* A network that no browser would speak to is none. Where TLS ends at a front, the front has the certificate. */
static err certificate_ready(struct command_call *call) {
	const struct site *site = call->c.site;
	struct str cert = config_text(site->config, SET_server_tls_cert);
	struct url u;
	if (!cert.n || !url_split(arena_printf(call->arena, "https://%.*s/", S_ARG(site->domain)), &u))
		return NULL;
	err e = cert_fits(cert, config_text(site->config, SET_server_tls_key), u.host);
	if (!e)
		return NULL;
	struct err kept = *e;
	return err_public(ERR_CONFLICT,
	                  "%s: nobody could come in. Put the right one there and promote again; --force opens all the same, but without "
	                  "asking the origin for its last entries",
	                  kept.text);
}

static int promote_inside(struct command_call *call, bool force) {
	int64_t through;
	err e = force ? NULL : certificate_ready(call);
	if (!e)
		e = standby_promote(call->c.site->standby, force, &through);
	if (e)
		return command_failed(call, e);
	if (force)
		put_through(call->out, through);
	else
		buf_lit(call->out, "Everything that was acknowledged is here; the origin takes no writes any more.\n");
	buf_lit(call->out, "This is the network now.\n");
	return EXIT_DONE;
}

/* Where no process keeps the copy up to date, only what is here can be opened. */
static int promote_alone(struct command_call *call, bool force) {
	struct site *site;
	int64_t through = 0;
	err e = open_copy(&site, call->config, call->data_dir);
	if (e)
		return command_failed(call, e);
	if (!force)
		e = err_public(ERR_CONFLICT,
		               "no standby runs on this data folder: start it with freehold standby, or open what is here with --force");
	if (!e)
		e = standby_open_up(site, &through);
	int status = e ? command_failed(call, e) : EXIT_DONE;
	close_site(&site);
	if (status == EXIT_DONE) {
		put_through(call->out, through);
		buf_lit(call->out, "freehold serve runs the network now.\n");
	}
	return status;
}

int command_promote(struct command_call *call) {
	int status;
	if (!call->c.site && open_running(call, &status))
		return status;
	bool force = option_flag(call, "--force");
	if (option_unknown(call) || call->argc > 1)
		return EXIT_USAGE;
	if (!call->c.site)
		return promote_alone(call, force);
	if (call->c.site->standby)
		return promote_inside(call, force);
	return command_failed(call, err_public(ERR_CONFLICT, "this data folder holds no standby"));
}

/* ── demote ── */

static void put_demoted(struct command_call *call, const struct demoted *d) {
	if (d->entries)
		buf_printf(call->out, "%lld entries that the new home never had are kept in %.*s; %lld rows were set back.\n",
		           (long long)d->entries, S_ARG(d->file), (long long)d->rows);
	buf_lit(call->out, "This is a standby of the new home now: freehold standby runs it.\n");
}

int command_demote(struct command_call *call) {
	struct str from = STR_NONE, token = STR_NONE;
	struct site *site;
	struct demoted d;
	bool failed;
	if (!read_from(call, &from, &token, &failed) || (!failed && !from.n))
		return EXIT_USAGE;
	if (failed)
		return EXIT_FAILED;
	err e = open_site(&site, call->config, call->data_dir);
	if (e)
		return command_failed(call, e);
	e = demote(site, call->arena, from, token, &d);
	int status = e ? command_failed(call, e) : EXIT_DONE;
	close_site(&site);
	if (status == EXIT_DONE)
		put_demoted(call, &d);
	return status;
}
