/* Pins: the posts at the top of their author's profile. */
#ifndef STORE_PIN_H
#define STORE_PIN_H

#include "store/tx.h"

err store_pin_insert(struct tx *tx, int64_t account, int64_t status, int64_t id);
/* *changed false: it was not pinned. */
err store_pin_delete(struct tx *tx, int64_t account, int64_t status, bool *changed);

/* *id 0: not pinned. */
err store_pin_by(struct db *db, int64_t account, int64_t status, int64_t *id);
err store_pin_count(struct db *db, int64_t account, int64_t *count);
/* Posts, the last pinned first. */
err store_pins_of(struct arena *a, struct db *db, int64_t account, int64_t **ids, size_t *n);

#endif
