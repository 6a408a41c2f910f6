-- What the store itself keeps: the journal, the change log, who has read how far, and the work to be done.

-- One entry per transaction. Order and cursor are (xid, seq): PostgreSQL does not commit in the order of seq. xid is 0 on SQLite
-- and in whatever was imported. The newest entry is never trimmed, so that seq only grows.
CREATE TABLE journal (
	seq {SERIAL},
	xid BIGINT NOT NULL,
	at BIGINT NOT NULL,
	kind BIGINT NOT NULL,        -- store/journal.def
	a BIGINT NOT NULL,
	b BIGINT NOT NULL,
	c BIGINT NOT NULL
);
[postgres] CREATE INDEX journal_by_xid ON journal (xid, seq);

-- The images of the rows an entry changed, in order, for whoever keeps a copy of this database.
CREATE TABLE change (
	seq BIGINT NOT NULL,
	n {ORDER} NOT NULL,          -- order within the entry
	tbl TEXT NOT NULL,
	key TEXT,                    -- JSON array of the primary key: of deleted rows, and of rows that hold people's words
	image TEXT,                  -- JSON array in column order, bytes in hexadecimal; NULL: deleted; empty: blanked
	PRIMARY KEY (seq, n)
) {LEAN};
CREATE INDEX change_by_key ON change (key) WHERE key IS NOT NULL;

-- How far each durable reader has come; 'trimmed': up to where entries are gone.
CREATE TABLE cursor (
	name TEXT NOT NULL PRIMARY KEY,
	xid BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	at BIGINT NOT NULL
) {LEAN};

-- Of many nodes exactly one runs each durable reader and each kind of job.
CREATE TABLE lease (
	name TEXT NOT NULL PRIMARY KEY,
	holder TEXT NOT NULL,
	until BIGINT NOT NULL
) {LEAN};

-- Work that may fail and be tried again. Who runs a job is the lease's matter, so a row changes only when a try fails.
CREATE TABLE job (
	id {ID},
	kind TEXT NOT NULL,
	run_at BIGINT NOT NULL,
	tries BIGINT NOT NULL,
	a BIGINT NOT NULL,
	b BIGINT NOT NULL,
	data TEXT,                   -- per kind; never a secret
	error TEXT,                  -- of the last try
	buried_at BIGINT             -- NULL: still to be done
);
CREATE INDEX job_due ON job (kind, run_at) WHERE buried_at IS NULL;
