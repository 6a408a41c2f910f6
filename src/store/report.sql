-- REPORT_PUT: somebody reports somebody.
INSERT INTO report (id, account_id, target_id, comment, category, status_ids, rule_ids) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- REPORT_GET: one report.
SELECT account_id, target_id, comment, category, status_ids, rule_ids, assigned_id, resolved_by, resolved_at FROM report WHERE id = $1;
