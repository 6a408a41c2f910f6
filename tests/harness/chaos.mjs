// What the tests of trouble share: chance that can be repeated, people who write meanwhile, and what must be true at the end.
import assert from 'node:assert/strict';
import { eventually } from '../cast/cast.mjs';
import { assertSame, blobsIn, cleanup, dump } from './standby.mjs';

// SEED=… repeats it.
export const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
let state = seed;
export const random = (n) => ((state = (state * 1103515245 + 12345) % 2147483648), Math.floor((state / 2147483648) * n));
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// One try to write at a home, by the token of somebody: when it began and ended, the status (0: no answer) and the id of what was acknowledged.
export async function tryPost(home, person, text) {
  const began = performance.now();
  const options = { method: 'POST', headers: { Authorization: `Bearer ${person.token}` }, body: new URLSearchParams({ status: text }), signal: AbortSignal.timeout(10_000) };
  const answer = await fetch(`${home.url}/api/v1/statuses`, options).catch(() => null);
  const body = await answer?.json().catch(() => null);
  return { home, text, began, ended: performance.now(), status: body ? answer.status : 0, id: answer?.status === 200 ? body?.id : undefined };
}

// People who write as long as they are let, each text once: at their own server, or at the first of `homes` until it refuses, then at the next, and so on.
// acknowledged: ids of what was; posts: all of what tryPost says of that; refused: how many were not.
export function startWriters(people, homes = [people[0].server]) {
  const w = { on: true, acknowledged: [], posts: [], refused: 0, homes };
  const all = people.map(async (person, i) => {
    let turn = 0;
    for (let n = 0; w.on; n++) {
      const text = `number ${n} of ${person.name} #tag${n % 5}`;
      const post = await tryPost(w.homes[turn % w.homes.length], person, text);
      if (post.id) {
        w.acknowledged.push(post.id);
        w.posts.push(post);
        if (n % 7 === i) await person.request('PUT', `/api/v1/statuses/${post.id}`, { status: `${text} changed` }).catch(() => {});
      } else {
        w.refused++;
        turn++;
      }
      await sleep(post.id ? 5 : 30);
    }
  });
  w.stop = async () => {
    w.on = false;
    await Promise.all(all);
  };
  cleanup.push(() => w.stop()); // of a test that failed meanwhile
  return w;
}

// Nothing acknowledged is missing, nothing is there twice.
export async function assertKept(home, posts) {
  const rows = (await dump(home.databaseUrl, home.dataDir, 'SELECT id, text FROM status', home.enter)).map((row) => [row.slice(0, row.indexOf('|')), row.slice(row.indexOf('|') + 1)]);
  const there = new Set(rows.map(([id]) => id));
  assert.equal(there.size, rows.length);
  assert.deepEqual(posts.filter(({ id }) => !there.has(id)).map(({ text }) => text), [], 'acknowledged and not there');
  const texts = rows.map(([, text]) => text.replace(/ changed$/, '')).filter((text) => /^number \d+ of/.test(text));
  assert.deepEqual(texts.filter((text, i) => texts.indexOf(text) !== i), [], 'there twice');
}

// What a standby tells of its lag, beside what it must be at least: the age of the oldest of these posts that is not there. In seconds.
export async function lagOf(standby, posted) {
  const ids = [...posted];
  const told = (await standby.metrics()).lag_seconds;
  const there = new Set(await dump(standby.databaseUrl, standby.dataDir, 'SELECT id FROM status'));
  const missing = ids.find((id) => !there.has(id));
  const behind = missing ? (Date.now() - Number(BigInt(missing) >> 16n)) / 1000 : 0;
  assert.ok(told > behind - 0.5, JSON.stringify({ told, behind }));
  return { told, behind };
}

export async function assertCaughtUp(origin, standby, acknowledged, ms = 15_000) {
  await eventually(() => assertSame(origin, standby).then(() => true, () => false), Boolean, ms).catch(() => {});
  await assertSame(origin, standby);
  await assertKept(standby, acknowledged.map((id) => ({ id })));
  const blobs = (side) => blobsIn(side.inside ?? side.dataDir);
  const all = await blobs(origin);
  await eventually(async () => (await blobs(standby)).join() === all.join(), Boolean, 12_000);
}
