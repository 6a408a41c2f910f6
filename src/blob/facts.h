/* What is known of objects, so that serving a part of one asks the store once: length, entity tag, checksums. A bounded memory; any thread.
 */
#ifndef BLOB_FACTS_H
#define BLOB_FACTS_H

#include "base/blob_name.h"
#include "blob/sums.h"

enum { FACTS_ETAG = 80 };

struct facts {
	struct sums sums;      /* sums.size is the object's length */
	char etag[FACTS_ETAG]; /* with its quotes; empty: none */
	bool summed;           /* false: sums.crc is not known */
};

struct facts_memory;
struct facts_memory *facts_memory_new(void);
void facts_memory_free(struct facts_memory **m);

bool facts_get(struct facts_memory *m, const struct blob_name *n, struct facts *out);
void facts_put(struct facts_memory *m, const struct blob_name *n, const struct facts *f);
void facts_forget(struct facts_memory *m, const struct blob_name *n);

#endif
