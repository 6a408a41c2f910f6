/* Another machine, over the system's ssh: runs small shell scripts there.
 *
 * Nothing secret stands in a script or its arguments, which others there may see in a list of processes: it goes through standard input.
 * One thread. */
#ifndef OPS_REMOTE_H
#define OPS_REMOTE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { REMOTE_WORDS = 32, REMOTE_ARGS = 8 };

struct remote {
	struct arena *arena;
	struct str words[REMOTE_WORDS]; /* the program and its options */
	size_t n;
	struct str to; /* USER@HOST, or what ssh's own settings call it */
};

/* ssh: the program with its options, spaces between (move.ssh). ERR_INVALID for what can be no USER@HOST. */
err remote_open(struct remote *out, struct arena *a, struct str ssh, struct str to);

struct remote_run {
	const char *script; /* for sh; one line, no single quotes */
	struct str args[REMOTE_ARGS];
	size_t arg_count; /* they are $1 … */
	int in;           /* a file that becomes its standard input, from where it stands; -1: it is empty */
	/* Each line of its output as it comes, without the newline; false ends it. NULL: all of it is put into out. */
	bool (*line)(void *ctx, struct str line);
	void *ctx;

	int status; /* its exit status */
	bool ended; /* by line() */
	struct buf out, errors;
};
void remote_run_free(struct remote_run *x);
#define REMOTE_AUTO __attribute__((cleanup(remote_run_free))) struct remote_run

/* Waits for its end. ERR_UNAVAILABLE when ssh does not get there, the connection breaks, or the person interrupts. */
err remote_run(const struct remote *r, struct remote_run *x);

/* What it complained of: the last line of its errors, else of its output. */
struct str remote_complaint(const struct remote_run *x);

/* A program of this machine in the same way: words[0] is looked for in PATH. */
err remote_local(const struct str *words, size_t n, struct remote_run *x);

/* The name or address that ssh connects to, whatever the machine is called here. */
err remote_host(const struct remote *r, struct str *host);

/* A file in memory with these bytes, to be read from its start. -1: there is none to be had. */
int remote_bytes(struct str bytes);

/* From now on Ctrl-C (and SIGTERM) end what runs, and this tells. */
void remote_watch_signals(void);
bool remote_interrupted(void);
/* Waits until there is something to read, or an end; false when interrupted. */
bool remote_readable(int fd);

/* A word as sh reads it. */
void remote_quote(struct buf *out, struct str word);

#endif
