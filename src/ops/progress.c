#include "ops/progress.h"

#include "base/clock.h"

#include <stdio.h>
#include <unistd.h>

enum { LINE_MS = 10000 };

void progress_begin(struct progress *p) {
	*p = (struct progress){.terminal = isatty(STDERR_FILENO)};
	p->began = p->told = clock_mono_ms();
}

void progress_line(struct progress *p, struct str line) {
	int64_t ms = clock_mono_ms();
	if (!p->terminal && ms - p->told < LINE_MS)
		return;
	p->told = ms;
	fprintf(stderr, p->terminal ? "\r%.*s\033[K" : "%.*s\n", S_ARG(line));
	fflush(stderr);
}

void progress_end(struct progress *p) {
	if (p->terminal)
		fprintf(stderr, "\r\033[K");
}
