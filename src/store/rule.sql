-- RULES: what members agree to, in order.
SELECT id, text, hint FROM rule ORDER BY position, id;

-- RULE_PUT: a new or changed one.
INSERT INTO rule (id, position, text, hint) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET position = excluded.position, text = excluded.text, hint = excluded.hint;

-- RULE_DELETE: one that no longer holds.
DELETE FROM rule WHERE id = $1;
