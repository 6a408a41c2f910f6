// The real thing: a network on SQLite and files, with people at work on it, goes to PostgreSQL and an object store on another machine.
// TEST_TRANSCRIPT=FILE keeps what an administrator typed and saw (docs/a-move.md is made of it).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeCast, Person } from '../cast/cast.mjs';
import { Visitor } from '../cast/visitor.mjs';
import { h264, makeFolder, pictures, probe, ready, tone, upload } from '../harness/films.mjs';
import { startLoad } from '../harness/load.mjs';
import { hearEverywhere, missingPictures, missingPosts, missingRows } from '../harness/moved.mjs';
import { startPostgres } from '../harness/postgres.mjs';
import { startCeph } from '../harness/s3.mjs';
import { startServer } from '../harness/server.mjs';
import { Standby, blobsIn, cleanUp, cleanup, dump, makeOrigin, picture } from '../harness/standby.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const said = [];
const names = [];
// What a person sees of it, with the names of a real network for those of this test.
function note(machine, command, ...outputs) {
  let text = `${machine}$ ${command}\n${outputs.map((output) => output.trimEnd()).filter(Boolean).join('\n')}\n`;
  for (const [from, to] of names) text = text.replaceAll(from, to);
  said.push(text);
}

// Name and SHA-256 of what lies in a bucket.
async function blobsInBucket(bucket) {
  const blobs = new Map();
  for (const key of await bucket.list()) blobs.set(path.basename(key), createHash('sha256').update(await bucket.get(key)).digest('hex'));
  return blobs;
}
const sameAs = (blobs, names) => names.map((name) => [name, blobs.get(name)]);

let ceph, stopPostgres;
before(async () => {
  stopPostgres = await startPostgres();
  ceph = await startCeph();
});
after(async () => {
  await cleanUp();
  await ceph?.stop();
  await stopPostgres?.();
  if (process.env.TEST_TRANSCRIPT) await writeFile(process.env.TEST_TRANSCRIPT, said.join('\n'));
});

const written = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

test('SQLite and files → PostgreSQL and an object store, under load: a planned promote loses nothing, and everybody goes on', async () => {
  const settings = { 'media.film_priority': 'normal', 'media.film_preset': 'veryfast' };
  const origin = await startServer({ set: settings, databaseUrl: 'sqlite:freehold.db' });
  origin.databaseUrl = null;
  cleanup.push(() => origin.remove());
  await origin.stop();
  const tokens = path.join(origin.dataDir, 'tokens');
  const sown = await origin.cli('sow', '--accounts', '1000', '--follows', '20000', '--posts', '20000', '--seed', '4', '--tokens', tokens);
  assert.equal(sown.code, 0, sown.stderr);
  await origin.start();
  const people = (await readFile(tokens, 'utf8')).trim().split('\n');
  const { alice, bob } = await makeCast(origin, 'alice', 'bob');
  const visitor = new Visitor(origin);
  assert.equal((await visitor.logIn('bob', bob.password)).status, 200);
  const folder = await makeFolder();
  cleanup.push(() => folder.remove());
  const film = await folder.film('mp4', ...pictures('640x360', 8), ...tone(8), ...h264, '-c:a', 'aac');
  const shown = await upload(alice, film);
  await ready(alice, shown.body.id);
  const withFilm = await alice.posts('a film', { media_ids: [shown.body.id] });

  // the other machine
  const bucket = await ceph.bucket();
  const standby = await Standby.make(origin, 'postgres', { set: { ...settings, ...bucket.settings() } });
  names.push([origin.dataDir, '/var/lib/freehold'], [standby.dataDir, '/var/lib/freehold'], [origin.url, 'https://social.example'], [standby.url, 'http://127.0.0.1:8080'], [new URL(origin.url).host, 'social.example'], [new URL(standby.url).host, '127.0.0.1:8080']);
  const invited = await origin.cli('standby', 'invite', 'new-home');
  assert.equal(invited.code, 0, invited.stderr);
  const token = /--token (\S+)/.exec(invited.stdout)[1];
  names.push([token, 'TOKEN']);
  note('old', 'freehold standby invite new-home', invited.stdout);

  // people at work, before the copy begins and until long after
  const writers = people.slice(0, 16), uploaders = people.slice(100, 104), readers = people.slice(200, 208), streams = people.slice(-60);
  const load = startLoad([origin.url, standby.url], { writers, uploaders, readers, streams, each: 20 });
  cleanup.push(() => load.stop());
  await eventually(() => load.openAt(0), (n) => n === streams.length, 20_000);
  standby.start('--from', origin.url, '--token', token);
  const began = Date.now();
  await eventually(() => standby.log, (log) => log.includes('keeps a copy'), 15_000).catch((error) => assert.fail(`${error.message}\n${standby.log}`));
  note('new', 'freehold standby --from https://social.example --token TOKEN', /Freehold .* keeps a copy.*/.exec(standby.log)[0]);
  const seen = await eventually(() => standby.metrics().catch(() => ({})), (m) => m.loaded === 1 && m.blobs > 10 && m.lag_seconds < 2, 60_000).catch((error) => assert.fail(`${error.message}\n${standby.log.slice(-4000)}`));
  const copied = Date.now() - began;
  await pause(3000);
  const metrics = (await (await fetch(`${standby.url}/metrics`)).text()).split('\n').filter((line) => /^freehold_standby/.test(line));
  note('new', 'curl -s http://127.0.0.1:8080/metrics | grep ^freehold_standby', metrics.join('\n'));
  note('old', 'freehold standby list', (await origin.cli('standby', 'list')).stdout);

  // a film in the middle of being made, then the word
  const late = await upload(alice, await folder.film('mp4', ...pictures('480x270', 6), ...tone(6), ...h264, '-c:a', 'aac'));
  assert.ok(late.status === 200 || late.status === 202);
  const promoting = Date.now();
  const promoted = await standby.cli('promote');
  assert.equal(promoted.code, 0, promoted.stderr + standby.log.slice(-4000));
  note('new', 'freehold promote', promoted.stdout);
  await eventually(() => load.writtenAt(1).length, (n) => n > 100, 20_000).catch((error) => assert.fail(`${error.message}\n${standby.log.slice(-4000)}`));
  await hearEverywhere(load, standby, streams);
  await load.stop();

  // nothing is missing
  assert.deepEqual(await missingPosts(standby, load.posts), []);
  const { missing, compared } = await missingRows(origin, standby);
  const uploads = load.pictures.filter(({ home }) => home === 0);
  assert.equal(await missingPictures(origin, standby, uploads), 0);
  assert.ok(uploads.length > 10);
  const stored = new Map((await bucket.list()).map((key) => [path.basename(key), key]));
  const inDatabase = () => dump(standby.databaseUrl, standby.dataDir, "SELECT encode(hash, 'hex') FROM blob");
  const known = await inDatabase();
  const blobs = (await blobsIn(origin.dataDir)).map((line) => line.split(' ')).filter(([name]) => known.includes(name));
  for (const [name, sum] of blobs) {
    const bytes = await bucket.get(stored.get(name)).catch(() => null);
    // The late film is being made: what it needs no longer goes, the row before the bytes.
    if (bytes) assert.equal(createHash('sha256').update(bytes).digest('hex'), sum, name);
    else assert.ok(!(await inDatabase()).includes(name), `${name} is known and not there`);
  }
  assert.deepEqual(known.filter((name) => !stored.has(name)), []);
  assert.ok(blobs.length > uploads.length);

  // sessions, tokens, passwords, films
  const there = new Person(standby, 'alice', alice.password, alice.token);
  assert.equal((await there.account()).username, 'alice');
  visitor.server = standby;
  assert.equal((await visitor.look()).account?.username, 'bob');
  assert.equal((await new Visitor(standby).logIn('alice', alice.password)).status, 200);
  const { body: status } = await there.get(`/api/v1/statuses/${withFilm.id}`);
  const at = (url) => standby.url + new URL(url).pathname;
  await folder.write('moved.mp4', Buffer.from(await (await fetch(at(status.media_attachments[0].url))).arrayBuffer()));
  assert.ok(Math.abs(Number((await probe(folder.at('moved.mp4'))).format.duration) - 8) < 0.3);
  assert.equal((await fetch(at(status.media_attachments[0].freehold.hls))).status, 200);
  const made = await ready(there, late.body.id);
  assert.equal(made.status, 200, JSON.stringify(made.body));
  assert.equal((await fetch(at(made.body.url))).status, 200);
  // The late film is made: its original went, and the playlist of when it had fewer renditions.
  const { media = 0, blob = 0, ...others } = missing;
  assert.deepEqual(others, {});
  assert.ok(media <= 1 && blob <= 2, `${media} rows of media, ${blob} of blobs`);
  assert.equal((await alice.post('/api/v1/statuses', { status: 'too late' })).status, 503);

  const gap = load.gap(), total = load.posts.length;
  assert.ok(gap < 4000, `nobody could write for ${gap} ms`);
  said.push(`copied and current after ${(copied / 1000).toFixed(1)} s (${written(seen.rows)} rows, ${written(seen.blobs)} files); the promote took ${((load.writtenAt(1)[0].at - promoting) / 1000).toFixed(2)} s from the command to the first post in the new home; nobody could write for ${gap} ms; ${written(total)} acknowledged posts, ${written(uploads.length)} pictures, ${written(compared)} rows and ${written(blobs.length)} files compared, none missing; ${load.clients.length} stream clients reconnected by themselves\n`);
  await standby.stop();
  await origin.stop();
});

test('from one object store to another, and on into a folder: pictures and films go along, on either engine', async () => {
  const settings = { 'media.film_priority': 'normal', 'media.film_preset': 'veryfast' };
  const buckets = [await ceph.bucket(), await ceph.bucket()];
  const origin = await makeOrigin({ ...settings, ...buckets[0].settings() });
  const { alice } = await makeCast(origin, 'alice');
  const folder = await makeFolder();
  cleanup.push(() => folder.remove());
  const shown = await upload(alice, await folder.film('mp4', ...pictures('640x360', 4), ...tone(4), ...h264, '-c:a', 'aac'));
  const film = await ready(alice, shown.body.id);
  assert.equal(film.status, 200, JSON.stringify(film.body));
  await alice.posts('a film', { media_ids: [shown.body.id] });
  await alice.posts('a picture', { media_ids: [(await picture(alice)).id] });

  // One home after the other; each has every blob that its database knows, as the one before has it.
  const domain = new URL(origin.url).host;
  let home = origin, blobs = await blobsInBucket(buckets[0]);
  for (const [kind, bucket] of [['postgres', buckets[1]], ['sqlite', null]]) {
    const next = await Standby.make(home, kind, { set: { ...settings, ...bucket?.settings(), 'server.domain': domain } });
    await next.join();
    await next.current();
    const promoted = await next.cli('promote');
    assert.equal(promoted.code, 0, promoted.stderr + next.log.slice(-4000));
    const known = await dump(next.databaseUrl, next.dataDir, `SELECT ${kind === 'postgres' ? "encode(hash, 'hex')" : 'lower(hex(hash))'} FROM blob`);
    assert.ok(known.length > 5, `${known.length} blobs`);
    const there = bucket ? await blobsInBucket(bucket) : new Map((await blobsIn(next.dataDir)).map((line) => line.split(' ')));
    assert.deepEqual(sameAs(there, known), sameAs(blobs, known));
    assert.ok(known.every((name) => there.has(name)));
    await home.stop();
    [home, blobs] = [next, there];
  }
  const bytes = Buffer.from(await (await home.fetch(new URL(film.body.url).pathname)).arrayBuffer());
  await folder.write('moved.mp4', bytes);
  assert.ok(Math.abs(Number((await probe(folder.at('moved.mp4'))).format.duration) - 4) < 0.3);
  await home.stop();
});
