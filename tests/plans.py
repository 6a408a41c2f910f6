#!/usr/bin/env python3
"""How SQLite answers the named queries: prints "ok …" and "not ok …" lines.

  - no query walks a whole table that grows with the network, but those listed in SCANS with their reason
  - the queries of feeds (src/store/feed.sql) keep the plans written down in tests/plans.golden

usage: tests/plans.py [--write]      --write writes tests/plans.golden anew
"""
import pathlib
import re
import sqlite3
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent
STORE = ROOT / "src/store"
GOLDEN = ROOT / "tests/plans.golden"
sys.path.insert(0, str(STORE))
from schemagen import text_for  # noqa: E402
from sqlgen import read  # noqa: E402

GROWING = {"status", "account", "member", "follow", "favourite", "bookmark", "mention", "status_tag", "media", "notification", "token", "journal", "change",
           "status_count", "account_count", "conversation", "poll_vote", "status_edit", "preview_card", "status_card", "remote_blob"}
SCANS = {}
for line in (ROOT / "tests/plans.scans").read_text().splitlines():
    if line.strip() and not line.startswith("#"):
        name, _, reason = line.partition(":")
        SCANS[name.strip()] = reason.strip()


def database():
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE schema_version (version, at)")  # made by store/migrate.c
    for path in sorted((STORE / "schema").glob("*.sql")):
        db.executescript(text_for("sqlite", path))
    return db


def plan(db, sql):
    sql = re.sub(r"\$(\d+)", r"?\1", sql)
    count = max([int(n) for n in re.findall(r"\?(\d+)", sql)], default=0)
    return [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + sql, [1] * count)]


def main():
    db, golden, scans, broken = database(), [], [], []
    feeds = read([STORE / "feed.sql"]) if (STORE / "feed.sql").exists() else {}
    for name, texts in read(sorted(STORE.glob("*.sql"))).items():
        sql = " ".join(texts["sqlite"])
        try:
            steps = plan(db, sql)
        except sqlite3.Error as e:
            if "no such function" not in str(e):
                broken.append(f"{name}: {e}")
            continue
        if name in feeds:
            golden.append(name + "\n" + "".join(f"    {s}\n" for s in steps))
        for step in steps:
            m = re.match(r"SCAN (\w+)(?! USING (COVERING )?INDEX)", step)
            if m and name not in SCANS and any(re.search(rf"\b{t}\b(\s+(AS\s+)?{m.group(1)}\b)?", sql) and (t == m.group(1) or re.search(rf"\b{t}\s+(AS\s+)?{m.group(1)}\b", sql)) for t in GROWING):
                scans.append(f"{name} walks {m.group(1)}")
    if "--write" in sys.argv:
        GOLDEN.write_text("\n".join(golden))
        return 0
    failed = 0
    for title, problems in (("every query is understood", broken), ("no query walks a growing table", scans),
                            ("the feeds' queries keep their plans", [] if GOLDEN.read_text() == "\n".join(golden) else ["tests/plans.golden differs: look, then --write"])):
        failed += bool(problems)
        print(f"not ok {title}: {'; '.join(problems)}" if problems else f"ok {title}")
    return 1 if failed else 0


sys.exit(main())
