// Media that move to another store while people use them, and the check that finds what a store lost, changed or kept too long.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { clouds, drawing } from '../harness/drawings.mjs';
import { startCeph } from '../harness/s3.mjs';
import { startServer } from '../harness/server.mjs';

let ceph, dir;

before(async () => {
  ceph = await startCeph();
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-migrate-'));
});
after(async () => {
  await ceph.stop();
  await rm(dir, { recursive: true, force: true });
});

let drawn = 0;
async function upload(who, size = '48x48') {
  const body = new FormData();
  body.append('file', new Blob([await drawing('png', ...clouds(size, ++drawn))]), 'x.png');
  const answer = await who.request('POST', '/api/v2/media', body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

async function hashOf(url) {
  const answer = await fetch(url);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}: ${bytes}`);
  return createHash('sha256').update(bytes).digest('hex');
}

async function blobsIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name)).map((entry) => entry.name).sort();
}
const placeOf = (folder, name) => path.join(folder, name.slice(0, 2), name.slice(2, 4), name);

// People who upload, look and delete until told to stop; all that goes wrong is kept.
function traffic(person, known) {
  const state = { stop: false, wrong: [], looked: 0 };
  const guard = async (act) => {
    while (!state.stop) await act().catch((error) => state.wrong.push(String(error)));
  };
  const look = async () => {
    const urls = [...known.keys()];
    const url = urls[Math.floor(Math.random() * urls.length)];
    const hash = await hashOf(url);
    if (known.has(url) && hash !== known.get(url)) throw new Error(`${url} has other bytes`);
    state.looked++;
  };
  const change = async () => {
    const media = await upload(person);
    known.set(media.url, await hashOf(media.url));
    const again = await upload(person);
    assert.equal((await person.request('DELETE', `/api/v1/media/${again.id}`)).status, 200);
    await new Promise((resolve) => setTimeout(resolve, 50));
  };
  state.done = Promise.all([guard(look), guard(look), guard(change)]);
  return state;
}

const statusOf = async (server) => (await server.cli('media', 'migrate')).stdout;

test('the media move under traffic, through a kill -9, and nobody notices', async (t) => {
  const bucket = await ceph.bucket();
  const settings = bucket.settings();
  const server = await startServer({ set: { ...settings, 'media.store': 'files:media' } });
  t.after(() => server.remove());
  const { alice } = await makeCast(server, 'alice');
  const known = new Map();
  for (let i = 0; i < 60; i++) {
    const media = await upload(alice);
    known.set(media.url, await hashOf(media.url));
  }
  assert.match(await statusOf(server), /never moved/);
  let crowd = traffic(alice, known);
  const begun = await server.cli('media', 'migrate', '--to', settings['media.store']);
  assert.equal(begun.code, 0, begun.stderr);
  const twice = await server.cli('media', 'migrate', '--to', 'files:/tmp/elsewhere');
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /being moved .* already|already/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  crowd.stop = true;
  await crowd.done;
  assert.deepEqual(crowd.wrong, []);

  server.child.kill('SIGKILL');
  await server.ended;
  await server.start();
  crowd = traffic(alice, known);
  await eventually(() => statusOf(server), (text) => /It is done/.test(text), 120_000);
  crowd.stop = true;
  await crowd.done;
  assert.deepEqual(crowd.wrong, []);
  assert.ok(crowd.looked > 20);
  assert.deepEqual(await blobsIn(path.join(server.dataDir, 'media')), []);
  for (const [url, hash] of known) assert.equal(await hashOf(url), hash);

  await eventually(() => server.cli('media', 'check'), ({ code }) => code === 0, 20_000);
  await server.stop();
  await server.start();
  assert.match(server.log, /media\.store: the media were moved to s3:/);
  for (const [url, hash] of known) assert.equal(await hashOf(url), hash);
});

test('a move to a store that refuses does not begin', async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  const bucket = await ceph.bucket();
  const answer = await server.cli('media', 'migrate', '--to', `s3://${new URL(ceph.url).host}/${bucket.name}?tls=no`);
  assert.equal(answer.code, 1);
  assert.match(answer.stderr, /keys are missing/);
  assert.match((await server.cli('media', 'migrate', '--to', 'nowhere')).stderr, /nowhere is no store/);
  assert.match(await statusOf(server), /never moved/);
});

for (const kind of ['files', 's3'])
  test(`a check of ${kind} finds what is missing, corrupt and orphaned, and mends what can be mended`, async (t) => {
    const bucket = kind === 's3' ? await ceph.bucket() : null;
    const server = await startServer({ set: { ...bucket?.settings() } });
    t.after(() => server.remove());
    const { alice } = await makeCast(server, 'alice');
    const folder = path.join(server.dataDir, 'media');
    const store = bucket ?? {
      list: () => blobsIn(folder),
      get: (name) => readFile(placeOf(folder, name)),
      put: async (name, bytes) => {
        await mkdir(path.dirname(placeOf(folder, name)), { recursive: true });
        await writeFile(placeOf(folder, name), bytes);
      },
      drop: (name) => rm(placeOf(folder, name)),
    };
    const media = [];
    for (let i = 0; i < 5; i++) media.push(await upload(alice));
    const clean = await server.cli('media', 'check');
    assert.equal(clean.code, 0, clean.stdout + clean.stderr);
    const names = await store.list();
    assert.ok(names.length >= media.length);
    assert.match(clean.stdout, new RegExp(`^${names.length} blobs \\(\\d+ MB\\) are sound, 0 are not\nfetched media: 0 blobs \\(0 MB\\) are sound, 0 are not\n$`));

    const spare = await mkdtemp(path.join(dir, 'spare-'));
    for (const name of names) {
      await mkdir(path.dirname(placeOf(spare, name)), { recursive: true });
      await writeFile(placeOf(spare, name), await store.get(name));
    }
    const [lost, changed, shortened] = names;
    await store.drop(lost);
    const bytes = Buffer.from(await store.get(changed));
    bytes[3] ^= 1;
    await store.put(changed, bytes);
    if (bucket) await store.put(shortened, (await store.get(shortened)).subarray(0, 10));
    else await truncate(placeOf(folder, shortened), 10);
    const orphan = 'ab'.repeat(32);
    await store.put(orphan, Buffer.from('nobody knows me'));

    const found = await server.cli('media', 'check');
    assert.equal(found.code, 1);
    for (const line of [`missing ${lost}: [0-9a-f]{32}\\.\\w+ of @alice`, `corrupt ${changed}: `, `corrupt ${shortened}: `, `orphaned ${orphan}\n`, `${names.length - 3} blobs .* are sound, 4 are not`])
      assert.match(found.stdout, new RegExp(line));
    assert.ok((await store.list()).includes(orphan));

    const mended = await server.cli('media', 'check', '--repair', '--from', `files:${spare}`);
    assert.equal(mended.code, 0, mended.stdout + mended.stderr);
    assert.match(mended.stdout, /orphaned \w+ \(will be removed\)/);
    assert.match(mended.stdout, /missing .* \(fetched from the other store\)/);
    await eventually(() => store.list(), (list) => list.length === names.length, 20_000);
    assert.deepEqual(await store.list(), names);
    for (const { url, preview_url } of media) for (const address of [url, preview_url]) await hashOf(address);
    assert.equal((await server.cli('media', 'check')).code, 0);
  });

test('a check that finds a store full of strangers removes nothing', async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  const folder = path.join(server.dataDir, 'media');
  for (let i = 0; i < 30; i++) {
    const name = createHash('sha256').update(String(i)).digest('hex');
    await mkdir(path.dirname(placeOf(folder, name)), { recursive: true });
    await writeFile(placeOf(folder, name), 'from another network');
  }
  const { code, stderr } = await server.cli('media', 'check', '--repair');
  assert.equal(code, 1);
  assert.match(stderr, /is it the right one\? Nothing was removed/);
  assert.equal((await blobsIn(folder)).length, 30);
});

test('uploads and sweeps of equal pictures go on side by side, and none is lost', async (t) => {
  const bucket = await ceph.bucket();
  const server = await startServer({ set: bucket.settings() });
  t.after(() => server.remove());
  const { alice } = await makeCast(server, 'alice');
  const red = await drawing('png', '-size', '30x30', 'xc:red');
  const kept = [];
  const rounds = 12;
  await Promise.all(
    Array.from({ length: 4 }, async (_, who) => {
      for (let i = 0; i < rounds; i++) {
        const body = new FormData();
        body.append('file', new Blob([red]), 'x.png');
        const answer = await alice.request('POST', '/api/v2/media', body);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        assert.equal((await fetch(answer.body.url)).status, 200);
        if (who === 0 && i === rounds - 1) kept.push(answer.body.url);
        else assert.equal((await alice.request('DELETE', `/api/v1/media/${answer.body.id}`)).status, 200);
      }
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal((await fetch(kept[0])).status, 200);
  await eventually(() => server.cli('media', 'check'), ({ code }) => code === 0, 20_000);
});
