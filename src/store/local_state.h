/* What this database alone knows of itself, as small texts by key: whose copy it is, how far a load has come. Never copied, not in the
 * journal. */
#ifndef STORE_LOCAL_STATE_H
#define STORE_LOCAL_STATE_H

#include "store/db.h"

/* Empty when it was never set. */
err store_local_get(struct arena *a, struct db *db, struct str key, struct str *out);
/* Inside a transaction or a load. An empty value forgets the key. */
err store_local_set(struct db *db, struct str key, struct str value);

#endif
