#include "move/cutter.h"

enum { CHUNK = 4 * 1024 * 1024 };

static err cut(struct cutter *c) {
	struct blob_name name;
	c->unsent = true;
	TRY(c->put(c->ctx, buf_str(&c->chunk), &name));
	c->unsent = false;
	buf_put(&c->names, blob_name_str(&name));
	buf_clear(&c->chunk);
	return NULL;
}

static err take_bytes(void *cutter, struct str bytes) {
	struct cutter *c = cutter;
	c->size += (int64_t)bytes.n;
	while (bytes.n) {
		struct str now = str_first(bytes, CHUNK - c->chunk.n);
		buf_put(&c->chunk, now);
		bytes = str_skip(bytes, now.n);
		if (c->chunk.n == CHUNK)
			TRY(cut(c));
	}
	return NULL;
}

err cutter_blob(struct cutter *c, struct blobs *from, const struct blob_name *name) {
	TRY(blob_read(from, name, 0, -1, take_bytes, c));
	return c->chunk.n ? cut(c) : NULL;
}

bool cutter_lost(const struct cutter *c, err e) { return !c->unsent && (e->code == ERR_NOT_FOUND || e->code == ERR_STORE); }

void cutter_free(struct cutter *c) {
	buf_free(&c->chunk);
	buf_free(&c->names);
}
