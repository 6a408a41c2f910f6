/* Remembers how far the viewer has read. */
#ifndef CORE_MARKER_H
#define CORE_MARKER_H

#include "core/ctx.h"
#include "store/marker.h"

/* Of each timeline where it is not 0; one transaction. */
err marker_set(struct ctx *c, const int64_t last_read[MARKER_TIMELINES]);

#endif
