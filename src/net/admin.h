/* The admin socket: the command line talks to the running server over a Unix socket in the data folder (design §1).
 *
 * Mode 0600, and the peer must be root or the server's own user. One command at a time, on the socket's own thread.
 * On the wire, all numbers 32 bits in network order: a count and that many length-prefixed words one way, the exit status and
 * length-prefixed output and errors the other. */
#ifndef NET_ADMIN_H
#define NET_ADMIN_H

#include "base/buf.h"
#include "base/err.h"

enum { ADMIN_MAX_WORDS = 256, ADMIN_MAX_BYTES = 1024 * 1024 };

struct admin;

/* Runs one command and returns its exit status. Always on the same thread. */
typedef int (*admin_fn)(void *ctx, int argc, char **argv, struct buf *out, struct buf *errors);

/* Replaces what a dead server left at path: call it holding the data folder's lock. */
err admin_start(struct admin **out, struct str path, admin_fn fn, void *ctx);
/* Lets a running command finish and removes the socket. */
void admin_stop(struct admin **a);

/* The client: ERR_NOT_FOUND when no server listens there. Waits as long as the command takes. */
err admin_call(struct str path, int argc, char **argv, int *status, struct buf *out, struct buf *errors);

#endif
