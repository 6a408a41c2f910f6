/* Times in headers (RFC 9110 §5.6.7): the Date header's, made at most once a second by whoever keeps it, and any other. */
#ifndef NET_DATE_H
#define NET_DATE_H

#include "base/str.h"

#include <time.h>

enum { DATE_TEXT = sizeof "Sun, 06 Nov 1994 08:49:37 GMT" };

/* Begins as zeros. */
struct date {
	time_t made;
	char text[DATE_TEXT];
};

/* "Sun, 06 Nov 1994 08:49:37 GMT" of now; valid until the next call with this one. */
struct str date_now(struct date *d);
/* The same of any time (ms). */
struct str date_text(int64_t ms, char out[DATE_TEXT]);

#endif
