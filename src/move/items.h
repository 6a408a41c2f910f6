/* A queue of blobs between threads that list and threads that work: bounded, so that whoever lists faster waits. Any thread. */
#ifndef MOVE_ITEMS_H
#define MOVE_ITEMS_H

#include "blob/blob.h"

#include <pthread.h>

enum { ITEMS = 1024, ITEM_PROOF = 80 };

/* A blob_item that owns its proof. */
struct item {
	struct blob_name name;
	int64_t size;
	unsigned char proof_n;
	char proof[ITEM_PROOF];
};
struct item item_of(const struct blob_item *b);
/* A view of i. */
struct blob_item item_view(const struct item *i);

struct items {
	pthread_mutex_t lock;
	pthread_cond_t some, room; /* there is something to take; half of it is empty again */
	struct item items[ITEMS];
	int first, n;
	bool closed;
};
void items_open(struct items *q);
void items_free(struct items *q);
/* Nothing more comes, or nobody takes any more. */
void items_close(struct items *q);
/* False when the queue is closed. */
bool items_put(struct items *q, const struct item *i);
/* False when it is closed and empty. */
bool items_take(struct items *q, struct item *out);

#endif
