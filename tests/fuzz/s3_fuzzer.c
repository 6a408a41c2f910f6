/* wire/s3: no document crashes a reader; what is read of a listing keeps its promises; keys written into a body come back when read. */
#include "fuzz.h"
#include "wire/s3.h"
#include "wire/xml.h"

static void check_written(struct str in) {
	BUF_AUTO body = {0};
	struct str keys[4], what;
	struct xml x;
	enum xml_event e;
	size_t n = 0, seen = 0;
	while (in.n && n < 4)
		keys[n++] = str_cut(&in, '\n');
	s3_put_delete(&body, keys, n);
	xml_init(&x, buf_str(&body));
	while ((e = xml_next(&x, &what)) != XML_DONE && e != XML_BAD)
		seen += e == XML_OPEN && str_eq(what, S("Key"));
	must(e == XML_BAD || seen == n);
	buf_clear(&body);
	s3_put_complete(&body, keys, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n), text;
	struct arena *a = arena_new();
	struct s3_listing l;
	struct s3_failure *failures;
	size_t count;
	if (s3_read_listing(a, in, &l)) {
		for (size_t i = 0; i < l.n; i++)
			must(l.items[i].key.n && l.items[i].size >= 0);
		must(!l.more || l.token.n);
	}
	if (s3_read_failures(a, in, &failures, &count))
		must(count <= n);
	struct s3_upload *uploads;
	if (s3_read_uploads(a, in, &uploads, &count))
		for (size_t i = 0; i < count; i++)
			must(uploads[i].id.n);
	if (s3_read_value(a, in, S("Error"), S("Code"), &text))
		must(text.n <= n * 2);
	check_written(in);
	arena_free(&a);
	return 0;
}
