#include "gate/body.h"

#include "wire/form.h"
#include "wire/mime.h"

#include <unistd.h>

/* The whole body in memory: routes that take JSON or forms have small limits, so a spooled one is read back at once. */
static err whole(struct rq *rq, struct str *out) {
	if (rq->x->body_fd < 0) {
		*out = rq->x->body;
		return NULL;
	}
	char *p = arena_alloc(rq->c.arena, (size_t)rq->x->body_size);
	for (int64_t at = 0; at < rq->x->body_size;) {
		ssize_t n = pread(rq->x->body_fd, p + at, (size_t)(rq->x->body_size - at), at);
		if (n <= 0)
			return err_private(ERR_UNAVAILABLE, "a spooled body cannot be read back");
		at += n;
	}
	*out = str_mem(p, (size_t)rq->x->body_size);
	return NULL;
}

err body_read(struct rq *rq) {
	if (rq->x->body_size == 0)
		return NULL;
	struct str type = rq_header(rq, S("Content-Type")), essence = mime_essence(type), text;
	if (str_eq_ci(essence, S("application/json"))) {
		TRY(whole(rq, &text));
		return form_from_json(text, &rq->body);
	}
	if (str_eq_ci(essence, S("application/x-www-form-urlencoded"))) {
		TRY(whole(rq, &text));
		return form_from_urlencoded(rq->c.arena, text, &rq->body);
	}
	return err_public(ERR_UNSUPPORTED, "The content type %.*s is not understood here", (int)(essence.n < 64 ? essence.n : 64), essence.p ? essence.p : "");
}

void body_free(struct rq *rq) {
	json_decref(rq->body);
	rq->body = NULL;
}
