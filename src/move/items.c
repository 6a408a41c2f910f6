#include "move/items.h"

struct item item_of(const struct blob_item *b) {
	struct item i = {.name = b->name, .size = b->size};
	if (b->proof.n && b->proof.n <= ITEM_PROOF) {
		i.proof_n = (unsigned char)b->proof.n;
		memcpy(i.proof, b->proof.p, b->proof.n);
	}
	return i;
}

struct blob_item item_view(const struct item *i) {
	return (struct blob_item){.name = i->name, .size = i->size, .proof = {i->proof, i->proof_n}};
}

void items_open(struct items *q) {
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->some, NULL);
	pthread_cond_init(&q->room, NULL);
}

void items_free(struct items *q) {
	pthread_mutex_destroy(&q->lock);
	pthread_cond_destroy(&q->some);
	pthread_cond_destroy(&q->room);
}

void items_close(struct items *q) {
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->some);
	pthread_cond_broadcast(&q->room);
	pthread_mutex_unlock(&q->lock);
}

bool items_put(struct items *q, const struct item *i) {
	pthread_mutex_lock(&q->lock);
	while (q->n == ITEMS && !q->closed)
		pthread_cond_wait(&q->room, &q->lock);
	bool open = !q->closed;
	if (open) {
		q->items[(q->first + q->n++) % ITEMS] = *i;
		pthread_cond_signal(&q->some);
	}
	pthread_mutex_unlock(&q->lock);
	return open;
}

bool items_take(struct items *q, struct item *out) {
	pthread_mutex_lock(&q->lock);
	while (!q->n && !q->closed)
		pthread_cond_wait(&q->some, &q->lock);
	bool some = q->n > 0;
	if (some) {
		*out = q->items[q->first];
		q->first = (q->first + 1) % ITEMS;
		if (--q->n == ITEMS / 2)
			pthread_cond_broadcast(&q->room);
	}
	pthread_mutex_unlock(&q->lock);
	return some;
}
