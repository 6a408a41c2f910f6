/* Bytes of one connection, plain or through TLS; keeps can_read and can_write. Its loop's thread only. */
#ifndef NET_TRANSPORT_H
#define NET_TRANSPORT_H

#include "net/conn.h"

#include <sys/uio.h>

/* What a read or write came to, when it is not a count of bytes. */
enum { IO_WAIT = -1, IO_ENDED = 0, IO_FAILED = -2 };

ssize_t transport_read(struct conn *c, char *to, size_t room);
/* At most two parts. A count less than asked: the socket is full for now. */
ssize_t transport_write(struct conn *c, struct str first, struct str second);
/* From a file. */
ssize_t transport_send_file(struct conn *c, int fd, int64_t offset, int64_t n);

/* TLS only: 1 done, IO_WAIT, IO_FAILED. */
int transport_handshake(struct conn *c);
/* Ends TLS politely, as far as that goes without waiting, and frees it. */
void transport_end(struct conn *c);

#endif
