/* The migrations, generated from schema/NNNN_*.sql by schemagen.py: one text per engine, in order of their numbers. */
#ifndef STORE_SCHEMA_TEXT_H
#define STORE_SCHEMA_TEXT_H

struct schema_text {
	int version;
	const char *sqlite, *postgres;
};

extern const struct schema_text schema_texts[];
extern const int schema_texts_n;

#endif
