#include "core/report.h"

#include "base/id.h"
#include "core/policy.h"
#include "core/relation.h"
#include "store/rule.h"
#include "store/tx.h"

struct act {
	struct ctx *c;
	struct report *report;
};

static struct str ids_json(struct arena *a, const int64_t *ids, size_t n) {
	struct str text = S("[");
	for (size_t i = 0; i < n; i++)
		text = arena_printf(a, "%.*s%s\"%lld\"", S_ARG(text), i ? "," : "", (long long)ids[i]);
	return arena_printf(a, "%.*s]", S_ARG(text));
}

static err check_statuses(struct ctx *c, int64_t target, const int64_t *ids, size_t n) {
	if (n > REPORT_STATUSES_MAX)
		return err_public(ERR_INVALID, "Validation failed: a report names at most %d posts", REPORT_STATUSES_MAX);
	for (size_t i = 0; i < n; i++) {
		struct status s;
		TRY(status_visible(c, ids[i], &s));
		if (s.author_id != target)
			return err_public(ERR_INVALID, "Validation failed: status_ids must be posts of the reported account");
	}
	return NULL;
}

static err check_rules(struct ctx *c, const int64_t *ids, size_t n) {
	struct rule_row *rules;
	size_t count;
	TRY(store_rules(c->arena, c->db, &rules, &count));
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < count && rules[k].id != ids[i])
			k++;
		if (k == count)
			return err_public(ERR_INVALID, "Validation failed: rule_ids must be rules of this site");
	}
	return NULL;
}

static err create_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	act->report->id = id_new();
	TRY(tx_journal(tx, J_REPORT_CHANGED, act->report->id, act->c->viewer, act->report->target_id));
	return store_report_put(tx, act->report);
}

err report_create(struct ctx *c, int64_t target, struct str comment, enum report_category category, const int64_t *status_ids,
                  size_t status_count, const int64_t *rule_ids, size_t rule_count, struct report *out) {
	struct relation r;
	TRY(relation_get(c, target, true, &r));
	if (target == c->viewer)
		return err_plain(ERR_FORBIDDEN);
	if (comment.n > REPORT_COMMENT_MAX * 4)
		return err_public(ERR_INVALID, "Validation failed: Comment is longer than %d characters", REPORT_COMMENT_MAX);
	TRY(check_statuses(c, target, status_ids, status_count));
	TRY(check_rules(c, rule_ids, rule_count));
	*out = (struct report){
	    .account_id = c->viewer,
	    .target_id = target,
	    .comment = comment,
	    .category = rule_count ? REPORT_VIOLATION : category,
	    .status_ids = ids_json(c->arena, status_ids, status_count),
	    .rule_ids = ids_json(c->arena, rule_ids, rule_count),
	};
	return tx_run(c->db, create_tx, &(struct act){c, out});
}
