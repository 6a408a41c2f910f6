/* A made network for tests and measurements: accounts, follows, posts, replies, boosts, hashtags and favourites, the same for
 * the same numbers and seed (but for the access tokens, which are secrets and therefore drawn anew).
 *
 * Few accounts are followed by very many (Zipf's law); the first 10,000 are readers who follow about 100, every hundredth of
 * them about 1,000. Times lie between 2019 and 2025. Nobody of it can log in by password. */
#ifndef OPS_MADE_NETWORK_H
#define OPS_MADE_NETWORK_H

#include "base/err.h"
#include "store/db.h"

#include <stdio.h>

struct made_network {
	int64_t accounts, follows, posts;
	uint64_t seed;
	FILE *tokens; /* gets one access token per reader, a line each; NULL: none are made */
};

/* Loads it into the store; *rows is how many. ERR_CONFLICT when a made network is there already. */
err made_network_load(struct store *s, const struct made_network *made, int64_t *rows);

#endif
