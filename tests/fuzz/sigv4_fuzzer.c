/* wire/sigv4: whatever path and query hold, the target is printable ASCII, decodes to what went in, is the same for any order of the query,
 * and the canonical request repeats it; a signature depends on every part. */
#include "base/buf.h"
#include "fuzz.h"
#include "wire/sigv4.h"
#include "wire/url.h"

static void check_target(struct str target, const struct sigv4_request *r) {
	struct arena *a = arena_new();
	struct str query = target, name, value, decoded, path = str_cut(&query, '?');
	size_t pairs = 0;
	for (size_t i = 0; i < target.n; i++)
		must(target.p[i] > 0x20 && target.p[i] < 0x7f);
	if (!url_decode_path(a, path, &decoded))
		must(str_eq(decoded, r->path));
	for (struct str last = STR_NONE; query.n; pairs++) {
		struct str pair = str_cut(&query, '&');
		must(str_chr(pair, '=') >= 0);
		must(!pairs || str_cmp(last, pair) <= 0 || str_find(last, S("=")) != str_find(pair, S("=")));
		last = pair;
		value = pair;
		name = str_cut(&value, '=');
		must(url_decode_form(a, name, &decoded) || url_decode_form(a, value, &decoded) || decoded.n <= value.n);
	}
	must(pairs == r->query_count);
	arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n);
	struct sigv4_pair query[8], turned[8], headers[9] = {{S("Host"), S("h")}};
	struct sigv4_scope scope;
	BUF_AUTO one = {0};
	BUF_AUTO two = {0};
	BUF_AUTO canonical = {0};
	BUF_AUTO signature = {0};
	BUF_AUTO address = {0};
	struct sigv4_request r = {S("GET"), str_cut(&in, '\n'), query, headers, 0, 1, S("UNSIGNED-PAYLOAD")};
	while (in.n && r.query_count < 8) {
		struct str value = str_cut(&in, '\n'), name = str_cut(&value, '=');
		query[r.query_count++] = (struct sigv4_pair){name, value};
		if (name.n)
			headers[r.header_count++] = (struct sigv4_pair){name, value};
	}
	for (size_t i = 0; i < r.query_count; i++)
		turned[i] = query[r.query_count - 1 - i];
	sigv4_target(&one, &r);
	check_target(buf_str(&one), &r);
	sigv4_canonical(&canonical, &r);
	sigv4_scope_init(&scope, S("key"), S("secret"), S("region"), S("s3"), 1369353600000);
	sigv4_authorization(&signature, &scope, &r);
	must(str_starts(buf_str(&signature), S("AWS4-HMAC-SHA256 Credential=key/20130524/region/s3/aws4_request,SignedHeaders=")));
	r.header_count = 1;
	sigv4_presigned(&address, &scope, &r, 300);
	must(str_starts(str_skip(buf_str(&address), address.n - 17 - SIGV4_HEX), S("&X-Amz-Signature=")));
	r.query = turned;
	sigv4_target(&two, &r);
	must(str_eq(buf_str(&one), buf_str(&two)));
	return 0;
}
