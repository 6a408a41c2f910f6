/* The yardstick of bench/move: what libcurl and the store can do. Threads that do nothing but send requests that were signed before the
 * clock was started; nothing is hashed, checked or listed, and what is fetched is left to the system to write.
 *
 * usage: bench-move-loop put|get|copy URL BUCKET KEY SECRET THREADS FOLDER [TO-FOLDER | TO-BUCKET]
 * FOLDER holds the objects' files (FOLDER/ab/cd/NAME): they are what is put, and name what is fetched or copied. Prints objects, bytes,
 * seconds. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/must.h"
#include "base/vec.h"
#include "wire/sigv4.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct object {
	const char *path, *url, *source, *target;
	int64_t size;
};

static VEC(struct object) objects;
static struct arena *memory;
static _Atomic size_t next;
static _Atomic int64_t bytes, failed;
static enum { PUT, GET, COPY } what;

static int see(const char *path, const struct stat *st, int type, struct FTW *at) {
	struct object o = {.path = arena_str(memory, str_of(path)).p, .size = st->st_size};
	if (type == FTW_F && strlen(path + at->base) == 64)
		vec_push(NULL, &objects, o);
	return 0;
}

static void sign(struct object *o, char **argv) {
	struct sigv4_scope scope;
	BUF_AUTO url = {0};
	const char *name = strrchr(o->path, '/') + 1, *bucket = what == COPY ? argv[8] : argv[3];
	o->target = what == GET ? arena_printf(memory, "%s/%s", argv[8], o->path + strlen(o->path) - strlen("ab/cd/") - 64).p : NULL;
	o->source = arena_printf(memory, "/%s/%s", argv[3], name).p;
	const struct sigv4_pair headers[] = {{S("host"), str_of(strstr(argv[2], "://") + 3)}, {S("x-amz-copy-source"), str_of(o->source)}};
	struct sigv4_request r = {what == GET ? S("GET") : S("PUT"),
	                          arena_printf(memory, "/%s/%s", bucket, name),
	                          NULL,
	                          headers,
	                          0,
	                          what == COPY ? 2 : 1,
	                          STR_NONE};
	sigv4_scope_init(&scope, str_of(argv[4]), str_of(argv[5]), S("us-east-1"), S("s3"), clock_ms());
	buf_put(&url, str_of(argv[2]));
	sigv4_presigned(&url, &scope, &r, 36000);
	o->url = arena_str(memory, buf_str(&url)).p;
}

static size_t keep(char *p, size_t size, size_t n, void *arg) {
	if (what != GET)
		return size * n;
	ssize_t kept = write(*(int *)arg, p, size * n);
	atomic_fetch_add(&bytes, kept > 0 ? kept : 0);
	return kept < 0 ? 0 : (size_t)kept;
}

/* The file for what is fetched, in its two folders. */
static int make_target(const struct object *o) {
	char folder[4096];
	size_t n = strlen(o->target) - 65;
	must(n < sizeof folder);
	memcpy(folder, o->target, n);
	folder[n] = 0;
	folder[n - 3] = 0;
	mkdir(folder, 0700);
	folder[n - 3] = '/';
	mkdir(folder, 0700);
	return open(o->target, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static size_t give(char *to, size_t size, size_t n, void *arg) {
	ssize_t got = read(*(int *)arg, to, size * n);
	atomic_fetch_add(&bytes, got > 0 ? got : 0);
	return got < 0 ? CURL_READFUNC_ABORT : (size_t)got;
}

static void one(CURL *c, const struct object *o) {
	int fd = -1;
	long status = 0;
	struct curl_slist *headers = NULL;
	curl_easy_reset(c);
	curl_easy_setopt(c, CURLOPT_URL, o->url);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &fd);
	curl_easy_setopt(c, CURLOPT_BUFFERSIZE, 256L * 1024);
	curl_easy_setopt(c, CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024);
	if (what == COPY) {
		headers = curl_slist_append(NULL, arena_printf(arena_new(), "x-amz-copy-source: %s", o->source).p);
		curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
		atomic_fetch_add(&bytes, o->size);
	}
	if (what == GET) {
		fd = make_target(o);
	} else {
		fd = what == PUT ? open(o->path, O_RDONLY | O_CLOEXEC) : open("/dev/null", O_RDONLY | O_CLOEXEC);
		curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)(what == PUT ? o->size : 0));
		curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
		curl_easy_setopt(c, CURLOPT_READDATA, &fd);
	}
	bool answered = curl_easy_perform(c) == CURLE_OK;
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	if (!answered || status != 200)
		failed++;
	if (fd >= 0)
		close(fd);
	curl_slist_free_all(headers);
}

static void *work(void *arg) {
	CURL *c = curl_easy_init();
	for (size_t i; (i = atomic_fetch_add(&next, 1)) < objects.n;)
		one(c, &objects.v[i]);
	curl_easy_cleanup(c);
	return NULL;
}

int main(int argc, char **argv) {
	pthread_t threads[64];
	must(argc >= 8);
	what = strcmp(argv[1], "put") == 0 ? PUT : strcmp(argv[1], "get") == 0 ? GET : COPY;
	must((what == PUT) == (argc == 8));
	int n = atoi(argv[6]);
	must(n > 0 && n <= 64);
	memory = arena_new();
	nftw(argv[7], see, 16, FTW_PHYS);
	for (size_t i = 0; i < objects.n; i++)
		sign(&objects.v[i], argv);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	int64_t began = clock_mono_ns();
	for (int i = 0; i < n; i++)
		must(pthread_create(&threads[i], NULL, work, NULL) == 0);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	printf("%zu %lld %.3f\n", objects.n, (long long)bytes, (double)(clock_mono_ns() - began) / 1e9);
	return failed ? 1 : 0;
}
