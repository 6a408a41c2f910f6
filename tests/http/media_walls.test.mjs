// The walls around the decoder: a decoder that was taken over gets nothing, and hosts without a sandbox are told.
import assert from 'node:assert/strict';
import { chmod, copyFile, link, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { binary, startServer } from '../harness/server.mjs';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da63f80f00010101001cb08c990000000049454e44ae426082', 'hex');

// more: what stands behind the file's end.
function form(bytes = png, type = undefined, more = '') {
  const body = new FormData();
  body.append('file', new Blob([bytes, more], { type }), 'one.png');
  return body;
}

// The real program beside another decoder.
async function withDecoder(decoder, then, options = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'freehold-walls-'));
  const program = path.join(folder, 'freehold');
  // A database that the hostile one can find, on PostgreSQL too.
  const home = await mkdtemp(path.join(tmpdir(), 'freehold-test-'));
  await writeFile(path.join(home, 'freehold.db'), 'what a network knows');
  await link(binary, program).catch(() => copyFile(binary, program));
  await copyFile(decoder, path.join(folder, 'freehold-media'));
  await chmod(path.join(folder, 'freehold-media'), 0o755);
  const server = await startServer({ program, ...options });
  try {
    const { alice } = await makeCast(server, 'alice');
    await then(alice, server);
  } finally {
    await server.remove();
    for (const each of [folder, home]) await rm(each, { recursive: true, force: true });
  }
}

const hostile = path.join(path.dirname(binary), 'tests/media/hostile-media');
const real = path.join(path.dirname(binary), 'freehold-media');

test('a decoder that was taken over opens nothing, reaches nobody, starts nothing, fills nothing', async () => {
  await withDecoder(hostile, async (alice, server) => {
    const answer = await alice.request('POST', '/api/v2/media', form(png, undefined, `DATABASE=${path.join(server.dataDir, 'freehold.db')}`));
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const { width, height } = answer.body.meta.original;
    assert.equal((width - 1).toString(2), '0', 'behind both walls');
    assert.equal((height - 1).toString(2), '0', 'behind the outer walls');
    const served = Buffer.from(await (await fetch(answer.body.url)).arrayBuffer());
    assert.ok(!served.includes('Smuggle'), 'its picture carried something out');
    assert.equal(served.length, 67);
  });
});

test('a right of the server, as ports below 1024 need one, is not handed on to bubblewrap, which would not start with it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'freehold-walls-'));
  const program = path.join(folder, 'start');
  await writeFile(program, `#!/bin/sh\nexec unshare --user --map-user=1000 --map-group=1000 --keep-caps "${binary}" "$@"\n`, { mode: 0o755 });
  const server = await startServer({ program });
  try {
    const { alice } = await makeCast(server, 'alice');
    assert.equal((await alice.request('POST', '/api/v2/media', form())).status, 200, server.log);
  } finally {
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
});

// The start asks it for ffmpeg's version: what it then tried, and what came of it, stands in the log.
const tried = (log) => /hostile: outer (\d+) inner (\d+), database seen (\d)/.exec(log);

test('a maker of films that was taken over reads no database, opens no socket, starts nothing, fills nothing', async () => {
  await withDecoder(hostile, async (alice, server) => {
    const found = tried(server.log);
    assert.ok(found, server.log);
    assert.equal(Number(found[1]).toString(2), '0', 'behind the outer walls');
    assert.equal(found[3], '0', 'a database can be seen behind the outer walls');
    assert.equal(Number(found[2]).toString(2), '0', 'behind both walls');
    const answer = await alice.request('POST', '/api/v2/media', form(Buffer.from('1a45dfa3', 'hex'), 'video/webm'));
    assert.equal(answer.status, 503);
    assert.match(answer.body.error, /ffmpeg does not run/);
  });
});

test('without bubblewrap films are made behind limits, a system call filter and Landlock; they hold too', async () => {
  await withDecoder(
    hostile,
    async (alice, server) => {
      const found = tried(server.log);
      assert.ok(found, server.log);
      assert.equal(Number(found[2]).toString(2), '0');
      if (tmpdir() === '/tmp') assert.equal(found[3], '1', 'it saw the database before, so it could have read it');
    },
    { env: { PATH: '/nowhere' }, set: { 'media.without_sandbox': 'limits' } },
  );
});

test('without bubblewrap pictures are refused, and the log and the answer say why', async () => {
  await withDecoder(
    real,
    async (alice, server) => {
      const answer = await alice.request('POST', '/api/v2/media', form());
      assert.equal(answer.status, 503);
      assert.match(answer.body.error, /no sandbox/);
      assert.match(server.log, /pictures are refused/);
    },
    { env: { PATH: '/nowhere' } },
  );
});

test('the owner may go on with limits and a system call filter alone; they still hold', async () => {
  const options = { env: { PATH: '/nowhere' }, set: { 'media.without_sandbox': 'limits' } };
  await withDecoder(
    real,
    async (alice, server) => {
      assert.equal((await alice.request('POST', '/api/v2/media', form())).status, 200);
      assert.match(server.log, /without bubblewrap/);
    },
    options,
  );
  await withDecoder(
    hostile,
    async (alice, server) => {
      const { body } = await alice.request('POST', '/api/v2/media', form(png, undefined, `DATABASE=${path.join(server.dataDir, 'freehold.db')}`));
      assert.equal((body.meta.original.width - 1).toString(2), '0');
      assert.equal((body.meta.original.height - 1).toString(2), '0');
    },
    options,
  );
});
