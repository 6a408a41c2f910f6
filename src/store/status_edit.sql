-- STATUS_EDIT_INSERT: one form of a post. (id: when that form began)
INSERT INTO status_edit (id, status_id, flags, text, warning, extra) VALUES ($1, $2, $3, $4, $5, $6);

-- STATUS_EDITS: all forms, oldest first. (id, flags, text, warning, extra)
SELECT id, flags, text, warning, extra FROM status_edit WHERE status_id = $1 ORDER BY id LIMIT $2;

-- STATUS_EDITS_DELETE: forgets them.
DELETE FROM status_edit WHERE status_id = $1;
