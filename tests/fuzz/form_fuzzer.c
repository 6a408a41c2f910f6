/* wire/form: JSON and urlencoded bodies become an object or a 400; what they become can be written out again (it is UTF-8, not too deep).
 */
#include "fuzz.h"
#include "wire/form.h"

#include <stdlib.h>

static void check(err e, json_t *v) {
	must(e ? !v && e->code == ERR_BAD_REQUEST : json_is_object(v));
	if (!v)
		return;
	char *text = json_dumps(v, JSON_COMPACT);
	must(text);
	free(text);
	json_decref(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n);
	struct arena *a = arena_new();
	json_t *v;
	err e = form_from_json(in, &v);
	check(e, v);
	e = form_from_urlencoded(a, in, &v);
	check(e, v);
	arena_free(&a);
	return 0;
}
