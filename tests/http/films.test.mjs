// Films and sounds: taken, made into what browsers play, served, and gone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually, makeCast } from '../cast/cast.mjs';
import { filesBelow, form, h264, keys, makeFolder, pictures, probe, ready, tone, upload } from '../harness/films.mjs';
import { startServer } from '../harness/server.mjs';
import { openEvents } from '../harness/streams.mjs';

const run = promisify(execFile);
let server, alice, bob, folder;

before(async () => {
  folder = await makeFolder();
  server = await startServer({ set: { 'media.film_priority': 'normal' } });
  ({ alice, bob } = await makeCast(server, 'alice', 'bob'));
});
after(async () => {
  await server?.remove();
  await folder?.remove();
});

const textOf = async (url) => (await fetch(url)).text();

async function save(url) {
  const name = folder.at(path.basename(new URL(url).pathname));
  await writeFile(name, Buffer.from(await (await fetch(url)).arrayBuffer()));
  return name;
}

async function made(who, file, fields) {
  const answer = await upload(who, file, fields);
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  const done = await ready(who, answer.body.id);
  assert.equal(done.status, 200, JSON.stringify(done.body) + server.log.slice(-2000));
  return done.body;
}

const beside = (url, name) => new URL(name, url).href;

test('a film is taken at once and plays soon: renditions, poster, storyboard, fallback, blurhash, sizes', async () => {
  const file = await folder.film('mp4', ...pictures('1280x720', 6), ...tone(6), ...h264, '-g', '250', '-c:a', 'aac', '-shortest');
  const answer = await upload(alice, file, { type: 'video/mp4', description: 'A test card', focus: '0.5,0.5' });
  assert.equal(answer.status, 202);
  assert.equal(answer.body.type, 'video');
  assert.equal(answer.body.url, null);
  assert.equal(answer.body.preview_url, null);
  assert.deepEqual(answer.body.freehold.processing, { stage: 'waiting', percent: 0 });
  assert.ok([206, 200].includes((await alice.get(`/api/v1/media/${answer.body.id}`)).status));
  const { body: media } = await ready(alice, answer.body.id);
  assert.match(media.url, new RegExp(`^${server.url}/media/[0-9a-f]{32}/fallback\\.mp4$`));
  assert.equal(media.preview_url, beside(media.url, 'poster.webp'));
  assert.equal(media.description, 'A test card');
  assert.equal(media.meta.original.width, 1280);
  assert.equal(media.meta.original.height, 720);
  assert.equal(media.meta.original.frame_rate, '25/1');
  assert.ok(Math.abs(media.meta.original.duration - 6) < 0.1);
  assert.ok(media.meta.original.bitrate > 1000);
  assert.equal(media.meta.length, '0:00:06.00');
  assert.deepEqual(media.meta.focus, { x: 0.5, y: 0.5 });
  assert.match(media.blurhash, /^[0-9A-Za-z#$%*+,\-.:;=?@[\]^_{|}~]{28}$/);
  assert.deepEqual(media.freehold.error, null);

  const master = await textOf(media.freehold.hls);
  const names = [...master.matchAll(/^(\d+)\.m3u8$/gm)].map((match) => match[1]);
  assert.deepEqual(names, ['360', '480', '720']);
  assert.match(master, /RESOLUTION=640x360/);
  assert.match(master, /CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/);

  const fragments = [];
  for (const name of names) {
    const list = await textOf(beside(media.url, `${name}.m3u8`));
    assert.match(list, new RegExp(`#EXT-X-MAP:URI="${name}\\.mp4",BYTERANGE="\\d+@0"`));
    const lengths = [...list.matchAll(/#EXTINF:([\d.]+),/g)].map((match) => Number(match[1]));
    assert.ok(Math.abs(lengths.reduce((a, b) => a + b) - 6) < 0.2, list);
    for (const length of lengths) assert.ok(length <= 4.001, list);
    fragments.push(lengths.map((length) => length.toFixed(2)).join());
    const film = await probe(await save(beside(media.url, `${name}.mp4`)));
    assert.deepEqual(film.streams.map((stream) => stream.codec_name), ['h264', 'aac']);
    assert.equal(film.streams[0].height, Number(name));
  }
  assert.equal(new Set(fragments).size, 1, 'key frames are aligned');

  const fallback = await probe(await save(media.url));
  assert.equal(fallback.streams[0].height, 720);
  const bytes = await readFile(folder.at('fallback.mp4'));
  assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'), 'it plays while it loads');

  const { stdout } = await run('identify', ['-format', '%m %w %h', await save(media.preview_url)]);
  assert.equal(stdout, 'WEBP 1280 720');
  const map = await textOf(media.freehold.storyboard);
  assert.equal(map.match(/storyboard\.webp#xywh=/g).length, 6);
  assert.match(map, /00:00:05\.000 --> 00:00:06\.\d{3}\nstoryboard\.webp#xywh=800,0,160,90/);
  assert.equal((await run('identify', ['-format', '%m %w %h', await save(beside(media.url, 'storyboard.webp'))])).stdout, 'WEBP 960 90');
});
