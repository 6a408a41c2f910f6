// `kill -9` of either side of a standby, at any moment: of the network while it is copied and followed, of either while the network is handed over, and
// while its old home becomes the standby. Nothing acknowledged is lost, nothing is there twice, never are two copies written to, and one command leads
// on. SEED repeats a run; ROUNDS is how often the handing over is broken (3).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { assertKept, random, seed, sleep, startWriters, tryPost } from '../harness/chaos.mjs';
import { startLine } from '../harness/cutter.mjs';
import { database, startServer } from '../harness/server.mjs';
import { Standby, assertSame, blobsIn, cleanUp, cleanup, dump, kinds, makeOrigin, picture } from '../harness/standby.mjs';

afterEach(cleanUp);
const rounds = Number(process.env.ROUNDS ?? 3);

// It is as when its machine lost power for a moment: the process is gone, and started again.
async function killAndStart(server, away = random(150)) {
  await server.stop('SIGKILL');
  await sleep(away);
  await server.start();
}

// Files that a killed upload left behind are nobody's: those that the database names are there on both sides.
async function assertBlobs(origin, standby) {
  const names = await dump(standby.databaseUrl, standby.dataDir, standby.databaseUrl ? "SELECT encode(hash, 'hex') FROM blob" : 'SELECT lower(hex(hash)) FROM blob');
  const [from, to] = await Promise.all([origin, standby].map(async (side) => new Set(await blobsIn(side.dataDir))));
  const of = (all, name) => [...all].filter((file) => file.startsWith(name));
  assert.ok(names[0]);
  for (const name of names) assert.deepEqual([of(to, name), of(to, name).length], [of(from, name), 1], name);
}

for (const kind of kinds) {
  test(`${database} → ${kind}: the network is killed again and again while it is copied and followed, and its standby has all that was acknowledged (seed ${seed})`, async (t) => {
    const origin = await makeOrigin();
    await origin.stop();
    const sown = await origin.cli('sow', '--accounts', '500', '--follows', '5000', '--posts', '8000', '--seed', '7');
    assert.equal(sown.code, 0, sown.stderr);
    await origin.start();
    const { alice, bob, carol } = await makeCast(origin, 'alice', 'bob', 'carol');
    await picture(alice);
    const line = await startLine(origin.port);
    t.after(() => line.stop());
    line.far({ delay: 0, rate: 96 * 1024 });
    const standby = await Standby.make(origin, kind);
    await standby.join(line.url);
    const writers = startWriters([alice, bob, carol]);

    for (let kill = 0; kill < 3; kill++) {
      await eventually(() => standby.metrics().catch(() => ({})), (m) => m.loaded === 0, 10_000);
      await sleep(random(600));
      assert.equal((await standby.metrics()).loaded, 0, 'it was still being copied');
      await killAndStart(origin);
    }
    line.far({ delay: 0, rate: 0 });
    await eventually(() => standby.metrics(), (m) => m.loaded === 1, 30_000);

    for (let kill = 0; kill < 4; kill++) {
      await sleep(random(500));
      const shown = picture(bob).catch(() => {});
      await sleep(random(30));
      await killAndStart(origin);
      await shown;
    }
    await eventually(() => writers.acknowledged.length, (n) => n > 20, 20_000);
    await writers.stop();
    await picture(carol);
    await standby.current();
    await eventually(() => assertSame(origin, standby).then(() => true, () => false), Boolean, 15_000).catch(() => {});
    await assertSame(origin, standby);
    assert.ok(writers.refused > 0);
    await assertKept(standby, writers.posts);
    await assertKept(origin, writers.posts);
    await assertBlobs(origin, standby);
    await standby.stop();
  });
}

// ── handing over ──

const open = async (home, person) => (home.child ? (await tryPost(home, person, 'who is open?')).status : 0);

// Nothing was acknowledged by the old home after the new one had acknowledged something.
function assertOneAtATime(posts, old) {
  const first = Math.min(...posts.filter(({ home }) => home !== old).map(({ ended }) => ended));
  const late = posts.filter(({ home, began }) => home === old && began > first);
  assert.deepEqual(late.map(({ text }) => text), [], 'two copies were written to');
}

async function pair(kind) {
  const origin = await makeOrigin();
  const { alice, bob, carol } = await makeCast(origin, 'alice', 'bob', 'carol');
  const standby = await Standby.make(origin, kind);
  await standby.join();
  await standby.current();
  const writers = startWriters([alice, bob, carol], [origin, standby]);
  await eventually(() => writers.posts.length, (n) => n > 10);
  return { origin, standby, alice, writers };
}

// What everybody may rely on once the network has its new home.
async function assertMoved({ origin, standby, alice, writers }) {
  await eventually(() => open(standby, alice), (status) => status === 200, 10_000).catch((error) => assert.fail(`${error.message}\n${standby.log.slice(-3000)}`));
  assert.equal(await open(origin, alice), 503);
  await eventually(() => writers.posts.filter(({ home }) => home === standby).length, (n) => n > 5, 10_000);
  await writers.stop();
  assertOneAtATime(writers.posts, origin);
  await assertKept(standby, writers.posts);
  await standby.stop();
  await origin.stop();
}

// After a kill the same program is started on the folder; what that says leads to the one command that goes on.
async function startAgain(standby) {
  standby.log = '';
  standby.start();
  const child = standby.child;
  const how = await Promise.race([standby.ended.then(() => 'ended'), eventually(() => standby.log, (log) => /keeps a copy of/.test(log), 15_000)]);
  if (how !== 'ended') return;
  assert.equal(child.exitCode, 1, standby.log);
  assert.match(standby.log, /it became the network, and freehold serve runs it/);
  const home = await startServer({ dataDir: standby.dataDir, databaseUrl: standby.databaseUrl ?? 'sqlite:freehold.db', port: standby.port });
  standby.child = home.child;
  standby.ended = home.ended;
}

// How long handing over takes here, so that the kills fall on all of it.
let whole = 700;

for (const kind of kinds) {
  test(`${database} → ${kind}: the standby is killed at any moment of a planned promote, and one command leads on (seed ${seed})`, async () => {
    for (let round = 0; round < rounds; round++) {
      const home = await pair(kind);
      const { origin, standby, alice } = home;
      const began = performance.now();
      const wait = Math.floor((whole * round) / rounds) + random(Math.ceil(whole / rounds));
      const promoted = standby.cli('promote').then((said) => ({ ...said, ended: performance.now() }));
      await sleep(wait);
      await standby.stop('SIGKILL');
      const said = await promoted;
      if (said.code === 0) whole = Math.max(200, Math.min(whole, said.ended - began));
      const closed = (await open(origin, alice)) !== 200;
      await startAgain(standby);
      if ((await open(standby, alice)) === 200) {
        assert.ok(closed, `both are open (killed after ${wait} ms)`);
      } else {
        assert.notEqual(said.code, 0, 'it said that it was promoted');
        const again = await standby.cli('promote');
        assert.equal(again.code, 0, `killed after ${wait} ms: ${again.stderr}`);
      }
      await assertMoved(home);
    }
  });

  test(`${database} → ${kind}: the network is killed at any moment of a planned promote, and one command leads on (seed ${seed})`, async () => {
    for (let round = 0; round < rounds; round++) {
      const home = await pair(kind);
      const { origin, standby, alice } = home;
      const wait = Math.floor((whole * round) / rounds) + random(Math.ceil(whole / rounds));
      const promoted = standby.cli('promote');
      await sleep(wait);
      await killAndStart(origin);
      const said = await Promise.race([promoted, sleep(30_000).then(() => null)]);
      assert.ok(said, `it did not end (killed after ${wait} ms)\n${standby.log.slice(-2000)}`);
      if (said.code !== 0) {
        assert.notEqual(await open(standby, alice), 200, said.stderr);
        const again = await standby.cli('promote');
        assert.equal(again.code, 0, `killed after ${wait} ms: ${again.stderr}`);
      }
      await assertMoved(home);
    }
  });
}

// The new home tells the old one every 15 s, for as long as it is away: longer than a test of every day waits.
test('an old home that comes back long after a forced promote is told, and takes no writes any more', { skip: !process.env.LONG }, async () => {
  const origin = await makeOrigin();
  const { alice } = await makeCast(origin, 'alice');
  const standby = await Standby.make(origin, 'sqlite');
  await standby.join();
  await standby.current();
  await origin.stop('SIGKILL');
  assert.equal((await standby.cli('promote', '--force')).code, 0);
  await eventually(() => standby.log, (log) => log.split('job standby.tell').length > 4, 90_000);
  await origin.start();
  await eventually(() => open(origin, alice), (status) => status === 503, 25_000);
  assert.equal(await open(standby, alice), 200);
  await standby.stop();
  await origin.stop();
});

// ── the old home becomes the standby ──

// Its network after a forced promote elsewhere: stopped, with writes that the new home never had.
async function parted(kind) {
  const origin = await makeOrigin();
  const { alice, bob } = await makeCast(origin, 'alice', 'bob');
  const shared = await alice.posts('in both');
  const standby = await Standby.make(origin, kind);
  await standby.join();
  await standby.current();
  await standby.stop();
  const own = [];
  for (let i = 0; i < 40; i++) own.push((await (i % 2 ? alice : bob).posts(`only in the old home ${i}.`)).id);
  await alice.request('PUT', `/api/v1/statuses/${shared.id}`, { status: 'changed in the old home' });
  const forced = await standby.cli('promote', '--force');
  assert.equal(forced.code, 0, forced.stderr);
  await origin.stop();
  const home = await startServer({ dataDir: standby.dataDir, databaseUrl: standby.databaseUrl ?? 'sqlite:freehold.db' });
  cleanup.push(() => home.stop('SIGKILL'));
  const token = /--token (\S+)/.exec((await home.cli('standby', 'invite', 'old-home')).stdout)[1];
  const old = await Standby.of(origin, home);
  const people = [alice, bob].map((person) => ({ name: person.name, token: person.token, server: home, request: () => Promise.resolve() }));
  return { home, old, own, shared, token, people };
}

// The command, which somebody may kill: how it ended.
function demote({ home, old, token }) {
  const child = spawn(old.program, ['demote', '--from', home.url, '--token', token, ...old.args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const running = { child, text: '', ended: null };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (running.text += data));
  const limit = setTimeout(() => child.kill('SIGKILL'), 30_000);
  running.ended = new Promise((resolve) => child.on('close', (code) => (clearTimeout(limit), resolve(code))));
  return running;
}
const isDone = (code, text) => code === 0 || /holds a standby of/.test(text);

async function assertDemoted({ home, old, own, shared }, posts) {
  const files = (await readdir(old.dataDir)).filter((name) => name.startsWith('divergent'));
  assert.deepEqual(files.map((name) => /^divergent-.*\.txt$/.test(name)), [true], files.join());
  const kept = await readFile(path.join(old.dataDir, files[0]), 'utf8');
  for (let i = 0; i < own.length; i++) assert.equal(kept.split(`"only in the old home ${i}."`).length, 2, `${i} is kept once`);
  assert.match(kept, /changed in the old home/);
  const entries = kept.split('\n').filter((line) => line.startsWith('e '));
  assert.equal(new Set(entries).size, entries.length);
  old.start();
  await old.current();
  await eventually(() => assertSame(home, old).then(() => true, () => false), Boolean, 10_000).catch(() => {});
  await assertSame(home, old);
  await assertKept(old, posts);
  assert.deepEqual(await dump(old.databaseUrl, old.dataDir, `SELECT id FROM status WHERE id IN (${own.join()})`), ['']);
  assert.deepEqual(await dump(old.databaseUrl, old.dataDir, `SELECT text FROM status WHERE id = ${shared.id}`), ['in both']);
  await old.stop();
  await home.stop();
}

for (const kind of kinds) {
  test(`${database} → ${kind} and back: demote is killed at any moment and run again, and keeps what the old home wrote exactly once (seed ${seed})`, async () => {
    const way = await parted(kind);
    const writers = startWriters(way.people, [way.home]);
    let code, text, kills = 0;
    for (const part of [0.15, 0.4, 0.7, 0.9, 0]) {
      const running = demote(way);
      if (part) setTimeout(() => running.child.kill('SIGKILL'), part * 300 + random(60));
      code = await running.ended;
      text = running.text;
      if (isDone(code, text)) break;
      assert.equal(code, null, text);
      kills++;
    }
    assert.ok(isDone(code, text), text);
    assert.ok(kills > 0);
    await sleep(100);
    await writers.stop();
    await assertDemoted(way, writers.posts);
  });

  test(`${database} → ${kind} and back: the new home is killed at any moment of a demote, which is run again (seed ${seed})`, async () => {
    const way = await parted(kind);
    const writers = startWriters(way.people, [way.home]);
    let done = false, tries = 0;
    for (; !done && tries < 8; tries++) {
      const running = demote(way);
      if (tries < 3) {
        await sleep(random(250));
        await killAndStart(way.home);
      }
      const code = await running.ended;
      done = isDone(code, running.text);
      assert.ok(done || code === 1, running.text);
    }
    assert.ok(done, `${tries} tries`);
    await writers.stop();
    await assertDemoted(way, writers.posts);
  });
}
