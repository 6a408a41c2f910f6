/* Telephone numbers as people type them, into the one form that every country understands (ITU-T E.164): "+" and 8 to 15 digits. No I/O.
 * Any thread.
 *
 * Strict: the country's code has to be there ("+49…", or "0049…"), since a number without it means another phone in every country. */
#ifndef WIRE_PHONE_H
#define WIRE_PHONE_H

#include "base/str.h"

enum { PHONE_LEAST = 8, PHONE_MOST = 15, PHONE_TEXT = PHONE_MOST + 2 };

/* Spaces, "-", ".", "/" and brackets may stand between the digits; "(0)", which means two things, may not. Writes "+4915112345678" and a
 * NUL; the str points into text. */
bool phone_parse(struct str in, char text[PHONE_TEXT], struct str *out);

/* "+", "+49", "+4915": what a number may begin with. */
bool phone_is_prefix(struct str in);
/* Whether a number begins with one of the comma-separated prefixes; with none written, always. */
bool phone_has_prefix(struct str prefixes, struct str number);

#endif
