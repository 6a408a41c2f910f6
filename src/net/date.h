/* The Date header's text, made at most once a second by whoever keeps it (RFC 9110 §5.6.7). */
#ifndef NET_DATE_H
#define NET_DATE_H

#include "base/str.h"

#include <time.h>

/* Begins as zeros. */
struct date {
	time_t made;
	char text[sizeof "Sun, 06 Nov 1994 08:49:37 GMT"];
};

/* "Sun, 06 Nov 1994 08:49:37 GMT" of now; valid until the next call with this one. */
struct str date_now(struct date *d);

#endif
