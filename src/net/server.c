#include "net/server.h"

#include "base/must.h"
#include "net/compress.h"
#include "net/listen.h"
#include "net/loop.h"
#include "net/tls.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Workers that may wait for a commit beside each that runs. */
enum { WAITING_FOR_EACH = 8 };

struct server {
	struct shared shared;
	struct server_place place;
	int started; /* loops */
	char *spool_dir;
};

/* Every connection is a descriptor: as many as the hard limit allows. Some stay for files, databases and children. */
static int64_t raise_descriptors(int64_t wanted) {
	enum { OTHERS = 256 };
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return wanted;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	getrlimit(RLIMIT_NOFILE, &r);
	int64_t possible = (int64_t)r.rlim_cur > 2 * OTHERS ? (int64_t)r.rlim_cur - OTHERS : (int64_t)r.rlim_cur / 2;
	return wanted > 0 && wanted < possible ? wanted : possible;
}

err server_bind(struct str listen, struct server_place *out) { return listen_bind(listen, &out->fd, out->address); }

void server_leave(struct server_place *p) {
	if (p->address[0])
		close(p->fd);
	p->address[0] = 0;
}

static int64_t or_default(int64_t value, int64_t otherwise) { return value > 0 ? value : otherwise; }

static err start(struct server *s, const struct server_options *o) {
	struct shared *sh = &s->shared;
	int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
	int loops = o->loops > 0 ? o->loops : cores;
	int workers = o->workers > 0 ? o->workers : cores * 4 < 8 ? 8 : cores * 4;
	int waiting = workers * WAITING_FOR_EACH;
	TRY(trust_new(&sh->trust, o->trusted_proxies));
	if (o->tls_cert.n)
		TRY(tls_new(&sh->tls, o->tls_cert, o->tls_key));
	if (!s->place.address[0])
		TRY(server_bind(o->listen, &s->place));
	TRY(listen_begin(s->place.fd, s->place.address));
	TRY(pool_new(&sh->pool, workers, workers + waiting, sh->handler.ctx, sh->handler.new_worker, sh->handler.free_worker));
	sh->loops = xcalloc((size_t)loops, sizeof *sh->loops);
	for (; sh->loop_count < loops; sh->loop_count++)
		TRY(loop_open(&sh->loops[sh->loop_count], sh, s->place.fd));
	for (; s->started < loops; s->started++)
		TRY(loop_start(&sh->loops[s->started]));
	return NULL;
}

err server_start(struct server **out, const struct server_options *o, const struct handler *h) {
	struct server *s = xcalloc(1, sizeof *s);
	s->place = o->place;
	s->spool_dir = strndup(o->spool_dir.p ? o->spool_dir.p : "", o->spool_dir.n);
	must(s->spool_dir);
	s->shared = (struct shared){
	    .server = s,
	    .handler = *h,
	    .packers = packers_new(),
	    .spool_dir = str_of(s->spool_dir),
	    .header_ms = or_default(o->header_ms, 10000),
	    .idle_ms = or_default(o->idle_ms, 60000),
	    .body_bytes_per_s = or_default(o->body_bytes_per_s, 1024),
	    .max_connections = raise_descriptors(o->max_connections),
	};
	signal(SIGPIPE, SIG_IGN);
	err e = start(s, o);
	*out = s;
	if (e) {
		struct err kept = *e;
		server_stop(out, 0);
		return err_copy(&kept);
	}
	return NULL;
}

struct str server_address(const struct server *s) {
	return str_of(s->place.address);
}

static int64_t connections(const struct server *s) {
	int64_t n = 0;
	for (int i = 0; i < s->started; i++)
		n += atomic_load_explicit(&s->shared.loops[i].load, memory_order_relaxed);
	return n;
}

void server_stop(struct server **sp, int64_t grace_ms) {
	struct server *s = *sp;
	if (!s)
		return;
	for (int i = 0; i < s->started; i++)
		loop_stop(&s->shared.loops[i], false);
	for (int64_t waited = 0; waited < grace_ms && connections(s) > 0; waited += 5)
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	for (int i = 0; i < s->started; i++)
		loop_stop(&s->shared.loops[i], true);
	for (int i = 0; i < s->started; i++)
		loop_join(&s->shared.loops[i]);
	/* Loops after workers: what a worker still sends to a stream must find one, even if it runs no more. */
	pool_stop(&s->shared.pool);
	for (int i = 0; i < s->shared.loop_count; i++)
		loop_close(&s->shared.loops[i]);
	server_leave(&s->place);
	free(s->shared.loops);
	trust_free(&s->shared.trust);
	packers_free(&s->shared.packers);
	tls_free(&s->shared.tls);
	free(s->spool_dir);
	free(s);
	*sp = NULL;
}

struct pool_call {
	struct job job;
	void (*fn)(void *arg, void *worker_ctx);
	void *arg;
};

static void run_pool_call(struct job *j, void *worker_ctx) {
	struct pool_call *p = (struct pool_call *)j;
	p->fn(p->arg, worker_ctx);
	free(p);
}

void server_pool(struct server *s, void (*fn)(void *arg, void *worker_ctx), void *arg) {
	struct pool_call *p = xmalloc(sizeof *p);
	*p = (struct pool_call){.job.run = run_pool_call, .fn = fn, .arg = arg};
	pool_submit(s->shared.pool, &p->job);
}

void server_waits(struct server *s, bool waiting) { pool_waits(s->shared.pool, waiting); }

void server_stats(const struct server *s, struct server_stats *out) {
	*out = (struct server_stats){.connections = connections(s)};
	for (int i = 0; i < s->started; i++) {
		out->requests += atomic_load_explicit(&s->shared.loops[i].requests, memory_order_relaxed);
		out->streams += atomic_load_explicit(&s->shared.loops[i].streams, memory_order_relaxed);
	}
	pool_load(s->shared.pool, &out->busy_workers, &out->queued);
}
