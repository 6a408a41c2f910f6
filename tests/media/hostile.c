/* A decoder that was taken over: stands where freehold-media stands and tries to get out. Behind the outer walls (bubblewrap) first, then,
 * after sandbox_close, behind both. What it achieved are the bits of the picture's width (inner) and height (outer), each plus one; so it
 * can tell. Where the server's database lies it is told behind the picture's end, after "DATABASE=". The picture it hands back carries a
 * text and a page behind its end: neither may be served.
 *
 * As the maker of a film it tries the same behind sandbox_close_for_program, where files can be opened: it says what it achieved in its
 * complaint, which the server logs. */
#include "sandbox.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int opens(const char *path, int flags) {
	int fd = open(path, flags, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int connects(void) {
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(22), .sin_addr.s_addr = htonl(0x08080808)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int reached = fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 && send(fd, "x", 1, 0) == 1;
	if (fd >= 0)
		close(fd);
	return reached;
}

static int fills_disk(int fd) {
	static char block[1 << 20];
	signal(SIGXFSZ, SIG_IGN);
	for (int i = 0; i < 200; i++)
		if (write(fd, block, sizeof block) != (ssize_t)sizeof block) {
			lseek(fd, 0, SEEK_SET);
			return ftruncate(fd, 0) != 0;
		}
	return 1;
}

static int takes_memory(void) {
	size_t n = (size_t)3 << 30;
	char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p != MAP_FAILED;
}

static int forks(void) {
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid > 0;
}

/* Anything but what belongs there, read or not. */
static int finds_in(const char *folder, const char *const *known, size_t n) {
	DIR *d = opendir(folder);
	struct dirent *e;
	int found = 0;
	while (d && (e = readdir(d)) != NULL) {
		int expected = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
		for (size_t i = 0; i < n; i++)
			expected |= strcmp(e->d_name, known[i]) == 0;
		found |= !expected;
	}
	if (d)
		closedir(d);
	return found;
}

static int inherited(void) {
	for (int fd = 4; fd < 4096; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			return 1;
	return 0;
}

static int fills_tmp(void) {
	int fd = open("/tmp/much", O_RDWR | O_CREAT, 0600);
	int filled = fd >= 0 && fills_disk(fd);
	if (fd >= 0)
		close(fd);
	return filled;
}

/* Reading what is the server's or its owner's, writing where something stays, talking to anybody. */
static int outer(const char *database) {
	static const char *const top[] = {"usr", "lib", "lib64", "etc", "tmp", "freehold-media", "input", "output"}, *const etc[] = {
	                                                                                                                 "ld.so.cache",
	                                                                                                                 "alternatives"};
	int got = 0;
	got |= opens("/etc/passwd", O_RDONLY) << 0;
	got |= (finds_in("/", top, 8) || finds_in("/etc", etc, 2) || finds_in("/tmp", NULL, 0)) << 1;
	got |= opens("/proc/1/environ", O_RDONLY) << 2;
	got |= (opens("/usr/escaped", O_WRONLY | O_CREAT) || opens("/escaped", O_WRONLY | O_CREAT)) << 3;
	got |= connects() << 4;
	got |= (getenv("PATH") || getenv("HOME") || getenv("FREEHOLD_SECRET")) << 5;
	got |= (getppid() > 1) << 6;
	got |= opens(database, O_RDONLY) << 7;
	got |= inherited() << 8;
	got |= fills_tmp() << 9;
	got |= (chmod("/freehold-media", 0777) == 0) << 10;
	return got;
}

static int limited(__rlimit_resource_t resource) {
	struct rlimit l;
	return getrlimit(resource, &l) == 0 && l.rlim_max != RLIM_INFINITY;
}

/* Before the filter closes, for it forbids to ask. */
static int unlimited(int walled) {
	return !limited(RLIMIT_CPU) || !limited(RLIMIT_AS) || !limited(RLIMIT_FSIZE) || !limited(RLIMIT_CORE) ||
	       (walled && !limited(RLIMIT_NPROC));
}

static int inner(const char *database) {
	int got = 0;
	got |= (opens("/usr/bin/env", O_RDONLY) || opens(database, O_RDONLY)) << 0;
	got |= opens("/tmp/x", O_WRONLY | O_CREAT) << 1;
	got |= (socket(AF_INET, SOCK_STREAM, 0) >= 0) << 2;
	got |= (socket(AF_UNIX, SOCK_STREAM, 0) >= 0) << 3;
	got |= forks() << 4;
	got |= (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0) << 5;
	got |= (mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) << 6;
	got |= takes_memory() << 7;
	got |= fills_disk(3) << 8;
	got |= (kill(1, 0) == 0) << 9;
	/* Last: when it works we are somebody else. */
	char *const argv[] = {NULL}, *const envp[] = {NULL};
	got |= (execve("/usr/bin/true", argv, envp) == 0) << 10;
	return got;
}

/* ── as the maker of a film ── */

static int writes(const char *path) {
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	int done = fd >= 0 && write(fd, "x", 1) == 1;
	if (fd >= 0)
		close(fd);
	return done;
}

/* Whatever it may do, at most so many processes and so much memory. */
static int spawns(void) {
	char *const argv[] = {(char[]){"true"}, NULL}, *const envp[] = {NULL};
	pid_t pid = vfork();
	if (pid == 0) {
		execve("/usr/bin/true", argv, envp);
		_exit(0);
	}
	return pid > 0;
}

static int fills_folder(const char *folder) {
	static char block[1 << 20];
	char path[4200];
	snprintf(path, sizeof path, "%s/filler", folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600), full = 0;
	signal(SIGXFSZ, SIG_IGN);
	for (int i = 0; i < 200 && !full; i++)
		full = write(fd, block, sizeof block) != (ssize_t)sizeof block;
	unlink(path);
	return !full;
}

/* A database of a network that runs on this machine, found while the files are still open. */
static int find_database(char path[4200]) {
	glob_t found = {0};
	int there = 0;
	glob("/tmp/freehold-test-*/freehold.db", 0, NULL, &found);
	/* Other tests' networks come and go. */
	for (size_t i = 0; i < found.gl_pathc && !there; i++) {
		there = opens(found.gl_pathv[i], O_RDONLY);
		snprintf(path, 4200, "%s", found.gl_pathv[i]);
	}
	globfree(&found);
	return there;
}

static int film_inner(const char *input, const char *folder, const char *database) {
	int got = 0;
	char beside[4200];
	snprintf(beside, sizeof beside, "%s/../escaped", folder);
	got |= (opens("/etc/passwd", O_RDONLY) || opens("/root/.profile", O_RDONLY) || opens("/proc/1/environ", O_RDONLY)) << 0;
	got |= opens(database, O_RDONLY) << 1;
	got |= (writes(beside) || writes("/tmp/escaped") || writes("/usr/escaped")) << 2;
	got |= opens(input, O_WRONLY) << 3;
	got |= (socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_INET6, SOCK_DGRAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0) << 4;
	got |= (forks() || spawns()) << 5;
	got |= (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 || kill(1, 0) == 0) << 6;
	got |= (mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) << 7;
	got |= takes_memory() << 8;
	got |= fills_folder(folder) << 9;
	got |= (opens(folder, O_RDONLY | O_DIRECTORY) && symlink("/etc", beside) == 0) << 10;
	return got;
}

/* args as media/child/film.h has them. */
static int film(char **args) {
	const char *input = args[0], *folder = args[1];
	char database[4200] = "";
	int alone = strcmp(args[6], "alone") == 0, reached = alone ? 0 : outer("/nowhere/freehold.db"), found = find_database(database);
	sandbox_limit(&(struct sandbox_limits){.cpu_s = 20, .memory_mib = 2048, .output_mib = 64});
	sandbox_close_for_program(input, folder, alone);
	int broke = film_inner(input, folder, database);
	fprintf(stderr, "hostile: outer %d inner %d, database seen %d\n", reached, broke, found);
	return 9;
}

static int put(int fd, const void *p, size_t n) { return write(fd, p, n) == (ssize_t)n; }

/* A path that cannot be there when nobody told. */
static void read_database(char *path, size_t n) {
	char input[4096];
	ssize_t got = pread(0, input, sizeof input - 1, 0);
	input[got > 0 ? got : 0] = 0;
	char *mark = got > 0 ? memmem(input, (size_t)got, "DATABASE=", 9) : NULL;
	snprintf(path, n, "%s", mark ? mark + 9 : "/nowhere/freehold.db");
}

int main(int argc, char **argv) {
	if (argc > 10 && strcmp(argv[1], "film") == 0)
		return film(argv + 2);
	/* PNG, one pixel, with a tEXt chunk before its end and a page after it. */
	static const unsigned char head[] = {0x89, 'P',  'N',  'G',  13,   10, 26, 10, 0,  0,    0,    13,   'I', 'H',
	                                     'D',  'R',  0,    0,    0,    1,  0,  0,  0,  1,    8,    0,    0,   0,
	                                     0,    0x3a, 0x7e, 0x9b, 0x55, 0,  0,  0,  10, 'I',  'D',  'A',  'T', 0x78,
	                                     0x9c, 0x63, 0xf8, 15,   0,    1,  1,  1,  0,  0x1b, 0xb6, 0xee, 0x56};
	static const unsigned char text[] = {0,   0,   0, 13,  't', 'E', 'X', 't', 'S', 'm', 'u', 'g', 'g',
	                                     'l', 'e', 0, 'g', 'o', 'o', 'd', 's', 0,   0,   0,   0};
	static const unsigned char end[] = {0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};
	static const char page[] = "<script>alert('Smuggled')</script>";
	char line[128], database[4096];
	/* Without bubblewrap only the inner walls are tried: the outer ones are the owner's choice then. */
	int walled = argc > 0 && strcmp(argv[0], "/freehold-media") == 0;
	read_database(database, sizeof database);
	int reached = walled ? outer(database) : 0;
	sandbox_limit(&(struct sandbox_limits){.cpu_s = 20, .memory_mib = 2048, .output_mib = 64, .threads = walled ? SANDBOX_THREADS : 0});
	reached |= unlimited(walled) << 11;
	sandbox_close();
	int broke = inner(database);
	size_t length = sizeof head + sizeof text + sizeof end + sizeof page;
	int n = snprintf(line, sizeof line, "ok 000000\nmain.png %d %d %zu\n", broke + 1, reached + 1, length);
	return put(3, head, sizeof head) && put(3, text, sizeof text) && put(3, end, sizeof end) && put(3, page, sizeof page) &&
	               put(1, line, (size_t)n)
	           ? 0
	           : 3;
}
