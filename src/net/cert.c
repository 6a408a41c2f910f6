#include "net/cert.h"

#include "base/arena.h"
#include "base/must.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

static bool end_of(const X509 *cert, int64_t *ends) {
	struct tm tm;
	if (ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) != 1)
		return false;
	*ends = (int64_t)timegm(&tm) * 1000;
	return true;
}

err cert_of_file(struct str path, int64_t *ends) {
	char name[4096];
	must(path.n < sizeof name);
	memcpy(name, path.p, path.n);
	name[path.n] = 0;
	FILE *f = fopen(name, "re");
	if (!f)
		return err_public(ERR_INVALID, "%s cannot be read: %s", name, strerror(errno));
	X509 *cert = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	bool good = cert && end_of(cert, ends);
	X509_free(cert);
	return good ? NULL : err_public(ERR_INVALID, "%s holds no certificate", name);
}

static err fits(SSL_CTX *ctx, const char *cert, const char *key, const char *host) {
	if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1)
		return err_public(ERR_INVALID, "%s holds no certificate", cert);
	if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(ctx) != 1)
		return err_public(ERR_INVALID, "%s does not hold the key of the certificate in %s", key, cert);
	X509 *x = SSL_CTX_get0_certificate(ctx);
	if (X509_check_host(x, host, 0, 0, NULL) != 1 && X509_check_ip_asc(x, host, 0) != 1)
		return err_public(ERR_INVALID, "the certificate in %s is not for %s", cert, host);
	if (X509_cmp_current_time(X509_get0_notAfter(x)) <= 0)
		return err_public(ERR_INVALID, "the certificate in %s has ended", cert);
	if (X509_cmp_current_time(X509_get0_notBefore(x)) > 0)
		return err_public(ERR_INVALID, "the certificate in %s has not begun yet", cert);
	return NULL;
}

err cert_fits(struct str cert, struct str key, struct str host) {
	struct arena *a = arena_new();
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	must(ctx);
	err e = fits(ctx, arena_str(a, cert).p, arena_str(a, key).p, arena_str(a, host).p);
	SSL_CTX_free(ctx);
	ERR_clear_error();
	arena_free(&a);
	return e;
}

/* curl tells each certificate of the chain as a list of "Name:value", the server's own first. */
static int64_t end_of_chain(CURL *curl) {
	struct curl_certinfo *chain = NULL;
	if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain || chain->num_of_certs < 1)
		return 0;
	for (const struct curl_slist *line = chain->certinfo[0]; line; line = line->next) {
		struct str text = str_of(line->data);
		time_t at = str_starts(text, S("Expire date:")) ? curl_getdate(line->data + 12, NULL) : -1;
		if (at > 0)
			return (int64_t)at * 1000;
	}
	return 0;
}

err cert_of_server(struct str url, int64_t timeout_ms, int64_t *ends) {
	char detail[CURL_ERROR_SIZE] = "";
	struct arena *a = arena_new();
	CURL *curl = curl_easy_init();
	must(curl);
	curl_easy_setopt(curl, CURLOPT_URL, arena_str(a, url).p);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	CURLcode why = curl_easy_perform(curl);
	*ends = end_of_chain(curl);
	err e = why == CURLE_OK ? NULL : err_private(ERR_UNAVAILABLE, "%s", detail[0] ? detail : curl_easy_strerror(why));
	curl_easy_cleanup(curl);
	arena_free(&a);
	return e;
}
