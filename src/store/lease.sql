-- LEASE_TAKE [sqlite]: takes or renews one for so many milliseconds, unless another still holds it. By the database's clock.
INSERT INTO lease (name, holder, until)
VALUES ($1, $2, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) + $3)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE lease.holder = excluded.holder OR lease.until < excluded.until - $3;
-- LEASE_TAKE [postgres]: nodes' own clocks may differ.
INSERT INTO lease (name, holder, until)
VALUES ($1, $2, CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) + $3)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE lease.holder = excluded.holder OR lease.until < excluded.until - $3;

-- LEASE_GIVE_UP: all of a holder's.
DELETE FROM lease WHERE holder = $1;

-- LEASE_HOLDER: who holds it, by name alone.
SELECT holder FROM lease WHERE name = $1;

-- LEASE_HELD [sqlite]: whether anybody holds it now.
SELECT count(*) FROM lease WHERE name = $1 AND until > CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER);
-- LEASE_HELD [postgres]: by the database's clock.
SELECT count(*) FROM lease WHERE name = $1 AND until > CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT);
