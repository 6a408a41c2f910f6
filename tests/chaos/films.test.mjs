// Films whose making is cut off: the server killed at any moment, ffmpeg killed. All is made in the end, and no byte is left that nobody names.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { filesBelow, h264, makeFolder, pictures, probe, ready, tone, upload } from '../harness/films.mjs';
import { startServer } from '../harness/server.mjs';

let folder, film;
before(async () => {
  folder = await makeFolder();
  film = await folder.film('mp4', ...pictures('1280x720', 8), ...tone(8), ...h264, '-b:v', '6M', '-c:a', 'aac');
});
after(() => folder?.remove());

const settings = { 'media.film_priority': 'normal', 'media.film_preset': 'veryfast' };

// Every name the attachment's lists have; each must be there and whole.
async function namesOf(media) {
  const master = await (await fetch(media.freehold.hls)).text();
  const names = ['hls.m3u8', 'fallback.mp4', 'poster.webp', 'storyboard.webp', 'storyboard.vtt'];
  for (const [, name] of master.matchAll(/^(\d+)\.m3u8$/gm)) names.push(`${name}.m3u8`, `${name}.mp4`);
  for (const name of names) assert.equal((await fetch(new URL(name, media.url))).status, 200, name);
  return names;
}

// A sweep comes with every deletion; after it the store holds what the film names and nothing else.
async function nothingElse(server, alice, media) {
  const names = await namesOf(media);
  assert.deepEqual(names.filter((name) => /^\d+\.m3u8$/.test(name)), ['360.m3u8', '480.m3u8', '720.m3u8']);
  const picture = await upload(alice, await folder.film('png', ...pictures('64x64', 1), '-frames:v', '1'), { type: 'image/png' });
  assert.equal((await alice.request('DELETE', `/api/v1/media/${picture.body.id}`)).status, 200);
  await eventually(() => filesBelow(path.join(server.dataDir, 'media')), (files) => files.length === names.length, 20_000);
  assert.deepEqual(await filesBelow(path.join(server.dataDir, 'work')), []);
}

async function whole(media) {
  const file = folder.at('whole.mp4');
  const { writeFile } = await import('node:fs/promises');
  await writeFile(file, Buffer.from(await (await fetch(media.url)).arrayBuffer()));
  const { format, streams } = await probe(file);
  assert.ok(Math.abs(Number(format.duration) - 8) < 0.3);
  assert.equal(streams[0].height, 720);
}

const moments = ['waiting', 'probing', '360p', 'poster', '720p', 'fallback'];

test('kill -9 of the server at any moment: it goes on after the next start, and leaves nothing', async () => {
  let server = await startServer({ set: settings });
  const { dataDir, port, databaseUrl } = server;
  try {
    const { alice } = await makeCast(server, 'alice');
    const { body } = await upload(alice, film);
    for (const moment of moments) {
      const reached = moments.indexOf(moment);
      await eventually(
        () => alice.get(`/api/v1/media/${body.id}`),
        ({ body: media }) => media.freehold.processing === null || moments.indexOf(media.freehold.processing.stage) >= reached,
        60_000,
      );
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 700));
      await server.stop('SIGKILL');
      server = await startServer({ set: settings, dataDir, port, databaseUrl });
      alice.server = server;
    }
    const { status, body: media } = await ready(alice, body.id);
    assert.equal(status, 200, JSON.stringify(media));
    await whole(media);
    await nothingElse(server, alice, media);
  } finally {
    await server.remove();
  }
});

// ffmpeg's processes below one of ours.
async function encoders(top) {
  const parents = new Map(), found = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const parent = stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0];
    parents.set(pid, parent);
    if (stat.includes('(ffmpeg)')) found.push(pid);
  }
  return found.filter((pid) => {
    for (let at = pid; at && at !== '0'; at = parents.get(at)) if (at === String(top)) return true;
    return false;
  });
}

test('kill -9 of ffmpeg: it is tried again', async () => {
  const server = await startServer({ set: settings });
  try {
    const { alice } = await makeCast(server, 'alice');
    const { body } = await upload(alice, film);
    for (const stage of ['360p', '720p']) {
      await eventually(() => alice.get(`/api/v1/media/${body.id}`), ({ body: media }) => media.freehold.processing?.stage === stage, 60_000);
      const [pid] = await eventually(() => encoders(server.child.pid), (pids) => pids.length > 0, 10_000);
      process.kill(Number(pid), 'SIGKILL');
      await eventually(() => server.log, (log) => log.includes('ffmpeg ended with 137'), 10_000);
      server.log = '';
    }
    const { status, body: media } = await ready(alice, body.id);
    assert.equal(status, 200, JSON.stringify(media));
    await whole(media);
    await nothingElse(server, alice, media);
  } finally {
    await server.remove();
  }
});

test('a server that is asked to stop does not wait for its films, and goes on with them later', async () => {
  let server = await startServer({ set: { ...settings, 'server.stop_grace': '20s' } });
  const { dataDir, port, databaseUrl } = server;
  try {
    const { alice } = await makeCast(server, 'alice');
    const { body } = await upload(alice, film);
    await eventually(() => alice.get(`/api/v1/media/${body.id}`), ({ body: media }) => media.freehold.processing?.stage === '720p', 60_000);
    const began = Date.now();
    await server.stop();
    assert.ok(Date.now() - began < 8000, `it took ${Date.now() - began} ms`);
    assert.deepEqual(await filesBelow(path.join(dataDir, 'work')), []);
    server = await startServer({ set: settings, dataDir, port, databaseUrl });
    alice.server = server;
    const { status, body: media } = await ready(alice, body.id);
    assert.equal(status, 200);
    await nothingElse(server, alice, media);
  } finally {
    await server.remove();
  }
});

test('a film deleted while it is made is gone at once, with all that was made', async () => {
  const server = await startServer({ set: settings });
  try {
    const { alice } = await makeCast(server, 'alice');
    const { body } = await upload(alice, film);
    await eventually(() => alice.get(`/api/v1/media/${body.id}`), ({ body: media }) => media.freehold.processing?.stage === '720p', 60_000);
    assert.equal((await alice.request('DELETE', `/api/v1/media/${body.id}`)).status, 200);
    await eventually(() => encoders(server.child.pid), (pids) => pids.length === 0, 10_000);
    await eventually(() => filesBelow(server.dataDir), (files) => !files.some((file) => /\/(work|media)\//.test(file)), 15_000);
  } finally {
    await server.remove();
  }
});
