/* wire/copy_stream: bytes that nobody proved are refused; proven ones are read line by line, and a line that is read writes itself again.
 */
#include "fuzz.h"
#include "wire/copy_stream.h"

static const char key[COPY_STREAM_KEY] = "the key that both sides have";

static void read_lines(struct str lines) {
	struct copy_line line;
	struct str whole = lines;
	int number = 0;
	bool bad;
	while (copy_stream_next(&lines, &line, &number, &bad)) {
		must(is_inside(line.table, whole) && is_inside(line.text, whole));
		struct buf b = {0};
		struct copy_line again;
		int one = 0;
		copy_stream_put(&b, &line);
		struct str text = buf_str(&b);
		must(copy_stream_next(&text, &again, &one, &bad) && again.kind == line.kind && str_eq(again.table, line.table) &&
		     str_eq(again.text, line.text) && !memcmp(again.numbers, line.numbers, sizeof line.numbers));
		buf_free(&b);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n), lines;
	const char *why;
	must(!copy_stream_open(in, key, S("nonce"), &lines, &why) && why);
	struct buf b = {0};
	copy_stream_begin(&b);
	buf_put(&b, in);
	buf_byte(&b, '\n');
	copy_stream_end(&b, key, S("nonce"));
	must(copy_stream_open(buf_str(&b), key, S("nonce"), &lines, &why));
	read_lines(lines);
	struct str cut = str_first(buf_str(&b), b.n - 1 - n % b.n);
	must(!copy_stream_open(cut, key, S("nonce"), &lines, &why) && !copy_stream_open(buf_str(&b), key, S("other"), &lines, &why));
	b.p[n % b.n] ^= 1;
	must(!copy_stream_open(buf_str(&b), key, S("nonce"), &lines, &why));
	buf_free(&b);
	return 0;
}
