"""A home page against plain SQL, in a made network (no blocks, mutes, lists, filters: those rules have tests/unit/feed.c)."""
import hashlib
import json
import sqlite3

PAGE = """
WITH me(id) AS (SELECT account_id FROM token WHERE hash = ?),
followed(id) AS (SELECT target_id FROM follow WHERE account_id = (SELECT id FROM me)),
eligible AS (
  SELECT s.id, s.author_id, coalesce(s.boost_of_id, s.id) AS post FROM status s, me
  WHERE (s.author_id = me.id OR s.author_id IN (SELECT id FROM followed)) AND s.id >= ?
    AND (s.author_id = me.id OR s.boost_of_id IS NOT NULL OR s.flags & 256 = 0 OR s.reply_to_author_id IN (s.author_id, me.id)
      OR s.reply_to_author_id IN (SELECT id FROM followed))
    AND (s.flags & 3 < 3 OR s.author_id = me.id)),
ranked AS (SELECT id, post, row_number() OVER (ORDER BY id DESC) AS place FROM eligible),
spaced AS (SELECT id, post, place - lag(place) OVER (PARTITION BY post ORDER BY id DESC) AS distance FROM ranked)
SELECT s.id, p.text, coalesce(c.favourites, 0) FROM spaced s JOIN status p ON p.id = s.post LEFT JOIN status_count c ON c.status_id = s.post
WHERE distance IS NULL OR distance > 40 ORDER BY s.id DESC LIMIT 20"""


def page(server, token):
    return json.loads(server.get("/api/v1/timelines/home?limit=20", token))


def told(statuses):
    return [(int(s["id"]), (s["reblog"] or s)["favourites_count"]) for s in statuses]


def check(server, database, token):
    """"" when the page is what SQL says, a text when it is not, None when writes came between."""
    before = page(server, token)
    # A page reaches no further back than its last entry; SQL need not look at all posts ever made.
    floor = int(before[-1]["id"]) if len(before) == 20 else 0
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        rows = db.execute(PAGE, (hashlib.sha256(token.encode()).digest(), floor)).fetchall()
    finally:
        db.close()
    if told(page(server, token)) != told(before):
        return None
    said = [(row[0], row[2]) for row in rows]
    if said != told(before):
        return f"page {told(before)} but SQL {said}"
    for status, row in zip(before, rows):
        if row[1] and row[1].split()[0].strip("@#") not in (status["reblog"] or status)["content"]:
            return f"post {row[0]} reads {(status['reblog'] or status)['content']!r}"
    return ""
