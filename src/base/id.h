/* Ids of all rows people can see: 48 bits of milliseconds since 1970, 16 random bits; positive in an int64_t.
 *
 * They sort by time and cannot be counted through, but they are not secrets: policy decides who sees what.
 * A node never goes below its last id, even when the wall clock steps back. Two nodes may draw the same id: the insert
 * then fails on its key and the verb draws again. Any thread. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdint.h>

/* Called once at the start with the newest id in the database. */
void id_start_above(int64_t last);

int64_t id_new(void);

/* An id of a given time, for back-dated rows: imports and made networks. */
int64_t id_at(int64_t ms, uint16_t low);

static inline int64_t id_ms(int64_t id) { return id >> 16; }

/* Fills with random bytes of the kernel; aborts if it cannot. */
void random_bytes(void *out, __SIZE_TYPE__ n);

#endif
