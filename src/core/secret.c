#include "core/secret.h"

#include "base/buf.h"
#include "base/id.h"
#include "base/must.h"

#include <sodium.h>

static struct str text_of(struct arena *a, const void *bytes, size_t n) {
	BUF_AUTO b = {0};
	buf_base64url(&b, str_mem(bytes, n));
	return arena_str(a, buf_str(&b));
}

struct str secret_new(struct arena *a, char hash[SECRET_HASH]) {
	unsigned char raw[32];
	random_bytes(raw, sizeof raw);
	struct str secret = text_of(a, raw, sizeof raw);
	sodium_memzero(raw, sizeof raw);
	secret_hash(secret, hash);
	return secret;
}

void secret_hash(struct str secret, char hash[SECRET_HASH]) {
	crypto_hash_sha256((unsigned char *)hash, (const unsigned char *)secret.p, secret.n);
}

/* One purpose per use of the site's key: a token made for one place is worth nothing in another. */
static struct str keyed(struct arena *a, const struct site *site, struct str purpose, struct str about) {
	unsigned char mac[24];
	crypto_generichash_state state;
	must(crypto_generichash_init(&state, (const unsigned char *)site->secret, sizeof site->secret, sizeof mac) == 0);
	crypto_generichash_update(&state, (const unsigned char *)purpose.p, purpose.n);
	crypto_generichash_update(&state, (const unsigned char *)about.p, about.n);
	crypto_generichash_final(&state, mac, sizeof mac);
	return text_of(a, mac, sizeof mac);
}

struct str secret_csrf(struct arena *a, const struct site *site, const char session_hash[SECRET_HASH]) {
	return keyed(a, site, S("csrf of a session\n"), str_mem(session_hash, SECRET_HASH));
}

struct str secret_form_csrf(struct arena *a, const struct site *site, struct str cookie) {
	return keyed(a, site, S("csrf of a form\n"), cookie);
}

struct str secret_phone(struct arena *a, const struct site *site, struct str number) {
	return keyed(a, site, S("telephone number\n"), number);
}

struct str secret_phone_code(struct arena *a, const struct site *site, int64_t account_id, struct str code) {
	return keyed(a, site, S("code of a telephone\n"), arena_printf(a, "%lld %.*s", (long long)account_id, S_ARG(code)));
}

struct str secret_epoch(struct arena *a, const struct site *site, int64_t epoch) {
	return keyed(a, site, S("epoch of the network\n"), arena_printf(a, "%lld", (long long)epoch));
}
