#include "wire/form.h"

#include "wire/url.h"

/* Deepest nesting of brackets outside strings: jansson recurses, so it is asked only for what is shallow. */
static bool json_too_deep(struct str in) {
	int depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < in.n; i++) {
		char c = in.p[i];
		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '{' || c == '[') {
			if (++depth > FORM_MAX_DEPTH)
				return true;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return false;
}

err form_from_json(struct str in, json_t **out) {
	*out = NULL;
	if (str_empty(str_trim(in))) {
		*out = json_object();
		return NULL;
	}
	if (json_too_deep(in))
		return err_public(ERR_BAD_REQUEST, "The JSON is nested too deeply");
	json_error_t why;
	json_t *v = json_loadb(in.p, in.n, 0, &why);
	if (!v)
		return err_public(ERR_BAD_REQUEST, "The JSON is malformed: line %d, column %d", why.line, why.column);
	if (!json_is_object(v)) {
		json_decref(v);
		return err_public(ERR_BAD_REQUEST, "The JSON must be an object");
	}
	*out = v;
	return NULL;
}

static err bad_name(void) { return err_public(ERR_BAD_REQUEST, "A form field's name is malformed"); }

/* Cuts "[key]" from the front of *rest; an empty key is "[]". */
static bool cut_key(struct str *rest, struct str *key) {
	if (rest->n < 2 || rest->p[0] != '[')
		return false;
	ptrdiff_t end = str_chr(*rest, ']');
	if (end < 0)
		return false;
	*key = str_first(str_skip(*rest, 1), (size_t)end - 1);
	*rest = str_skip(*rest, (size_t)end + 1);
	return true;
}

/* The container at `key` of `object`, of the wanted kind, made anew where it is missing or of another kind. Borrowed. */
static json_t *container_in(json_t *object, struct str key, bool array) {
	json_t *v = json_object_getn(object, key.p, key.n);
	if (v && (array ? json_is_array(v) : json_is_object(v)))
		return v;
	v = array ? json_array() : json_object();
	json_object_setn_new(object, key.p, key.n, v);
	return v;
}

/* The last object of an array as long as it still lacks `next`; otherwise a new one at its end. Borrowed. */
static json_t *element_for(json_t *array, struct str next, bool next_is_list) {
	size_t n = json_array_size(array);
	json_t *last = n ? json_array_get(array, n - 1) : NULL;
	if (last && json_is_object(last) && (next_is_list || !json_object_getn(last, next.p, next.n)))
		return last;
	last = json_object();
	json_array_append_new(array, last);
	return last;
}

err form_put(json_t *object, struct str name, struct str value) {
	ptrdiff_t bracket = str_chr(name, '[');
	struct str key = bracket < 0 ? name : str_first(name, (size_t)bracket);
	struct str rest = str_skip(name, key.n);
	if (str_empty(key))
		return bad_name();
	json_t *at = object;
	for (int depth = 1;; depth++) {
		if (depth > FORM_MAX_DEPTH)
			return err_public(ERR_BAD_REQUEST, "The form is nested too deeply");
		if (str_empty(rest)) {
			json_object_setn_new(at, key.p, key.n, json_stringn(value.p ? value.p : "", value.n));
			return NULL;
		}
		struct str next;
		if (!cut_key(&rest, &next))
			return bad_name();
		at = container_in(at, key, str_empty(next));
		if (!str_empty(next)) {
			key = next;
			continue;
		}
		if (str_empty(rest)) {
			json_array_append_new(at, json_stringn(value.p ? value.p : "", value.n));
			return NULL;
		}
		if (!cut_key(&rest, &key) || str_empty(key))
			return bad_name();
		at = element_for(at, key, str_starts(rest, S("[]")));
	}
}

err form_from_urlencoded(struct arena *a, struct str in, json_t **out) {
	json_t *object = json_object();
	struct str name, value;
	int fields = 0;
	err e = NULL;
	*out = NULL;
	while (!e && url_next_pair(&in, &name, &value)) {
		if (++fields > FORM_MAX_FIELDS)
			e = err_public(ERR_BAD_REQUEST, "The form has too many fields");
		if (!e)
			e = url_decode_form(a, name, &name);
		if (!e)
			e = url_decode_form(a, value, &value);
		if (!e)
			e = form_put(object, name, value);
	}
	if (e)
		json_decref(object);
	else
		*out = object;
	return e;
}
