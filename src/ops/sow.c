#include "base/clock.h"
#include "ops/command.h"
#include "ops/made_network.h"
#include "ops/open.h"

#include <fcntl.h>
#include <unistd.h>

enum { ACCOUNTS_MAX = 100000000, POSTS_MAX = 2000000000 };

static bool number(struct command_call *call, const char *name, int64_t least, int64_t most, int64_t *out) {
	struct str text = STR_NONE;
	if (!option_value(call, name, &text))
		return false;
	if (text.n && str_i64(text, out) && *out >= least && *out <= most)
		return true;
	buf_printf(call->errors, "freehold: sow needs %s, a number from %lld to %lld\n", name, (long long)least, (long long)most);
	return false;
}

/* Whoever reads the file can act as the readers: nobody else may. */
static err open_tokens(struct command_call *call, struct str path, FILE **out) {
	int fd = open(arena_str(call->arena, path).p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	*out = fd < 0 ? NULL : fdopen(fd, "w");
	return *out ? NULL : err_public(ERR_UNAVAILABLE, "%.*s cannot be written: %m", S_ARG(path));
}

static err sow(struct command_call *call, struct made_network *made, struct str tokens) {
	if (tokens.n)
		TRY(open_tokens(call, tokens, &made->tokens));
	struct site *site;
	TRY(open_site(&site, call->config, call->data_dir));
	int64_t from = clock_mono_ms(), rows = 0;
	err e = made_network_load(site->store, made, &rows);
	if (!e && made->tokens && fflush(made->tokens))
		e = err_public(ERR_UNAVAILABLE, "%.*s cannot be written: %m", S_ARG(tokens));
	double seconds = (double)(clock_mono_ms() - from) / 1000;
	if (!e)
		buf_printf(call->out, "%lld rows in %.1f s, %.0f a second\n", (long long)rows, seconds, (double)rows / (seconds + 0.001));
	struct err kept = e ? *e : (struct err){0};
	close_site(&site);
	return e ? err_copy(&kept) : NULL;
}

int command_sow(struct command_call *call) {
	struct made_network made = {0};
	struct str tokens = STR_NONE;
	int64_t seed = 0;
	if (!number(call, "--accounts", 2, ACCOUNTS_MAX, &made.accounts) || !number(call, "--follows", 0, INT32_MAX, &made.follows) ||
	    !number(call, "--posts", 0, POSTS_MAX, &made.posts) || !number(call, "--seed", 0, INT64_MAX, &seed) ||
	    !option_value(call, "--tokens", &tokens) || option_unknown(call) || call->argc > 1)
		return EXIT_USAGE;
	made.seed = (uint64_t)seed;
	err e = sow(call, &made, tokens);
	if (made.tokens)
		fclose(made.tokens);
	return e ? command_failed(call, e) : EXIT_DONE;
}
