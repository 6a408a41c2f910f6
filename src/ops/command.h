/* The command line: one row of commands.def per command, one file per command in this folder.
 *
 *   freehold COMMAND … [--data DIR] [--config FILE] [--set section.key=value]…
 *
 * A command that changes the network (NETWORK) runs inside the server when one runs on the same data folder (over DATA/admin.sock), so that
 * its effect is there when it returns; otherwise it opens the database itself, under the folder's lock. The others (ALONE) run in this
 * process, and one that is EITHER does too, but hands to a running server what only that can do. Exit status: 0 done, 1 failed, 2 usage
 * (doctor has more: ops/doctor.h). */
#ifndef OPS_COMMAND_H
#define OPS_COMMAND_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "config/config.h"
#include "core/ctx.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct command_call {
	struct ctx c;              /* NETWORK commands, and EITHER inside the server: site, db and arena are set, viewer 0, role owner */
	const struct err *trouble; /* ANYWAY commands: why c.db is NULL; or NULL */
	struct arena *arena;
	const struct config *config;
	struct str data_dir;
	int argc; /* what is left without the common options; argv[0] is the command's name */
	char **argv;
	struct buf *out, *errors; /* what the person sees; written whole when the command ends. ALONE commands may print by themselves */
};

/* Returns the exit status; EXIT_USAGE makes the caller print the usage line. */
typedef int (*command_fn)(struct command_call *call);

/* EITHER: begins alone, and may ask the running process to run it inside (command_in_network, open_running).
 * ANYWAY: as NETWORK, but also where the network cannot be opened: db is NULL then, and trouble says why. */
enum command_place { ALONE, NETWORK, EITHER, ANYWAY };

struct command {
	const char *name, *usage, *help;
	command_fn fn;
	enum command_place place;
};
extern const struct command commands[];
extern const int command_count;

/* Everything main() does. */
int command_main(int argc, char **argv);

/* For the admin socket: runs a NETWORK or EITHER command in this process with this ctx. */
int command_run_inside(struct ctx *c, struct str data_dir, int argc, char **argv, struct buf *out, struct buf *errors);

/* What NETWORK does with a command's function, for a part of an EITHER one. */
int command_in_network(struct command_call *call, command_fn fn);

/* Option readers for commands: "--name VALUE" and "--flag" are taken out of argv. False when the value is missing. */
bool option_value(struct command_call *call, const char *name, struct str *out);
bool option_flag(struct command_call *call, const char *name);
/* Complains of the first thing left that looks like an option; true when there is one. */
bool option_unknown(struct command_call *call);

/* "freehold: …" on errors; returns EXIT_FAILED. */
int command_failed(struct command_call *call, err e);

#define COMMAND(name, usage, place, fn, help) int fn(struct command_call *call);
#include "ops/commands.def"
#undef COMMAND

#endif
