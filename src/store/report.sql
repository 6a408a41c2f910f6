-- REPORT_PUT: somebody reports somebody.
INSERT INTO report (id, account_id, target_id, comment, category, status_ids, rule_ids) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- REPORT_GET: one report.
SELECT account_id, target_id, comment, category, status_ids, rule_ids, assigned_id, resolved_by, resolved_at FROM report WHERE id = $1;

-- REPORT_UPDATE: what moderators change of it.
UPDATE report SET category = $2, rule_ids = $3, assigned_id = $4, resolved_by = $5, resolved_at = $6 WHERE id = $1;

-- REPORT_RESOLVE_OF: all open ones about somebody are settled.
UPDATE report SET resolved_by = $2, resolved_at = $3 WHERE target_id = $1 AND resolved_at IS NULL;

-- REPORTS_OPEN: those nobody settled, newest first; $4 by whom and $5 about whom, 0: anybody.
SELECT id FROM report
WHERE resolved_at IS NULL AND id > $2 AND id < $3 AND ($4 = 0 OR account_id = $4) AND ($5 = 0 OR target_id = $5)
ORDER BY id DESC LIMIT $1;

-- REPORTS_RESOLVED: those that are settled.
SELECT id FROM report
WHERE resolved_at IS NOT NULL AND id > $2 AND id < $3 AND ($4 = 0 OR account_id = $4) AND ($5 = 0 OR target_id = $5)
ORDER BY id DESC LIMIT $1;
