/* Request bodies into one shape: a jansson object, whether they came as JSON, urlencoded or as multipart fields. No I/O. Any thread.
 *
 * Form names nest as the Mastodon API's clients write them: "a[b]=1" is {"a": {"b": "1"}}, "a[]=1&a[]=2" is {"a": ["1", "2"]},
 * "a[][x]=1&a[][y]=2&a[][x]=3" is {"a": [{"x": "1", "y": "2"}, {"x": "3"}]}. A later plain value replaces an earlier one. Form values are
 * strings.
 *
 * Limits: FORM_MAX_FIELDS fields, FORM_MAX_DEPTH levels of nesting (in JSON too), NUL nowhere, UTF-8 everywhere: ERR_BAD_REQUEST otherwise.
 */
#ifndef WIRE_FORM_H
#define WIRE_FORM_H

#include "base/arena.h"
#include "base/err.h"

#include <jansson.h>

enum { FORM_MAX_FIELDS = 1000, FORM_MAX_DEPTH = 16 };

/* application/json: any object; *out is a new reference. Empty input is {}. */
err form_from_json(struct str in, json_t **out);

/* application/x-www-form-urlencoded, also the query of an address; *out is a new reference. The arena is for scratch. */
err form_from_urlencoded(struct arena *a, struct str in, json_t **out);

/* Puts one decoded field into an object, nested by its name: for multipart fields. */
err form_put(json_t *object, struct str name, struct str value);

#endif
