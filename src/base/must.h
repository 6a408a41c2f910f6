/* A bug is not an error: must() stays on in release builds, names the place and aborts. Never used on input. */
#ifndef BASE_MUST_H
#define BASE_MUST_H

#define must(cond) ((cond) ? (void)0 : must_failed(#cond, __FILE__, __LINE__))

_Noreturn void must_failed(const char *cond, const char *file, int line);

/* malloc, calloc and realloc that abort when memory is out: nothing sensible is left to do then. */
void *xmalloc(__SIZE_TYPE__ n) __attribute__((malloc, returns_nonnull));
void *xcalloc(__SIZE_TYPE__ count, __SIZE_TYPE__ n) __attribute__((malloc, returns_nonnull));
void *xrealloc(void *p, __SIZE_TYPE__ n) __attribute__((returns_nonnull));

#endif
