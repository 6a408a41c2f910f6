/* `freehold drill`: rehearses leaving on this machine, beside the running network, which it cannot touch.
 *
 * A scratch standby of the network is made in a folder of its own (SQLite and files, whatever the network has), brought up to date, opened,
 * and served in a network namespace that reaches nobody (where the kernel gives none: on loopback, with nothing in it that would go out).
 * There somebody logs in, reads, looks at pictures and films, and posts. Rows drawn at random are compared with the network's, as they
 * were before and are after. Then all of it is removed, and the network notes when it was and how it went. */
#ifndef OPS_DRILL_H
#define OPS_DRILL_H

#include "move/rehearsal.h"
#include "ops/command.h"

enum { DRILL_POSTS = REHEARSAL_DRAWN };

/* What is tried on a copy that is closed at the moment, by a server of its own. */
struct drill_trial {
	struct str program, dir, conf, log; /* this program; the copy's data folder, its settings, where it says what it has to say */
	struct str token;                   /* of a member; empty: nobody can log in here */
	int64_t account_id;
	int64_t posts[DRILL_POSTS]; /* that everybody may see */
	size_t post_count;
};

struct drill_tried {
	bool apart;                /* in a namespace of its own */
	bool logged_in;            /* read the home timeline and posted */
	int64_t open_ms, write_ms; /* from its start to the first answer, and to the first new post */
	int64_t posts, files;      /* that were read */
	char why[400];             /* what failed; empty: nothing */
};

/* In a child process; the caller has no other thread. ERR_UNAVAILABLE when none can be had. */
err drill_try(const struct drill_trial *trial, struct drill_tried *out);

/* Another program of ours, which ends with this thread; its output goes to the file, without one to our errors. -1: none could be started.
 */
int drill_spawn(const struct str *words, size_t n, struct str log);
/* Ends it (SIGTERM, after a while SIGKILL). */
void drill_end(int pid);

/* What the drill asks the running network. */
int drill_inside(struct command_call *call);

#endif
