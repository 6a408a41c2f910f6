/* Admin::Account, Admin::Report, Admin::EmailDomainBlock, Admin::IpBlock (Mastodon API): what moderators see. */
#ifndef API_VIEW_ADMIN_H
#define API_VIEW_ADMIN_H

#include "gate/gate.h"
#include "store/ban.h"
#include "store/report.h"

/* Appends the entity; *found false and nothing appended when there is no such account. */
err view_admin_account(struct rq *rq, struct buf *out, int64_t id, bool *found);
err view_admin_report(struct rq *rq, struct buf *out, const struct report *r);
void view_email_domain_block(struct buf *out, const struct email_domain_block_row *row);
void view_ip_block(struct buf *out, const struct ip_block_row *row);

#endif
