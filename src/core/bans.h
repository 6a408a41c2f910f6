/* Who is kept out before having an account: the address ranges in memory (asked for each request), and the verbs that change them and the
 * blocked mail domains. Reading the ranges: any thread; the verbs: pool workers and commands, by moderators. */
#ifndef CORE_BANS_H
#define CORE_BANS_H

#include "core/ctx.h"
#include "store/ban.h"
#include "store/tx.h"

struct bans;

struct bans *bans_new(void);
void bans_free(struct bans **b);
/* Reads the ranges anew: at the start, and after each J_BANS_CHANGED, here or on another node. */
err bans_load(struct bans *b, struct db *db);

/* The hardest severity (enum ip_severity) that holds for an address; -1: none. */
int bans_severity(struct bans *b, struct str address);

/* Whether mail of this domain (or of one above it) is refused. */
err bans_mail_domain(struct ctx *c, struct str domain, bool *blocked);

err bans_mail_add(struct ctx *c, struct str domain, struct email_domain_block_row *out);
err bans_mail_remove(struct ctx *c, int64_t id);

/* in->id 0: a new one. The range is rewritten in its canonical form. own: the address of who asks, which they may not shut out. */
err bans_ip_put(struct ctx *c, struct ip_block_row *in, struct str own);
err bans_ip_remove(struct ctx *c, int64_t id);

#endif
