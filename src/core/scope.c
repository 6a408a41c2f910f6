#include "core/scope.h"

static const struct {
	int64_t bit;
	struct str text;
} table[] = {
#define SCOPE(name, bit, text) {(int64_t)1 << bit, {text, sizeof(text) - 1}},
#include "core/scope.def"
#undef SCOPE
};
enum { SCOPES = sizeof table / sizeof *table };

/* "read" and "admin:read" are the parents of "read:…" and "admin:read:…". */
static int64_t with_children(struct str parent) {
	int64_t bits = 0;
	for (int i = 0; i < SCOPES; i++) {
		struct str t = table[i].text;
		if (str_eq(t, parent) || (str_starts(t, parent) && t.p[parent.n] == ':'))
			bits |= table[i].bit;
	}
	return bits;
}

/* The deprecated union (Mastodon, "follow"): what it meant before the granular scopes. */
static int64_t follow_union(void) {
	return SCOPE_FOLLOW | SCOPE_READ_BLOCKS | SCOPE_READ_FOLLOWS | SCOPE_READ_MUTES | SCOPE_WRITE_BLOCKS | SCOPE_WRITE_FOLLOWS |
	       SCOPE_WRITE_MUTES;
}

err scopes_parse(struct str text, int64_t *out) {
	*out = 0;
	while (text.n) {
		size_t n = 0;
		while (n < text.n && text.p[n] != ' ' && text.p[n] != '+')
			n++;
		struct str name = str_first(text, n);
		text = str_skip(text, n + 1);
		if (str_empty(name))
			continue;
		int64_t bits = str_eq(name, S("follow")) ? follow_union() : with_children(name);
		if (!bits)
			return err_public(ERR_BAD_REQUEST, "The scope %.*s is unknown", (int)(name.n < 64 ? name.n : 64), name.p);
		*out |= bits;
	}
	return NULL;
}

static bool covered_by_parent(int64_t scopes, int i) {
	struct str t = table[i].text;
	for (int p = 0; p < SCOPES; p++) {
		struct str parent = table[p].text;
		if (p != i && (scopes & table[p].bit) && str_starts(t, parent) && t.p[parent.n] == ':')
			return true;
	}
	return (scopes & SCOPE_FOLLOW) && table[i].bit != SCOPE_FOLLOW && (follow_union() & table[i].bit);
}

static void list(struct buf *out, int64_t scopes, bool json) {
	bool first = true;
	for (int i = 0; i < SCOPES; i++) {
		if (!(scopes & table[i].bit) || covered_by_parent(scopes, i))
			continue;
		if (!first)
			buf_byte(out, json ? ',' : ' ');
		first = false;
		if (json)
			buf_json_string(out, table[i].text);
		else
			buf_put(out, table[i].text);
	}
}

void scopes_text(struct buf *out, int64_t scopes) { list(out, scopes, false); }

void scopes_json(struct buf *out, int64_t scopes) {
	buf_byte(out, '[');
	list(out, scopes, true);
	buf_byte(out, ']');
}
