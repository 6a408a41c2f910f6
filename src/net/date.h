/* The Date header's text, made once a second for each thread (RFC 9110 §5.6.7). */
#ifndef NET_DATE_H
#define NET_DATE_H

#include "base/str.h"

/* "Sun, 06 Nov 1994 08:49:37 GMT" of now; valid until this thread's next call. */
struct str date_now(void);

#endif
