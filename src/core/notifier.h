/* The notifier: a durable reader of the journal that makes notifications of what others did, and takes them back when it is undone.
 *
 * An entry read twice makes nothing twice. Each notification is one transaction with its own entry (J_NOTIFIED), which live streams and
 * push follow. None is made for oneself, for accounts that are gone, between accounts one of which blocks the other, from muted accounts
 * (where the mute says so), about muted conversations, and from those whom the owner's policy drops. Runs on the runner's thread of this
 * reader only. */
#ifndef CORE_NOTIFIER_H
#define CORE_NOTIFIER_H

#include "core/ctx.h"
#include "store/tx.h"

/* What runner_reader wants to know: "notifications". */
extern const enum journal_kind notifier_kinds[];
err notifier_read(struct ctx *c, const struct journal_entry *entries, size_t n);

#endif
