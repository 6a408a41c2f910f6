/* Settings: one table (settings.def), three places in rising order: INI file, FREEHOLD_SECTION_KEY in the environment, --set.
 *
 * Read once at the start; afterwards constant, any thread. An unknown or impossible setting is ERR_INVALID with one line that names it and
 * the place it came from. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/buf.h"
#include "base/err.h"

enum setting {
#define SETTING(section, key, kind, value, least, most, help) SET_##section##_##key,
#include "config/settings.def"
#undef SETTING
	SETTING_COUNT
};

struct config;

struct config_options {
	struct str data_dir;    /* where freehold.conf is looked for */
	struct str file;        /* --config; empty: DATA/freehold.conf if it is there */
	const struct str *sets; /* "section.key=value" of --set */
	size_t set_count;
};

err config_read(struct config **out, const struct config_options *o);
void config_free(struct config **c);

/* By kind of the setting; asking for the wrong kind is a bug. Spans are seconds, sizes bytes. ONE_OF and SECRET are texts; a LIST is one,
 * its items in order with commas between. */
struct str config_text(const struct config *c, enum setting s);
bool config_bool(const struct config *c, enum setting s);
int64_t config_number(const struct config *c, enum setting s);
/* Whether somebody wrote it down, or it is only the default. */
bool config_given(const struct config *c, enum setting s);

/* For `freehold config`: name, value and where it came from, a line each, with its help as a comment. */
void config_print(const struct config *c, struct buf *out);

#endif
