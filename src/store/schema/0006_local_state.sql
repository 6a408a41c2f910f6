-- What this database alone knows of itself, never copied: whose copy it is, how far a load has come.
CREATE TABLE local_state (
	key TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) {LEAN};
