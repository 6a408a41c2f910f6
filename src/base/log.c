#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static _Atomic int least = LOG_INFO;

void log_set_level(enum log_level level) { atomic_store(&least, (int)level); }

void log_line(enum log_level level, const char *fmt, ...) {
	static const char *const name[] = {"debug", "info", "warning", "error"};
	if ((int)level < atomic_load_explicit(&least, memory_order_relaxed))
		return;
	char line[2048];
	int64_t ms = clock_ms();
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	size_t n = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &tm);
	n += (size_t)snprintf(line + n, sizeof line - n, ".%03dZ %s ", (int)(ms % 1000), name[level]);
	va_list ap;
	va_start(ap, fmt);
	int more = vsnprintf(line + n, sizeof line - n - 1, fmt, ap);
	va_end(ap);
	n = more < 0 ? n : n + (size_t)more < sizeof line - 1 ? n + (size_t)more : sizeof line - 2;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20)
			line[i] = ' ';
	line[n++] = '\n';
	ssize_t done = write(STDERR_FILENO, line, n);
	(void)done;
}
