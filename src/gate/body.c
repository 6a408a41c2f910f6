#include "gate/body.h"

#include "wire/form.h"
#include "wire/mime.h"
#include "wire/multipart.h"

#include <sys/mman.h>
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

/* A file of any size without its memory: the spooled body is mapped, and parts are views into the map. */
static err map_whole(struct rq *rq, struct str *out) {
	if (rq->x->body_fd < 0)
		return whole(rq, out);
	void *p = mmap(NULL, (size_t)rq->x->body_size, PROT_READ, MAP_PRIVATE, rq->x->body_fd, 0);
	if (p == MAP_FAILED)
		return err_private(ERR_UNAVAILABLE, "a spooled body cannot be mapped");
	rq->body_map = str_mem(p, (size_t)rq->x->body_size);
	*out = rq->body_map;
	return NULL;
}

static struct upload upload_of(const struct rq *rq, const struct multipart_part *part, struct str body) {
	return (struct upload){
	    .field = part->name,
	    .filename = part->filename,
	    .type = part->type,
	    .fd = rq->x->body_fd,
	    .offset = part->bytes.p - body.p,
	    .size = (int64_t)part->bytes.n,
	    .mem = part->bytes,
	};
}

static err read_multipart(struct rq *rq, struct str type) {
	struct str body;
	struct multipart m;
	struct multipart_part part;
	bool more;
	TRY(map_whole(rq, &body));
	TRY(multipart_start(&m, body, mime_param(type, S("boundary"))));
	rq->body = json_object();
	rq->uploads = arena_many(rq->c.arena, struct upload, MULTIPART_MAX_PARTS);
	for (;;) {
		TRY(multipart_next(&m, &part, &more));
		if (!more)
			return NULL;
		if (part.filename.p)
			rq->uploads[rq->upload_count++] = upload_of(rq, &part, body);
		else
			TRY(form_put(rq->body, part.name, part.bytes));
	}
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
	if (str_eq_ci(essence, S("multipart/form-data")))
		return read_multipart(rq, type);
	/* A piece of a file (tus) is its handler's alone, wherever it went. */
	if (str_eq_ci(essence, S("application/offset+octet-stream")))
		return NULL;
	if (str_eq_ci(essence, S("text/vtt")))
		return whole(rq, &rq->raw);
	return err_public(ERR_UNSUPPORTED, "The content type %.*s is not understood here", (int)(essence.n < 64 ? essence.n : 64),
	                  essence.p ? essence.p : "");
}

void body_free(struct rq *rq) {
	json_decref(rq->body);
	rq->body = NULL;
	if (rq->body_map.p)
		munmap((void *)(uintptr_t)rq->body_map.p, rq->body_map.n);
	rq->body_map = STR_NONE;
}
