/* Errors of the world: what input, disks, databases and networks do to us. (Bugs: base/must.h.)
 *
 * An err carries a code, a text for the stranger and a cause for the log, made at the place that knows all three.
 * NULL is success. It lives in a slot of its thread until the next err is made on that thread: handle it or return it
 * at once; err_copy moves one to another thread. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/str.h"

enum err_code {
#define ERR(name, status, text) name,
#include "base/err.def"
#undef ERR
	ERR_COUNT
};

struct err {
	enum err_code code;
	char text[256];  /* for the stranger */
	char cause[256]; /* for the log; empty when the text says it all */
};

typedef const struct err *err;

/* A failure the client can mend: fmt is what the stranger reads. */
err err_public(enum err_code code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A failure the stranger learns only the table's text of: fmt is the cause, for the log. */
err err_private(enum err_code code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The table's text and no cause. */
err err_plain(enum err_code code);

/* Takes over an error made on another thread. */
err err_copy(const struct err *from);

int err_http_status(enum err_code code);

/* Returns the error of an expression that failed from the calling function. */
#define TRY(expr) \
	do { \
		err try_err_ = (expr); \
		if (try_err_) \
			return try_err_; \
	} while (0)

#endif
