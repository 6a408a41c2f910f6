/* Strings that do not own: a pointer and a length, not NUL-terminated.
 *
 * A struct str is passed by value and stays valid as long as the memory it points into. The empty string may have
 * p == NULL. All comparisons are of bytes; "ci" ones fold ASCII only. Any thread. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

/* A literal's str, and the pair of printf arguments for "%.*s": S_ARG reads its argument more than once. */
#define S(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define S_ARG(s) (int)(s).n, (s).p ? (s).p : ""
#define STR_NONE ((struct str){NULL, 0})

static inline struct str str_of(const char *z) { return (struct str){z, z ? strlen(z) : 0}; }
static inline struct str str_mem(const void *p, size_t n) { return (struct str){p, n}; }
static inline bool str_empty(struct str s) { return s.n == 0; }

bool str_eq(struct str a, struct str b);
bool str_eq_ci(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* bytewise, shorter first */
bool str_starts(struct str s, struct str prefix);
bool str_starts_ci(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* The position of needle in s, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_chr(struct str s, char c);

/* s without its first n bytes (empty when shorter); its first n bytes. */
struct str str_skip(struct str s, size_t n);
struct str str_first(struct str s, size_t n);

/* Without spaces, tabs, CR and LF at both ends. */
struct str str_trim(struct str s);

/* Cuts *rest at the first sep: returns what stood before, *rest becomes what stood after (empty at the end).
 * while (rest.n) { struct str item = str_cut(&rest, ','); … } */
struct str str_cut(struct str *rest, char sep);

/* Whole decimal numbers with nothing around them; false for anything else or out of range. */
bool str_i64(struct str s, int64_t *out);
bool str_u64(struct str s, uint64_t *out);

/* Equal in a time that depends on the lengths only: for secrets. */
bool str_eq_secret(struct str a, struct str b);

/* Well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool str_utf8(struct str s);

/* FNV-1a with a final mix: for hash tables of trusted or salted keys. */
uint64_t str_hash(struct str s);

#endif
