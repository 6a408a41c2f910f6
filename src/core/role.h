/* Roles: who looks after the site. Owners change everybody's, also their own and each other's; admins those of members below them, to roles
 * below their own. The last owner who can log in stays one. Each change is one transaction with its line in the audit log, in which the
 * role of who asks is read anew. Pool workers and commands. */
#ifndef CORE_ROLE_H
#define CORE_ROLE_H

#include "core/ctx.h"

/* "user", "moderator", "admin", "owner". */
const char *role_name(int role);
bool role_parse(struct str name, int *out);

/* ERR_FORBIDDEN: not for the ctx's viewer to decide; ERR_CONFLICT: the last owner, or somebody who cannot log in; ERR_NOT_FOUND. */
err role_set(struct ctx *c, int64_t account_id, int role);

#endif
