#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	int status;
	const char *text;
} table[ERR_COUNT] = {
#define ERR(name, status, text) {status, text},
#include "base/err.def"
#undef ERR
};

static _Thread_local struct err slot;

int err_http_status(enum err_code code) { return table[code].status; }

err err_plain(enum err_code code) {
	slot = (struct err){.code = code};
	snprintf(slot.text, sizeof slot.text, "%s", table[code].text);
	return &slot;
}

/* The arguments may point into the slot itself (an error that wraps another), so the text is built aside. */
err err_public(enum err_code code, const char *fmt, ...) {
	struct err made = {.code = code};
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(made.text, sizeof made.text, fmt, ap);
	va_end(ap);
	slot = made;
	return &slot;
}

err err_private(enum err_code code, const char *fmt, ...) {
	struct err made = {.code = code};
	snprintf(made.text, sizeof made.text, "%s", table[code].text);
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(made.cause, sizeof made.cause, fmt, ap);
	va_end(ap);
	slot = made;
	return &slot;
}

err err_copy(const struct err *from) {
	if (!from)
		return NULL;
	slot = *from;
	return &slot;
}
