#include "net/transport.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

/* One record of TLS; also how much of a file is read at once for it. */
enum { RECORD = 16 * 1024, FILE_STEP = 512 * 1024 };

static ssize_t tls_result(struct conn *c, int r) {
	int why = SSL_get_error(c->ssl, r);
	if (why == SSL_ERROR_WANT_READ)
		c->can_read = false;
	else if (why == SSL_ERROR_WANT_WRITE)
		c->can_write = false;
	else
		ERR_clear_error();
	return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? IO_WAIT : why == SSL_ERROR_ZERO_RETURN ? IO_ENDED : IO_FAILED;
}

ssize_t transport_read(struct conn *c, char *to, size_t room) {
	if (!c->can_read)
		return IO_WAIT;
	if (c->ssl) {
		size_t n = 0;
		int r = SSL_read_ex(c->ssl, to, room, &n);
		return r > 0 ? (ssize_t)n : tls_result(c, r);
	}
	ssize_t n;
	do
		n = recv(c->fd, to, room, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		c->can_read = false;
		return errno == EAGAIN || errno == EWOULDBLOCK ? IO_WAIT : IO_FAILED;
	}
	/* A short read emptied the socket: the kernel will tell of more. After a hang-up there is the end still to read. */
	if ((size_t)n < room && !c->hung_up)
		c->can_read = false;
	return n;
}

/* Head and the beginning of the body go out in one record. The same bytes come again after a wait: SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER. */
static ssize_t tls_write(struct conn *c, struct str first, struct str second) {
	char record[RECORD];
	ssize_t total = 0;
	while (first.n + second.n) {
		struct str out = first.n ? first : second;
		if (first.n && first.n < sizeof record && second.n) {
			size_t more = sizeof record - first.n < second.n ? sizeof record - first.n : second.n;
			memcpy(record, first.p, first.n);
			memcpy(record + first.n, second.p, more);
			out = (struct str){record, first.n + more};
		}
		size_t n = 0;
		int r = SSL_write_ex(c->ssl, out.p, out.n, &n);
		if (r <= 0) {
			ssize_t why = tls_result(c, r);
			return why == IO_WAIT ? total ? total : IO_WAIT : IO_FAILED;
		}
		total += (ssize_t)n;
		second = n > first.n ? str_skip(second, n - first.n) : second;
		first = str_skip(first, n);
	}
	return total;
}

ssize_t transport_write(struct conn *c, struct str first, struct str second) {
	if (!c->can_write)
		return IO_WAIT;
	if (c->ssl)
		return tls_write(c, first, second);
	struct iovec v[2] = {{(void *)(uintptr_t)first.p, first.n}, {(void *)(uintptr_t)second.p, second.n}};
	struct msghdr m = {.msg_iov = first.n ? v : v + 1, .msg_iovlen = (size_t)(first.n > 0) + (second.n > 0)};
	ssize_t n;
	do
		n = sendmsg(c->fd, &m, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		c->can_write = false;
		return errno == EAGAIN || errno == EWOULDBLOCK ? IO_WAIT : IO_FAILED;
	}
	return n;
}

ssize_t transport_send_file(struct conn *c, int fd, int64_t offset, int64_t n) {
	if (!c->can_write)
		return IO_WAIT;
	if (c->ssl) {
		char record[RECORD];
		ssize_t got = pread(fd, record, n < RECORD ? (size_t)n : RECORD, offset);
		return got <= 0 ? IO_FAILED : tls_write(c, (struct str){record, (size_t)got}, STR_NONE);
	}
	off_t at = offset;
	ssize_t sent;
	do
		sent = sendfile(c->fd, fd, &at, n < FILE_STEP ? (size_t)n : FILE_STEP);
	while (sent < 0 && errno == EINTR);
	if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
		c->can_write = false;
		return IO_WAIT;
	}
	return sent > 0 ? sent : IO_FAILED;
}

int transport_handshake(struct conn *c) {
	int r = SSL_do_handshake(c->ssl);
	return r == 1 ? 1 : tls_result(c, r) == IO_WAIT ? IO_WAIT : IO_FAILED;
}

void transport_end(struct conn *c) {
	if (!c->ssl)
		return;
	if (!c->broken && SSL_is_init_finished(c->ssl))
		SSL_shutdown(c->ssl);
	ERR_clear_error();
	SSL_free(c->ssl);
	c->ssl = NULL;
}
