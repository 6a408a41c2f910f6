/* A loop: one thread, one epoll, its connections and their timers (design §4). All of net/ that touches a connection runs on its loop's
 * thread; other threads leave a note. */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include "net/call.h"
#include "net/trust.h"
#include "net/wheel.h"

#include <pthread.h>
#include <stdatomic.h>

struct tls;
struct conn;
struct packers;

/* What all loops share; does not change after the start but for the counters. */
struct shared {
	struct server *server;
	struct handler handler;
	struct pool *pool;
	struct trust *trust;
	struct packers *packers;
	struct tls *tls; /* NULL: plain */
	struct str spool_dir;
	int64_t header_ms, idle_ms, body_bytes_per_s, max_connections;
	struct loop *loops;
	int loop_count;
};

enum { SCRATCH = 64 * 1024 };

TAILQ_HEAD(conn_turns, conn);
LIST_HEAD(conn_list, conn);

struct loop {
	struct shared *shared;
	int epoll, wake, listener; /* listener: -1 while not accepting */
	pthread_t thread;
	_Atomic(struct note *) notes;
	/* Written by its thread, read by all. load: its connections; the loop with the fewest gets the next. */
	_Atomic int64_t load, requests, streams;
	struct wheel wheel;
	struct conn_turns ready; /* connections that used up their turn */
	struct conn_list conns;
	struct call_stock stock;
	int64_t now_ms, now_ns; /* monotonic, of this turn */
	int64_t accept_at;      /* when to accept again after running out of descriptors; 0: accepting */
	_Atomic bool stopping;  /* read by workers too: what they answer then ends its connection */
	bool forced;
	char *scratch; /* SCRATCH bytes: what is read and used within one turn */
};

/* Makes it ready for connections and notes; then, when all loops are, starts its thread. */
err loop_open(struct loop *l, struct shared *shared, int listener);
err loop_start(struct loop *l);
/* Runs n->run on the loop's thread, soon. Any thread; notes of one thread arrive in order. */
void loop_note(struct loop *l, struct note *n);
/* Stops accepting and closes what is idle; forced: closes everything. Any thread. */
void loop_stop(struct loop *l, bool forced);
/* Waits for the thread after a forced stop: until the workers have brought back its last call. */
void loop_join(struct loop *l);
void loop_close(struct loop *l);

#endif
