/* What the C tests of the store share: a database in a temporary folder, or on the PostgreSQL that TEST_PG names. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include "base/must.h"
#include "store/tx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static inline void ok(err e) {
	if (e)
		fail_msg("%s: %s", e->text, e->cause);
}

static inline struct str test_url(void) {
	const char *pg = getenv("TEST_PG");
	return pg ? str_of(pg) : S("sqlite:freehold.db");
}

static inline char *test_folder(void) {
	static char folder[] = "/tmp/freehold-unit-XXXXXX";
	static bool made;
	if (!made)
		must(mkdtemp(folder));
	made = true;
	return folder;
}

static inline void test_folder_empty(void) {
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s/*", test_folder());
	must(!system(command));
}

static inline void test_folder_remove(void) {
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", test_folder());
	must(!system(command));
}

#endif
