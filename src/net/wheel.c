#include "net/wheel.h"

void wheel_init(struct wheel *w, int64_t now) {
	for (int i = 0; i < WHEEL_SLOTS; i++)
		LIST_INIT(&w->slots[i]);
	w->tick = w->soonest = now / WHEEL_TICK_MS;
}

/* Files it by its deadline, not before tick `first`; what is beyond the wheel's reach goes to its far end. */
static void file(struct wheel *w, struct timer *t, int64_t first) {
	int64_t slot = t->at / WHEEL_TICK_MS + 1;
	if (slot < first)
		slot = first;
	if (slot > w->tick + WHEEL_SLOTS - 1)
		slot = w->tick + WHEEL_SLOTS - 1;
	t->slot = slot;
	LIST_INSERT_HEAD(&w->slots[slot % WHEEL_SLOTS], t, link);
	if (slot < w->soonest)
		w->soonest = slot;
}

void wheel_set(struct wheel *w, struct timer *t, int64_t at) {
	t->at = at;
	if (t->slot && at >= (t->slot - 1) * WHEEL_TICK_MS)
		return;
	wheel_remove(t);
	file(w, t, w->tick);
}

void wheel_remove(struct timer *t) {
	if (!t->slot)
		return;
	LIST_REMOVE(t, link);
	t->slot = 0;
}

int wheel_wait_ms(const struct wheel *w, int64_t now) {
	int64_t wait = w->soonest * WHEEL_TICK_MS - now;
	return wait < 0 ? 0 : wait > 1000 ? 1000 : (int)wait;
}

/* The first tick from w->tick on that has something filed, or the end of the wheel. */
static int64_t next_filed(const struct wheel *w) {
	for (int64_t t = w->tick; t < w->tick + WHEEL_SLOTS; t++)
		if (!LIST_EMPTY(&w->slots[t % WHEEL_SLOTS]))
			return t;
	return w->tick + WHEEL_SLOTS;
}

struct timer *wheel_expired(struct wheel *w, int64_t now) {
	int64_t now_tick = now / WHEEL_TICK_MS;
	if (now_tick < w->soonest)
		return NULL;
	while (w->tick <= now_tick) {
		struct timer *t = LIST_FIRST(&w->slots[w->tick % WHEEL_SLOTS]);
		if (!t) {
			w->tick++;
			continue;
		}
		wheel_remove(t);
		if (t->at <= now)
			return t;
		/* It was moved later since it was filed; never back into the slot being emptied. */
		file(w, t, w->tick + 1);
	}
	w->soonest = next_filed(w);
	return NULL;
}
