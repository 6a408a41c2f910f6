#include "move/row_range.h"

#include "base/must.h"

#include <sodium.h>

enum { PAGE = 1000, DIGEST = COPY_STREAM_DIGEST / 2 };

static err add_page(struct db *db, struct arena *a, const struct image_table *t, struct str through, size_t most,
                    crypto_generichash_state *h, struct row_range *out, size_t *n) {
	struct image *v;
	size_t want = most - out->rows < PAGE ? most - out->rows : PAGE;
	struct str place = arena_str(a, buf_str(&out->last));
	TRY(image_rows(db, a, t, place, through, want, &v, n));
	for (size_t i = 0; i < *n; i++) {
		TRY(image_shortest(a, t, &v[i]));
		crypto_generichash_update(h, (const unsigned char *)v[i].row.p, v[i].row.n);
		crypto_generichash_update(h, (const unsigned char *)"\n", 1);
		out->bytes += (int64_t)v[i].row.n;
	}
	out->rows += *n;
	if (*n) {
		buf_clear(&out->last);
		buf_put(&out->last, v[*n - 1].key);
	}
	*n = *n == want ? *n : 0;
	return NULL;
}

err row_range_read(struct db *db, const struct image_table *t, struct str after, struct str through, size_t most, struct row_range *out) {
	unsigned char digest[DIGEST];
	crypto_generichash_state h;
	struct arena *a = arena_new();
	err e = NULL;
	must(crypto_generichash_init(&h, NULL, 0, sizeof digest) == 0);
	out->rows = 0;
	out->bytes = 0;
	buf_clear(&out->last);
	buf_put(&out->last, after);
	for (size_t n = 1; !e && n && out->rows < most; arena_reset(a))
		e = add_page(db, a, t, through, most, &h, out, &n);
	if (out->rows < most)
		buf_clear(&out->last);
	crypto_generichash_final(&h, digest, sizeof digest);
	BUF_AUTO hex = {0};
	buf_hex(&hex, str_mem(digest, sizeof digest));
	memcpy(out->digest, hex.p, sizeof out->digest);
	arena_free(&a);
	return e;
}
