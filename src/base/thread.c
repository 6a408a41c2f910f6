#include "base/thread.h"

#include "base/must.h"

#include <string.h>

bool thread_start(pthread_t *out, const char *name, void *(*run)(void *), void *arg) {
	must(strlen(name) < 16);
	if (pthread_create(out, NULL, run, arg))
		return false;
	pthread_setname_np(*out, name);
	return true;
}
