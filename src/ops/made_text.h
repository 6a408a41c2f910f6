/* Names and sentences of the made network: chosen by number, so that the same number says the same. */
#ifndef OPS_MADE_TEXT_H
#define OPS_MADE_TEXT_H

#include "base/buf.h"

#include <stdint.h>

/* A number for each (seed, what it is for, which): well mixed, without state. */
static inline uint64_t made_random(uint64_t seed, unsigned what, int64_t which) {
	uint64_t x = seed + what * 0x9e3779b97f4a7c15u + (uint64_t)which * 0xd1b54a32d192ed03u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* "mara_2k7" and "Mara Lindqvist"; the number's base 36 makes the first unique. */
void made_username(struct buf *out, int64_t account, uint64_t random);
void made_display_name(struct buf *out, uint64_t random);

/* One to three sentences, mostly between 30 and 200 characters. */
void made_sentences(struct buf *out, uint64_t random);

enum { MADE_TAGS = 400 };
/* "harbourlight": a hashtag's folded name. */
void made_tag(struct buf *out, int tag);

#endif
