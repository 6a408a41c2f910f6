/* Passwords: Argon2id (RFC 9106, by libsodium), its cost by the settings accounts.argon_*.
 *
 * Hashing is the most expensive thing a stranger can ask for, so only accounts.argon_at_once of them run at a time; others wait, and past a
 * bound are told to come back (ERR_UNAVAILABLE). Pool workers and commands only, never a loop thread. */
#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include "core/ctx.h"
#include "core/problem.h"

struct config;
struct passwords;

struct passwords *passwords_new(const struct config *config);
void passwords_free(struct passwords **p);

/* Adds the problems of a password that somebody wants: length, or that it is their name or address. */
void password_check(struct problems *p, struct str password, struct str username, struct str email);

/* The text to keep. */
err password_hash(struct ctx *c, struct str password, struct str *out);

/* Whether it is the one that was hashed. With an empty hash (nobody of that name, no log-in) the answer is no after the same time. */
err password_matches(struct ctx *c, struct str hash, struct str password, bool *out);

/* A password for somebody else to start with: 20 letters and digits without look-alikes, about 116 bits. */
struct str password_invent(struct arena *a);

#endif
