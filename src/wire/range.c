#include "wire/range.h"

/* Decimal digits only: a sign or an overflow makes the range malformed. */
static bool number(struct str s, int64_t *out) { return s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9' && str_i64(s, out); }

enum range_result range_parse(struct str header, int64_t size, int64_t *from, int64_t *n) {
	if (!str_starts_ci(header, S("bytes=")) || str_chr(header, ',') >= 0)
		return RANGE_WHOLE;
	struct str last = str_trim(str_skip(header, 6));
	if (str_chr(last, '-') < 0)
		return RANGE_WHOLE;
	struct str first = str_cut(&last, '-');
	int64_t a, b;
	if (str_empty(first)) {
		if (!number(last, &b))
			return RANGE_WHOLE;
		if (b == 0 || size == 0)
			return RANGE_BEYOND;
		*n = b < size ? b : size;
		*from = size - *n;
		return RANGE_PART;
	}
	if (!number(first, &a))
		return RANGE_WHOLE;
	b = size - 1;
	if (last.n && (!number(last, &b) || b < a))
		return RANGE_WHOLE;
	if (a >= size)
		return RANGE_BEYOND;
	if (b >= size)
		b = size - 1;
	*from = a;
	*n = b - a + 1;
	return RANGE_PART;
}

static struct str without_weak(struct str tag) { return str_starts(tag, S("W/")) ? str_skip(tag, 2) : tag; }

bool etag_in(struct str list, struct str etag) {
	if (str_eq(str_trim(list), S("*")))
		return true;
	while (list.n) {
		list = str_trim(list);
		struct str rest = without_weak(list);
		if (rest.n == 0 || rest.p[0] != '"')
			return false;
		ptrdiff_t end = str_chr(str_skip(rest, 1), '"');
		if (end < 0)
			return false;
		if (str_eq(str_first(rest, (size_t)end + 2), without_weak(etag)))
			return true;
		list = str_skip(rest, (size_t)end + 2);
		str_cut(&list, ',');
	}
	return false;
}

bool etag_is_same(struct str if_range, struct str etag) { return etag.n >= 2 && etag.p[0] == '"' && str_eq(str_trim(if_range), etag); }
