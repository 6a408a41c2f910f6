// Uploads in pieces (tus 1.0): announced, sent, cut off, taken up again, finished, refused, forgotten.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { promisify } from 'node:util';
import * as tus from 'tus-js-client';
import { eventually, makeCast } from '../cast/cast.mjs';
import { colourNoise, draw } from '../harness/drawings.mjs';
import { startServer } from '../harness/server.mjs';

const run = promisify(execFile);
const ENDPOINT = '/api/freehold/uploads';
let server, alice, bob, dir, picture;

before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-uploads-'));
  server = await startServer({ set: { 'uploads.limit': '20M', 'uploads.at_once': '4', 'server.header_timeout': '2s' } });
  ({ alice, bob } = await makeCast(server, 'alice', 'bob'));
  picture = path.join(dir, 'noise.png');
  await draw(picture, ...colourNoise('1500x1200')); // some 5 MB
});
after(async () => {
  await server.remove();
  await rm(dir, { recursive: true, force: true });
});

const files = () => readdir(path.join(server.dataDir, 'uploads'));
const base64 = (text) => Buffer.from(text).toString('base64');
const idOf = (location) => /\/uploads\/(\d+)$/.exec(location)[1];

// A request of the protocol: { status, headers, body }.
async function ask(who, method, where, headers = {}, body) {
  const response = await server.fetch(where, {
    method,
    headers: { ...(who ? { Authorization: `Bearer ${who.token}` } : {}), 'Tus-Resumable': '1.0.0', ...headers },
    body,
    ...(body ? { duplex: 'half' } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) : text };
}

async function announce(who, size, metadata = {}, headers = {}) {
  const pairs = Object.entries(metadata).map(([name, value]) => `${name} ${base64(value)}`).join(',');
  const answer = await ask(who, 'POST', ENDPOINT, { 'Upload-Length': String(size), ...(pairs ? { 'Upload-Metadata': pairs } : {}), ...headers });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  announced.push(answer.headers.get('location'));
  return announced.at(-1);
}

const piece = (who, where, offset, bytes, headers = {}) => ask(who, 'PATCH', where, { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream', ...headers }, bytes);
const offsetOf = async (who, where) => Number((await ask(who, 'HEAD', where)).headers.get('upload-offset'));

// The real client: resolves with the attachment's id when the file is whole.
function send(who, file, options = {}) {
  let media;
  const upload = new tus.Upload(createReadStream(file), {
    endpoint: server.url + ENDPOINT,
    headers: { Authorization: `Bearer ${who.token}` },
    retryDelays: [0, 200, 500, 1000, 2000, 3000],
    metadata: { filename: path.basename(file), filetype: 'image/png', description: 'Noise, all of it' },
    onAfterResponse: (_request, response) => (media = response.getHeader('Freehold-Media-Id') ?? media),
    ...options,
  });
  const done = new Promise((resolve, reject) => {
    upload.options.onSuccess = () => resolve(media);
    upload.options.onError = reject;
  });
  return { upload, done };
}

// Each test leaves nothing open.
const announced = [];
const forget = (where) => ask(alice, 'DELETE', where);
afterEach(async () => {
  for (const where of announced.splice(0)) await forget(where);
});

test('tus-js-client sends a picture, and the attachment is as one that was posted whole', async () => {
  const size = (await stat(picture)).size;
  for (const options of [{}, { chunkSize: 1024 * 1024 }, { uploadDataDuringCreation: true }]) {
    const { upload, done } = send(alice, picture, { uploadSize: size, ...options });
    upload.start();
    const id = await done;
    const shown = await alice.get(`/api/v1/media/${id}`);
    assert.equal(shown.status, 200);
    assert.equal(shown.body.type, 'image');
    assert.equal(shown.body.description, 'Noise, all of it');
    assert.deepEqual([shown.body.meta.original.width, shown.body.meta.original.height], [1500, 1200]);
    assert.equal((await fetch(shown.body.url)).status, 200);
    const post = await alice.posts('look', { media_ids: [id] });
    assert.equal(post.media_attachments[0].id, id);
  }
  assert.deepEqual(await files(), [], 'the pieces are gone');
});

test('OPTIONS says what is spoken, also to another origin', async () => {
  const answer = await ask(null, 'OPTIONS', ENDPOINT, { Origin: 'https://other.example', 'Access-Control-Request-Method': 'POST' });
  assert.equal(answer.status, 204);
  assert.equal(answer.headers.get('tus-version'), '1.0.0');
  assert.equal(answer.headers.get('tus-extension'), 'creation,creation-with-upload,termination,expiration,checksum');
  assert.equal(answer.headers.get('tus-checksum-algorithm'), 'sha1,sha256');
  assert.equal(answer.headers.get('tus-max-size'), String(20 * 1024 * 1024));
  assert.match(answer.headers.get('access-control-allow-headers'), /\*/);
  assert.match(answer.headers.get('access-control-allow-methods'), /POST/);
  const preflight = await ask(null, 'OPTIONS', `${ENDPOINT}/1`, { Origin: 'https://other.example' });
  assert.match(preflight.headers.get('access-control-allow-methods'), /PATCH/);
});

test('pieces are put together in order, and each answer says how far it is', async () => {
  const bytes = await readFile(picture);
  const where = await announce(alice, bytes.length, { filename: 'a.png', filetype: 'image/png', focus: '0.5,-0.5' });
  let at = 0;
  for (const end of [1, 70_000, 1_000_000, bytes.length]) {
    assert.equal(await offsetOf(alice, where), at);
    const answer = await piece(alice, where, at, bytes.subarray(at, end));
    assert.equal(answer.status, 204, JSON.stringify(answer.body));
    assert.equal(answer.headers.get('tus-resumable'), '1.0.0');
    assert.equal(Number(answer.headers.get('upload-offset')), end);
    assert.ok(Date.parse(answer.headers.get('upload-expires')) > Date.now() + 23 * 3600_000);
    assert.equal(answer.headers.has('freehold-media-id'), end === bytes.length);
    at = end;
  }
  const head = await ask(alice, 'HEAD', where);
  assert.equal(head.status, 200);
  assert.equal(head.headers.get('cache-control'), 'no-store');
  assert.equal(Number(head.headers.get('upload-length')), bytes.length);
  assert.match(head.headers.get('upload-metadata'), /^filename YS5wbmc=/);
  const media = await alice.get(`/api/v1/media/${head.headers.get('freehold-media-id')}`);
  assert.deepEqual(media.body.meta.focus, { x: 0.5, y: -0.5 });
  assert.equal((await piece(alice, where, bytes.length, 'more')).status, 409);
});

test('a file lies under 0600 in a folder under 0700', async () => {
  const where = await announce(alice, 100);
  await piece(alice, where, 0, 'some');
  const folder = path.join(server.dataDir, 'uploads');
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  assert.equal((await stat(path.join(folder, idOf(where)))).mode & 0o777, 0o600);
  await forget(where);
  assert.deepEqual(await files(), []);
});

test('an upload is its account\'s alone', async () => {
  const where = await announce(alice, 100);
  await piece(alice, where, 0, 'some');
  for (const [method, headers, body] of [['HEAD'], ['GET'], ['DELETE'], ['PATCH', { 'Upload-Offset': '4', 'Content-Type': 'application/offset+octet-stream' }, 'more']]) {
    assert.equal((await ask(bob, method, where, headers, body)).status, 404, method);
    assert.equal((await ask(null, method, where, headers, body)).status, 401, method);
  }
  assert.equal(await offsetOf(alice, where), 4);
});

test('what does not fit is refused and leaves the file as it was', async () => {
  const where = await announce(alice, 100);
  await piece(alice, where, 0, 'some');
  const type = { 'Content-Type': 'application/offset+octet-stream' };
  const refused = [
    [409, 'PATCH', { ...type, 'Upload-Offset': '3' }, 'more'],
    [409, 'PATCH', { ...type, 'Upload-Offset': '5' }, 'more'],
    [409, 'PATCH', { ...type, 'Upload-Offset': '101' }, 'more'],
    [400, 'PATCH', { ...type, 'Upload-Offset': '-4' }, 'more'],
    [400, 'PATCH', { ...type, 'Upload-Offset': 'four' }, 'more'],
    [400, 'PATCH', type, 'more'],
    [413, 'PATCH', { ...type, 'Upload-Offset': '4' }, 'm'.repeat(97)],
    [415, 'PATCH', { 'Upload-Offset': '4', 'Content-Type': 'application/octet-stream' }, 'more'],
    [412, 'PATCH', { ...type, 'Upload-Offset': '4', 'Tus-Resumable': '0.2.2' }, 'more'],
    [400, 'PATCH', { ...type, 'Upload-Offset': '4', 'Upload-Checksum': 'md5 AAAAAAAAAAAAAAAAAAAAAA==' }, 'more'],
    [400, 'PATCH', { ...type, 'Upload-Offset': '4', 'Upload-Checksum': 'sha1 AAAA' }, 'more'],
    [405, 'POST', {}, undefined],
  ];
  for (const [status, method, headers, body] of refused) {
    const answer = await ask(alice, method, where, headers, body);
    assert.equal(answer.status, status, `${JSON.stringify(headers)} was answered ${JSON.stringify(answer.body)}`);
    assert.equal(await offsetOf(alice, where), 4, JSON.stringify(headers));
  }
  assert.equal((await ask(alice, 'PATCH', where, { 'Tus-Resumable': '2.0.0' })).headers.get('tus-version'), '1.0.0');
  assert.equal((await piece(alice, `${ENDPOINT}/123`, 0, 'more')).status, 404);
  assert.equal((await piece(alice, `${ENDPOINT}/..%2Fx`, 0, 'more')).status, 404);
});

test('announcements that cannot be kept are refused', async () => {
  const refused = [
    [400, {}],
    [400, { 'Upload-Length': '-1' }],
    [400, { 'Upload-Length': '1e3' }],
    [400, { 'Upload-Defer-Length': '1' }],
    [422, { 'Upload-Length': '0' }],
    [413, { 'Upload-Length': String(20 * 1024 * 1024 + 1) }],
    [413, { 'Upload-Length': '9223372036854775807' }],
    [412, { 'Upload-Length': '1', 'Tus-Resumable': '0.9' }],
    [400, { 'Upload-Length': '1', 'Upload-Metadata': 'filename ***' }],
    [400, { 'Upload-Length': '1', 'Upload-Metadata': 'a,,b' }],
    [422, { 'Upload-Length': '1', 'Upload-Metadata': `focus ${base64('9,9')}` }],
    [422, { 'Upload-Length': '1', 'Upload-Metadata': `description ${base64('x'.repeat(1501))}` }],
    [422, { 'Upload-Length': '1', 'Upload-Metadata': `description ${Buffer.from([0xff, 0xfe]).toString('base64')}` }],
  ];
  for (const [status, headers] of refused) {
    const answer = await ask(alice, 'POST', ENDPOINT, headers);
    assert.equal(answer.status, status, `${JSON.stringify(headers)} was answered ${JSON.stringify(answer.body)}`);
  }
});

test('an account sends a few files at once, not many', async () => {
  const open = [];
  for (let i = 0; i < 4; i++) open.push(await announce(alice, 1000));
  const answer = await ask(alice, 'POST', ENDPOINT, { 'Upload-Length': '1000' });
  assert.equal(answer.status, 429);
  assert.match(answer.body.error, /4 files/);
  await forget(open[0]);
  await announce(alice, 1000);
});

test('a checksum is looked at before a piece counts', async () => {
  const bytes = await readFile(picture);
  const where = await announce(alice, bytes.length);
  const sum = (algorithm, part) => `${algorithm} ${createHash(algorithm).update(part).digest('base64')}`;
  const wrong = await piece(alice, where, 0, bytes.subarray(0, 200_000), { 'Upload-Checksum': sum('sha1', 'something else') });
  assert.equal(wrong.status, 460, JSON.stringify(wrong.body));
  assert.equal(await offsetOf(alice, where), 0);
  for (const [algorithm, from, to] of [['sha1', 0, 500], ['sha256', 500, 200_000], ['sha1', 200_000, bytes.length]]) {
    const part = bytes.subarray(from, to);
    const answer = await piece(alice, where, from, part, { 'Upload-Checksum': sum(algorithm, part) });
    assert.equal(answer.status, 204, JSON.stringify(answer.body));
    assert.equal(Number(answer.headers.get('upload-offset')), to);
  }
  assert.ok((await ask(alice, 'HEAD', where)).headers.get('freehold-media-id'));
});

test('a client that has GET and POST only is understood', async () => {
  const where = await announce(alice, 10);
  const answer = await ask(alice, 'POST', where, { 'X-HTTP-Method-Override': 'PATCH', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }, 'some');
  assert.equal(answer.status, 204);
  assert.equal(await offsetOf(alice, where), 4);
  assert.equal((await ask(alice, 'POST', where, { 'X-HTTP-Method-Override': 'DELETE' })).status, 204);
  assert.equal((await ask(alice, 'HEAD', where)).status, 404);
});

test('what is no picture is refused with 422 and a reason when it is whole, and forgotten', async () => {
  const text = 'this is no picture, whatever it says of itself';
  const where = await announce(alice, text.length, { filetype: 'image/png' });
  const answer = await piece(alice, where, 0, text);
  assert.equal(answer.status, 422);
  assert.match(answer.body.error, /not a picture/);
  assert.equal((await ask(alice, 'HEAD', where)).status, 404);
  assert.deepEqual(await files(), []);
});

// A PATCH on a socket of its own, of which only a part is sent.
function startPiece(where, offset, total, bytes) {
  const socket = net.connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    `PATCH ${where} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${alice.token}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: ${offset}\r\n` +
      `Content-Type: application/offset+octet-stream\r\nContent-Length: ${total}\r\n\r\n`,
  );
  socket.write(bytes);
  return socket;
}

test('what came before a connection broke is not sent again', async () => {
  const bytes = await readFile(picture);
  const where = await announce(alice, bytes.length);
  const socket = startPiece(where, 0, bytes.length, bytes.subarray(0, 2_000_000));
  await eventually(() => offsetOf(alice, where), (offset) => offset === 2_000_000);
  socket.destroy();
  const answer = await eventually(() => piece(alice, where, 2_000_000, bytes.subarray(2_000_000)), ({ status }) => status !== 423);
  assert.equal(answer.status, 204);
  assert.ok(answer.headers.get('freehold-media-id'));
});

test('who may not send is told so before a byte of the file is taken', async () => {
  const where = await announce(alice, 1_000_000);
  const refusal = await new Promise((resolve) => {
    const socket = net.connect(server.port, '127.0.0.1', () =>
      socket.write(
        `PATCH ${where} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bob.token}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n` +
          'Content-Type: application/offset+octet-stream\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n',
      ),
    );
    socket.once('data', (data) => (resolve(String(data)), socket.destroy()));
  });
  assert.match(refusal, /^HTTP\/1\.1 404 /);
});

test('two pieces at once are not mixed: the second is refused until the first is over', async () => {
  const bytes = await readFile(picture);
  const where = await announce(alice, bytes.length);
  const socket = startPiece(where, 0, bytes.length, bytes.subarray(0, 1_000_000));
  await eventually(() => offsetOf(alice, where), (offset) => offset === 1_000_000);
  for (const offset of [0, 1_000_000]) assert.equal((await piece(alice, where, offset, 'x')).status, 423);
  const answer = await new Promise((resolve) => {
    socket.once('data', (data) => resolve(String(data)));
    socket.write(bytes.subarray(1_000_000));
  });
  assert.match(answer, /^HTTP\/1\.1 204 /);
  assert.match(answer, /Freehold-Media-Id/);
  socket.destroy();
});

test('many who send the same piece at once make one file of it', async () => {
  const bytes = await readFile(picture);
  const where = await announce(alice, bytes.length);
  const part = bytes.subarray(0, 300_000);
  const answers = await Promise.all(Array.from({ length: 12 }, () => piece(alice, where, 0, part)));
  assert.equal(answers.filter(({ status }) => status === 204).length, 1);
  assert.ok(answers.every(({ status }) => [204, 409, 423].includes(status)), answers.map(({ status }) => status).join(' '));
  assert.equal(await offsetOf(alice, where), part.length);
  assert.equal((await piece(alice, where, part.length, bytes.subarray(part.length))).status, 204);
});

test('a sender that falls silent loses its hold on the file within the header\'s time', async () => {
  const where = await announce(alice, 100_000);
  const socket = startPiece(where, 0, 100_000, Buffer.alloc(50_000));
  await eventually(() => offsetOf(alice, where), (offset) => offset === 50_000);
  assert.equal((await piece(alice, where, 50_000, 'x')).status, 423);
  await eventually(() => piece(alice, where, 50_000, Buffer.alloc(10)), ({ status }) => status === 204, 6000);
  socket.destroy();
});

test('kill -9 in the middle of a file: the client goes on where it was', async () => {
  const size = (await stat(picture)).size;
  let killed = false;
  const offsets = [];
  const { upload, done } = send(alice, picture, {
    uploadSize: size,
    chunkSize: 600_000,
    onBeforeRequest: (request) => void (request.getMethod() === 'PATCH' && offsets.push(Number(request.getHeader('Upload-Offset')))),
    onChunkComplete: (_size, accepted) => {
      if (killed || accepted < size / 3) return;
      killed = true;
      server.child.kill('SIGKILL');
      server.ended.then(() => server.start());
    },
  });
  upload.start();
  const id = await done;
  assert.ok(killed);
  assert.ok(offsets.filter((offset) => offset === 0).length === 1, `it began anew: ${offsets}`);
  assert.equal((await alice.get(`/api/v1/media/${id}`)).status, 200);
});

test('kill -9 in the middle of a piece keeps what had come of it', async () => {
  const bytes = await readFile(picture);
  const where = await announce(alice, bytes.length);
  startPiece(where, 0, bytes.length, bytes.subarray(0, 3_000_000));
  await eventually(() => offsetOf(alice, where), (offset) => offset === 3_000_000);
  server.child.kill('SIGKILL');
  await server.ended;
  await server.start();
  assert.equal(await offsetOf(alice, where), 3_000_000);
  const answer = await piece(alice, where, 3_000_000, bytes.subarray(3_000_000));
  assert.equal(answer.status, 204);
  const media = await alice.get(`/api/v1/media/${answer.headers.get('freehold-media-id')}`);
  assert.equal(media.body.meta.original.width, 1500);
});

test('nothing is taken that the quota or the disk has no room for', async (t) => {
  const small = await startServer({ set: { 'accounts.quota': '1M' } });
  t.after(() => small.remove());
  const { alice: poor } = await makeCast(small, 'alice');
  const say = (size) => small.fetch(ENDPOINT, { method: 'POST', headers: { Authorization: `Bearer ${poor.token}`, 'Tus-Resumable': '1.0.0', 'Upload-Length': String(size) } });
  assert.equal((await say(2_000_000)).status, 422);
  assert.equal((await say(600_000)).status, 201);
  const second = await say(600_000);
  assert.equal(second.status, 422, 'what is on its way counts');
  assert.match((await second.json()).error, /no space left/);
  await small.stop();
  small.set['media.free_floor'] = '900000G';
  await small.start();
  const full = await say(1000);
  assert.equal(full.status, 503);
  assert.ok(full.headers.get('retry-after'));
});

test('what is not finished in time is forgotten, and so are files nobody knows', async (t) => {
  const hasty = await startServer({ set: { 'uploads.keep': '60s' } });
  t.after(() => hasty.remove());
  const { alice: slow } = await makeCast(hasty, 'alice');
  const headers = { Authorization: `Bearer ${slow.token}`, 'Tus-Resumable': '1.0.0' };
  const made = await hasty.fetch(ENDPOINT, { method: 'POST', headers: { ...headers, 'Upload-Length': '10', 'Content-Type': 'application/offset+octet-stream' }, body: 'some' });
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('upload-offset'), '4');
  const folder = path.join(hasty.dataDir, 'uploads');
  assert.equal((await readdir(folder)).length, 1);
  await hasty.stop();
  await run(process.execPath, ['-e', 'require("fs").writeFileSync(process.argv[1], "x")', path.join(folder, '12345')]);
  await advance(hasty);
  await hasty.start();
  await eventually(() => readdir(folder), (left) => left.length === 0, 10_000);
  assert.equal((await hasty.fetch(made.headers.get('location'), { method: 'HEAD', headers })).status, 404);
});

// Lets two hours pass for what waits in the database of a server that is stopped.
const advance = (server) => server.sql("UPDATE upload SET expires_at = expires_at - 7200000; UPDATE job SET run_at = run_at - 7200000 WHERE kind = 'upload.sweep'");
