#include "net/input.h"

#include "base/must.h"
#include "net/transport.h"

#include <stdlib.h>

enum { OWN_MIN = 2 * 1024 };

static bool in_scratch(const struct conn *c) { return c->at >= c->loop->scratch && c->at < c->loop->scratch + SCRATCH; }

void input_use(struct conn *c, size_t n) {
	c->at += n;
	c->left -= (uint32_t)n;
}

/* Makes room behind the bytes kept in own memory, up to a whole head. */
static void grow_own(struct conn *c) {
	if (c->left == c->own_cap) {
		c->own_cap *= 2;
		size_t offset = (size_t)(c->at - c->own);
		c->own = xrealloc(c->own, c->own_cap);
		c->at = c->own + offset;
	}
	memmove(c->own, c->at, c->left);
	c->at = c->own;
}

ssize_t input_fill(struct conn *c) {
	struct loop *l = c->loop;
	char *end;
	size_t room;
	if (!c->can_read)
		return IO_WAIT;
	if (c->left == 0 || in_scratch(c)) {
		if (c->left)
			memmove(l->scratch, c->at, c->left);
		c->at = l->scratch;
		end = c->at + c->left;
		room = (c->state == CONN_BODY ? (size_t)SCRATCH : HTTP1_MAX_HEAD) - c->left;
	} else {
		grow_own(c);
		end = c->own + c->left;
		room = c->own_cap - c->left;
	}
	ssize_t n = transport_read(c, end, room);
	if (n > 0) {
		if (c->left == 0)
			c->first_byte_ns = l->now_ns;
		c->left += (uint32_t)n;
	}
	return n;
}

void input_park(struct conn *c) {
	if (c->left == 0) {
		free(c->own);
		c->own = NULL;
		c->own_cap = 0;
	} else if (in_scratch(c)) {
		if (c->own_cap < c->left) {
			for (c->own_cap = OWN_MIN; c->own_cap < c->left;)
				c->own_cap *= 2;
			free(c->own);
			c->own = xmalloc(c->own_cap);
		}
		memcpy(c->own, c->at, c->left);
		c->at = c->own;
	}
}
