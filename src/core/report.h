/* Reporting somebody to the moderators. */
#ifndef CORE_REPORT_H
#define CORE_REPORT_H

#include "core/ctx.h"
#include "store/report.h"

enum { REPORT_COMMENT_MAX = 1000, REPORT_STATUSES_MAX = 100 };

/* Of the viewer about target. status_ids: posts of the target that the viewer may see (ERR_NOT_FOUND otherwise); rule_ids: rules of the
 * site, which make the category a violation. */
err report_create(struct ctx *c, int64_t target, struct str comment, enum report_category category, const int64_t *status_ids,
                  size_t status_count, const int64_t *rule_ids, size_t rule_count, struct report *out);

#endif
