// Where pictures lie: a folder or an object store, sound or not. Whatever happens there, nobody is sent wrong bytes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { drawing, noise } from '../harness/drawings.mjs';
import { startCeph } from '../harness/s3.mjs';
import { startServer } from '../harness/server.mjs';

let ceph, dir;

before(async () => {
  ceph = await startCeph();
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-store-'));
});
after(async () => {
  await ceph.stop();
  await rm(dir, { recursive: true, force: true });
});

let drawn = 0;
// "1600x1400" is several chunks of an object.
const draw = (size) => drawing('png', ...noise(size, ++drawn));
async function upload(who, size = '64x64') {
  const body = new FormData();
  body.append('file', new Blob([await draw(size)]), 'noise.png');
  return who.request('POST', '/api/v2/media', body);
}
async function kept(who, size) {
  const answer = await upload(who, size);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body.url;
}

const get = (url, headers = {}) => fetch(url, { headers, redirect: 'manual' });
async function bytesOf(url, headers) {
  const answer = await get(url, headers);
  assert.ok(answer.ok, `${answer.status} ${await answer.clone().text().catch(() => '')}`);
  return Buffer.from(await answer.arrayBuffer());
}

// A server whose pictures lie in a bucket, perhaps behind a proxy that misbehaves; its bucket, one person.
async function onCeph(t, { proxied = false, set = {} } = {}) {
  const bucket = await ceph.bucket();
  const proxy = proxied ? await ceph.misbehaving() : null;
  const server = await startServer({ set: { ...bucket.settings(proxy?.host), ...set } });
  t.after(async () => {
    if (proxy) proxy.fault = () => {};
    await server.remove();
    await proxy?.stop();
  });
  return { bucket, proxy, server, alice: (await makeCast(server, 'alice')).alice };
}

// The largest object, which is the picture and not its preview.
async function objectOf(bucket) {
  const all = await Promise.all((await bucket.list()).map(async (key) => ({ key, bytes: await bucket.get(key) })));
  return all.sort((a, b) => b.bytes.length - a.bytes.length)[0];
}

test('a large picture comes out of the object store whole, in ranges, and on conditions', async (t) => {
  const { alice } = await onCeph(t);
  const url = await kept(alice, '1600x1400');
  const bytes = await bytesOf(url);
  assert.ok(bytes.length > 2_200_000, `${bytes.length}`);
  const whole = await get(url);
  await whole.arrayBuffer();
  assert.equal(whole.headers.get('content-type'), 'image/png');
  assert.equal(whole.headers.get('accept-ranges'), 'bytes');
  assert.match(whole.headers.get('cache-control'), /immutable/);
  assert.equal(whole.headers.get('content-disposition'), 'inline');
  assert.equal(whole.headers.get('x-content-type-options'), 'nosniff');
  const tag = whole.headers.get('etag');
  assert.match(tag, /^"[0-9a-f]{32}"$/);
  for (const [range, from, to] of [['0-0', 0, 1], ['1048570-1048585', 1048570, 1048586], ['2000000-', 2000000, bytes.length], ['-7', bytes.length - 7, bytes.length], ['0-99999999', 0, bytes.length]]) {
    const part = await get(url, { Range: `bytes=${range}`, 'If-Range': tag });
    assert.equal(part.status, 206, range);
    assert.equal(part.headers.get('content-range'), `bytes ${from}-${to - 1}/${bytes.length}`);
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(from, to)), range);
  }
  assert.equal((await get(url, { Range: 'bytes=0-9', 'If-Range': '"other"' })).status, 200);
  assert.equal((await get(url, { Range: 'bytes=99999999-' })).status, 416);
  assert.equal((await get(url, { 'If-None-Match': tag })).status, 304);
  const head = await fetch(url, { method: 'HEAD' });
  assert.equal(Number(head.headers.get('content-length')), bytes.length);
});

// A client that asks for a picture and reads next to nothing of it.
function slowReader(url) {
  const { hostname, port, pathname } = new URL(url);
  const socket = net.connect({ host: hostname, port, highWaterMark: 1024 });
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
  socket.once('data', () => socket.pause());
  return socket;
}

test('readers that take their time hold no worker', async (t) => {
  const { alice } = await onCeph(t, { set: { 'server.workers': '1' } });
  const url = await kept(alice, '2000x2000');
  const expected = createHash('sha256').update(await bytesOf(url)).digest('hex');
  const readers = Array.from({ length: 12 }, () => slowReader(url));
  t.after(() => readers.forEach((socket) => socket.destroy()));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const began = Date.now();
  assert.equal((await alice.get('/api/v1/timelines/home')).status, 200);
  assert.equal(createHash('sha256').update(await bytesOf(url)).digest('hex'), expected);
  assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`);
});

test('what the object store lost is not found, and what it changed is not sent', async (t) => {
  const { alice, bucket } = await onCeph(t);
  const url = await kept(alice, '1600x1400');
  const { key, bytes } = await objectOf(bucket);
  const early = Buffer.from(bytes);
  early[100] ^= 1;
  await bucket.put(key, early);
  assert.equal((await get(url)).status, 502);
  assert.equal((await get(url, { Range: 'bytes=2000000-2000009' })).status, 502);
  await bucket.put(key, bytes.subarray(0, 1000));
  assert.equal((await get(url)).status, 502);
  await bucket.put(key, bytes);
  assert.ok((await bytesOf(url)).equals(bytes));
  await bucket.drop(key);
  assert.equal((await get(url)).status, 404);
});

test('a change that comes while a picture is being sent breaks the answer off', async (t) => {
  const { alice, bucket, proxy } = await onCeph(t, { proxied: true });
  const url = await kept(alice, '1600x1400');
  const { key, bytes } = await objectOf(bucket);
  const late = Buffer.from(bytes);
  late[bytes.length - 100] ^= 1;
  let asked = 0;
  proxy.fault = async () => void (++asked === 2 && (await bucket.put(key, late)));
  const answer = await get(url);
  assert.equal(answer.status, 200);
  await assert.rejects(answer.arrayBuffer());
  assert.equal((await get(url)).status, 502);
});

test('a store that stumbles is asked again, and nobody notices', async (t) => {
  const { alice, proxy } = await onCeph(t, { proxied: true });
  let n = 0;
  proxy.fault = (request) => (request.method === 'PUT' && n++ % 3 < 2 ? { status: n % 2 ? 500 : 503 } : undefined);
  const url = await kept(alice, '1600x1400');
  assert.ok(n >= 3);
  proxy.fault = () => {};
  const bytes = await bytesOf(url);
  n = 0;
  proxy.fault = () => (n++ % 2 ? undefined : { cut: 5000 });
  assert.ok((await bytesOf(url)).equals(bytes));
  proxy.fault = () => ({ wait: 300 });
  assert.ok((await bytesOf(url)).equals(bytes));
});

test('while the store is gone pictures answer 503 and all else goes on; then it is as before', async (t) => {
  const { alice, proxy, server } = await onCeph(t, { proxied: true });
  const url = await kept(alice);
  proxy.fault = () => ({ status: 503 });
  const answer = await get(url);
  assert.equal(answer.status, 503);
  assert.equal((await upload(alice)).status, 503);
  await alice.posts('words still fit');
  assert.equal((await server.fetch('/health')).status, 200);
  proxy.fault = () => {};
  assert.equal((await get(url)).status, 200);
  assert.equal((await upload(alice)).status, 200);
});

test('with its post the object is gone', async (t) => {
  const { alice, bucket } = await onCeph(t);
  const made = await upload(alice);
  assert.equal((await bucket.list()).length, made.body.freehold?.sizes.length ?? 1);
  assert.equal((await alice.request('DELETE', `/api/v1/media/${made.body.id}`)).status, 200);
  assert.equal((await get(made.body.url)).status, 404);
  await eventually(async () => (await bucket.list()).length, (n) => n === 0, 15_000);
});

test('a presigned address lets the store serve the picture for five minutes at most', async (t) => {
  const { alice, bucket } = await onCeph(t, { set: { 'media.serve': 'presigned' } });
  const url = await kept(alice);
  const answer = await get(url);
  assert.equal(answer.status, 302);
  const to = new URL(answer.headers.get('location'));
  assert.equal(to.origin, ceph.url);
  assert.ok(Number(to.searchParams.get('X-Amz-Expires')) <= 300);
  const age = /max-age=(\d+)/.exec(answer.headers.get('cache-control'));
  assert.ok(Number(age[1]) <= 300 && !/immutable/.test(answer.headers.get('cache-control')));
  const served = await get(to);
  assert.equal(served.status, 200);
  assert.equal(served.headers.get('content-type'), 'image/png');
  assert.ok(Buffer.from(await served.arrayBuffer()).equals((await objectOf(bucket)).bytes));
  to.searchParams.set('X-Amz-Expires', '86400');
  assert.equal((await get(to)).status, 403);
});

test('a public base address takes the place of the store', async (t) => {
  const { alice, bucket } = await onCeph(t, { set: { 'media.serve': 'public:https://media.example.org/pictures/' } });
  const url = await kept(alice);
  const { key } = await objectOf(bucket);
  const answer = await get(url);
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get('location'), `https://media.example.org/pictures/${key}`);
  const { headers } = await bucket.request('HEAD', key);
  assert.equal(headers.get('content-type'), 'image/png');
});

test('keys that the store refuses end the start with one clear line, and never show the secret', async () => {
  const bucket = await ceph.bucket();
  const set = { ...bucket.settings(), 'media.s3_secret': 'neverToBeShown' };
  await assert.rejects(startServer({ set }), (error) => {
    assert.match(error.message, /secret does not belong to the access key testaccess/);
    assert.doesNotMatch(error.message, /neverToBeShown/);
    return true;
  });
  await assert.rejects(startServer({ set: { ...bucket.settings(), 'media.store': `s3://${new URL(ceph.url).host}/nowhere?tls=no` } }), /has no bucket nowhere/);
  await assert.rejects(startServer({ set: { 'media.serve': 'sideways' } }), /media\.serve must be through, presigned or public:URL/);
});

test('the secret can stand in a file, and freehold config shows none', async (t) => {
  const bucket = await ceph.bucket();
  const keys = path.join(dir, 'keys');
  await writeFile(keys, `${ceph.key}\n${ceph.secret}\n`, { mode: 0o600 });
  const server = await startServer({ set: { 'media.store': bucket.settings()['media.store'], 'media.s3_keys_file': keys } });
  t.after(() => server.remove());
  const { alice } = await makeCast(server, 'alice');
  assert.ok((await bytesOf(await kept(alice))).length);
  server.set = { ...server.set, 'media.s3_secret': 'neverToBeShown' };
  const { stdout } = await server.cli('config');
  assert.match(stdout, /s3_secret = \*\*\*/);
  assert.doesNotMatch(stdout, /neverToBeShown/);
});

test('a cap on all media together is kept', async (t) => {
  const server = await startServer({ set: { 'media.cap': '60K' } });
  t.after(() => server.remove());
  const { alice } = await makeCast(server, 'alice');
  let answer, taken = 0;
  while ((answer = await upload(alice)).status === 200) assert.ok(++taken < 20);
  assert.ok(taken > 0);
  assert.equal(answer.status, 503);
  assert.match(answer.body.error, /space for media is full/);
  await alice.posts('words still fit');
});

/* ── a folder ── */

async function largestFile(folder) {
  const all = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const name = path.join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile()) all.push({ name, bytes: await readFile(name) });
  }
  return all.sort((a, b) => b.bytes.length - a.bytes.length)[0];
}

test('a file that is lost is not found, and one that was changed is not sent', async (t) => {
  const folder = await mkdtemp(path.join(dir, 'files-'));
  const server = await startServer({ set: { 'media.store': `files:${folder}` } });
  t.after(() => server.remove());
  const { alice } = await makeCast(server, 'alice');
  const url = await kept(alice, '300x300');
  const { name, bytes } = await largestFile(folder);
  assert.ok((await bytesOf(url)).equals(bytes));
  const changed = Buffer.from(bytes);
  changed[1000] ^= 1;
  await writeFile(name, changed);
  assert.equal((await get(url)).status, 502);
  await truncate(name, 500);
  assert.equal((await get(url, { Range: 'bytes=0-9' })).status, 502);
  await writeFile(name, bytes);
  assert.ok((await bytesOf(url)).equals(bytes));
  await utimes(name, new Date(), new Date());
  assert.ok((await bytesOf(url)).equals(bytes));
  await rm(name);
  assert.equal((await get(url)).status, 404);
});
