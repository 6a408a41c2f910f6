// Files that pretend to be films: refused with a reason, in bounded time, nothing fetched, nothing left behind.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { filesBelow, form, h264, makeFolder, pictures, ready, tone } from '../harness/films.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, folder, trap, asked;

before(async () => {
  folder = await makeFolder();
  server = await startServer({ set: { 'media.film_priority': 'normal', 'media.film_preset': 'ultrafast' } });
  ({ alice } = await makeCast(server, 'alice'));
  asked = [];
  trap = createServer((request, response) => {
    asked.push(request.url);
    response.end('#EXTM3U\n');
  });
  await new Promise((resolve) => trap.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  trap?.close();
  await server?.remove();
  await folder?.remove();
});

const trapUrl = (name) => `http://127.0.0.1:${trap.address().port}/${name}`;
const send = (bytes, fields) => alice.request('POST', '/api/v2/media', form(bytes, fields));

// Refused at once or after a look, with words; then nothing of it is kept and nobody was asked for anything.
async function refused(bytes, words, fields = { type: 'video/mp4' }) {
  const began = Date.now();
  let answer = await send(bytes, fields);
  if (answer.status === 202) answer = await ready(alice, answer.body.id);
  assert.equal(answer.status, 422, JSON.stringify(answer.body).slice(0, 300));
  assert.match(answer.body.error, words);
  assert.ok(Date.now() - began < 60_000, 'it took too long');
  await eventually(() => filesBelow(path.join(server.dataDir, 'media')), (files) => files.length === 0, 15_000);
  assert.deepEqual(await filesBelow(path.join(server.dataDir, 'work')), []);
  assert.deepEqual(asked, []);
}

test('lists of other files are no films, whatever they are called', async () => {
  const lists = [
    `#EXTM3U\n#EXTINF:1,\n${trapUrl('a.ts')}\n#EXT-X-ENDLIST\n`,
    '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n',
    `ffconcat version 1.0\nfile ${trapUrl('b.mp4')}\n`,
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${trapUrl('c')}</BaseURL></MPD>`,
    `<svg xmlns="http://www.w3.org/2000/svg"><image href="${trapUrl('d.png')}"/><script>x()</script></svg>`,
    `[playlist]\nFile1=${trapUrl('e.mp3')}\n`,
  ];
  for (const list of lists) for (const type of ['video/mp4', 'audio/mpeg', 'application/x-mpegURL', 'image/png']) await refused(Buffer.from(list), /not a (video|picture)/, { type });
});

// An AVI whose subtitle chunk is a playlist, as it once made players ask elsewhere.
async function aviWithList() {
  const avi = await readFile(await folder.film('avi', ...pictures('64x64', 1), '-c:v', 'mpeg4'));
  const list = Buffer.from(`#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1.0,\n${trapUrl('sub.ts')}\n#EXT-X-ENDLIST\n`);
  const gab = Buffer.concat([Buffer.from('GAB2\0'), Buffer.from([2, 0, 0, 0, 0, 0]), Buffer.from([4, 0]), (() => { const n = Buffer.alloc(4); n.writeUInt32LE(list.length); return n; })(), list]);
  const movi = avi.indexOf('movi');
  const head = Buffer.alloc(8);
  head.write('01tx');
  head.writeUInt32LE(gab.length, 4);
  return Buffer.concat([avi.subarray(0, movi + 4), head, gab, Buffer.alloc(gab.length % 2), avi.subarray(movi + 4)]);
}

test('references inside a film are not followed', async () => {
  const mkv = await readFile(await folder.film('mkv', ...pictures('64x64', 1), ...h264, '-metadata', `comment=${trapUrl('meta')}`, '-attach', await folder.write('list.m3u8', `#EXTM3U\n${trapUrl('attached.ts')}\n`), '-metadata:s:t', 'mimetype=application/x-mpegURL'));
  const mov = await readFile(await folder.film('mov', ...pictures('64x64', 1), ...h264));
  const dref = mov.indexOf('url ');
  mov.writeUInt32BE(0, dref + 4); // "not in this file"
  for (const bytes of [await aviWithList(), mkv, mov]) {
    const answer = await send(bytes, { type: 'video/mp4' });
    if (answer.status === 202) {
      await ready(alice, answer.body.id);
      await alice.request('DELETE', `/api/v1/media/${answer.body.id}`);
    }
    assert.deepEqual(asked, []);
  }
});

test('a file of hundreds of streams is refused', async () => {
  const maps = (n) => Array.from({ length: n }, () => ['-map', '0']).flat();
  for (const n of [40, 900]) {
    const file = await folder.film('mkv', '-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono:d=0.1', ...maps(n), '-c:a', 'pcm_u8').catch(() => assert.fail('the file could not be made'));
    await refused(await readFile(file), /too many streams|cannot be read/);
  }
});

test('a film that never ends, or says so, is refused', async () => {
  const mkv = await readFile(await folder.film('mkv', ...pictures('64x64', 1), ...h264));
  const at = mkv.indexOf(Buffer.from([0x44, 0x89, 0x88]));
  assert.ok(at > 0);
  mkv.writeDoubleBE(1e9, at + 3);
  await refused(mkv, /longer than 180 minutes/);
  const mp4 = await readFile(await folder.film('mp4', ...pictures('64x64', 1), ...h264));
  for (const [box, offset] of [['mvhd', 20], ['mdhd', 20], ['tkhd', 24]]) mp4.writeUInt32BE(0x7fffffff, mp4.indexOf(box) + offset);
  const answer = await send(mp4, { type: 'video/mp4' });
  const done = answer.status === 202 ? await ready(alice, answer.body.id) : answer;
  assert.equal(done.status, 422, JSON.stringify(done.body));
  // An animation of a picture every eleven minutes.
  const gif = await readFile(await folder.film('gif', ...pictures('32x32', 20, 10)));
  for (let i = gif.indexOf(Buffer.from([0x21, 0xf9, 4])); i >= 0; i = gif.indexOf(Buffer.from([0x21, 0xf9, 4]), i + 1)) gif.writeUInt16LE(65535, i + 4);
  await refused(gif, /longer than 180 minutes/, { type: 'image/gif' });
});

test('what was cut off is refused', async () => {
  const kinds = [['mp4', ...h264], ['mp4', ...h264, '-movflags', '+faststart'], ['mkv', ...h264], ['webm', '-c:v', 'libvpx', '-deadline', 'realtime'], ['avi', '-c:v', 'mpeg4']];
  for (const [ending, ...codec] of kinds) {
    const bytes = await readFile(await folder.film(ending, ...pictures('160x120', 8), ...codec));
    for (const share of [0.05, 0.6]) await refused(bytes.subarray(0, Math.floor(bytes.length * share)), /cut off|cannot be read|not a video|no length/);
  }
});

test('pictures of a million lines, or of a billion pixels, are refused by what the header says', async () => {
  const avi = await readFile(await folder.film('avi', ...pictures('64x64', 1), '-c:v', 'rawvideo', '-pix_fmt', 'bgr24'));
  const at = avi.indexOf('strf') + 8;
  for (const [width, height] of [[1, 1_000_000], [1_000_000, 1], [30_000, 30_000], [16, 16_000], [8, 8]]) {
    const changed = Buffer.from(avi);
    changed.writeInt32LE(width, at + 4);
    changed.writeInt32LE(height, at + 8);
    await refused(changed, /too (large|small|narrow)/);
  }
});

test('noise after a good beginning is refused', async () => {
  for (const head of ['000000186674797069736f6d0000020069736f6d69736f32', '1a45dfa3', '4f67675300', '524946460000000041564920', '464c5601']) {
    const noise = Buffer.alloc(200_000, 0);
    for (let i = 0; i < noise.length; i++) noise[i] = (i * 2654435761) >>> 13;
    await refused(Buffer.concat([Buffer.from(head, 'hex'), noise]), /cut off|cannot be read|neither|no length/);
  }
});

test('what hides behind a film is not served', async () => {
  const bytes = Buffer.concat([await readFile(await folder.film('mp4', ...pictures('64x64', 1), ...h264)), Buffer.from('PK\x03\x04<script>smuggled()</script>')]);
  const answer = await send(bytes, { type: 'video/mp4' });
  const { body } = await ready(alice, answer.body.id);
  const holding = async () => {
    const files = await filesBelow(path.join(server.dataDir, 'media'));
    const texts = await Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0))));
    return texts.filter((text) => text.includes('smuggled')).length;
  };
  await eventually(holding, (n) => n === 0, 15_000);
  await alice.request('DELETE', `/api/v1/media/${body.id}`);
});

test('a sound that is no sound, and an empty file, are refused', async () => {
  await refused(Buffer.from('ID3\x04\0\0\0\0\0\0not music at all'), /cut off|cannot be read|neither|no length/, { type: 'audio/mpeg' });
  await refused(Buffer.alloc(0), /empty/);
  await refused((await readFile(await folder.film('wav', ...tone(1)))).subarray(0, 30), /cut off|cannot be read|neither|no length/, { type: 'audio/wav' });
});
