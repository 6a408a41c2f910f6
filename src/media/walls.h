/* Starts the decoding child and waits for it: the outer walls. Blocks its thread; any thread.
 *
 * Bubblewrap gives the child new user, mount, pid, network, ipc, uts and cgroup namespaces, /usr read-only, an empty small /tmp and nothing
 * else to write to, no environment, no capabilities, and death with its parent. A picture's input and output are memory files we made: no
 * pipe, no socket and no path. A film's child also sees one file to read (CHILD_INPUT) and one folder to write in (CHILD_OUTPUT). When its
 * time is over it is killed, and everything it started with it. */
#ifndef MEDIA_WALLS_H
#define MEDIA_WALLS_H

#include "base/err.h"
#include "base/str.h"

#define CHILD_INPUT "/input"
#define CHILD_OUTPUT "/output"

struct child_run {
	const char *program;
	const char *const *args; /* NULL-terminated */
	bool bubblewrap;
	int in;        /* read-only; descriptor 0 of the child */
	int line;      /* 1: what it says */
	int out;       /* 3 */
	int complaint; /* 2: for the log */
	/* What bubblewrap shows it at CHILD_INPUT and CHILD_OUTPUT; NULL: neither. Without bubblewrap args name the real paths. */
	const char *input, *output;
	int64_t timeout_ms;
	/* Called once a second; false ends the child. NULL: not called. */
	bool (*tick)(void *ctx);
	void *ctx;
};

/* *status: the exit status, or 128 + the signal that ended it, or who of us did: its time was over, or tick said so. */
enum { CHILD_TIME_OVER = 1000, CHILD_STOPPED };
err child_run(const struct child_run *run, int *status);

#endif
