/* People's public pages. */
#ifndef WEB_PROFILE_H
#define WEB_PROFILE_H

#include "gate/gate.h"
#include "store/account.h"

/* The page of one of ours; from memory on a loop. */
enum handled profile_page(struct rq *rq, struct str name);
enum handled profile_feed(struct rq *rq, struct str name);

/* ERR_NOT_FOUND when there is no such person, or nobody may see them. */
err profile_find(struct ctx *c, struct str name, struct account_row *out);
/* Whether search engines are asked to stay away. */
bool profile_hidden_from_engines(const struct account_row *r);

#endif
