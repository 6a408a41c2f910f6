/* A telephone shown to be somebody's own, where registrations.confirm says so: at sign-up, and by who cannot log in yet for want of it.
 * Pool workers only. */
#ifndef CORE_PHONE_H
#define CORE_PHONE_H

#include "core/ctx.h"
#include "core/problem.h"
#include "core/sign_up.h"
#include "store/tx.h"
#include "wire/phone.h"

enum { PHONE_TRIES = 5 }; /* of one code */

/* Adds what is wrong with the number that somebody wants a code sent to: it is none, of another country, another's already, got too many,
 * or the day's messages are used up. number is copied into the arena. */
err phone_check(struct ctx *c, struct str typed, struct problems *p, struct str *number);
/* One more message to this number and for this account (core/throttle.h). */
void phone_count(struct ctx *c, struct str number, int64_t account_id);

/* Inside a transaction that has its journal entry: the account's number, and a code for it in the queue. */
err phone_write(struct tx *tx, struct ctx *c, int64_t account_id, struct str number);
/* The same way: whatever waits for this account's code waits no more. */
err phone_forget_waiting(struct tx *tx, struct ctx *c, int64_t account_id);

/* By who knows the password. ERR_INVALID with problems: the code is wrong, or the number another's by now; ERR_GONE: no code is good, ask
 * for another. */
err phone_confirm(struct ctx *c, int64_t account_id, struct str code, struct problems *p, enum join_state *state);

/* Another code, to this number from now on; by who knows the password and is not confirmed. ERR_INVALID with problems; ERR_THROTTLED: too
 * many were sent, *wait_s says how long to wait; ERR_FORBIDDEN: nothing is to be confirmed. */
err phone_code_again(struct ctx *c, int64_t account_id, struct str typed, struct str address, struct problems *p, int64_t *wait_s);

#endif
