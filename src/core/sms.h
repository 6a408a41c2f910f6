/* Text messages to members: today one kind, the code that confirms a telephone. Queued in the transaction that causes them and sent by a
 * job, by the ways of sms.route, so that no request waits for a gateway and none is lost while all are away.
 *
 * A code is made when it is sent, so no queue and no backup holds one that works; the number stands in the job until then, and nowhere
 * else. sms.per_day caps what all of them may cost. */
#ifndef CORE_SMS_H
#define CORE_SMS_H

#include "core/ctx.h"
#include "core/sms_routes.h"
#include "store/job.h"

enum { SMS_CODE_DIGITS = 6, SMS_CODE_MS = 10 * 60 * 1000 };

/* For the start: ERR_INVALID when the settings could let nobody in, or name impossible prefixes. */
err sms_settings_check(const struct site *site);

/* Inside a transaction: a code for the account's telephone, whose row is there. What waits for that account already is not sent. */
err sms_queue_code(struct tx *tx, int64_t account_id, struct str number);

/* The job. A number that every route refuses for good is noted at its account, and the message given up; so it is after many tries that
 * fail while routes answer. Any error: it is tried again later. */
err sms_job(struct ctx *c, const struct job *job);

/* For the runner's hold (jobs/runner.h), as for mails; the day's cap shuts too. */
bool sms_shut(struct site *site, struct db *db);
bool sms_away(struct site *site);

/* Whether what is queued now would leave now: by a route, and under the day's cap. */
err sms_delayed(struct ctx *c, bool *out);
/* Sent today (UTC), and whether that is all that may be (what waits counts too with `waiting`). */
err sms_full(struct ctx *c, bool waiting, int64_t *sent, bool *full);

#endif
