/* Listening sockets: "ADDR:PORT" in, a bound descriptor and the real address out. Nobody can connect before listen_begin. */
#ifndef NET_LISTEN_H
#define NET_LISTEN_H

#include "base/err.h"

/* Non-blocking, close-on-exec. The address's text (with the real port) is written to text, at least 64 bytes. */
err listen_bind(struct str where, int *fd, char text[64]);
err listen_begin(int fd, const char *text);

#endif
