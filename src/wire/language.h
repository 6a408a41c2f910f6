/* Languages: which one a reader wants (RFC 9110 §12.5.4). No I/O. Any thread. */
#ifndef WIRE_LANGUAGE_H
#define WIRE_LANGUAGE_H

#include "base/str.h"

/* Of n languages offered by their codes ("en"), the index of the one an Accept-Language header wants most; "de-AT" asks for "de". Among
 * equals the first in the header; 0 where it wants none of them, or is empty. */
int language_choose(struct str accept_language, const char *const *offered, int n);

#endif
