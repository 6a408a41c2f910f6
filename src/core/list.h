/* Lists of the viewer. One transaction each. ERR_NOT_FOUND for lists of others. */
#ifndef CORE_LIST_H
#define CORE_LIST_H

#include "core/ctx.h"
#include "store/list.h"

enum { LISTS_MAX = 100, LIST_TITLE_MAX = 256 };

err list_get(struct ctx *c, int64_t id, struct list *out);
/* l->id 0 makes a list and sets it. */
err list_save(struct ctx *c, struct list *l);
err list_delete(struct ctx *c, int64_t id);
/* Only accounts that the viewer follows can be put on a list (ERR_NOT_FOUND otherwise), once (ERR_INVALID). All or none. */
err list_add(struct ctx *c, int64_t id, const int64_t *accounts, size_t n);
err list_remove(struct ctx *c, int64_t id, const int64_t *accounts, size_t n);

#endif
