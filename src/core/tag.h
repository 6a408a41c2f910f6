/* Hashtags: looking them up and following them. */
#ifndef CORE_TAG_H
#define CORE_TAG_H

#include "core/ctx.h"
#include "store/tag.h"

/* By its name as typed, with or without "#", in any case. A hashtag nobody has used has id 0. ERR_NOT_FOUND for what cannot be one. */
err tag_named(struct ctx *c, struct str name, struct tag *out);

/* The viewer follows it, or no longer; *out is the hashtag, made when it was not there. */
err tag_follow(struct ctx *c, struct str name, bool on, struct tag *out);

#endif
