/* An arena: memory that is freed all at once, at the end of a request or a job.
 *
 * Whoever returns new memory takes a `struct arena *` first. An arena belongs to one thread at a time. Blocks are kept
 * on reset up to one block, so that a worker's arena stops calling malloc after its first requests. The build option
 * arena_malloc=true makes each allocation a malloc of its own, so that sanitizers see overruns. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

#include <stdarg.h>

struct arena;

struct arena *arena_new(void);
void arena_reset(struct arena *a);
void arena_free(struct arena **a); /* NULLs the pointer */

/* Aligned for any type; never NULL (out of memory aborts). arena_zero clears. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull));
void *arena_zero(struct arena *a, size_t n) __attribute__((returns_nonnull));
#define arena_one(a, type) ((type *)arena_zero((a), sizeof(type)))
#define arena_many(a, type, count) ((type *)arena_zero((a), sizeof(type) * (count)))

/* A copy that the arena owns; always followed by a NUL, so that .p serves as a C string. */
struct str arena_str(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* Bytes given out since the last reset: for limits and tests. */
size_t arena_used(const struct arena *a);

#endif
