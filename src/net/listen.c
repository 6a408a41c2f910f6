#include "net/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static err bad_address(struct str where) { return err_public(ERR_INVALID, "cannot listen on \"%.*s\": not an ADDRESS:PORT", S_ARG(where)); }

/* Splits at the last colon; an IPv6 address stands in brackets. */
static err resolve(struct str where, struct addrinfo **out) {
	char host[256], port[8];
	size_t colon = where.n;
	while (colon > 0 && where.p[colon - 1] != ':')
		colon--;
	if (colon == 0)
		return bad_address(where);
	struct str h = str_first(where, colon - 1), p = str_skip(where, colon);
	if (h.n >= 2 && h.p[0] == '[' && h.p[h.n - 1] == ']')
		h = (struct str){h.p + 1, h.n - 2};
	uint64_t number;
	if (h.n >= sizeof host || p.n >= sizeof port || !str_u64(p, &number) || number > 65535)
		return bad_address(where);
	snprintf(host, sizeof host, "%.*s", S_ARG(h));
	snprintf(port, sizeof port, "%.*s", S_ARG(p));
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	if (getaddrinfo(host[0] ? host : NULL, port, &hints, out) != 0)
		return bad_address(where);
	return NULL;
}

static void describe(int fd, char text[64]) {
	struct sockaddr_storage ss;
	socklen_t n = sizeof ss;
	char host[INET6_ADDRSTRLEN] = "";
	getsockname(fd, (struct sockaddr *)&ss, &n);
	if (ss.ss_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)&ss;
		inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host);
		snprintf(text, 64, "[%s]:%d", host, ntohs(v6->sin6_port));
	} else {
		const struct sockaddr_in *v4 = (const void *)&ss;
		inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host);
		snprintf(text, 64, "%s:%d", host, ntohs(v4->sin_port));
	}
}

err listen_bind(struct str where, int *out, char text[64]) {
	struct addrinfo *a;
	TRY(resolve(where, &a));
	int one = 1, fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool bound = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 && bind(fd, a->ai_addr, a->ai_addrlen) == 0;
	int why = errno;
	freeaddrinfo(a);
	if (!bound) {
		if (fd >= 0)
			close(fd);
		return err_public(ERR_UNAVAILABLE, "cannot listen on %.*s: %s", S_ARG(where), strerror(why));
	}
	describe(fd, text);
	*out = fd;
	return NULL;
}

err listen_begin(int fd, const char *text) {
	if (listen(fd, 4096) == 0)
		return NULL;
	return err_public(ERR_UNAVAILABLE, "cannot listen on %s: %s", text, strerror(errno));
}
