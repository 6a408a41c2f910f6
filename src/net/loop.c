#include "net/loop.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "net/conn.h"
#include "net/tls.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 128, ACCEPTS = 32, ACCEPT_PAUSE_MS = 200, TLS_LOOK_MS = 5000 };

/* A note on the pile is the loop's: it may be gone before we look again. Whoever puts the first one there wakes the loop for all that
 * follow. */
void loop_note(struct loop *l, struct note *n) {
	struct note *top = atomic_load_explicit(&l->notes, memory_order_relaxed);
	do
		n->next = top;
	while (!atomic_compare_exchange_weak_explicit(&l->notes, &top, n, memory_order_acq_rel, memory_order_relaxed));
	if (!top) {
		uint64_t one = 1;
		ssize_t done = write(l->wake, &one, sizeof one);
		(void)done;
	}
}

static void read_notes(struct loop *l) {
	struct note *pile = atomic_exchange_explicit(&l->notes, NULL, memory_order_acquire), *in_order = NULL;
	while (pile) {
		struct note *n = pile;
		pile = n->next;
		n->next = in_order;
		in_order = n;
	}
	while (in_order) {
		struct note *n = in_order;
		in_order = n->next;
		n->run(n);
	}
}

static void look_at_clock(struct loop *l) {
	l->now_ns = clock_mono_ns();
	l->now_ms = l->now_ns / 1000000;
}

/* ── accepting ── */

static void watch_listener(struct loop *l) {
	struct epoll_event e = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = &l->listener};
	epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->listener, &e);
	l->accept_at = 0;
}

static void unwatch_listener(struct loop *l) { epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->listener, NULL); }

static struct address peer_address(const struct sockaddr_storage *ss) {
	struct address a = {{[10] = 0xff, [11] = 0xff}};
	if (ss->ss_family == AF_INET6)
		memcpy(a.b, &((const struct sockaddr_in6 *)(const void *)ss)->sin6_addr, 16);
	else
		memcpy(a.b + 12, &((const struct sockaddr_in *)(const void *)ss)->sin_addr, 4);
	return a;
}

static void begin_noted(struct note *n) { conn_begin((struct conn *)((char *)n - offsetof(struct conn, note))); }

/* The loop with the fewest connections; all of them together must stay under the limit. */
static struct loop *choose_loop(struct loop *l) {
	struct shared *sh = l->shared;
	struct loop *best = l;
	int64_t total = 0, least = atomic_load_explicit(&l->load, memory_order_relaxed);
	for (int i = 0; i < sh->loop_count; i++) {
		int64_t load = atomic_load_explicit(&sh->loops[i].load, memory_order_relaxed);
		total += load;
		if (load < least) {
			least = load;
			best = &sh->loops[i];
		}
	}
	return total < sh->max_connections ? best : NULL;
}

static void accept_one(struct loop *l, int fd, const struct sockaddr_storage *ss) {
	struct loop *to = choose_loop(l);
	int one = 1;
	if (!to) {
		close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	struct address peer = peer_address(ss);
	struct conn *c = conn_new(to, fd, &peer);
	atomic_fetch_add_explicit(&to->load, 1, memory_order_relaxed);
	if (to == l) {
		conn_begin(c);
		return;
	}
	c->note.run = begin_noted;
	loop_note(to, &c->note);
}

static void accept_some(struct loop *l) {
	for (int i = 0; i < ACCEPTS; i++) {
		struct sockaddr_storage ss;
		socklen_t n = sizeof ss;
		int fd = accept4(l->listener, (struct sockaddr *)&ss, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			accept_one(l, fd, &ss);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			log_warn("cannot accept connections: %s", strerror(errno));
			unwatch_listener(l);
			l->accept_at = l->now_ms + ACCEPT_PAUSE_MS;
		}
		if (errno != EINTR && errno != ECONNABORTED)
			return;
	}
}

/* ── the turn ── */

static void take_event(struct loop *l, const struct epoll_event *e) {
	if (e->data.ptr == &l->wake) {
		uint64_t count;
		ssize_t done = read(l->wake, &count, sizeof count);
		(void)done;
		return;
	}
	if (e->data.ptr == &l->listener) {
		if (!l->stopping)
			accept_some(l);
		return;
	}
	struct conn *c = e->data.ptr;
	if (e->events & (EPOLLIN | EPOLLRDHUP))
		c->can_read = true;
	if (e->events & EPOLLRDHUP)
		c->hung_up = true;
	if (e->events & EPOLLOUT)
		c->can_write = true;
	if (e->events & (EPOLLERR | EPOLLHUP)) {
		c->broken = true;
		conn_close(c);
		return;
	}
	conn_run(c);
}

static void run_ready(struct loop *l) {
	struct conn_turns turn;
	TAILQ_INIT(&turn);
	TAILQ_CONCAT(&turn, &l->ready, turn);
	for (struct conn *c; (c = TAILQ_FIRST(&turn));) {
		TAILQ_REMOVE(&turn, c, turn);
		c->is_ready = false;
		conn_run(c);
	}
}

static void expire(struct loop *l) {
	for (struct timer *t; (t = wheel_expired(&l->wheel, l->now_ms));)
		conn_expired((struct conn *)((char *)t - offsetof(struct conn, timer)));
}

static int wait_ms(const struct loop *l) {
	if (!TAILQ_EMPTY(&l->ready))
		return 0;
	return l->accept_at ? ACCEPT_PAUSE_MS : wheel_wait_ms(&l->wheel, l->now_ms);
}

static bool finished(const struct loop *l) {
	return l->forced && LIST_EMPTY(&l->conns) && !atomic_load_explicit(&l->notes, memory_order_relaxed);
}

static void *run(void *arg) {
	struct loop *l = arg;
	struct epoll_event events[EVENTS];
	int64_t tls_at = 0;
	while (!finished(l)) {
		int n = epoll_wait(l->epoll, events, EVENTS, wait_ms(l));
		look_at_clock(l);
		for (int i = 0; i < n; i++)
			take_event(l, &events[i]);
		read_notes(l);
		run_ready(l);
		expire(l);
		if (l->accept_at && l->now_ms >= l->accept_at && !l->stopping)
			watch_listener(l);
		if (l == l->shared->loops && l->shared->tls && l->now_ms >= tls_at) {
			tls_refresh(l->shared->tls);
			tls_at = l->now_ms + TLS_LOOK_MS;
		}
	}
	call_stock_free(&l->stock);
	return NULL;
}

err loop_open(struct loop *l, struct shared *shared, int listener) {
	*l = (struct loop){.shared = shared, .listener = listener, .scratch = xmalloc(SCRATCH)};
	TAILQ_INIT(&l->ready);
	LIST_INIT(&l->conns);
	look_at_clock(l);
	wheel_init(&l->wheel, l->now_ms);
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	struct epoll_event e = {.events = EPOLLIN | EPOLLET, .data.ptr = &l->wake};
	if (l->epoll < 0 || l->wake < 0 || epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->wake, &e) != 0)
		return err_private(ERR_UNAVAILABLE, "cannot make a loop: %s", strerror(errno));
	return NULL;
}

err loop_start(struct loop *l) {
	watch_listener(l);
	if (!thread_start(&l->thread, "loop", run, l))
		return err_private(ERR_UNAVAILABLE, "cannot start a loop's thread");
	return NULL;
}

struct stop_note {
	struct note note;
	struct loop *loop;
	bool forced;
};

static void stop_noted(struct note *n) {
	struct stop_note *stop = (struct stop_note *)n;
	struct loop *l = stop->loop;
	if (!l->stopping && !l->accept_at) {
		accept_some(l); /* who waits to be accepted has sent a request already */
		if (!l->accept_at)
			unwatch_listener(l);
	}
	shutdown(l->listener, SHUT_RD); /* who comes now is refused, and need not wait for the last answer of others */
	l->stopping = true;
	l->forced |= stop->forced;
	l->accept_at = 0;
	for (struct conn *c = LIST_FIRST(&l->conns), *next; c; c = next) {
		next = LIST_NEXT(c, all);
		conn_stop(c, l->forced);
	}
	free(stop);
}

void loop_stop(struct loop *l, bool forced) {
	struct stop_note *stop = xcalloc(1, sizeof *stop);
	*stop = (struct stop_note){.note.run = stop_noted, .loop = l, .forced = forced};
	loop_note(l, &stop->note);
}

void loop_join(struct loop *l) { pthread_join(l->thread, NULL); }

void loop_close(struct loop *l) {
	close(l->epoll);
	close(l->wake);
	free(l->scratch);
}
