/* Mail out, against a mail server of a few lines in a thread, and against a script in sendmail's place. */
#include "net/smtp.h"
#include "base/arena.h"
#include "base/buf.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Accepts one connection, answers RCPT as told and everything else kindly; heard holds all it was sent. */
struct sink {
	int fd, port;
	const char *rcpt_answer;
	pthread_t thread;
	struct buf heard;
};

static void say(int fd, const char *line) {
	ssize_t n = write(fd, line, strlen(line));
	assert_true(n == (ssize_t)strlen(line));
}

static void *serve(void *arg) {
	struct sink *s = arg;
	int fd = accept(s->fd, NULL, NULL);
	bool in_message = false;
	char line[1000];
	FILE *in = fdopen(fd, "r");
	say(fd, "220 sink\r\n");
	while (fgets(line, sizeof line, in)) {
		struct str l = str_of(line);
		buf_put(&s->heard, l);
		if (in_message) {
			in_message = !str_eq(l, S(".\r\n"));
			if (!in_message)
				say(fd, "250 taken\r\n");
		} else if (str_starts(l, S("DATA"))) {
			in_message = true;
			say(fd, "354 go on\r\n");
		} else if (str_starts(l, S("RCPT"))) {
			say(fd, s->rcpt_answer);
		} else if (str_starts(l, S("QUIT"))) {
			say(fd, "221 bye\r\n");
			break;
		} else {
			say(fd, "250 fine\r\n");
		}
	}
	fclose(in);
	return NULL;
}

static void sink_start(struct sink *s, const char *rcpt_answer) {
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	*s = (struct sink){.fd = socket(AF_INET, SOCK_STREAM, 0), .rcpt_answer = rcpt_answer};
	assert_int_equal(bind(s->fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(s->fd, 1), 0);
	getsockname(s->fd, (struct sockaddr *)&a, &n);
	s->port = ntohs(a.sin_port);
	pthread_create(&s->thread, NULL, serve, s);
}

static void sink_stop(struct sink *s) {
	pthread_join(s->thread, NULL);
	close(s->fd);
	buf_free(&s->heard);
}

static const struct str message = S("Subject: hi\r\n\r\nline\r\n.dot\r\n");

static err send_to(const struct sink *s) {
	char url[64];
	snprintf(url, sizeof url, "smtp://127.0.0.1:%d", s->port);
	struct smtp_route r = {.to = str_of(url), .helo = S("here.example"), .timeout_ms = 5000};
	return smtp_send(&r, S("us@here.example"), S("you@there.example"), message);
}

static void a_mail_is_handed_over_as_written(void **state) {
	struct sink s;
	sink_start(&s, "250 fine\r\n");
	err e = send_to(&s);
	if (e)
		fail_msg("%s", e->cause);
	pthread_join(s.thread, NULL);
	struct str heard = buf_str(&s.heard);
	assert_true(str_find(heard, S("EHLO here.example\r\n")) >= 0);
	assert_true(str_find(heard, S("MAIL FROM:<us@here.example>")) >= 0);
	assert_true(str_find(heard, S("RCPT TO:<you@there.example>")) >= 0);
	assert_true(str_find(heard, S("Subject: hi\r\n\r\nline\r\n..dot\r\n.\r\n")) >= 0);
	close(s.fd);
	buf_free(&s.heard);
}

static void a_refusal_for_good_is_told_from_trouble_that_may_pass(void **state) {
	struct sink s;
	sink_start(&s, "550 nobody here\r\n");
	assert_int_equal(send_to(&s)->code, ERR_INVALID);
	sink_stop(&s);
	sink_start(&s, "451 later\r\n");
	assert_int_equal(send_to(&s)->code, ERR_UNAVAILABLE);
	sink_stop(&s);
	assert_int_equal(send_to(&s)->code, ERR_UNAVAILABLE);
}

static void addresses_that_would_be_commands_are_refused(void **state) {
	static const char *const bad[] = {"", "nobody", "-oQ/tmp@x", "a@b\r\nRCPT TO:<c@d>", "a@b>", "a b@c"};
	struct smtp_route r = {.to = S("smtp://127.0.0.1:1"), .helo = S("here.example")};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err e = smtp_send(&r, S("us@here.example"), str_of(bad[i]), message);
		assert_non_null(e);
		assert_int_equal(e->code, ERR_INVALID);
	}
}

static void only_routes_that_are_understood_are_taken(void **state) {
	static const char *const good[] = {"smtp://mail.example", "smtps://us%40here@mail.example:465", "smtp://us:se%40cret@mail.example",
	                                   "sendmail", "sendmail:/usr/bin/msmtp"};
	static const char *const bad[] = {
	    "", "http://mail.example", "smtp://", "smtp://:secret@mail.example", "smtp://mail.example/x", "sendmail:msmtp"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_null(smtp_route_check(str_of(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_non_null(smtp_route_check(str_of(bad[i])));
}

static void a_route_is_shown_without_its_password(void **state) {
	static const char *const routes[][2] = {
	    {"smtp://us:se:cret@mail.example:25", "smtp://us@mail.example:25"},
	    {"smtp://us:se@cret@mail.example", "smtp://us@mail.example"},
	    {"smtps://us@mail.example:465", "smtps://us@mail.example:465"},
	    {"smtp://mail.example:25", "smtp://mail.example:25"},
	    {"sendmail:/usr/bin/msmtp", "sendmail:/usr/bin/msmtp"},
	};
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		BUF_AUTO shown = {0};
		smtp_route_name(&shown, str_of(routes[i][0]));
		assert_true(str_eq(buf_str(&shown), str_of(routes[i][1])));
	}
}

static void sendmail_gets_the_mail_on_its_input(void **state) {
	char folder[] = "/tmp/freehold-smtp-XXXXXX", script[64], route[80], seen[200] = "";
	assert_non_null(mkdtemp(folder));
	snprintf(script, sizeof script, "%s/sendmail", folder);
	FILE *f = fopen(script, "w");
	fprintf(f, "#!/bin/sh\necho \"$*\" > %s/seen\ncat >> %s/seen\n", folder, folder);
	fclose(f);
	chmod(script, 0700);
	snprintf(route, sizeof route, "sendmail:%s", script);
	struct smtp_route r = {.to = str_of(route)};
	assert_null(smtp_send(&r, S("us@here.example"), S("you@there.example"), message));
	snprintf(route, sizeof route, "%s/seen", folder);
	f = fopen(route, "r");
	assert_true(fread(seen, 1, sizeof seen - 1, f) > 0);
	fclose(f);
	assert_string_equal(seen, "-i -f us@here.example -- you@there.example\nSubject: hi\n\nline\n.dot\n");
	unlink(route);
	unlink(script);
	assert_non_null(smtp_send(&r, S("us@here.example"), S("you@there.example"), message));
	rmdir(folder);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mail_is_handed_over_as_written),
	    cmocka_unit_test(a_refusal_for_good_is_told_from_trouble_that_may_pass),
	    cmocka_unit_test(addresses_that_would_be_commands_are_refused),
	    cmocka_unit_test(only_routes_that_are_understood_are_taken),
	    cmocka_unit_test(a_route_is_shown_without_its_password),
	    cmocka_unit_test(sendmail_gets_the_mail_on_its_input),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
