/* TLS by OpenSSL 3: one context for all loops, made anew when the certificate or key on disk changes. Any thread. */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/err.h"

#include <openssl/types.h>

struct tls;

/* PEM files: a certificate chain and its key. ERR_INVALID when they cannot be used. */
err tls_new(struct tls **out, struct str cert, struct str key);
void tls_free(struct tls **t);

/* Looks whether the files changed; a new pair that cannot be used is logged and the old one stays. */
void tls_refresh(struct tls *t);

/* The server's side of a new connection; NULL when memory is out. */
SSL *tls_accept(struct tls *t, int fd);

#endif
