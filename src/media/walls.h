/* Starts the decoding child and waits for it: the outer walls. Blocks its thread; any thread.
 *
 * Bubblewrap gives the child new user, mount, pid, network, ipc, uts and cgroup namespaces, /usr read-only, an empty /tmp, no
 * environment, no capabilities, and death with its parent. All its input and output are memory files we made: it gets no pipe, no socket
 * and no path. When its time is over it is killed, and everything it started with it. */
#ifndef MEDIA_WALLS_H
#define MEDIA_WALLS_H

#include "base/err.h"
#include "base/str.h"

enum { CHILD_MAX_ARGS = 8 };

struct child_run {
	const char *program;
	const char *args[CHILD_MAX_ARGS]; /* NULL-terminated */
	bool bubblewrap;
	int in;        /* read-only; descriptor 0 of the child */
	int line;      /* 1: what it says */
	int out;       /* 3 */
	int preview;   /* 4 */
	int complaint; /* 2: for the log */
	int timeout_ms;
};

/* *status: the exit status, or 128 + the signal that ended it; 137 (SIGKILL) also when its time was over. */
err child_run(const struct child_run *run, int *status);

#endif
