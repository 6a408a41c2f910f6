#include "base/arena.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 16 * 1024, ALIGN = 16 };

struct block {
	struct block *next;
	size_t used, cap;
	_Alignas(ALIGN) char bytes[];
};

struct arena {
	struct block *top;
	size_t total;
};

static struct block *block_new(size_t cap, struct block *next) {
	struct block *b = xmalloc(sizeof *b + cap);
	*b = (struct block){.next = next, .cap = cap};
	return b;
}

struct arena *arena_new(void) {
	return xcalloc(1, sizeof(struct arena));
}

void arena_reset(struct arena *a) {
	struct block *kept = NULL;
	while (a->top) {
		struct block *b = a->top;
		a->top = b->next;
		if (!kept && b->cap == BLOCK)
			kept = b;
		else
			free(b);
	}
	if (kept)
		*kept = (struct block){.cap = BLOCK};
	a->top = kept;
	a->total = 0;
}

void arena_free(struct arena **a) {
	if (!*a)
		return;
	arena_reset(*a);
	free((*a)->top);
	free(*a);
	*a = NULL;
}

#ifdef ARENA_MALLOC

void *arena_alloc(struct arena *a, size_t n) {
	struct block *b = block_new(n, a->top);
	b->used = n;
	a->top = b;
	a->total += n;
	return b->bytes;
}

#else

static size_t round_up(size_t n) {
	must(n < SIZE_MAX / 2);
	return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

void *arena_alloc(struct arena *a, size_t n) {
	size_t need = round_up(n ? n : 1);
	a->total += need;
	struct block *top = a->top;
	if (top && top->cap - top->used >= need) {
		void *p = top->bytes + top->used;
		top->used += need;
		return p;
	}
	if (need > BLOCK / 4 && top) {
		struct block *big = block_new(need, top->next);
		big->used = need;
		top->next = big;
		return big->bytes;
	}
	a->top = block_new(need > BLOCK ? need : BLOCK, top);
	a->top->used = need;
	return a->top->bytes;
}

#endif

void *arena_zero(struct arena *a, size_t n) { return memset(arena_alloc(a, n), 0, n); }

struct str arena_str(struct arena *a, struct str s) {
	char *p = arena_alloc(a, s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = 0;
	return (struct str){p, s.n};
}

struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap) {
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	must(n >= 0);
	char *p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return (struct str){p, (size_t)n};
}

struct str arena_printf(struct arena *a, const char *fmt, ...) {
	va_list ap;
	va_start(ap, fmt);
	struct str s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

size_t arena_used(const struct arena *a) { return a->total; }
