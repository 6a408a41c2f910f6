#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
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
	if (l->threads)
		limit(RLIMIT_NPROC, (rlim_t)l->threads, "limiting threads");
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

/* What a program needs beside that to start and to work on the files it may reach. */
static const int allowed_program[] = {
    SCMP_SYS(execve),          SCMP_SYS(arch_prctl),
    SCMP_SYS(set_tid_address), SCMP_SYS(access),
    SCMP_SYS(faccessat2),      SCMP_SYS(openat),
    SCMP_SYS(fcntl),           SCMP_SYS(stat),
    SCMP_SYS(lstat),           SCMP_SYS(statx),
    SCMP_SYS(readlink),        SCMP_SYS(getdents64),
    SCMP_SYS(prlimit64),       SCMP_SYS(uname),
    SCMP_SYS(getuid),          SCMP_SYS(geteuid),
    SCMP_SYS(getgid),          SCMP_SYS(getegid),
    SCMP_SYS(getppid),         SCMP_SYS(poll),
    SCMP_SYS(ppoll),           SCMP_SYS(select),
    SCMP_SYS(pselect6),        SCMP_SYS(unlink),
    SCMP_SYS(rename),          SCMP_SYS(renameat),
    SCMP_SYS(fsync),           SCMP_SYS(fadvise64),
    SCMP_SYS(fallocate),       SCMP_SYS(getcwd),
    SCMP_SYS(sched_getparam),  SCMP_SYS(mlock),
    SCMP_SYS(times),           SCMP_SYS(sched_getscheduler),
};

static void allow(scmp_filter_ctx f, const int *calls, size_t n) {
	for (size_t i = 0; i < n; i++)
		check(seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0) != 0, "filling the filter");
}

/* Threads, but no processes. glibc falls back from clone3, whose flags a filter cannot see, only on ENOSYS. */
static void allow_threads(scmp_filter_ctx f) {
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
	                       SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM)) != 0,
	      "allowing threads");
	check(seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) != 0, "hiding clone3");
	/* abort() signals its own process only; a thread names itself. */
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())) != 0,
	      "allowing abort");
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME)) != 0, "allowing thread names");
}

/* Memory, but never executable. */
static void allow_memory(scmp_filter_ctx f) {
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0, "allowing mmap");
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0,
	      "allowing mprotect");
}

static void load(scmp_filter_ctx f) {
	check(seccomp_load(f) != 0, "loading the filter");
	seccomp_release(f);
}

void sandbox_close(void) {
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	check(!f, "making the filter");
	allow(f, allowed, sizeof allowed / sizeof *allowed);
	allow_memory(f);
	allow_threads(f);
	load(f);
}

/* ── a program's files ── */

enum {
	READS = LANDLOCK_ACCESS_FS_READ_FILE,
	LOOKS = READS | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE,
	WRITES = READS | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
	         LANDLOCK_ACCESS_FS_REMOVE_FILE,
	HANDLED = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1, /* every right of the first version */
};

static void open_path(int rules, const char *path, uint64_t rights) {
	struct landlock_path_beneath_attr beneath = {.allowed_access = rights, .parent_fd = open(path, O_PATH | O_CLOEXEC)};
	if (beneath.parent_fd < 0)
		return; /* what is not there needs no opening */
	check(syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0, "opening a path");
	close(beneath.parent_fd);
}

static void close_files(const char *input, const char *output, bool alone) {
	struct landlock_ruleset_attr attr = {.handled_access_fs = HANDLED};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (rules < 0 && !alone)
		return;
	check(rules < 0, "closing the files (Landlock)");
	open_path(rules, "/usr", LOOKS);
	open_path(rules, "/lib", LOOKS);
	open_path(rules, "/lib64", LOOKS);
	open_path(rules, "/etc/ld.so.cache", READS);
	open_path(rules, "/etc/alternatives", LOOKS);
	open_path(rules, input, READS);
	open_path(rules, output, WRITES);
	check(syscall(SYS_landlock_restrict_self, rules, 0) != 0, "closing the files (Landlock)");
	close(rules);
}

void sandbox_close_for_program(const char *input, const char *output, bool alone) {
	close_files(input, output, alone);
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	check(!f, "making the filter");
	allow(f, allowed, sizeof allowed / sizeof *allowed);
	allow(f, allowed_program, sizeof allowed_program / sizeof *allowed_program);
	allow_memory(f);
	/* Libraries are mapped from their files, read-only. */
	check(seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC),
	                       SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0)) != 0,
	      "allowing libraries");
	allow_threads(f);
	load(f);
}
