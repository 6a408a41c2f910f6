/* What every fuzzer needs: its entry point's declaration, and the input cut into pieces. must() is how a property fails. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "base/must.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Whether s lies inside whole, so that a parser's view cannot point elsewhere. */
static inline bool is_inside(struct str s, struct str whole) { return s.n == 0 || (s.p >= whole.p && s.p + s.n <= whole.p + whole.n); }

#endif
