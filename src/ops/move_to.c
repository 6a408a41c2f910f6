#include "ops/move_to.h"

#include "base/clock.h"
#include "core/site.h"
#include "move/origin.h"
#include "ops/figures.h"
#include "ops/open.h"
#include "ops/progress.h"
#include "ops/there.h"
#include "store/closed.h"
#include "store/total.h"
#include "wire/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	SETS_MAX = 64,
	CONF_MAX = 1024 * 1024,
	SILENT_S = 20,  /* between the two */
	NETWORK_S = 60, /* from promoted to answering */
};

/* ── inside the network ── */

static int facts(struct command_call *call) {
	const struct site *site = call->c.site;
	struct totals_of_rows t;
	struct str why;
	err e = store_totals(call->c.db, INT64_MAX, &t);
	if (!e)
		e = store_closed(call->arena, call->c.db, &why);
	if (e)
		return command_failed(call, e);
	buf_printf(call->out, "domain %.*s\nurl %.*s\nclosed %s\nrows %lld\nblobs %lld\nblob_bytes %lld\n", S_ARG(site->domain),
	           S_ARG(site->base_url), why.n ? "yes" : "no", (long long)(t.people_rows + t.post_rows), (long long)t.blobs,
	           (long long)t.blob_bytes);
	if (config_given(site->config, SET_server_base_url))
		buf_printf(call->out, "base_url %.*s\n", S_ARG(site->base_url));
	return EXIT_DONE;
}

/* An earlier invitation of the name, or a standby of it, is one whose folder is empty now. */
static int invite(struct command_call *call, struct str name) {
	struct str token;
	bool found;
	err e = origin_revoke(&call->c, name, &found);
	if (!e)
		e = origin_invite(&call->c, name, &token);
	if (e)
		return command_failed(call, e);
	buf_put(call->out, token);
	return EXIT_DONE;
}

int move_inside(struct command_call *call) {
	struct str name = STR_NONE;
	if (option_flag(call, "--facts"))
		return facts(call);
	return option_value(call, "--invite", &name) && name.n ? invite(call, name) : EXIT_USAGE;
}

/* ── what is asked of whom ── */

struct move {
	struct command_call *call;
	struct there there;
	struct str dir, conf, sets[SETS_MAX];
	size_t set_count;
	bool yes;

	/* This network. */
	struct str domain, url, base_url;
	int64_t rows, blobs, blob_bytes;
	bool closed;

	/* While it is followed. */
	struct progress progress;
	int64_t rows_since, bytes_since; /* monotonic ms; 0: none came yet */
	int64_t rows_first, bytes_first;
	bool current;
	struct there_state last;
};

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *fmt, ...) {
	va_list ap;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	fflush(stdout);
}

static err read_facts(struct move *m) {
	char *argv[] = {(char[]){"move"}, (char[]){"--facts"}};
	BUF_AUTO out = {0};
	TRY(open_ask(m->call, 2, argv, &out));
	for (struct str rest = buf_str(&out); rest.n;) {
		struct str value = str_cut(&rest, '\n'), key = str_cut(&value, ' ');
		value = arena_str(m->call->arena, value);
		if (str_eq(key, S("domain")))
			m->domain = value;
		else if (str_eq(key, S("url")))
			m->url = value;
		else if (str_eq(key, S("base_url")))
			m->base_url = value;
		else if (str_eq(key, S("closed")))
			m->closed = str_eq(value, S("yes"));
		else if (str_eq(key, S("rows")))
			(void)str_i64(value, &m->rows);
		else if (str_eq(key, S("blobs")))
			(void)str_i64(value, &m->blobs);
		else if (str_eq(key, S("blob_bytes")))
			(void)str_i64(value, &m->blob_bytes);
	}
	return NULL;
}

/* Names of standbys are small letters, digits, - and . */
static err new_token(struct move *m, struct str *token) {
	char name[65] = "move-";
	size_t n = 5;
	struct str host = m->there.ssh.to;
	ptrdiff_t at = str_chr(host, '@');
	for (host = str_skip(host, (size_t)(at + 1)); host.n && n < sizeof name - 1; host = str_skip(host, 1)) {
		char c = host.p[0] >= 'A' && host.p[0] <= 'Z' ? (char)(host.p[0] + 32) : host.p[0];
		name[n++] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ? c : '-';
	}
	name[n] = 0;
	char *argv[] = {(char[]){"move"}, (char[]){"--invite"}, name};
	BUF_AUTO out = {0};
	TRY(open_ask(m->call, 3, argv, &out));
	*token = arena_str(m->call->arena, str_trim(buf_str(&out)));
	return NULL;
}

/* ── the settings of the other side ── */

static err read_file(struct arena *a, struct str path, struct str *out) {
	FILE *f = fopen(arena_str(a, path).p, "re");
	if (!f)
		return err_public(ERR_INVALID, "%.*s cannot be read: %s", S_ARG(str_first(path, 150)), strerror(errno));
	char *text = arena_alloc(a, CONF_MAX);
	*out = str_mem(text, fread(text, 1, CONF_MAX, f));
	bool whole = !ferror(f) && feof(f);
	fclose(f);
	return whole ? NULL : err_public(ERR_INVALID, "%.*s cannot be read, or is too long", S_ARG(str_first(path, 150)));
}

/* Refused here already, with the words that the other side would find. */
static err check_settings(struct move *m) {
	struct config_options o = {.data_dir = S("/dev/null"), .file = m->conf, .sets = m->sets, .set_count = m->set_count};
	struct config *config;
	TRY(config_read(&config, &o));
	struct str domain = config_text(config, SET_server_domain);
	bool other = domain.n && !str_eq(domain, m->domain);
	err e = other ? err_public(ERR_INVALID, "server.domain there is %.*s and this network is %.*s: everybody's handle ends in it",
	                           S_ARG(str_first(domain, 80)), S_ARG(str_first(m->domain, 80)))
	              : NULL;
	config_free(&config);
	return e;
}

/* What is written later in the file holds. */
static err put_settings(struct move *m, struct buf *out) {
	struct str text = STR_NONE;
	buf_printf(out, "[server]\ndomain = %.*s\n", S_ARG(m->domain));
	if (m->base_url.n)
		buf_printf(out, "base_url = %.*s\n", S_ARG(m->base_url));
	if (m->conf.n)
		TRY(read_file(m->call->arena, m->conf, &text));
	buf_put(out, text);
	for (size_t i = 0; i < m->set_count; i++) {
		struct str value = m->sets[i], name = str_cut(&value, '='), section = str_cut(&name, '.');
		if (str_chr(value, '\n') >= 0)
			return err_public(ERR_INVALID, "--remote-set %.*s.%.*s: a value is one line", S_ARG(section), S_ARG(name));
		buf_printf(out, "\n[%.*s]\n%.*s = %.*s\n", S_ARG(section), S_ARG(name), S_ARG(value));
	}
	return NULL;
}

/* wanted: what the options say is written, not only what holds there read. */
static err settings(struct move *m, bool wanted) {
	BUF_AUTO text = {0};
	struct there *t = &m->there;
	TRY(put_settings(m, &text));
	TRY(there_settings(t, buf_str(&text), wanted && (m->conf.n || m->set_count)));
	if (!str_eq(t->domain, m->domain))
		return err_public(ERR_CONFLICT, "server.domain in %.*s/data/freehold.conf there is \"%.*s\" and must be %.*s",
		                  S_ARG(str_first(t->dir, 60)), S_ARG(str_first(t->domain, 60)), S_ARG(str_first(m->domain, 60)));
	return NULL;
}

static err enough_room(struct move *m) {
	const struct there *t = &m->there;
	double wanted = room_of_copy(t->has_database ? m->rows : 0, t->has_media ? (double)m->blob_bytes : 0);
	if ((double)t->free >= wanted)
		return NULL;
	BUF_AUTO has = {0};
	BUF_AUTO wants = {0};
	put_size(&has, (double)t->free);
	put_size(&wants, wanted);
	return err_public(ERR_CONFLICT, "%.*s has %.*s free in %.*s, and about %.*s are needed", S_ARG(str_first(t->ssh.to, 60)),
	                  S_ARG(buf_str(&has)), S_ARG(str_first(t->dir, 80)), S_ARG(buf_str(&wants)));
}

/* ── setting up ── */

static err start_copy(struct move *m) {
	struct there *t = &m->there;
	bool joined;
	struct str token;
	TRY(settings(m, true));
	TRY(there_start(t, m->url, STR_NONE, &joined));
	if (joined) {
		say("The standby that was set up there before goes on.\n");
		return NULL;
	}
	if (m->closed)
		return err_public(ERR_CONFLICT,
		                  "this network was handed over, and nothing runs at %.*s: there, %.*s serve --data %.*s/data",
		                  S_ARG(str_first(t->ssh.to, 60)), S_ARG(str_first(t->program, 70)), S_ARG(str_first(t->dir, 70)));
	TRY(enough_room(m));
	TRY(new_token(m, &token));
	TRY(there_start(t, m->url, token, &joined));
	say("A standby runs there, in %.*s/data; what it says is in %.*s/standby.log.\n", S_ARG(t->dir), S_ARG(t->dir));
	return NULL;
}

/* A standby that was told to take over, and then not heard of, may be silent for a moment: nothing may be started on its folder then. This
 * network is asked last: it closes before that one opens, and both may just have happened. */
static err look_again(struct move *m, struct there_state *s) {
	int64_t began = clock_mono_ms();
	do {
		TRY(there_state(&m->there, s));
		TRY(read_facts(m));
	} while (m->closed && s->runs == THERE_SILENT && clock_mono_ms() - began < SILENT_S * 1000 && usleep(300 * 1000) == 0 &&
	         !remote_interrupted());
	return NULL;
}

/* *moved: it is the network there already. */
static err set_up(struct move *m, bool *moved) {
	struct there *t = &m->there;
	struct there_state s;
	bool copied;
	*moved = false;
	TRY(there_look(t, m->dir));
	TRY(there_install(t, &copied));
	say("%.*s: %s, Freehold " FREEHOLD_VERSION " %s %.*s\n", S_ARG(t->ssh.to), t->machine.p,
	    copied ? "put into" : "is there:", S_ARG(t->program));
	TRY(look_again(m, &s));
	if (s.runs == THERE_SILENT)
		return start_copy(m);
	TRY(settings(m, false));
	if (s.runs == THERE_STANDBY && !str_eq(s.origin, m->url))
		return err_public(ERR_CONFLICT, "%.*s there keeps a copy of another network, %.*s", S_ARG(str_first(t->dir, 80)),
		                  S_ARG(str_first(s.origin, 80)));
	if (s.runs == THERE_NETWORK && (!m->closed || !str_eq(s.domain, m->domain)))
		return err_public(ERR_CONFLICT,
		                  "in %.*s there a network runs already (%.*s), and this one takes writes: choose another --dir",
		                  S_ARG(str_first(t->dir, 60)), S_ARG(str_first(s.domain, 60)));
	*moved = s.runs == THERE_NETWORK;
	if (!*moved)
		say("The standby that runs there is taken up again%s.\n",
		    m->conf.n || m->set_count ? "; its settings stay as they are" : "");
	return NULL;
}

/* ── following ── */

/* Seconds until `all`, at the pace since the first came; less than 0: nobody can say. */
static double seconds_left(int64_t now, int64_t all, int64_t *first, int64_t *since, int64_t ms) {
	if (all <= now)
		return 0;
	if (!*since && now) {
		*since = ms;
		*first = now;
	}
	double pace = *since && ms > *since ? (double)(now - *first) / (double)(ms - *since) * 1000 : 0;
	return pace > 0 ? (double)(all - now) / pace : -1;
}

static void put_how_far(struct move *m, struct buf *out, const struct there_state *s) {
	int64_t ms = clock_mono_ms();
	double rows = s->loaded ? 0 : seconds_left(s->rows, m->rows, &m->rows_first, &m->rows_since, ms);
	double bytes = s->media_whole ? 0 : seconds_left(s->blob_bytes, m->blob_bytes, &m->bytes_first, &m->bytes_since, ms);
	if (s->loaded)
		buf_lit(out, "all rows");
	else {
		put_count(out, (double)s->rows);
		buf_lit(out, " of about ");
		put_count(out, (double)(m->rows > s->rows ? m->rows : s->rows));
		buf_lit(out, " rows");
	}
	if (s->media_whole)
		buf_lit(out, ", all files");
	else {
		buf_lit(out, ", files: ");
		put_size(out, (double)s->blob_bytes);
		buf_lit(out, " of ");
		put_size(out, (double)(m->blob_bytes > s->blob_bytes ? m->blob_bytes : s->blob_bytes));
	}
	if (s->loaded && s->lag >= 0)
		buf_printf(out, ", %.1f s behind", s->lag);
	if (rows >= 0 && bytes >= 0 && rows + bytes > 0) {
		buf_lit(out, ", left: about ");
		put_span(out, (int64_t)(rows + bytes + 0.5));
	}
	if (s->trouble.n)
		buf_printf(out, " (%.*s)", S_ARG(str_first(s->trouble, 120)));
}

static bool on_state(void *ctx, const struct there_state *s) {
	struct move *m = ctx;
	BUF_AUTO line = {0};
	m->last = *s;
	m->current = s->runs == THERE_STANDBY && s->loaded && s->media_whole && s->lag >= 0 && s->lag < 1;
	if (s->runs == THERE_STANDBY && !m->current) {
		put_how_far(m, &line, s);
		progress_line(&m->progress, buf_str(&line));
	}
	return s->runs == THERE_STANDBY && !m->current;
}

static err follow(struct move *m) {
	struct str line = STR_NONE;
	progress_begin(&m->progress);
	err e = there_watch(&m->there, on_state, m);
	progress_end(&m->progress);
	TRY(e);
	if (m->current)
		return NULL;
	TRY(there_log(&m->there, &line));
	return err_public(ERR_UNAVAILABLE, "the standby at %.*s ended: %.*s", S_ARG(str_first(m->there.ssh.to, 60)),
	                  S_ARG(str_first(line, 160)));
}

/* ── the word ── */

static void put_again(struct move *m, struct buf *out) {
	buf_printf(out, "freehold move --to %.*s --dir ", S_ARG(m->there.ssh.to));
	remote_quote(out, m->there.dir);
	buf_lit(out, " --data ");
	remote_quote(out, m->call->data_dir);
}

static bool has_word(struct move *m) {
	BUF_AUTO again = {0};
	char word[64];
	put_again(m, &again);
	if (m->yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		say("It stays so for as long as you want. To move, when it is time:\n\n    %.*s --yes\n\n", S_ARG(buf_str(&again)));
		return false;
	}
	say("From the word on this network takes no writes, and that one does, some seconds later.\nType promote to move now, anything "
	    "else "
	    "to leave it so: ");
	bool promote = remote_readable(STDIN_FILENO) && fgets(word, sizeof word, stdin) && str_eq(str_trim(str_of(word)), S("promote"));
	if (!promote && !remote_interrupted())
		say("Nothing was moved; the standby goes on. When it is time:\n\n    %.*s\n\n", S_ARG(buf_str(&again)));
	return promote;
}

static err promote(struct move *m) {
	BUF_AUTO said = {0};
	struct there_state s = {0};
	struct str line;
	int64_t began = clock_mono_ms();
	TRY(there_promote(&m->there, &said));
	while (s.runs != THERE_NETWORK && clock_mono_ms() - began < NETWORK_S * 1000 && !remote_interrupted()) {
		TRY(there_state(&m->there, &s));
		if (s.runs != THERE_NETWORK)
			usleep(200 * 1000);
	}
	if (s.runs == THERE_NETWORK) {
		say("Promoted in %.1f s. %.*s\n", (double)(clock_mono_ms() - began) / 1000, S_ARG(str_trim(buf_str(&said))));
		return NULL;
	}
	TRY(there_log(&m->there, &line));
	return err_public(ERR_UNAVAILABLE, "it was promoted and does not answer; its last words: %.*s", S_ARG(str_first(line, 180)));
}

/* ── what is left to do ── */

static void put_addresses(struct buf *out, struct arena *a, struct str host) {
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all = NULL;
	char text[NI_MAXHOST];
	size_t n = out->n;
	if (getaddrinfo(arena_str(a, host).p, NULL, &hints, &all) == 0)
		for (struct addrinfo *i = all; i; i = i->ai_next)
			if (getnameinfo(i->ai_addr, i->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
				buf_printf(out, "%s%s %s", out->n > n ? ", " : "", i->ai_family == AF_INET ? "A" : "AAAA", text);
	if (all)
		freeaddrinfo(all);
	if (out->n == n)
		buf_printf(out, "%.*s, which this machine finds no address of", S_ARG(host));
}

static struct str domain_name(struct move *m) {
	struct str rest = m->domain;
	struct address a;
	return address_parse(m->domain, &a) ? STR_NONE : str_cut(&rest, ':');
}

static void say_ttl(struct move *m) {
	struct str name = domain_name(m);
	if (name.n)
		say("Set the time to live (TTL) of %.*s's address records to 60 seconds now: nobody is sent to the old address for "
		    "longer.\n",
		    S_ARG(name));
}

static void say_dns(struct move *m) {
	struct str name = domain_name(m), host = STR_NONE;
	BUF_AUTO old = {0};
	BUF_AUTO new = {0};
	err e = remote_host(&m->there.ssh, &host);
	put_addresses(&new, m->call->arena, e ? m->there.ssh.to : host);
	if (!name.n) {
		say("1. This network is called by an address, %.*s, so no name leads to the new one: it is at %.*s now.\n",
		    S_ARG(m->domain), S_ARG(buf_str(&new)));
		return;
	}
	put_addresses(&old, m->call->arena, name);
	say("1. DNS: change the address records of %.*s\n       from  %.*s\n       to    %.*s\n   with a TTL of 60 seconds, and a longer "
	    "one "
	    "again when it holds.\n",
	    S_ARG(name), S_ARG(buf_str(&old)), S_ARG(buf_str(&new)));
}

static void say_rest(struct move *m) {
	const struct there *t = &m->there;
	say("\n%.*s is the network now. What is left to do:\n\n", S_ARG(t->ssh.to));
	say_dns(m);
	say("2. There it listens on %.*s, and runs in %.*s/data until that machine stops: \"Moving in one go\" in docs/operate.md has it "
	    "started "
	    "by systemd.\n",
	    S_ARG(t->listen), S_ARG(t->dir));
	say("3. This machine answers reads and refuses writes. Leave it on until the old address has run out everywhere; then stop it, or "
	    "make "
	    "it the\n   standby of the new one:\n"
	    "       there:  %.*s standby invite old-home --data %.*s/data\n"
	    "       here:   freehold demote --from %.*s --token TOKEN --data %.*s\n"
	    "               freehold standby --data %.*s\n",
	    S_ARG(t->program), S_ARG(t->dir), S_ARG(m->url), S_ARG(m->call->data_dir), S_ARG(m->call->data_dir));
}

/* ── all of it ── */

static int failed(struct move *m, err e, bool runs) {
	BUF_AUTO again = {0};
	int status = remote_interrupted() ? EXIT_FAILED : command_failed(m->call, e);
	if (!runs) {
		if (remote_interrupted())
			buf_lit(m->call->errors, "freehold: interrupted; nothing was moved\n");
		return status;
	}
	put_again(m, &again);
	buf_printf(m->call->errors, "freehold: %sthe standby there goes on by itself; this takes it up again:\n    %.*s\n",
	           remote_interrupted() ? "interrupted; " : "", S_ARG(buf_str(&again)));
	return status;
}

static int run(struct move *m) {
	bool moved;
	err e = set_up(m, &moved);
	if (e)
		return failed(m, e, false);
	if (!moved) {
		say_ttl(m);
		e = follow(m);
		if (e)
			return failed(m, e, true);
		say("Everything is there, %.1f s behind.\n", m->last.lag);
		if (!has_word(m))
			return remote_interrupted() ? failed(m, err_plain(ERR_UNAVAILABLE), true) : EXIT_DONE;
		e = promote(m);
		if (e)
			return failed(m, e, true);
	}
	say_rest(m);
	return EXIT_DONE;
}

static bool read_options(struct command_call *call, struct move *m, struct str *to) {
	m->dir = S("freehold");
	m->yes = option_flag(call, "--yes");
	if (!option_value(call, "--to", to) || !option_value(call, "--dir", &m->dir) || !option_value(call, "--remote-config", &m->conf))
		return false;
	for (;;) {
		struct str one = STR_NONE;
		if (!option_value(call, "--remote-set", &one))
			return false;
		if (!one.p)
			break;
		if (m->set_count == SETS_MAX) {
			buf_lit(call->errors, "freehold: too many --remote-set\n");
			return false;
		}
		m->sets[m->set_count++] = one;
	}
	return !option_unknown(call) && call->argc == 1 && to->n && m->dir.n;
}

int move_to(struct command_call *call) {
	struct move m = {.call = call};
	struct str to = STR_NONE;
	if (!read_options(call, &m, &to))
		return EXIT_USAGE;
	remote_watch_signals();
	err e = remote_open(&m.there.ssh, call->arena, config_text(call->config, SET_move_ssh), to);
	if (!e)
		e = read_facts(&m);
	if (!e)
		e = check_settings(&m);
	return e ? failed(&m, e, false) : run(&m);
}
