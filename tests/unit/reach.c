/* The guard before strangers' addresses, in a network of its own (a namespace) where a public address is this machine: so a redirect from a
 * public page to a private address can be tried for real. Skipped where no namespace can be made. */
#include "net/reach.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* Nobody is there: the namespace reaches nothing but itself. */
#define PUBLIC "11.22.33.44"

static bool alone;
static _Atomic int asked_secret;

/* ── the network ── */

static bool set_address(int fd, const char *name, const char *address) {
	struct ifreq r = {0};
	struct sockaddr_in in = {.sin_family = AF_INET};
	snprintf(r.ifr_name, sizeof r.ifr_name, "%s", name);
	inet_pton(AF_INET, address, &in.sin_addr);
	memcpy(&r.ifr_addr, &in, sizeof in);
	if (ioctl(fd, SIOCSIFADDR, &r) != 0)
		return false;
	r.ifr_flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK;
	return ioctl(fd, SIOCSIFFLAGS, &r) == 0;
}

static bool make_network(void) {
	if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return false;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool made = fd >= 0 && set_address(fd, "lo", "127.0.0.1") && set_address(fd, "lo:1", PUBLIC);
	close(fd);
	return made;
}

/* ── the pages ── */

static const struct {
	const char *path, *answer;
} pages[] = {
    {"/", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"},
    {"/near", "HTTP/1.1 302 Found\r\nLocation: //" PUBLIC "/\r\nContent-Length: 0\r\n\r\n"},
    {"/loopback", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/secret\r\nContent-Length: 0\r\n\r\n"},
    {"/name", "HTTP/1.1 302 Found\r\nLocation: http://localhost/secret\r\nContent-Length: 0\r\n\r\n"},
    {"/port", "HTTP/1.1 302 Found\r\nLocation: http://" PUBLIC ":8080/secret\r\nContent-Length: 0\r\n\r\n"},
    {"/user", "HTTP/1.1 302 Found\r\nLocation: http://root@" PUBLIC "/secret\r\nContent-Length: 0\r\n\r\n"},
    {"/scheme", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"},
    {"/round", "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n"},
    {"/long", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n0123456789"},
};

static void answer(int fd) {
	char request[2048], path[64] = "";
	ssize_t n = read(fd, request, sizeof request - 1);
	request[n > 0 ? n : 0] = 0;
	if (sscanf(request, "GET %63s", path) == 1 && strcmp(path, "/secret") == 0)
		asked_secret++;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (strcmp(path, pages[i].path) == 0)
			(void)!write(fd, pages[i].answer, strlen(pages[i].answer));
	close(fd);
}

static void *serve(void *arg) {
	for (;;) {
		int fd = accept(*(int *)arg, NULL, NULL);
		if (fd < 0)
			return NULL;
		answer(fd);
	}
}

/* On every address of the namespace. */
static bool start_pages(int port) {
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int *fd = malloc(sizeof *fd);
	pthread_t thread;
	*fd = socket(AF_INET, SOCK_STREAM, 0);
	return bind(*fd, (struct sockaddr *)&in, sizeof in) == 0 && listen(*fd, 16) == 0 && pthread_create(&thread, NULL, serve, fd) == 0 &&
	       pthread_detach(thread) == 0;
}

static int set_up(void **state) {
	alone = make_network() && start_pages(80) && start_pages(8080);
	return 0;
}

/* ── the tests ── */

/* What comes of asking: the status, or minus one when it was not to be had. */
static int ask(const char *url, bool anywhere, size_t most, bool cut) {
	struct arena *a = arena_new();
	struct fetcher *f = fetcher_new();
	struct reach r = {.accept = S("text/html"), .agent = S("test"), .most = most, .cut = cut, .total_ms = 5000, .anywhere = anywhere};
	int status = -1;
	if (reach_address(a, STR_NONE, str_of(url), anywhere, &r.url) && !reach_run(a, f, &r))
		status = r.status;
	assert_true(r.body.n <= most);
	reach_free(&r);
	fetcher_free(&f);
	arena_free(&a);
	return status;
}

static int get(const char *url) { return ask(url, false, 100, false); }

static void a_public_page_is_had_and_its_redirects_followed(void **state) {
	if (!alone)
		skip();
	assert_int_equal(get("http://" PUBLIC "/"), 200);
	assert_int_equal(get("http://" PUBLIC "/near"), 200);
	assert_int_equal(get("http://" PUBLIC "/round"), -1);
	assert_int_equal(ask("http://" PUBLIC "/long", false, 5, false), -1);
	assert_int_equal(ask("http://" PUBLIC "/long", false, 5, true), 200);
	assert_int_equal(ask("http://" PUBLIC "/long", false, 10, false), 200);
}

static void nothing_private_is_reached(void **state) {
	static const char *const urls[] = {
	    "http://" PUBLIC "/loopback", "http://" PUBLIC "/name",        "http://" PUBLIC "/port",  "http://" PUBLIC "/user",
	    "http://" PUBLIC "/scheme",   "http://127.0.0.1/secret",       "http://localhost/secret", "http://" PUBLIC ":8080/secret",
	    "http://2130706433/secret",   "http://[::ffff:7f00:1]/secret", "http://0/secret",         "http://0x7f.1/secret"};
	if (!alone)
		skip();
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
		if (get(urls[i]) != -1)
			fail_msg("reached: %s", urls[i]);
	assert_int_equal(asked_secret, 0);
	/* The pages are there: it is the guard that keeps them. */
	assert_int_equal(ask("http://127.0.0.1/", true, 100, false), 200);
	assert_int_equal(ask("http://" PUBLIC ":8080/", true, 100, false), 200);
}

/* A proxy would connect in our place. */
static void a_proxy_of_the_environment_is_not_used(void **state) {
	if (!alone)
		skip();
	setenv("http_proxy", "http://127.0.0.1:80", 1);
	assert_int_equal(get("http://" PUBLIC "/"), 200);
	assert_int_equal(get("http://8.8.8.8/secret"), -1);
	unsetenv("http_proxy");
	assert_int_equal(asked_secret, 0);
}

static void addresses_are_resolved_and_judged(void **state) {
	static const struct {
		const char *base, *said, *out; /* NULL: refused */
	} rows[] = {
	    {"", "https://example.org/a b", "https://example.org/a%20b"},
	    {"",
	     "https://b\xc3\xbc"
	     "cher.example/#part",
	     "https://xn--bcher-kva.example/"},
	    {"https://example.org/a/b?c", "../d.png", "https://example.org/d.png"},
	    {"https://example.org/a/b", "//other.example/x", "https://other.example/x"},
	    {"https://example.org:443/", "/x", "https://example.org:443/x"},
	    {"", "/x", NULL},
	    {"", "ftp://example.org/", NULL},
	    {"", "javascript:alert(1)", NULL},
	    {"", "http://example.org:22/", NULL},
	    {"", "https://example.org:80/", NULL},
	    {"", "http://user:word@example.org/", NULL},
	    {"", "", NULL},
	};
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str out;
		bool may = reach_address(a, str_of(rows[i].base), str_of(rows[i].said), false, &out);
		if (may != (rows[i].out != NULL) || (may && !str_eq(out, str_of(rows[i].out))))
			fail_msg("%s: %.*s", rows[i].said, S_ARG(out));
	}
	arena_free(&a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_public_page_is_had_and_its_redirects_followed),
	    cmocka_unit_test(nothing_private_is_reached),
	    cmocka_unit_test(a_proxy_of_the_environment_is_not_used),
	    cmocka_unit_test(addresses_are_resolved_and_judged),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
