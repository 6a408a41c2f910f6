/* wire/row: what is read and written again reads the same and is its own shortest form; texts are UTF-8 without NUL; a place is inside. */
#include "fuzz.h"
#include "wire/row.h"

static void same(const struct row_value *x, const struct row_value *y) {
	must(x->kind == y->kind && x->number == y->number && str_eq(x->text, y->text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	enum { MOST = 12 };
	struct arena *a = arena_new();
	struct row_value first[MOST], second[MOST];
	struct str in = str_mem(data, n), bytes;
	size_t count, again, at;
	bool good = row_parse(a, in, first, MOST, &count, &at);
	must(at <= n);
	if (good) {
		struct buf b = {0}, c = {0};
		row_write(&b, first, count);
		must(row_parse(a, buf_str(&b), second, MOST, &again, &at) && again == count && at == b.n);
		for (size_t i = 0; i < count; i++) {
			same(&first[i], &second[i]);
			must(str_utf8(first[i].text) && !(first[i].text.n && memchr(first[i].text.p, 0, first[i].text.n)));
		}
		row_write(&c, second, count);
		must(str_eq(buf_str(&b), buf_str(&c)));
		buf_free(&b);
		buf_free(&c);
	}
	if (row_bytes(a, in, &bytes)) {
		struct buf b = {0};
		buf_hex(&b, bytes);
		must(str_eq_ci(buf_str(&b), in));
		buf_free(&b);
	}
	arena_free(&a);
	return 0;
}
