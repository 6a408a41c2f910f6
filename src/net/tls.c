#include "net/tls.h"

#include "base/log.h"
#include "base/must.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct tls {
	pthread_mutex_t lock;
	SSL_CTX *ctx;
	char *cert, *key;
	struct timespec cert_at, key_at;
};

static err unusable(const struct tls *t) {
	char why[200];
	ERR_error_string_n(ERR_peek_last_error(), why, sizeof why);
	ERR_clear_error();
	return err_public(ERR_INVALID, "cannot use certificate %s with key %s: %s", t->cert, t->key, why);
}

/* Ours is HTTP/1.1 alone; a client that offers other protocols only goes on without. */
static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *n, const unsigned char *in, unsigned in_n, void *arg) {
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen = NULL;
	if (SSL_select_next_proto(&chosen, n, ours, sizeof ours - 1, in, in_n) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static err make_context(const struct tls *t, SSL_CTX **out) {
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	must(ctx);
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION |
	                             SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_alpn_select_cb(ctx, choose_alpn, NULL);
	if (SSL_CTX_use_certificate_chain_file(ctx, t->cert) != 1 || SSL_CTX_use_PrivateKey_file(ctx, t->key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(ctx) != 1) {
		SSL_CTX_free(ctx);
		return unusable(t);
	}
	*out = ctx;
	return NULL;
}

static struct timespec changed_at(const char *path) {
	struct stat st;
	return stat(path, &st) == 0 ? st.st_mtim : (struct timespec){0};
}

static bool same_time(struct timespec a, struct timespec b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

err tls_new(struct tls **out, struct str cert, struct str key) {
	struct tls *t = xcalloc(1, sizeof *t);
	pthread_mutex_init(&t->lock, NULL);
	t->cert = strndup(cert.p, cert.n);
	t->key = strndup(key.p, key.n);
	must(t->cert && t->key);
	t->cert_at = changed_at(t->cert);
	t->key_at = changed_at(t->key);
	err e = make_context(t, &t->ctx);
	if (e)
		tls_free(&t);
	*out = t;
	return e;
}

void tls_free(struct tls **tp) {
	struct tls *t = *tp;
	if (!t)
		return;
	SSL_CTX_free(t->ctx);
	pthread_mutex_destroy(&t->lock);
	free(t->cert);
	free(t->key);
	free(t);
	*tp = NULL;
}

void tls_refresh(struct tls *t) {
	struct timespec cert_at = changed_at(t->cert), key_at = changed_at(t->key);
	if (same_time(cert_at, t->cert_at) && same_time(key_at, t->key_at))
		return;
	t->cert_at = cert_at;
	t->key_at = key_at;
	SSL_CTX *fresh;
	err e = make_context(t, &fresh);
	if (e) {
		log_warn("keeping the old certificate: %s", e->text);
		return;
	}
	pthread_mutex_lock(&t->lock);
	SSL_CTX *old = t->ctx;
	t->ctx = fresh;
	pthread_mutex_unlock(&t->lock);
	SSL_CTX_free(old);
	log_info("certificate %s read again", t->cert);
}

SSL *tls_accept(struct tls *t, int fd) {
	pthread_mutex_lock(&t->lock);
	SSL *ssl = SSL_new(t->ctx);
	pthread_mutex_unlock(&t->lock);
	if (!ssl)
		return NULL;
	if (SSL_set_fd(ssl, fd) != 1) {
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_accept_state(ssl);
	return ssl;
}
