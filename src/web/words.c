#include "web/words.h"

static const struct words words[LANGUAGES] = {
    [LANGUAGE_EN] =
        {
            .language = LANGUAGE_EN,
#define WORD(name, english, german) .name = english,
#include "web/words.def"
#undef WORD
        },
    [LANGUAGE_DE] =
        {
            .language = LANGUAGE_DE,
#define WORD(name, english, german) .name = german,
#include "web/words.def"
#undef WORD
        },
};

const struct words *words_of(enum language l) { return &words[l]; }

const struct words *words_for(struct rq *rq) { return words_of(language_for(rq_header(rq, S("Accept-Language")))); }
