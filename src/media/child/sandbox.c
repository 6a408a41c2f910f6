#include "sandbox.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static void check(int failed, const char *what) {
	if (failed) {
		fprintf(stderr, "freehold-media: %s failed\n", what);
		_exit(3);
	}
}

static void limit(__rlimit_resource_t resource, rlim_t n, const char *what) {
	check(setrlimit(resource, &(struct rlimit){n, n}) != 0, what);
}

void sandbox_limit(const struct sandbox_limits *l) {
	limit(RLIMIT_CPU, (rlim_t)l->cpu_s, "limiting CPU time");
	limit(RLIMIT_AS, (rlim_t)l->memory_mib << 20, "limiting memory");
	limit(RLIMIT_FSIZE, (rlim_t)l->output_mib << 20, "limiting output");
	limit(RLIMIT_CORE, 0, "forbidding core files");
	limit(RLIMIT_NOFILE, 64, "limiting open files");
	check(prctl(PR_SET_DUMPABLE, 0) != 0, "becoming undumpable");
	check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0, "giving up privileges");
}

/* What a decoder and its threads need on the files it was given. */
static const int allowed[] = {
    SCMP_SYS(read),          SCMP_SYS(pread64),         SCMP_SYS(readv),
    SCMP_SYS(write),         SCMP_SYS(pwrite64),        SCMP_SYS(writev),
    SCMP_SYS(lseek),         SCMP_SYS(fstat),           SCMP_SYS(newfstatat),
    SCMP_SYS(ftruncate),     SCMP_SYS(close),           SCMP_SYS(dup),
    SCMP_SYS(brk),           SCMP_SYS(munmap),          SCMP_SYS(mremap),
    SCMP_SYS(madvise),       SCMP_SYS(futex),           SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),          SCMP_SYS(sched_yield),     SCMP_SYS(sched_getaffinity),
    SCMP_SYS(get_mempolicy), SCMP_SYS(getpid),          SCMP_SYS(gettid),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),  SCMP_SYS(getrandom),       SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigaction),    SCMP_SYS(sigaltstack),
    SCMP_SYS(getrusage),     SCMP_SYS(sysinfo),         SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),          SCMP_SYS(exit_group),
};

void sandbox_close(void) {
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	check(!f, "making the filter");
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		check(seccomp_rule_add(f, SCMP_ACT_ALLOW, allowed[i], 0) != 0, "filling the filter");
	/* Memory, but never executable. */
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0, "allowing mmap");
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0,
	      "allowing mprotect");
	/* Threads, but no processes. glibc falls back from clone3, whose flags a filter cannot see, only on ENOSYS. */
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
	                       SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM)) != 0,
	      "allowing threads");
	check(seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) != 0, "hiding clone3");
	/* abort() signals its own process only; a thread names itself. */
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())) != 0,
	      "allowing abort");
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME)) != 0, "allowing thread names");
	check(seccomp_load(f) != 0, "loading the filter");
	seccomp_release(f);
}
