/* The program's own source, as it was built, inside the program: what web/pack/source.py packed at build time. Whoever uses the network can
 * have it (AGPL-3.0, section 13), from the network itself and nobody else. Constant; any thread. */
#ifndef WEB_SOURCE_H
#define WEB_SOURCE_H

#include "base/str.h"

extern const struct source_archive {
	const char *name; /* "freehold-0.1.0.tar.gz" */
	const char *etag; /* with its quotes */
	struct str bytes;
} source_archive;

#endif
