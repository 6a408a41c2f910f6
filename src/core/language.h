/* The languages the program speaks (language.def). Constant; any thread. */
#ifndef CORE_LANGUAGE_H
#define CORE_LANGUAGE_H

#include "base/str.h"

enum language {
#define LANGUAGE(name, code, own) LANGUAGE_##name,
#include "core/language.def"
#undef LANGUAGE
	LANGUAGES
};

const char *language_code(enum language l); /* "en" */
const char *language_name(enum language l); /* "English", in the language itself */

/* The one an Accept-Language header, or a code alone, asks for. */
enum language language_for(struct str wanted);

#endif
