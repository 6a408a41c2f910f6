/* What a member has chosen for themselves: defaults of posting, appearance. A JSON object in member.settings; the keys are the fields'
 * names. */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include "core/ctx.h"
#include "core/problem.h"
#include "store/member.h"

struct settings {
	struct str privacy; /* "public", "unlisted", "private" or "direct" */
	bool sensitive;
	struct str language; /* empty: the member's locale */
	struct str theme;    /* "auto", "light", "dark" */
	struct str locale;   /* member.locale; may be empty */
	bool reduce_motion, expand_warnings;
	struct str expand_media; /* "default", "show_all", "hide_all" */
};

struct settings settings_of(struct arena *a, const struct member_row *m);
err settings_read(struct ctx *c, int64_t account_id, struct settings *out);

/* p == NULL and -1 leave what they stand for as it is. */
struct settings_change {
	struct str privacy, language, theme, locale, expand_media;
	int sensitive, reduce_motion, expand_warnings;
};
#define SETTINGS_UNCHANGED ((struct settings_change){.sensitive = -1, .reduce_motion = -1, .expand_warnings = -1})

void settings_check(const struct settings_change *in, struct problems *p);
/* Changes m->settings and m->locale in memory; the caller writes the row. */
void settings_apply(struct arena *a, struct member_row *m, const struct settings_change *in);
/* Checks and writes those of the ctx's viewer. */
err settings_change(struct ctx *c, const struct settings_change *in, struct problems *p);

#endif
