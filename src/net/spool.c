#include "net/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

err spool_open(struct str dir, int *fd) {
	char path[4096];
	if (dir.n == 0)
		dir = S("/tmp");
	if ((size_t)snprintf(path, sizeof path, "%.*s", S_ARG(dir)) >= sizeof path)
		return err_private(ERR_UNAVAILABLE, "the spool folder's name is too long");
	*fd = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (*fd >= 0)
		return NULL;
	/* Not every file system has O_TMPFILE. */
	if ((size_t)snprintf(path, sizeof path, "%.*s/spool-XXXXXX", S_ARG(dir)) >= sizeof path)
		return err_private(ERR_UNAVAILABLE, "the spool folder's name is too long");
	*fd = mkostemp(path, O_CLOEXEC);
	if (*fd < 0)
		return err_private(ERR_UNAVAILABLE, "cannot make a file in the spool folder: %s", strerror(errno));
	unlink(path);
	return NULL;
}

err spool_write(int fd, int64_t offset, struct str bytes) {
	while (bytes.n) {
		ssize_t n = pwrite(fd, bytes.p, bytes.n, offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_private(ERR_UNAVAILABLE, "cannot write a body to the spool: %s", strerror(errno));
		bytes = str_skip(bytes, (size_t)n);
		offset += n;
	}
	return NULL;
}
