#include "film.h"

#include "sandbox.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { IOPRIO_IDLE = 3 << 13, IOPRIO_LOWEST = 2 << 13 | 7, IOPRIO_PROCESS = 1 };

/* What cannot be had of it is gone without. */
static void step_back(const char *priority) {
	if (strcmp(priority, "normal") == 0)
		return;
	bool idle = strcmp(priority, "idle") == 0;
	(void)!nice(19);
	(void)!syscall(SYS_ioprio_set, IOPRIO_PROCESS, 0, idle ? IOPRIO_IDLE : IOPRIO_LOWEST);
	if (idle)
		(void)!sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0});
}

int film_become(char **args) {
	enum { INPUT, OUTPUT, CPU, MEMORY, SIZE, PRIORITY, WALLS, PROGRAM };
	/* One heap: an arena for each thread would fill the address space that is allowed. */
	char *const environment[] = {(char[]){"MALLOC_ARENA_MAX=2"}, (char[]){"LC_ALL=C.UTF-8"}, NULL};
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	step_back(args[PRIORITY]);
	sandbox_limit(&(struct sandbox_limits){.cpu_s = atol(args[CPU]), .memory_mib = atol(args[MEMORY]), .output_mib = atol(args[SIZE])});
	sandbox_close_for_program(args[INPUT], args[OUTPUT], strcmp(args[WALLS], "alone") == 0);
	execve(args[PROGRAM], args + PROGRAM, environment);
	perror(args[PROGRAM]);
	return 127;
}
