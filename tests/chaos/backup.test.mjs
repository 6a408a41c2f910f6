// freehold backup and restore, killed at any moment and begun again; places in an object store, sound and failing.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { filesOf, freehold, killed, rowsOf } from '../harness/backups.mjs';
import { drawing, noise } from '../harness/drawings.mjs';
import { startCeph } from '../harness/s3.mjs';
import { freshDatabase, startServer } from '../harness/server.mjs';

const rounds = Number(process.env.TEST_ROUNDS ?? 8);
const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);
let dir, key, data, source, rows, media, ceph, keys;
let made = 0;
const fresh = (name) => path.join(dir, `${++made}-${name}`);
let state = seed;
const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;

// A made network with pictures, at rest.
before(async () => {
  console.log(`# seed ${seed}`);
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-backup-chaos-'));
  key = path.join(dir, 'key');
  await freehold('backup', 'key', key);
  const server = await startServer({ dataDir: fresh('network'), set: { 'media.store': 'files:media' } });
  const { alice } = await makeCast(server, 'olga', 'alice');
  for (let i = 0; i < 25; i++) {
    const body = new FormData();
    body.append('file', new Blob([await drawing('png', ...noise(i ? '200x200' : '1700x1500', i))]), 'noise.png');
    const answer = await alice.request('POST', '/api/v2/media', body);
    assert.equal(answer.status, 200);
    await alice.posts(`picture ${i}`, { media_ids: [answer.body.id] });
  }
  await server.stop();
  data = server.dataDir;
  source = ['--data', data, ...(server.databaseUrl ? ['--set', `database.url=${server.databaseUrl}`] : [])];
  const sown = await freehold('sow', '--accounts', '3000', '--follows', '30000', '--posts', '40000', '--seed', '1', ...source);
  assert.equal(sown.code, 0, sown.stderr);
  rows = await rowsOf(data, server.databaseUrl);
  media = await filesOf(path.join(data, 'media'));
  ceph = await startCeph();
  keys = path.join(dir, 'keys');
  await writeFile(keys, `${ceph.key}\n${ceph.secret}\n`, { mode: 0o600 });
});
after(async () => {
  await ceph?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function succeeds(...args) {
  const done = await freehold(...args);
  assert.equal(done.code, 0, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}
const urlOf = (bucket, host = new URL(ceph.url).host) => `s3://${host}/${bucket.name}?tls=no&keys=${encodeURIComponent(keys)}`;

async function isWhole(from) {
  const into = fresh('restored'), url = await freshDatabase();
  await succeeds('restore', from, '--key', key, '--data', into, ...(url ? ['--set', `database.url=${url}`] : []));
  assert.deepEqual(await rowsOf(into, url), rows);
  assert.deepEqual(await filesOf(path.join(into, 'media')), media);
}

test('kill -9 while it backs up leaves no half backup, and the next one is whole', async () => {
  const to = fresh('place');
  let cut = 0;
  for (let i = 0; i < rounds; i++) {
    // Soon at first: once one was made, there is little left to do for the next.
    if (!(await killed((20 + random() * 150) * (i + 1), 'backup', to, '--key', key, ...source))) continue;
    cut++;
    const listed = await freehold('backup', 'list', to, '--key', key);
    assert.ok(listed.code === 0 || /there is no (whole )?backup/.test(listed.stderr), listed.stderr);
  }
  assert.ok(cut > 0, 'it was killed in its work');
  await succeeds('backup', to, '--key', key, ...source);
  await isWhole(to);
});

test('kill -9 while it restores: it is not served, and goes on where it was', async () => {
  const to = fresh('place'), into = fresh('restored'), url = await freshDatabase();
  await succeeds('backup', to, '--key', key, ...source);
  const args = ['restore', to, '--key', key, '--data', into, ...(url ? ['--set', `database.url=${url}`] : [])];
  const isThere = async () => {
    assert.deepEqual(await rowsOf(into, url), rows);
    assert.deepEqual(await filesOf(path.join(into, 'media')), media);
  };
  let cut = 0;
  for (let i = 0; i < rounds; i++) {
    if (!(await killed((30 + random() * 200) * (i + 1), ...args))) break;
    cut++;
    const served = await freehold('account', 'list', ...args.slice(4));
    const nothing = served.code === 0 && served.stdout.split('\n').length < 5; /* killed before it began */
    if (nothing) return; // the folder is another network's now, and a restore refuses it
    if (served.code === 0) return isThere(); // killed when all was done
    assert.match(served.stderr, /was not finished/);
  }
  assert.ok(cut > 0, 'it was killed in its work');
  const done = await freehold(...args);
  assert.ok(done.code === 0 || /is not empty/.test(done.stderr), done.stderr); // the last round may have ended before its kill
  await isThere();
});

test('a place in an object store: backup, list, verify, restore, and what was changed there is noticed', async () => {
  const bucket = await ceph.bucket(), to = urlOf(bucket);
  await succeeds('backup', to, '--key', key, ...source);
  assert.match(await succeeds('backup', to, '--key', key, ...source), /0 objects sent/);
  assert.match(await succeeds('backup', 'list', to, '--key', key), /\n +1 .*\n +2 /);
  assert.match(await succeeds('backup', 'verify', to, '--key', key, '--scratch', dir), /^Backup 2 is whole/);
  await isWhole(to);
  const names = await bucket.list(), name = names.find((n) => !/0{13}[0-9a-f]{3}$/.test(n));
  const bytes = await bucket.get(name);
  bytes[bytes.length >> 1] ^= 1;
  await bucket.put(name, bytes);
  const done = await freehold('backup', 'verify', to, '--key', key, '--scratch', dir);
  assert.equal(done.code, 1, done.stdout);
  assert.ok(done.stderr.includes(name) || /head of the backup|wrong key/.test(done.stderr), done.stderr);
});

test('a store that stumbles is asked again; one that is away is an error, and the next backup is whole', async () => {
  const bucket = await ceph.bucket(), proxy = await ceph.misbehaving();
  const to = urlOf(bucket, proxy.host);
  proxy.fault = () => (random() < 0.05 ? { status: 503 } : {});
  await succeeds('backup', to, '--key', key, ...source);
  await isWhole(to);
  await proxy.stop();
  const away = await freehold('backup', 'list', to, '--key', key);
  assert.equal(away.code, 1);
});

test('a log shipped to an object store has what was acknowledged five seconds before kill -9', async () => {
  const bucket = await ceph.bucket(), to = urlOf(bucket), into = fresh('restored');
  const server = await startServer({ set: { 'backup.to': to, 'backup.key': key, 'backup.every': '1d', 'backup.verify': '0', 'media.store': 'files:media' } });
  try {
    const metric = async (name) => Number(new RegExp(`^freehold_${name} (\\d+)$`, 'm').exec(await (await server.fetch('/metrics')).text())?.[1]);
    const { alice } = await makeCast(server, 'alice');
    await eventually(() => metric('backup_log_seconds'), (n) => n > 0, 30_000);
    const posted = [];
    for (let i = 0; i < 40; i++) posted.push((await alice.posts(`shipped ${i}`)).id);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await server.stop('SIGKILL');
    const expected = await rowsOf(server.dataDir, server.databaseUrl);
    assert.match(await succeeds('restore', to, '--key', key, '--data', into), /and the log up to/);
    const restored = await rowsOf(into, null);
    for (const table of ['account', 'member', 'token', 'status']) assert.deepEqual(restored[table], expected[table], table);
    assert.equal(restored.status.length, posted.length);
  } finally {
    await server.remove();
  }
});
