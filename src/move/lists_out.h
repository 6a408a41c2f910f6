/* One's lists as CSV files in Mastodon's form (app/models/export.rb), which other places take. Whom one follows and so on is written with
 * the domain, "name@example.org". */
#ifndef MOVE_LISTS_OUT_H
#define MOVE_LISTS_OUT_H

#include "base/buf.h"
#include "core/ctx.h"

struct list_file {
	const char *name; /* "following_accounts.csv" */
	err (*put)(struct ctx *c, struct buf *out);
};
enum { LIST_FILES = 5 };
extern const struct list_file list_files[LIST_FILES];

#endif
