/* Another program, run to its end: without a shell, with a deadline, its input from memory. Blocks; for jobs, not for loops. Any thread. */
#ifndef NET_PROGRAM_H
#define NET_PROGRAM_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct program {
	const char *path;
	char **argv;
	char **env;         /* NULL: ours */
	struct str input;   /* what it reads */
	int64_t timeout_ms; /* then it is killed */
};

/* NULL: it ended with status 0. ERR_UNAVAILABLE: it could not be run, ended with another one, or was killed; the cause says which. said:
 * gets the first few KiB of what it writes; NULL: that goes where our own goes. */
err program_run(const struct program *c, struct buf *said);

/* A word of argv: posix_spawn wants those it could write to. */
char *program_word(struct arena *a, struct str s);

#endif
