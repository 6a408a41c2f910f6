/* The hub's thread: turns journal entries into events and decides for each receiver against current state whether it gets them.
 *
 * A new public or unlisted post is written as JSON once, as nobody in particular sees it, and framed once per kind of connection. Readers
 * with filters get their own (Status.filtered), and so does everybody of private, boosted and edited posts (Status.favourited, …). */
#ifndef API_LIVE_EVENTS_H
#define API_LIVE_EVENTS_H

#include "api/live.h"

struct live_thread;

/* gate: where sessions are known. The thread has its own connection to the database. */
struct live_thread *live_thread_start(struct live *l, struct gate *gate);
/* Ends and joins it; before the server stops nothing more is sent. */
void live_thread_stop(struct live_thread **t);

#endif
