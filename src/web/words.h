/* The words of the pages without script (words.def), in the language a reader's browser asks for. Constant; any thread. */
#ifndef WEB_WORDS_H
#define WEB_WORDS_H

#include "core/language.h"
#include "gate/gate.h"

/* One language: w->about. All are safe in HTML. */
struct words {
	enum language language;
#define WORD(name, english, german) const char *name;
#include "web/words.def"
#undef WORD
};

const struct words *words_of(enum language l);

/* Of the request's Accept-Language; the answer then says Vary: Accept-Language. */
const struct words *words_for(struct rq *rq);

#endif
