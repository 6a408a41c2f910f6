/* Names and mail addresses as people type them at sign-up. Pure. */
#ifndef CORE_USERNAME_H
#define CORE_USERNAME_H

#include "base/arena.h"
#include "core/problem.h"

/* 1 to 30 of a-z A-Z 0-9 _; reserved names only where `reserved_too` (made by the owner). */
void username_check(struct problems *p, struct str username, bool reserved_too);

/* A host name in lower-case ASCII (IDNA2008, RFC 5891); false when it is none. */
bool mail_domain(struct arena *a, struct str in, struct str *out);

/* An address (the dot-atom form of RFC 5321 §4.1.2) with its domain made ASCII; adds the problem and returns false when it is none. */
bool email_check(struct arena *a, struct problems *p, struct str in, struct str *out, struct str *domain);

#endif
