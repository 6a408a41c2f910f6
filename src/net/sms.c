#include "net/sms.h"

#include "base/clock.h"
#include "base/small_file.h"
#include "net/fetch.h"
#include "net/program.h"
#include "wire/gateway.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#define GAMMU "/usr/bin/gammu"

enum { STALL_S = 20, ASK_S = 5, REPLY_MAX = 256 * 1024, GAMMU_MS = 60000, GAMMU_ASK_MS = 5000, LOCK_LOOK_MS = 50, SECRET_MAX = 4096 };

static bool is_gammu(struct str to) { return str_starts(to, S("gammu:")); }
static bool is_request(struct str to) { return str_starts(to, S("gateway:")); }
static struct str file_of(struct str to) { return str_skip(to, (size_t)str_chr(to, ':') + 1); }

/* The file whole, copied. */
static err read_file(struct arena *a, struct str path, size_t most, struct str *out) {
	char *text = arena_alloc(a, most);
	ssize_t n = small_file_read(arena_str(a, path).p, text, most);
	*out = str_mem(text, n < 0 ? 0 : (size_t)n);
	return n < 0 ? err_private(ERR_UNAVAILABLE, "%.*s cannot be read: %s", S_ARG(path), strerror(errno)) : NULL;
}

/* The gateway's views live in `to` or in the arena. */
static err read_gateway(struct arena *a, struct str to, struct gateway *out) {
	struct str text;
	if (!is_request(to))
		return gateway_parse_address(to, out);
	TRY(read_file(a, file_of(to), GATEWAY_MAX + 1, &text));
	return gateway_parse_request(text, out);
}

/* ── at the start ── */

/* Names stand in the metrics. */
static bool can_be_shown(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f || s.p[i] == '"' || s.p[i] == '\\')
			return false;
	return true;
}

static err check_file(struct arena *a, struct str to) {
	struct str path = file_of(to);
	if (!str_starts(path, S("/")) || !can_be_shown(path))
		return err_public(ERR_INVALID, "its file is a whole path, from / on");
	if (access(arena_str(a, path).p, R_OK) != 0)
		return err_public(ERR_INVALID, "its file cannot be read: %s", strerror(errno));
	return NULL;
}

static err check(struct arena *a, struct str to) {
	struct gateway g;
	if (is_gammu(to))
		return check_file(a, to);
	if (is_request(to))
		TRY(check_file(a, to));
	else if (!str_starts(to, S("https://")) && !str_starts(to, S("http://")))
		return err_public(ERR_INVALID,
		                  "a way for text messages is https://HOST/PATH?to={to}&text={text}, gateway:/FILE or gammu:/FILE");
	return read_gateway(a, to, &g);
}

err sms_route_check(struct str to) {
	struct arena *a = arena_new();
	err e = check(a, to);
	struct err kept = e ? *e : (struct err){0};
	arena_free(&a);
	return e ? err_public(ERR_INVALID, "%s", kept.cause[0] ? kept.cause : kept.text) : NULL;
}

void sms_route_name(struct buf *out, struct str to) {
	ptrdiff_t scheme = str_find(to, S("://"));
	size_t n = scheme < 0 ? to.n : (size_t)scheme + 3, from = n;
	while (scheme >= 0 && n < to.n && to.p[n] != '/' && to.p[n] != '?' && to.p[n] != '#')
		if (to.p[n++] == '@')
			from = n;
	if (scheme >= 0)
		buf_put(out, str_first(to, (size_t)scheme + 3));
	buf_put(out, str_skip(str_first(to, n), scheme < 0 ? 0 : from));
}

/* ── HTTP ── */

static err read_secret(void *ctx, struct str path, struct str *secret) {
	TRY(read_file(ctx, path, SECRET_MAX, secret));
	*secret = str_trim(*secret);
	return NULL;
}

/* Statuses that speak of us, of our log-in or of the gateway, and not of this number. */
static bool is_about_us(int status) {
	static const int ours[] = {401, 402, 403, 404, 405, 407, 408, 411, 415, 421, 425, 426, 429};
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (status == ours[i])
			return true;
	return status < 400 || status >= 500;
}

/* What the gateway says may repeat the number and the text, so it goes nowhere. */
static err judge(const struct gateway *g, const struct fetch *x) {
	struct str reply = buf_str(&x->reply);
	if (g->refused.n && str_find(reply, g->refused) >= 0)
		return err_private(ERR_INVALID, "the gateway refuses this number");
	if (x->status / 100 == 2)
		return !g->expect.n || str_find(reply, g->expect) >= 0
		           ? NULL
		           : err_private(ERR_UNAVAILABLE, "the gateway answered %d, but without what Freehold-Expect waits for", x->status);
	if (is_about_us(x->status))
		return err_private(ERR_UNAVAILABLE, "the gateway answered %d", x->status);
	return err_private(ERR_INVALID, "the gateway refuses this number with %d", x->status);
}

static err run(struct fetch *x) {
	struct fetcher *f = fetcher_new();
	err e = fetch_run(f, x);
	fetcher_free(&f);
	return e;
}

static err send_http(const struct sms_route *r, struct arena *a, struct str number, struct str text) {
	struct gateway g;
	struct gateway_filled filled;
	struct gateway_values v = {.to = number, .text = text, .read = read_secret, .ctx = a};
	err e = read_gateway(a, r->to, &g);
	if (!e)
		e = gateway_fill(a, &g, &v, &filled);
	if (e) {
		struct err kept = *e;
		return err_private(ERR_UNAVAILABLE, "%s", kept.cause[0] ? kept.cause : kept.text);
	}
	struct fetch x = {.method = g.method,
	                  .url = g.origin,
	                  .target = filled.target,
	                  .headers = filled.headers,
	                  .header_count = g.header_count,
	                  .ca_file = r->ca_file,
	                  .body = filled.body,
	                  .body_fd = -1,
	                  .stall_s = STALL_S,
	                  .reply_max = REPLY_MAX};
	e = run(&x);
	if (!e)
		e = judge(&g, &x);
	fetch_free(&x);
	return e;
}

static err ask_http(const struct sms_route *r, struct arena *a) {
	struct gateway g;
	TRY(read_gateway(a, r->to, &g));
	struct fetch x = {.method = S("GET"),
	                  .url = g.origin,
	                  .target = S("/"),
	                  .ca_file = r->ca_file,
	                  .body_fd = -1,
	                  .stall_s = ASK_S,
	                  .reply_max = REPLY_MAX};
	err e = run(&x);
	fetch_free(&x);
	return e;
}

/* ── gammu ── */

/* A modem does one thing at a time: the settings' file is locked meanwhile, whoever else wants it. */
static err lock(struct arena *a, struct str config, int64_t timeout_ms, int *fd) {
	int64_t deadline = clock_mono_ms() + timeout_ms;
	*fd = open(arena_str(a, config).p, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return err_private(ERR_UNAVAILABLE, "%.*s cannot be read: %s", S_ARG(config), strerror(errno));
	while (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK || clock_mono_ms() > deadline) {
			close(*fd);
			return err_private(ERR_UNAVAILABLE, "the modem of %.*s is at work on something else", S_ARG(config));
		}
		poll(NULL, 0, LOCK_LOOK_MS);
	}
	return NULL;
}

static err run_gammu(struct arena *a, struct str config, char **argv, struct str input, int64_t timeout_ms) {
	char *env[] = {program_word(a, S("PATH=/usr/bin:/bin")), program_word(a, S("LC_ALL=C.UTF-8")), NULL};
	struct program c = {.path = GAMMU, .argv = argv, .env = env, .input = input, .timeout_ms = timeout_ms};
	BUF_AUTO said = {0};
	int fd;
	TRY(lock(a, config, timeout_ms, &fd));
	err e = program_run(&c, &said);
	close(fd);
	return e;
}

/* The text goes in by its input: arguments are seen by everybody on the machine. */
static err send_gammu(struct arena *a, struct str config, struct str number, struct str text) {
	char *argv[] = {program_word(a, S("gammu")),   program_word(a, S("-c")),   program_word(a, config),
	                program_word(a, S("sendsms")), program_word(a, S("TEXT")), program_word(a, number),
	                program_word(a, S("-len")),    program_word(a, S("400")),  NULL};
	return run_gammu(a, config, argv, text, GAMMU_MS);
}

static err ask_gammu(struct arena *a, struct str config) {
	char *argv[] = {program_word(a, S("gammu")), program_word(a, S("-c")), program_word(a, config), program_word(a, S("identify")),
	                NULL};
	return run_gammu(a, config, argv, STR_NONE, GAMMU_ASK_MS);
}

err sms_send(const struct sms_route *r, struct str number, struct str text) {
	struct arena *a = arena_new();
	err e = is_gammu(r->to) ? send_gammu(a, file_of(r->to), number, text) : send_http(r, a, number, text);
	arena_free(&a);
	return e;
}

err sms_ask(const struct sms_route *r) {
	struct arena *a = arena_new();
	err e = is_gammu(r->to) ? ask_gammu(a, file_of(r->to)) : ask_http(r, a);
	arena_free(&a);
	return e;
}
