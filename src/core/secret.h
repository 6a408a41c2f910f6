/* Secrets that people and apps carry: access tokens, session cookies, one-time links, codes. 256 random bits as 43 characters of base64url;
 * the database keeps only their SHA-256. Any thread. */
#ifndef CORE_SECRET_H
#define CORE_SECRET_H

#include "base/arena.h"
#include "core/site.h"

enum { SECRET_HASH = 32 };

/* A new secret, and its hash. */
struct str secret_new(struct arena *a, char hash[SECRET_HASH]);

/* The hash that the database knows a presented secret by. */
void secret_hash(struct str secret, char hash[SECRET_HASH]);

/* The CSRF token of a browser session, from the hash of its cookie: keyed with the site's own key, so that nothing has to be stored. */
struct str secret_csrf(struct arena *a, const struct site *site, const char session_hash[SECRET_HASH]);

/* The same for a form that somebody without a session fills in, tied to a random cookie of that form. */
struct str secret_form_csrf(struct arena *a, const struct site *site, struct str cookie);

/* What a telephone number is known by, and a code that was sent to it: keyed, since both could be found by trying all there are. */
struct str secret_phone(struct arena *a, const struct site *site, struct str number);
struct str secret_phone_code(struct arena *a, const struct site *site, int64_t account_id, struct str code);

/* The proof that this site's owner says it: the network changed its home for the epoch-th time. */
struct str secret_epoch(struct arena *a, const struct site *site, int64_t epoch);

#endif
