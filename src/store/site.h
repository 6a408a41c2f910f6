/* The site table: what the network knows about itself. Small texts by key; secret values never leave the database but by name. */
#ifndef STORE_SITE_H
#define STORE_SITE_H

#include "store/db.h"

/* Empty when it was never set. */
err store_site_get(struct arena *a, struct db *db, struct str key, struct str *out);
/* Inside a transaction. An empty value forgets the key. */
err store_site_set(struct db *db, struct str key, struct str value);

/* The newest id of the tables whose ids people see: where this node's ids go on. */
err store_newest_id(struct db *db, int64_t *out);

#endif
