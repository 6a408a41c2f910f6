// What must be true after a network changed its home under load (harness/load.mjs): nothing acknowledged is missing, and all hear.
import { eventually } from '../cast/cast.mjs';
import { rowsOf } from './backups.mjs';
import { dump } from './standby.mjs';

// Rows that the new home changes as it lives: who was seen when, how often, what is still to be done, links for one use.
const alive = new Set(['site', 'job', 'standby', 'token', 'session', 'account_count', 'status_count', 'once']);

// Rows of the old database, which is closed, that the new home's has not: by table.
export async function missingRows(origin, standby) {
  const old = await rowsOf(origin.dataDir, origin.databaseUrl), now = await rowsOf(standby.dataDir, standby.databaseUrl);
  const missing = {};
  let compared = 0;
  for (const [table, rows] of Object.entries(old)) {
    const there = new Set(now[table]);
    const gone = rows.filter((row) => !there.has(row)).length;
    compared += rows.length;
    if (gone && !alive.has(table)) missing[table] = gone;
  }
  return { missing, compared };
}

// Of the load's acknowledged posts.
export async function missingPosts(standby, posts) {
  const there = new Map((await dump(standby.databaseUrl, standby.dataDir, 'SELECT id, text FROM status')).map((line) => [line.slice(0, line.indexOf('|')), line.slice(line.indexOf('|') + 1)]));
  return posts.filter((post) => there.get(post.id) !== post.text);
}

// Acknowledged pictures whose bytes the new home does not have: named by what is in them, so the old home's must be the same.
export async function missingPictures(origin, standby, pictures) {
  const bytes = async (home, url) => {
    const answer = await fetch(`${home.url}${new URL(url).pathname}`);
    return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : Buffer.from(`${answer.status}`);
  };
  let missing = 0;
  for (const { media } of pictures) {
    if (!media.url) continue;
    const [was, is] = [await bytes(origin, media.url), await bytes(standby, media.url)];
    missing += was.length < 100 || !was.equals(is);
  }
  return missing;
}

// Every stream client of the load is at the new home by itself, and hears what it posts there. The others rest meanwhile. streams: their
// tokens.
export async function hearEverywhere(load, standby, streams) {
  load.busy = false;
  await eventually(() => load.openAt(1), (n) => n === streams.length, 20_000);
  const before = load.clients.map((client) => [client.heard, client.opened]);
  for (const token of streams) {
    const answer = await standby.fetch('/api/v1/statuses', { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: '{"status":"Do I hear myself?"}' });
    if (answer.status !== 200) throw new Error(`the new home refuses a post: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  }
  const deaf = () => load.clients.flatMap((client, i) => (client.heard > before[i][0] ? [] : [{ i, open: client.open, opened: client.opened - before[i][1], heard: client.heard }]));
  await eventually(deaf, (list) => list.length === 0, 60_000);
}
