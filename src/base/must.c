#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_failed(const char *cond, const char *file, int line) {
	fprintf(stderr, "freehold: bug: %s is false at %s:%d\n", cond, file, line);
	abort();
}

static void *or_abort(void *p) {
	if (!p) {
		fputs("freehold: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *xmalloc(size_t n) { return or_abort(malloc(n ? n : 1)); }
void *xcalloc(size_t count, size_t n) { return or_abort(calloc(count ? count : 1, n ? n : 1)); }
void *xrealloc(void *p, size_t n) { return or_abort(realloc(p, n ? n : 1)); }
