/* Growing arrays of one type. VEC(type) declares the struct { type *v; size_t n, cap; }, zero-initialised is empty.
 *
 * vec_push grows in the arena given, or by malloc where the arena is NULL: then vec_free gives it back. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"
#include "base/must.h"

#include <stdlib.h>

#define VEC(type) \
	struct { \
		type *v; \
		size_t n, cap; \
	}

#define vec_push(a, vec, item) \
	(vec_room((a), (void **)&(vec)->v, (vec)->n, &(vec)->cap, sizeof *(vec)->v), (void)((vec)->v[(vec)->n++] = (item)))
#define vec_clear(vec) ((vec)->n = 0)
#define vec_free(vec) (free((vec)->v), (vec)->v = NULL, (vec)->n = (vec)->cap = 0)

/* Makes room for one more item of `size` bytes. Called by vec_push only. */
static inline void vec_room(struct arena *a, void **v, size_t n, size_t *cap, size_t size) {
	if (n < *cap)
		return;
	size_t grown = *cap ? *cap * 2 : 8;
	void *bigger = a ? arena_alloc(a, grown * size) : xrealloc(*v, grown * size);
	if (a && n)
		memcpy(bigger, *v, n * size);
	*v = bigger;
	*cap = grown;
}

#endif
