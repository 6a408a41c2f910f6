/* The circuit breaker, with a clock of our own. */
#include "base/breaker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void it_opens_after_failures_in_a_row_only(void **state) {
	struct breaker b = {0};
	for (int i = 0; i < 10; i++) {
		assert_true(breaker_take(&b, i));
		if (i % 2)
			breaker_good(&b);
		else
			breaker_bad(&b, i);
		assert_int_equal(b.state, BREAKER_CLOSED);
	}
	for (int i = 0; i < BREAKER_FAILURES; i++) {
		assert_true(breaker_take(&b, 100));
		breaker_bad(&b, 100);
	}
	assert_int_equal(b.state, BREAKER_OPEN);
	assert_false(breaker_ready(&b, 100));
	assert_false(breaker_take(&b, 100 + BREAKER_FIRST_MS - 1));
}

static void after_its_pause_one_try_goes_and_decides(void **state) {
	struct breaker b = {0};
	for (int i = 0; i < BREAKER_FAILURES; i++)
		breaker_bad(&b, 0);
	int64_t now = BREAKER_FIRST_MS;
	assert_true(breaker_take(&b, now));
	assert_int_equal(b.state, BREAKER_HALF_OPEN);
	assert_false(breaker_take(&b, now + 1000000));
	breaker_bad(&b, now);
	assert_false(breaker_ready(&b, now + 2 * BREAKER_FIRST_MS - 1));
	assert_true(breaker_take(&b, now + 2 * BREAKER_FIRST_MS));
	breaker_good(&b);
	assert_int_equal(b.state, BREAKER_CLOSED);
	assert_true(breaker_take(&b, now));
	assert_true(breaker_take(&b, now));
}

static void its_pause_doubles_up_to_the_longest(void **state) {
	struct breaker b = {0};
	int64_t now = 0, longest = 0;
	for (int i = 0; i < 20; i++) {
		while (!breaker_take(&b, now))
			now++;
		breaker_bad(&b, now);
		if (b.state == BREAKER_OPEN)
			longest = b.until - now;
	}
	assert_int_equal(longest, BREAKER_LONGEST_MS);
}

static void late_failures_of_a_closed_time_do_not_lengthen_it(void **state) {
	struct breaker b = {0};
	for (int i = 0; i < BREAKER_FAILURES + 5; i++)
		breaker_bad(&b, i);
	assert_int_equal(b.pause_ms, BREAKER_FIRST_MS);
	assert_int_equal(b.until, BREAKER_FAILURES - 1 + BREAKER_FIRST_MS);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_opens_after_failures_in_a_row_only),
	    cmocka_unit_test(after_its_pause_one_try_goes_and_decides),
	    cmocka_unit_test(its_pause_doubles_up_to_the_longest),
	    cmocka_unit_test(late_failures_of_a_closed_time_do_not_lengthen_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
