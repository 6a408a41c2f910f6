/* Who is kept out before having an account: mail domains and address ranges. */
#ifndef STORE_BAN_H
#define STORE_BAN_H

#include "store/tx.h"

struct email_domain_block_row {
	int64_t id;
	struct str domain; /* lower case, in ASCII (RFC 5890) */
};

err store_email_domain_blocks(struct arena *a, struct db *db, int64_t below, int limit, struct email_domain_block_row **out, size_t *n);
err store_email_domain_block_by_id(struct arena *a, struct db *db, int64_t id, struct email_domain_block_row *out, bool *found);
err store_email_domain_block_by_domain(struct db *db, struct str domain, int64_t *id, bool *found);
err store_email_domain_block_insert(struct tx *tx, const struct email_domain_block_row *row);
err store_email_domain_block_delete(struct tx *tx, int64_t id);

/* Stored: append only. */
enum ip_severity { IP_APPROVAL, IP_NO_SIGN_UP, IP_NO_ACCESS };

struct ip_block_row {
	int64_t id;
	struct str range; /* CIDR, as wire/cidr.h writes it */
	int severity;     /* enum ip_severity */
	struct str comment;
	int64_t expires_at; /* ms; 0: never */
};

err store_ip_blocks(struct arena *a, struct db *db, int64_t below, int limit, struct ip_block_row **out, size_t *n);
err store_ip_block_by_id(struct arena *a, struct db *db, int64_t id, struct ip_block_row *out, bool *found);
err store_ip_block_by_range(struct db *db, struct str range, int64_t *id, bool *found);
err store_ip_block_insert(struct tx *tx, const struct ip_block_row *row);
err store_ip_block_update(struct tx *tx, const struct ip_block_row *row);
err store_ip_block_delete(struct tx *tx, int64_t id);

#endif
