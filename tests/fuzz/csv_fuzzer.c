/* wire/csv: any bytes are records or wrong lines, in bounded steps; a record that is written is read back as it was. */
#include "fuzz.h"
#include "wire/csv.h"

static void round_trip(struct arena *a, const struct str *fields, size_t n) {
	BUF_AUTO line = {0};
	struct str back[CSV_FIELDS_MAX];
	size_t got;
	bool wrong;
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(&line, ',');
		csv_put(&line, fields[i]);
	}
	buf_byte(&line, '\n');
	struct csv c = {.rest = buf_str(&line)};
	if (n == 1 && !fields[0].n)
		return;
	must(csv_next(&c, a, back, &got, &wrong) && !wrong && got == n);
	for (size_t i = 0; i < n; i++)
		must(str_eq(back[i], fields[i]));
	must(!c.rest.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *a = arena_new();
	struct csv c = csv_of(str_mem(data, size));
	struct str fields[CSV_FIELDS_MAX];
	size_t n, before = c.rest.n + 1;
	bool wrong;
	while (csv_next(&c, a, fields, &n, &wrong)) {
		must(c.rest.n < before && c.line >= 1);
		before = c.rest.n;
		if (!wrong)
			round_trip(a, fields, n);
	}
	must(!c.rest.n);
	arena_free(&a);
	return 0;
}
