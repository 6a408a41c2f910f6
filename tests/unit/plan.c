/* How long a move takes: the arithmetic, on figures whose answers are known. */
#include "unit.h"

#include "move/plan.h"

static const struct plan_rates rates = {.rows = 100000, .row_bytes = 50, .objects = 1000, .bytes = 200e6};

static void assert_near(double a, double b) { assert_true(a > b * 0.999999 - 1e-9 && a < b * 1.000001 + 1e-9); }

static void the_slower_of_cores_and_link_binds(void **state) {
	struct plan_load load = {.rows = {1e6, 2e6}, .objects = {0, 0, 1000, 9000}, .bytes = {0, 0, 10e9, 90e9}};
	struct plan p;
	plan_make(&load, &rates, 2, 100e6, 3600, &p);
	assert_near(p.stages[PLAN_PEOPLE].seconds, 1e6 / 100000 / 2);
	assert_int_equal(p.stages[PLAN_PEOPLE].binds, PLAN_CORES);
	assert_near(p.stages[PLAN_NEWEST].seconds, 10e9 / 100e6);
	assert_int_equal(p.stages[PLAN_NEWEST].binds, PLAN_LINK);
	assert_near(p.seconds, 5 + 10 + 100 + 900);
	assert_near(p.stages[PLAN_REST].ends, p.seconds);
}

static void what_is_late_is_counted_from_the_deadline_on(void **state) {
	struct plan_load load = {.rows = {1e6, 2e6}, .objects = {0, 0, 1000, 9000}, .bytes = {0, 0, 10e9, 90e9}};
	struct plan p;
	plan_make(&load, &rates, 2, 100e6, 565, &p);
	assert_near(p.stages[PLAN_NEWEST].missing, 0);
	assert_near(p.stages[PLAN_REST].missing, 45e9);
	plan_make(&load, &rates, 2, 100e6, 65, &p);
	assert_near(p.stages[PLAN_NEWEST].missing, 5e9);
	assert_near(p.stages[PLAN_REST].missing, 90e9);
}

static void as_many_cores_and_as_wide_a_link_as_are_needed_make_it(void **state) {
	struct plan_load load = {.bytes = {0, 0, 0, 90e9}};
	struct plan p, again;
	plan_make(&load, &rates, 1, 1e6, 1000, &p);
	plan_make(&load, &rates, p.cores_needed, p.link_needed, 1000, &again);
	assert_near(again.seconds, 1000);
	assert_near(p.link_needed, 90e6);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_slower_of_cores_and_link_binds),
	    cmocka_unit_test(what_is_late_is_counted_from_the_deadline_on),
	    cmocka_unit_test(as_many_cores_and_as_wide_a_link_as_are_needed_make_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
