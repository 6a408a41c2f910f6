/* wire/json_items: whatever the pieces the bytes come in, the same items come out; none is larger than it may be. */
#include "fuzz.h"
#include "wire/json_items.h"

static void collect(struct json_items *j, struct str bytes, struct buf *out) {
	struct str item;
	while (json_items_next(j, &bytes, &item)) {
		must(item.n <= JSON_ITEM_MAX);
		buf_put(out, item);
		buf_byte(out, 0);
	}
	must(!bytes.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	if (!n)
		return 0;
	struct json_items whole = {.member = data[0] & 1 ? S("items") : STR_NONE, .level = data[0] >> 1 & 3}, parts = whole;
	BUF_AUTO once = {0};
	BUF_AUTO pieces = {0};
	struct str bytes = str_mem(data + 1, n - 1);
	collect(&whole, bytes, &once);
	for (size_t step = data[0] / 2 + 1; bytes.n; bytes = str_skip(bytes, step))
		collect(&parts, str_first(bytes, step), &pieces);
	must(str_eq(buf_str(&once), buf_str(&pieces)) && whole.index == parts.index);
	json_items_free(&whole);
	json_items_free(&parts);
	return 0;
}
