// freehold copy: between folders and object stores, killed and taken up again, with sources and targets that fail.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { clouds, drawing } from '../harness/drawings.mjs';
import { startCeph } from '../harness/s3.mjs';
import { binary, startServer } from '../harness/server.mjs';

let ceph, dir, keys;

before(async () => {
  ceph = await startCeph();
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-copy-'));
  keys = path.join(dir, 'keys');
  await writeFile(keys, `${ceph.key}\n${ceph.secret}\n`, { mode: 0o600 });
});
after(async () => {
  await ceph.stop();
  await rm(dir, { recursive: true, force: true });
});

const placeOf = (folder, name) => path.join(folder, name.slice(0, 2), name.slice(2, 4), name);

// A folder with so many blobs; their names are the SHA-256 of their bytes, so that a test can prove them.
async function folderOf(count, size = () => 1 + Math.floor(Math.random() * 100_000)) {
  const folder = await mkdtemp(path.join(dir, 'blobs-'));
  const names = [];
  for (let i = 0; i < count; i++) {
    const bytes = randomBytes(size(i));
    const name = createHash('sha256').update(bytes).digest('hex');
    await mkdir(path.dirname(placeOf(folder, name)), { recursive: true });
    await writeFile(placeOf(folder, name), bytes);
    names.push(name);
  }
  return { folder, names: names.sort() };
}

async function namesIn(folder) {
  const names = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/^[0-9a-f]{64}$/.test(entry.name)) continue;
    const bytes = await readFile(path.join(entry.parentPath ?? entry.path, entry.name));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), entry.name);
    names.push(entry.name);
  }
  return names.sort();
}

const urlOf = (bucket, host = new URL(ceph.url).host) => `s3://${host}/${bucket.name}?tls=no&keys=${encodeURIComponent(keys)}`;

function copy(...args) {
  return new Promise((resolve) => {
    execFile(binary, ['copy', ...args, ...(args.includes('--data') ? [] : ['--data', path.join(dir, 'none')])], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });
}

test('from a folder to a store, to another store, and back: everything, whatever its size', async () => {
  const sizes = [0, 1, 1024 * 1024, 1024 * 1024 + 1, 3_000_000];
  const { folder, names } = await folderOf(40, (i) => sizes[i] ?? 20_000 + i);
  const [one, two] = [await ceph.bucket(), await ceph.bucket()];
  const back = await mkdtemp(path.join(dir, 'back-'));
  for (const [from, to] of [[`files:${folder}`, urlOf(one)], [urlOf(one), urlOf(two)], [urlOf(two), `files:${back}`]]) {
    const first = await copy(from, to);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^40 copied .*, 0 there already, 0 failed/);
    const again = await copy(from, to);
    assert.match(again.stdout, /^0 copied .*, 40 there already, 0 failed/);
  }
  assert.deepEqual(await one.list(), names);
  assert.deepEqual(await namesIn(back), names);
});

test('killed at any moment, it goes on where it was', async () => {
  const { folder, names } = await folderOf(600, () => 10_000);
  const bucket = await ceph.bucket();
  let kills = 0;
  for (let wait = 150; ; wait += 50) {
    const child = spawn(binary, ['copy', `files:${folder}`, urlOf(bucket), '--jobs', '4', '--data', path.join(dir, 'none')], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
    const code = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, wait, 'late'))]);
    if (code !== 'late') {
      assert.equal(code, 0);
      break;
    }
    child.kill('SIGKILL');
    await ended;
    kills++;
  }
  assert.ok(kills > 0);
  assert.deepEqual(await bucket.list(), names);
  const there = (await bucket.list()).length;
  const last = await copy(`files:${folder}`, urlOf(bucket));
  assert.match(last.stdout, new RegExp(`^0 copied .*, ${there} there already`));
});

test('a dry run says what there is to do and does nothing', async () => {
  const { folder } = await folderOf(5, () => 1000);
  const bucket = await ceph.bucket();
  const { code, stdout } = await copy(`files:${folder}`, urlOf(bucket), '--dry-run');
  assert.equal(code, 0);
  assert.match(stdout, /^5 to copy \(5\.0 kB\), 0 there already/);
  assert.deepEqual(await bucket.list(), []);
});

test('a rate is kept, and progress comes as plain lines', async () => {
  const { folder } = await folderOf(13, () => 100_000);
  const bucket = await ceph.bucket();
  const began = Date.now();
  const { code, stderr } = await copy(`files:${folder}`, urlOf(bucket), '--rate', '100000');
  assert.equal(code, 0);
  const seconds = (Date.now() - began) / 1000;
  assert.ok(seconds > 11 && seconds < 25, `${seconds} s`);
  assert.match(stderr, /\d+ of 13, .* copied, .*\/s, .* left\n/);
  assert.doesNotMatch(stderr, /\r/);
});

test('what cannot be copied is named, and the exit status says so', async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  const { alice } = await makeCast(server, 'alice');
  for (let i = 0; i < 3; i++) {
    const body = new FormData();
    body.append('file', new Blob([await drawing('png', ...clouds('40x40', i))]), 'x.png');
    assert.equal((await alice.request('POST', '/api/v2/media', body)).status, 200);
  }
  await server.stop();
  const media = path.join(server.dataDir, 'media');
  const names = (await readdir(media, { withFileTypes: true, recursive: true })).filter((entry) => entry.isFile()).map((entry) => entry.name).sort();
  await appendFile(placeOf(media, names[0]), 'changed');
  const bucket = await ceph.bucket();
  const { code, stdout, stderr } = await copy(`files:${media}`, urlOf(bucket), '--data', server.dataDir, ...(server.databaseUrl ? ['--set', `database.url=${server.databaseUrl}`] : []));
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`could not copy ${names[0]}: .*other bytes than its name says`));
  assert.match(stdout, new RegExp(`^${names.length - 1} copied .* 1 failed`));
  assert.deepEqual(await bucket.list(), names.slice(1));
});

test('a target that refuses for a while is waited for; one that stays away is said', async () => {
  const { folder, names } = await folderOf(30, () => 5000);
  const bucket = await ceph.bucket();
  const proxy = await ceph.misbehaving();
  let n = 0;
  proxy.fault = (request) => (request.method === 'PUT' && n++ % 3 === 0 ? { status: 503 } : undefined);
  const stumbling = await copy(`files:${folder}`, urlOf(bucket, proxy.host));
  assert.equal(stumbling.code, 0, stumbling.stderr);
  assert.deepEqual(await bucket.list(), names);
  proxy.fault = (request) => (request.method === 'PUT' ? { status: 500 } : undefined);
  await bucket.drop(names[3]);
  const failing = await copy(`files:${folder}`, urlOf(bucket, proxy.host));
  assert.equal(failing.code, 1);
  assert.match(failing.stderr, new RegExp(`could not copy ${names[3]}: .*answers 500`));
  await proxy.stop();
});

test('a store that is none, or refuses, is one clear line', async () => {
  const bucket = await ceph.bucket();
  const wrong = path.join(dir, 'wrong');
  await writeFile(wrong, `${ceph.key}\nwrong\n`);
  assert.match((await copy('files:/tmp', 'nowhere')).stderr, /nowhere is no store/);
  assert.match((await copy(`files:${dir}/new`, `s3://${new URL(ceph.url).host}/${bucket.name}?tls=no&keys=${wrong}`)).stderr, /secret does not belong to the access key testaccess/);
  assert.equal((await copy('files:/tmp')).code, 2);
});
