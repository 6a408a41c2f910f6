/* The decoder's own walls, the inner ones: resource limits and a list of system calls. The outer ones are bubblewrap's (media/sandbox.h).
 *
 * Both come down before the first strange byte is read. This program has one thread then. */
#ifndef MEDIA_CHILD_SANDBOX_H
#define MEDIA_CHILD_SANDBOX_H

#include <stdbool.h>

/* Of a picture's decoder: its libraries start one or two per core. */
enum { SANDBOX_THREADS = 512 };

struct sandbox_limits {
	long cpu_s;      /* processor time of the whole process */
	long memory_mib; /* address space */
	long output_mib; /* largest file it may write */
	long threads;    /* at once; 0: not limited, as it must be where its user has other processes: they would count */
};

/* Limits, no core file, no new privileges. Exits with a message when the kernel refuses. */
void sandbox_limit(const struct sandbox_limits *l);

/* From here on: read and write what is open, memory that is not executable, threads, clocks. No file can be opened, no
 * socket made, no process started, no program run: all else fails with EPERM. */
void sandbox_close(void);

/* The same for another program that this process is about to become (ffmpeg): it may besides find its libraries, read `input` and write
 * inside `output`. No process, no socket, no executable memory but that of files. All other files are closed by Landlock, where the kernel
 * has it; where it has not and there is no other wall (alone), this exits with a message. */
void sandbox_close_for_program(const char *input, const char *output, bool alone);

#endif
