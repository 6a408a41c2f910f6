-- AUDIT_INSERT: who did what.
INSERT INTO audit (id, actor_id, action, target_kind, target_id, target_label, text) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- AUDIT_PAGE: newest first, below $1.
SELECT id, actor_id, action, target_kind, target_id, target_label, text FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2;

-- WARNING_INSERT: what a moderator told somebody.
INSERT INTO warning (id, account_id, moderator_id, report_id, action, text) VALUES ($1, $2, $3, $4, $5, $6);

-- WARNING_BY_ID: for the mail about it.
SELECT id, account_id, moderator_id, report_id, action, text FROM warning WHERE id = $1;
