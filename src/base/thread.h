/* Threads have names: `top -H`, a debugger and a core dump tell the writer from a worker. Any thread. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* The thread, under a name of at most 15 bytes that the kernel shows. False when no thread can be had. */
bool thread_start(pthread_t *out, const char *name, void *(*run)(void *), void *arg);

#endif
