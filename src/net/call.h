/* A call: one exchange with all the memory it needs, from the first byte of the request's head to the last of its reply.
 *
 * Calls are taken from and returned to a small stock of their loop, with their arena and buffers warm, so that an answer from memory
 * allocates nothing. A call belongs to its loop's thread, and to a worker between pool_submit and the note that brings it back. */
#ifndef NET_CALL_H
#define NET_CALL_H

#include "net/date.h"
#include "net/pool.h"
#include "net/server.h"

struct conn;

/* Something a loop does on its own thread; embedded in what it is about. */
struct note {
	struct note *next;
	void (*run)(struct note *n);
};

struct call {
	struct exchange x;
	struct http1_request req;
	struct call *next; /* in the stock */
	struct date date;
	struct conn *conn;
	struct note note;   /* back to the loop */
	struct job job;     /* over to a worker */
	bool keep;          /* the connection may stay open after the reply */
	int64_t started_ns; /* when the first byte of the head came */

	/* The body while it is being read. */
	struct buf in;
	struct http1_chunks chunks;
	int64_t in_size;
	int spool; /* -1: it fits in memory */

	/* What leaves: head, then body from memory or from x.reply.fd. Filled by reply_finish. */
	struct buf head, packed;
	struct str body;
	int64_t file_at, file_left;
	int64_t piece_at, piece_left; /* in piece_fd; piece_left < 0: it could not be fetched */
	int piece_fd;
	size_t sent;   /* of head and body in memory */
	int64_t bytes; /* all that was sent */
};

struct call_stock {
	struct call *first;
	int count;
};

struct call *call_take(struct call_stock *stock);
/* Closes its files; frees what grew large. */
void call_return(struct call_stock *stock, struct call *c);
void call_stock_free(struct call_stock *stock);

/* Copies the head into the call's arena and makes the request point there: it outlives the connection's buffer. */
void call_keep_head(struct call *c, struct str head);

/* Throws away what a handler wrote, so that another answer can be written. */
void call_clear_reply(struct call *c);

#endif
