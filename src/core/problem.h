/* What is wrong with a form, field by field: the details of a 422 as the Mastodon API gives them (POST /api/v1/accounts). */
#ifndef CORE_PROBLEM_H
#define CORE_PROBLEM_H

#include "base/buf.h"
#include "base/err.h"

enum { PROBLEMS_MAX = 16 };

struct problem {
	const char *field; /* "username" */
	const char *code;  /* "ERR_TAKEN" */
	const char *text;  /* "has already been taken" */
};
struct problems {
	struct problem v[PROBLEMS_MAX];
	size_t n;
};

/* The three are constants. More than PROBLEMS_MAX are dropped. */
void problem_add(struct problems *p, const char *field, const char *code, const char *text);
bool problem_of(const struct problems *p, const char *field);

/* NULL when there are none; else ERR_INVALID "Validation failed: Username has already been taken, …". */
err problems_err(const struct problems *p);
/* {"username":[{"error":"ERR_TAKEN","description":"has already been taken"}]} */
void problems_json(struct buf *out, const struct problems *p);

#endif
