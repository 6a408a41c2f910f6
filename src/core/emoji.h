/* Custom emoji: small pictures with a name, shown wherever people write :name: in posts, polls, names and profiles. Kept and taken away by
 * admins, with a line in the audit log. Their pictures belong to no account, so they stay when whoever brought them leaves. Pool workers.
 */
#ifndef CORE_EMOJI_H
#define CORE_EMOJI_H

#include "core/ctx.h"
#include "store/emoji.h"
#include "wire/picture.h"

enum { EMOJI_NAME_MAX = 64, EMOJI_CATEGORY_MAX = 100 };

/* Before a picture is decoded: ERR_INVALID when the name is none, or taken. Names are 2 to EMOJI_NAME_MAX letters, digits and underscores.
 */
err emoji_name_check(struct ctx *c, struct str shortcode);
/* e: the shortcode, the category (empty: none) and whether pickers offer it; completed by id and key. */
err emoji_create(struct ctx *c, const struct picture *p, struct emoji *e);
/* Sets category and visible. ERR_NOT_FOUND. */
err emoji_change(struct ctx *c, const struct emoji *e);
/* Posts that name it show the name again; the picture's address dies. ERR_NOT_FOUND. */
err emoji_remove(struct ctx *c, int64_t id);

#endif
