#include "net/call.h"

#include "base/must.h"

#include <stdlib.h>
#include <unistd.h>

/* What a call in stock may keep: a page of a timeline with its head. More goes back to malloc. */
enum { STOCK_MAX = 32, KEEP_BODY = 256 * 1024, KEEP_HEAD = 4 * 1024 };

struct call *call_take(struct call_stock *stock) {
	struct call *c = stock->first;
	if (c) {
		stock->first = c->next;
		stock->count--;
	} else {
		c = xcalloc(1, sizeof *c);
		c->x.arena = arena_new();
	}
	c->spool = c->x.body_fd = c->x.sink_fd = c->x.reply.fd = -1;
	return c;
}

static void call_free(struct call *c) {
	arena_free(&c->x.arena);
	buf_free(&c->x.reply.head);
	buf_free(&c->x.reply.body);
	buf_free(&c->in);
	buf_free(&c->head);
	buf_free(&c->packed);
	free(c);
}

static void shrink(struct buf *b, size_t most) {
	if (b->cap > most)
		buf_free(b);
	b->n = 0;
}

static void close_fd(int *fd) {
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void call_clear_reply(struct call *c) {
	struct reply *r = &c->x.reply;
	close_fd(&r->fd);
	if (r->pieces)
		r->pieces->free(r->pieces);
	shrink(&r->head, KEEP_HEAD);
	shrink(&r->body, KEEP_BODY);
	*r = (struct reply){.head = r->head, .body = r->body, .fd = -1};
}

void call_return(struct call_stock *stock, struct call *c) {
	if (stock->count >= STOCK_MAX) {
		call_clear_reply(c);
		close_fd(&c->spool);
		close_fd(&c->x.sink_fd);
		call_free(c);
		return;
	}
	call_clear_reply(c);
	close_fd(&c->spool);
	close_fd(&c->x.sink_fd);
	arena_reset(c->x.arena);
	shrink(&c->in, KEEP_HEAD);
	shrink(&c->head, KEEP_HEAD);
	shrink(&c->packed, 0);
	c->x = (struct exchange){.arena = c->x.arena, .reply = c->x.reply, .body_fd = -1, .sink_fd = -1};
	c->chunks = (struct http1_chunks){0};
	c->conn = NULL;
	c->keep = false;
	c->in_size = c->file_at = c->file_left = c->piece_at = c->piece_left = c->bytes = 0;
	c->sent = 0;
	c->body = STR_NONE;
	c->next = stock->first;
	stock->first = c;
	stock->count++;
}

void call_stock_free(struct call_stock *stock) {
	while (stock->first) {
		struct call *c = stock->first;
		stock->first = c->next;
		call_free(c);
	}
	stock->count = 0;
}

void call_keep_head(struct call *c, struct str head) {
	struct str kept = arena_str(c->x.arena, head);
	struct http1_request *r = &c->req;
	/* What the parser made up itself (the "/" of an absolute address without a path) does not move. */
#define MOVE(s) ((s).p >= head.p && (s).p <= head.p + head.n ? (void)((s).p = kept.p + ((s).p - head.p)) : (void)0)
	MOVE(r->target);
	MOVE(r->path);
	MOVE(r->query);
	for (int i = 0; i < r->header_count; i++) {
		MOVE(r->headers[i].name);
		MOVE(r->headers[i].value);
	}
#undef MOVE
}
