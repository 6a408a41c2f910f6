/* The built web client inside the program: every file of ui/dist, packed by web/pack at build time with its compressed forms.
 *
 * When there was no ui/dist, only the public pages' own stylesheet is here, and pages are served without the client. Constant; any thread.
 */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include "base/str.h"

struct asset {
	const char *path; /* "assets/app-XXXX.js" */
	const char *type;
	const char *etag; /* with its quotes */
	struct str plain;
	struct str br, zstd, gzip; /* empty where packing does not help */
};

/* By path, or NULL. */
const struct asset *asset_find(struct str path);

/* The client's entry, as paths: NULL without a client. */
struct asset_shell {
	const char *js, *css;
	const char *const *preload; /* scripts; NULL-terminated */
	const char *const *fonts;   /* NULL-terminated */
	const char *page_css;       /* of the public pages; always there */
};
extern const struct asset_shell asset_shell;

#endif
