/* What a person sees while a command works: a line that is written over on a terminal, one now and then elsewhere. One thread. */
#ifndef OPS_PROGRESS_H
#define OPS_PROGRESS_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct progress {
	int64_t began, told; /* monotonic ms */
	bool terminal;
};

void progress_begin(struct progress *p);
/* Writes the line to standard error when it is time for one. */
void progress_line(struct progress *p, struct str line);
/* Takes the line off a terminal again. */
void progress_end(struct progress *p);

#endif
