/* Public pages of single posts. */
#ifndef WEB_THREAD_H
#define WEB_THREAD_H

#include "gate/gate.h"
#include "web/post.h"

/* A post of the person of that name; ERR_NOT_FOUND when nobody may see it. */
err thread_post(struct ctx *c, struct str name, int64_t id, struct post *out);
enum handled thread_page(struct rq *rq, struct str name, int64_t id);

#endif
