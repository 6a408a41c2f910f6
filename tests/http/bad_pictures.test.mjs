// Pictures that want to do harm: refused with a reason or made clean, in bounded time and memory, with nothing left behind.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { badPictures } from '../harness/bad_pictures.mjs';
import { filesBelow, form } from '../harness/films.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, all;

before(async () => {
  all = await badPictures();
  server = await startServer();
  ({ alice } = await makeCast(server, 'alice'));
});
after(async () => {
  await server?.remove();
});

// What a picture leaves: rows of the three tables, files below the data folder.
async function left() {
  const rows = await server.sql('SELECT (SELECT count(*) FROM media), (SELECT count(*) FROM media_file), (SELECT count(*) FROM blob)');
  const files = (await filesBelow(server.dataDir)).filter((file) => !/\/freehold\.db/.test(file));
  return `${rows} ${files.length}`;
}

async function send({ bytes, type, as }) {
  if (as !== 'avatar') return alice.request('POST', '/api/v2/media', form(bytes, { type }));
  const body = new FormData();
  body.append('avatar', new Blob([bytes], { type }), 'a');
  return alice.request('PATCH', '/api/v1/accounts/update_credentials', body);
}

// Every file that is served of it.
const addresses = ({ url, preview_url: preview, avatar, freehold }, as) =>
  as === 'avatar' ? [avatar, freehold.avatar_small] : [url, preview, ...(freehold?.sizes ?? []).map((size) => size.url)];

const marks = { 'image/jpeg': 'ffd8ff', 'image/png': '89504e470d0a1a0a', 'image/webp': '52494646' };

async function assertClean(url, name) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200, `${name}: ${url}`);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  const bytes = Buffer.from(await answer.arrayBuffer());
  const mark = marks[answer.headers.get('content-type')];
  assert.ok(mark && bytes.toString('hex', 0, 8).startsWith(mark), `${name}: ${url} is served as ${answer.headers.get('content-type')} and begins with ${bytes.toString('latin1', 0, 16)}`);
  for (const word of ['<script', '<html', '<!DOCTYPE', '<svg', 'PK\x03\x04', 'alert(', '%PDF']) assert.ok(!bytes.includes(word), `${name}: ${word} is in ${url}`);
}

// Reads of the decoder may take 20 s of processor time and 30 s in all; here many run at once.
const longest = 45_000;

test('bad pictures are refused with a reason or made clean, in bounded time, and leave nothing', async (t) => {
  const before = await left();
  for (const bad of all)
    await t.test(bad.name, async () => {
      const began = Date.now();
      const { status, body } = await send(bad);
      const took = Date.now() - began;
      assert.ok(took < longest, `it took ${took} ms`);
      assert.ok(status === 422 || status === 200, `${status} ${JSON.stringify(body)}`);
      if (bad.expect !== 'either') assert.equal(status, bad.expect === 'clean' ? 200 : 422, JSON.stringify(body));
      if (status === 422) {
        assert.match(body.error, /^[A-Z].{10,}/);
        assert.equal(await left(), before);
        return;
      }
      for (const url of new Set(addresses(body, bad.as))) await assertClean(url, bad.name);
      if (bad.as === 'avatar') assert.equal((await alice.request('DELETE', '/api/v1/profile/avatar')).status, 200);
      else assert.equal((await alice.request('DELETE', `/api/v1/media/${body.id}`)).status, 200);
      await eventually(left, (now) => now === before, 20_000);
    });
});

test('all that took the server itself no memory to speak of', async () => {
  const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8');
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
  // Files of up to 16 MB, held while they are received, in a few buffers at most.
  const most = /asan|tsan/.test(server.program) ? 2000 : 200;
  assert.ok(peak < most, `${peak.toFixed(0)} MB at its peak`);
  await alice.posts('words still go through');
});
