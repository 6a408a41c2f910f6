/* The admin socket: what a command line sends is what the server's callback gets, and back. */
#include "net/admin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/freehold-admin-XXXXXX", path[64];

static int repeat_words(void *ctx, int argc, char **argv, struct buf *out, struct buf *errors) {
	for (int i = 0; i < argc; i++)
		buf_printf(out, "[%s]", argv[i]);
	buf_lit(errors, "beware");
	return argc;
}

static void a_command_and_its_answer_arrive_whole(void **state) {
	struct admin *a;
	char *argv[] = {(char[]){"account"}, (char[]){""}, (char[]){"with space\nand line"}};
	BUF_AUTO out = {0};
	BUF_AUTO errors = {0};
	int status = -1;
	assert_null(admin_start(&a, str_of(path), repeat_words, NULL));
	for (int round = 0; round < 3; round++) {
		buf_clear(&out);
		buf_clear(&errors);
		assert_null(admin_call(str_of(path), 3, argv, &status, &out, &errors));
		assert_int_equal(status, 3);
		assert_true(str_eq(buf_str(&out), S("[account][][with space\nand line]")));
		assert_true(str_eq(buf_str(&errors), S("beware")));
	}
	admin_stop(&a);
}

static void only_the_owner_may_open_the_socket(void **state) {
	struct admin *a;
	struct stat st;
	assert_null(admin_start(&a, str_of(path), repeat_words, NULL));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	admin_stop(&a);
}

static void without_a_server_the_client_says_so(void **state) {
	char *argv[] = {(char[]){"account"}};
	BUF_AUTO out = {0};
	int status;
	err e = admin_call(str_of(path), 1, argv, &status, &out, &out);
	assert_non_null(e);
	assert_int_equal(e->code, ERR_NOT_FOUND);
}

static void a_dead_servers_socket_is_replaced(void **state) {
	struct admin *a;
	FILE *left = fopen(path, "w");
	fclose(left);
	assert_null(admin_start(&a, str_of(path), repeat_words, NULL));
	admin_stop(&a);
	assert_int_not_equal(access(path, F_OK), 0);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_command_and_its_answer_arrive_whole),
	    cmocka_unit_test(only_the_owner_may_open_the_socket),
	    cmocka_unit_test(without_a_server_the_client_says_so),
	    cmocka_unit_test(a_dead_servers_socket_is_replaced),
	};
	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof path, "%s/admin.sock", folder);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(folder);
	return failed;
}
