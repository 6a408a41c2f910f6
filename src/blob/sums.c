#include "blob/sums.h"

#include "base/must.h"

#include <arpa/inet.h>
#include <libdeflate.h>
#include <sodium.h>

void sums_begin(struct sums *s, int64_t size) {
	int64_t chunk = SUMS_LEAST;
	while ((size + chunk - 1) / chunk > SUMS_MAX)
		chunk *= 2;
	*s = (struct sums){.size = size, .chunk = chunk, .n = (int)((size + chunk - 1) / chunk)};
}

uint32_t sums_crc(uint32_t crc, struct str bytes) { return libdeflate_crc32(crc, bytes.p, bytes.n); }

void sums_add(struct sums *s, struct str bytes) {
	must(s->at + (int64_t)bytes.n <= s->size);
	while (bytes.n) {
		int64_t left = s->chunk - s->at % s->chunk;
		struct str part = str_first(bytes, (size_t)left);
		uint32_t *crc = &s->crc[s->at / s->chunk];
		*crc = sums_crc(*crc, part);
		s->at += (int64_t)part.n;
		bytes = str_skip(bytes, part.n);
	}
}

void sums_text(struct buf *out, const struct sums *s) {
	uint32_t wire[SUMS_MAX];
	for (int i = 0; i < s->n; i++)
		wire[i] = htonl(s->crc[i]);
	buf_base64url(out, str_mem(wire, (size_t)s->n * sizeof *wire));
}

bool sums_read(struct sums *s, int64_t size, struct str text) {
	uint32_t wire[SUMS_MAX];
	size_t n = 0;
	sums_begin(s, size);
	if (sodium_base642bin((unsigned char *)wire, sizeof wire, text.p ? text.p : "", text.n, NULL, &n, NULL,
	                      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    n != (size_t)s->n * sizeof *wire)
		return false;
	for (int i = 0; i < s->n; i++)
		s->crc[i] = ntohl(wire[i]);
	s->at = size;
	return true;
}
