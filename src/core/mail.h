/* Mails to members: queued in the transaction that causes them, written and sent by a job, so that no request waits for a mail server and
 * none is lost.
 *
 * Links carry secrets, so a mail's text is only made when it is sent: the queue holds which mail for whom, never its words. */
#ifndef CORE_MAIL_H
#define CORE_MAIL_H

#include "core/ctx.h"
#include "store/job.h"

#define MAIL_JOB "mail"

/* Stored in jobs: append only. `about` is what the mail needs to know beside the member. */
enum mail_kind {
	MAIL_CONFIRM, /* to the address that waits: the new one where there is one, else the member's */
	MAIL_PASSWORD_RESET,
	MAIL_PASSWORD_CHANGED,
	MAIL_EMAIL_CHANGES, /* to the old address: a change was asked for */
	MAIL_APPROVED,
	MAIL_WARNING, /* about: the warning's id */
	MAIL_KIND_COUNT
};

/* Inside a transaction. */
err mail_queue(struct tx *tx, enum mail_kind kind, int64_t account_id, int64_t about);

/* The job (store/job.h): makes the secret, writes the mail, sends it by the configured routes or into DATA/mail. A member that is gone gets
 * none. Any error: it is tried again later. */
err mail_send(struct ctx *c, const struct job *job);

/* For the runner's hold (jobs/runner.h): while no route would be asked mails wait in the queue; a try while all are away does not count. So
 * however long the routes are gone, each mail leaves when one is back. */
bool mail_shut(struct site *site, struct db *db);
bool mail_away(struct site *site);

#endif
