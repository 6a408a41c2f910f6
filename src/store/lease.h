/* Leases: of many nodes exactly one runs each durable reader and each kind of job. A lease is a row with a holder and an
 * end by the database's clock; a holder that stops renewing loses it to the next who asks. */
#ifndef STORE_LEASE_H
#define STORE_LEASE_H

#include "store/tx.h"

/* Takes or renews the lease for so many milliseconds; *held tells whether the holder has it now. */
err store_lease_take(struct db *db, struct str name, struct str holder, int64_t ms, bool *held);
/* Whether anybody holds it now. */
err store_lease_held(struct db *db, struct str name, bool *held);
err store_lease_give_up(struct db *db, struct str holder);

#endif
