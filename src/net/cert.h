/* What certificates are worth: those in files, and the one that somebody shows who asks for it. Blocks; any thread. */
#ifndef NET_CERT_H
#define NET_CERT_H

#include "base/err.h"

/* The first certificate of a PEM file. *ends: ms since 1970. ERR_INVALID when there is none. */
err cert_of_file(struct str path, int64_t *ends);

/* Whether browsers would take the certificate in that file from a server of that host (a name or an address), and the key is its own.
 * ERR_INVALID says why not. Who signed it is not asked. */
err cert_fits(struct str cert, struct str key, struct str host);

/* Asks an address ("https://example.org/health", or http) by HEAD. NULL: there was an answer, whatever it said. ERR_UNAVAILABLE: none, or
 * over a certificate that nobody would trust; its cause says why. *ends is 0 where no certificate was shown. */
err cert_of_server(struct str url, int64_t timeout_ms, int64_t *ends);

#endif
