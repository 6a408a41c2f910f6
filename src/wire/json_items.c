#include "wire/json_items.h"

enum { NAME_MAX = 64 };

void json_items_free(struct json_items *j) {
	buf_free(&j->item);
	buf_free(&j->name);
}

static int level(const struct json_items *j) { return j->level ? j->level : 1; }

static int array_depth(const struct json_items *j) { return j->member.n ? level(j) + 1 : 1; }

static void keep(struct json_items *j, char c) {
	if (j->item.n < JSON_ITEM_MAX)
		buf_byte(&j->item, c);
	else
		j->too_long = true;
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* An item ends at the comma or bracket behind it. */
static bool end_item(struct json_items *j, struct str *item) {
	struct str s = str_trim(buf_str(&j->item));
	bool any = s.n > 0 || j->too_long;
	*item = j->too_long ? STR_NONE : s;
	j->index += any;
	j->too_long = false;
	j->ended = true;
	return any;
}

static bool in_array(struct json_items *j, char c, struct str *item) {
	if (j->depth == array_depth(j) && !j->string && (c == ',' || c == ']')) {
		if (c == ']') {
			j->inside = false;
			j->over = true;
			j->depth--;
		}
		return end_item(j, item);
	}
	if (!(blank(c) && !j->item.n))
		keep(j, c);
	if (j->string) {
		j->string = j->escaped || c != '"';
		j->escaped = !j->escaped && c == '\\';
	} else if (c == '"') {
		j->string = true;
	} else if (c == '[' || c == '{') {
		j->depth++;
	} else if (c == ']' || c == '}') {
		j->depth--;
	}
	return false;
}

static void in_string(struct json_items *j, char c) {
	if (!j->escaped && c == '"') {
		j->string = false;
		j->named = j->depth == level(j) && str_eq(buf_str(&j->name), j->member);
		return;
	}
	j->escaped = !j->escaped && c == '\\';
	if (j->name.n < NAME_MAX)
		buf_byte(&j->name, c);
}

static void outside(struct json_items *j, char c) {
	if (j->string) {
		in_string(j, c);
	} else if (c == '"') {
		j->string = true;
		buf_clear(&j->name);
	} else if (c == '[' || c == '{') {
		j->inside = c == '[' && (j->member.n ? j->named && j->depth == level(j) : j->depth == 0);
		j->depth++;
		j->named = false;
	} else if (c == ']' || c == '}') {
		j->depth -= j->depth > 0;
		j->named = false;
	} else if (c != ':' && !blank(c)) {
		j->named = false;
	}
}

/* What is neither the end of a string nor an escape goes at once. */
static void in_long_string(struct json_items *j, struct str *rest) {
	size_t n = 0, room = j->item.n < JSON_ITEM_MAX ? JSON_ITEM_MAX - j->item.n : 0;
	while (n < rest->n && rest->p[n] != '"' && rest->p[n] != '\\')
		n++;
	j->too_long |= n > room;
	buf_put(&j->item, str_first(*rest, n < room ? n : room));
	*rest = str_skip(*rest, n);
}

bool json_items_next(struct json_items *j, struct str *rest, struct str *item) {
	while (rest->n) {
		if (j->inside && j->string && !j->escaped)
			in_long_string(j, rest);
		if (!rest->n)
			return false;
		char c = rest->p[0];
		*rest = str_skip(*rest, 1);
		if (j->ended)
			buf_clear(&j->item);
		j->ended = false;
		if (j->over)
			continue;
		if (!j->inside)
			outside(j, c);
		else if (in_array(j, c, item))
			return true;
	}
	return false;
}
