#include "core/language.h"

#include "wire/language.h"

static const char *const codes[] = {
#define LANGUAGE(name, code, own) code,
#include "core/language.def"
#undef LANGUAGE
};

static const char *const names[] = {
#define LANGUAGE(name, code, own) own,
#include "core/language.def"
#undef LANGUAGE
};

const char *language_code(enum language l) { return codes[l]; }
const char *language_name(enum language l) { return names[l]; }

enum language language_for(struct str wanted) { return (enum language)language_choose(wanted, codes, LANGUAGES); }
