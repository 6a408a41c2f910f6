/* The texts of the named queries, generated from the .sql files of this folder by sqlgen.py. */
#ifndef STORE_QUERY_TEXT_H
#define STORE_QUERY_TEXT_H

#include "store/db.h"

struct query_text {
	const char *name, *sqlite, *postgres;
};

extern const struct query_text query_texts[QUERY_COUNT];

#endif
