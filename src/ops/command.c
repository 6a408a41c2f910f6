#include "ops/command.h"

#include "base/must.h"
#include "ops/open.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const struct command commands[] = {
#define COMMAND(name, usage, place, fn, help) {name, usage, help, fn, place},
#include "ops/commands.def"
#undef COMMAND
};
const int command_count = sizeof commands / sizeof *commands;

static const struct command *find(const char *name) {
	for (int i = 0; i < command_count; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static void put_overview(struct buf *out) {
	buf_lit(out, "usage: freehold COMMAND ... [--data DIR] [--config FILE] [--set section.key=value]...\n\n");
	for (int i = 0; i < command_count; i++)
		buf_printf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
	buf_lit(out, "\nfreehold COMMAND --help shows a command's own arguments.\n");
}

static void put_usage(struct buf *out, const struct command *command) {
	buf_printf(out, "usage: freehold %s%s%s\n", command->name, command->usage[0] ? " " : "", command->usage);
}

static void remove_args(struct command_call *call, int at, int n) {
	for (int i = at; i + n <= call->argc; i++)
		call->argv[i] = call->argv[i + n];
	call->argc -= n;
}

bool option_value(struct command_call *call, const char *name, struct str *out) {
	for (int i = 1; i < call->argc; i++) {
		if (strcmp(call->argv[i], name) != 0)
			continue;
		if (i + 1 >= call->argc) {
			buf_printf(call->errors, "freehold: %s needs a value\n", name);
			return false;
		}
		*out = str_of(call->argv[i + 1]);
		remove_args(call, i, 2);
		return true;
	}
	return true;
}

bool option_flag(struct command_call *call, const char *name) {
	for (int i = 1; i < call->argc; i++) {
		if (strcmp(call->argv[i], name) != 0)
			continue;
		remove_args(call, i, 1);
		return true;
	}
	return false;
}

bool option_unknown(struct command_call *call) {
	for (int i = 1; i < call->argc; i++)
		if (call->argv[i][0] == '-' && call->argv[i][1]) {
			buf_printf(call->errors, "freehold: %s has no option %s\n", call->argv[0], call->argv[i]);
			return true;
		}
	return false;
}

/* One line, although a library's words may be several. */
static void put_cause(struct buf *out, struct str cause) {
	buf_put(out, S(": "));
	for (cause = str_trim(cause); cause.n; cause = str_skip(cause, 1))
		if ((unsigned char)cause.p[0] > ' ')
			buf_byte(out, cause.p[0]);
		else if (out->p[out->n - 1] != ' ')
			buf_byte(out, ' ');
}

int command_failed(struct command_call *call, err e) {
	buf_printf(call->errors, "freehold: %s", e->text);
	if (e->cause[0])
		put_cause(call->errors, str_of(e->cause));
	buf_byte(call->errors, '\n');
	return EXIT_FAILED;
}

static bool read_common(struct command_call *call, struct config_options *o) {
	struct str sets[64], dir = S("./data");
	size_t n = 0;
	for (;;) {
		struct str one = STR_NONE;
		if (!option_value(call, "--set", &one))
			return false;
		if (!one.p)
			break;
		if (n == sizeof sets / sizeof *sets) {
			buf_lit(call->errors, "freehold: too many --set\n");
			return false;
		}
		sets[n++] = one;
	}
	struct str *kept = arena_many(call->arena, struct str, n + 1);
	if (n)
		memcpy(kept, sets, n * sizeof *sets);
	if (strcmp(call->argv[0], "serve") == 0 || strcmp(call->argv[0], "standby") == 0) {
		struct str listen = STR_NONE;
		if (!option_value(call, "--listen", &listen))
			return false;
		if (listen.p)
			kept[n++] = arena_printf(call->arena, "server.listen=%.*s", S_ARG(listen));
	}
	*o = (struct config_options){.sets = kept, .set_count = n};
	bool ok = option_value(call, "--data", &dir) && option_value(call, "--config", &o->file);
	o->data_dir = call->data_dir = arena_str(call->arena, dir);
	return ok;
}

/* For a command that wants to know why there is no network. */
static int run_bare(struct command_call *call, command_fn fn) {
	struct site *site;
	err e = open_bare(&site, call->config, call->data_dir);
	if (e)
		return command_failed(call, e);
	call->c = (struct ctx){.site = site, .arena = call->arena, .role = ROLE_OWNER};
	int status = fn(call);
	close_site(&site);
	return status;
}

static int run_network(struct command_call *call, command_fn fn, bool anyway) {
	int status;
	if (open_running(call, &status))
		return status;
	struct site *site;
	err e = open_site(&site, call->config, call->data_dir);
	if (e && !anyway)
		return command_failed(call, e);
	if (e) {
		struct err *trouble = arena_one(call->arena, struct err);
		*trouble = *e;
		call->trouble = trouble;
		return run_bare(call, fn);
	}
	call->c = (struct ctx){.site = site, .arena = call->arena, .role = ROLE_OWNER};
	e = db_open(&call->c.db, site->store);
	status = e ? command_failed(call, e) : fn(call);
	db_close(&call->c.db);
	close_site(&site);
	return status;
}

int command_in_network(struct command_call *call, command_fn fn) { return run_network(call, fn, false); }

static int run(const struct command *command, struct command_call *call) {
	if (option_flag(call, "--help") || option_flag(call, "-h")) {
		put_usage(call->out, command);
		buf_printf(call->out, "%s\n", command->help);
		return EXIT_DONE;
	}
	struct config_options options;
	if (!read_common(call, &options))
		return EXIT_USAGE;
	struct config *config;
	err e = config_read(&config, &options);
	if (e) {
		buf_printf(call->errors, "freehold: %s\n", e->text);
		return EXIT_FAILED;
	}
	call->config = config;
	int status = command->place == NETWORK || command->place == ANYWAY ? run_network(call, command->fn, command->place == ANYWAY)
	                                                                   : command->fn(call);
	config_free(&config);
	return status;
}

int command_run_inside(struct ctx *c, struct str data_dir, int argc, char **argv, struct buf *out, struct buf *errors) {
	const struct command *command = argc ? find(argv[0]) : NULL;
	if (!command || command->place == ALONE) {
		buf_lit(errors, "freehold: no such command\n");
		return EXIT_USAGE;
	}
	struct command_call call = {
	    .c = *c, .arena = c->arena, .data_dir = data_dir, .argc = argc, .argv = argv, .out = out, .errors = errors};
	int status = command->fn(&call);
	return status;
}

int command_main(int argc, char **argv) {
	BUF_AUTO out = {0}, errors = {0};
	const struct command *command = argc > 1 ? find(argv[1]) : NULL;
	int status;
	if (command) {
		struct arena *arena = arena_new();
		struct command_call call = {.arena = arena, .argc = argc - 1, .argv = argv + 1, .out = &out, .errors = &errors};
		status = run(command, &call);
		if (status == EXIT_USAGE)
			put_usage(&errors, command);
		arena_free(&arena);
	} else {
		bool asked = argc > 1 && (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0);
		if (argc > 1 && !asked)
			buf_printf(&errors, "freehold: there is no command %s\n", argv[1]);
		put_overview(asked ? &out : &errors);
		status = asked ? EXIT_DONE : EXIT_USAGE;
	}
	fwrite(out.p, 1, out.n, stdout);
	fflush(stdout);
	fwrite(errors.p, 1, errors.n, stderr);
	return status;
}
