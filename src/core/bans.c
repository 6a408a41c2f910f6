#include "core/bans.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "base/vec.h"
#include "core/audit.h"
#include "core/site.h"
#include "core/username.h"
#include "wire/cidr.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct range {
	struct cidr cidr;
	int severity;
	int64_t expires_at;
};

struct bans {
	pthread_rwlock_t lock;
	_Atomic size_t n; /* 0 spares the lock to nearly everybody */
	struct range *ranges;
};

struct bans *bans_new(void) {
	struct bans *b = xcalloc(1, sizeof *b);
	pthread_rwlock_init(&b->lock, NULL);
	return b;
}

void bans_free(struct bans **b) {
	if (!*b)
		return;
	pthread_rwlock_destroy(&(*b)->lock);
	free((*b)->ranges);
	free(*b);
	*b = NULL;
}

err bans_load(struct bans *b, struct db *db) {
	struct arena *a = arena_new();
	struct ip_block_row *rows;
	size_t n, used = 0;
	err e = store_ip_blocks(a, db, INT64_MAX, 100000, &rows, &n);
	if (!e) {
		struct range *ranges = xcalloc(n + 1, sizeof *ranges);
		for (size_t i = 0; i < n; i++) {
			struct range r = {.severity = rows[i].severity, .expires_at = rows[i].expires_at};
			if (cidr_parse(rows[i].range, &r.cidr))
				ranges[used++] = r;
		}
		pthread_rwlock_wrlock(&b->lock);
		free(b->ranges);
		b->ranges = ranges;
		atomic_store(&b->n, used);
		pthread_rwlock_unlock(&b->lock);
	}
	arena_free(&a);
	return e;
}

int bans_severity(struct bans *b, struct str address) {
	struct cidr who;
	int hardest = -1;
	if (!atomic_load(&b->n) || !cidr_parse(address, &who))
		return hardest;
	int64_t now = clock_ms();
	pthread_rwlock_rdlock(&b->lock);
	for (size_t i = 0; i < b->n; i++) {
		const struct range *r = &b->ranges[i];
		bool holds = !r->expires_at || r->expires_at > now;
		if (holds && r->severity > hardest && cidr_contains(&r->cidr, &who))
			hardest = r->severity;
	}
	pthread_rwlock_unlock(&b->lock);
	return hardest;
}

err bans_mail_domain(struct ctx *c, struct str domain, bool *blocked) {
	int64_t id;
	for (*blocked = false; domain.n && !*blocked; str_cut(&domain, '.'))
		TRY(store_email_domain_block_by_domain(c->db, domain, &id, blocked));
	return NULL;
}

struct mail_change {
	struct ctx *c;
	struct email_domain_block_row row;
	bool taken;
};

static err add_mail(struct tx *tx, void *arg) {
	struct mail_change *m = arg;
	int64_t id;
	TRY(store_email_domain_block_by_domain(tx_db(tx), m->row.domain, &id, &m->taken));
	if (m->taken)
		return NULL;
	TRY(tx_journal(tx, J_BANS_CHANGED, m->c->viewer, 0, 0));
	TRY(store_email_domain_block_insert(tx, &m->row));
	return audit_note(tx, m->c, S("email_domain_block"), S("email_domain"), m->row.id, m->row.domain, STR_NONE);
}

err bans_mail_add(struct ctx *c, struct str domain, struct email_domain_block_row *out) {
	struct mail_change m = {.c = c, .row = {.id = id_new()}};
	if (!mail_domain(c->arena, str_trim(domain), &m.row.domain))
		return err_public(ERR_INVALID, "Validation failed: Domain is not a valid domain name");
	TRY(tx_run(c->db, add_mail, &m));
	if (m.taken)
		return err_public(ERR_INVALID, "Validation failed: Domain has already been taken");
	*out = m.row;
	return NULL;
}

static err remove_mail(struct tx *tx, void *arg) {
	struct mail_change *m = arg;
	TRY(tx_journal(tx, J_BANS_CHANGED, m->c->viewer, 0, 0));
	TRY(store_email_domain_block_delete(tx, m->row.id));
	return audit_note(tx, m->c, S("email_domain_unblock"), S("email_domain"), m->row.id, m->row.domain, STR_NONE);
}

err bans_mail_remove(struct ctx *c, int64_t id) {
	struct mail_change m = {.c = c};
	bool found;
	TRY(store_email_domain_block_by_id(c->arena, c->db, id, &m.row, &found));
	return found ? tx_run(c->db, remove_mail, &m) : err_plain(ERR_NOT_FOUND);
}

struct ip_change {
	struct ctx *c;
	struct ip_block_row row;
	bool fresh, taken;
};

static err put_ip(struct tx *tx, void *arg) {
	struct ip_change *m = arg;
	int64_t id;
	TRY(store_ip_block_by_range(tx_db(tx), m->row.range, &id, &m->taken));
	m->taken = m->taken && id != m->row.id;
	if (m->taken)
		return NULL;
	TRY(tx_journal(tx, J_BANS_CHANGED, m->c->viewer, 0, 0));
	TRY(m->fresh ? store_ip_block_insert(tx, &m->row) : store_ip_block_update(tx, &m->row));
	return audit_note(tx, m->c, S("ip_block"), S("ip_range"), m->row.id, m->row.range, m->row.comment);
}

err bans_ip_put(struct ctx *c, struct ip_block_row *in, struct str own) {
	struct cidr range, self;
	if (!cidr_parse(str_trim(in->range), &range))
		return err_public(ERR_INVALID, "Validation failed: Ip is not a valid address or range");
	if (in->severity == IP_NO_ACCESS && cidr_parse(own, &self) && cidr_contains(&range, &self))
		return err_public(ERR_INVALID, "Validation failed: Ip holds your own address: you would shut yourself out");
	BUF_AUTO text = {0};
	cidr_text(&text, &range);
	in->range = arena_str(c->arena, buf_str(&text));
	struct ip_change m = {.c = c, .row = *in, .fresh = !in->id};
	if (m.fresh)
		m.row.id = id_new();
	TRY(tx_run(c->db, put_ip, &m));
	if (m.taken)
		return err_public(ERR_INVALID, "Validation failed: Ip has already been taken");
	*in = m.row;
	return bans_load(c->site->bans, c->db);
}

static err remove_ip(struct tx *tx, void *arg) {
	struct ip_change *m = arg;
	TRY(tx_journal(tx, J_BANS_CHANGED, m->c->viewer, 0, 0));
	TRY(store_ip_block_delete(tx, m->row.id));
	return audit_note(tx, m->c, S("ip_unblock"), S("ip_range"), m->row.id, m->row.range, STR_NONE);
}

err bans_ip_remove(struct ctx *c, int64_t id) {
	struct ip_change m = {.c = c};
	bool found;
	TRY(store_ip_block_by_id(c->arena, c->db, id, &m.row, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	TRY(tx_run(c->db, remove_ip, &m));
	return bans_load(c->site->bans, c->db);
}
