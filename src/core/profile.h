/* Changing one's own profile: what others see, and the defaults of posting that Mastodon keeps beside it. */
#ifndef CORE_PROFILE_H
#define CORE_PROFILE_H

#include "core/ctx.h"
#include "core/problem.h"
#include "core/settings.h"

enum { PROFILE_FIELDS = 4, PROFILE_NOTE = 500, PROFILE_NAME = 30, PROFILE_FIELD_TEXT = 255 };

struct profile_field {
	struct str name, value;
};

/* p == NULL leaves a text as it is; flags change where `which` has their bit (enum account_flag), to what `flags` says. */
struct profile_change {
	struct str display_name, note;
	int64_t which, flags;
	bool fields_given;
	struct profile_field fields[PROFILE_FIELDS];
	size_t field_count;
	struct str avatar, header; /* media keys; empty but not NULL: back to the drawn default */
	struct settings_change settings;
};

/* ERR_INVALID with problems. Apart, so that it comes before pictures are decoded. */
err profile_check(const struct profile_change *in, struct problems *p);
/* Of the ctx's viewer; `in` was checked. Pictures that are replaced lose their addresses; who is unlocked takes in those who asked. */
err profile_change(struct ctx *c, const struct profile_change *in);

#endif
