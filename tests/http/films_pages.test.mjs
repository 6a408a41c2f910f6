// Films on pages that need no script: played by the browser itself, with captions; and in the previews that chats make.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { form, h264, makeFolder, pictures, ready, tone, upload } from '../harness/films.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, folder, film;

before(async () => {
  folder = await makeFolder();
  server = await startServer({ set: { 'media.film_priority': 'normal' } });
  ({ alice } = await makeCast(server, 'alice'));
  const file = await folder.film('mp4', ...pictures('640x360', 3), ...tone(3), ...h264, '-c:a', 'aac', '-shortest');
  const { body } = await upload(alice, file, { type: 'video/mp4', description: 'A "test" card' });
  await ready(alice, body.id);
  film = (await alice.request('PUT', `/api/v1/media/${body.id}/captions/de?label=Deutsch%20%26%20gut`, form('WEBVTT\n\n00:00.000 --> 00:02.000\nHallo\n', { name: 'a.vtt', type: 'text/vtt' }))).body;
});
after(async () => {
  await server?.remove();
  await folder?.remove();
});

const page = async (id) => (await server.fetch(`/@alice/${id}`)).text();

test('a post\'s page plays its film without script, with its poster and captions', async () => {
  const { id } = await alice.posts('Watch this', { media_ids: [film.id] });
  const html = await page(id);
  const video = /<video [^>]*>.*?<\/video>/s.exec(html)[0];
  assert.match(video, / controls .*preload="none"/);
  assert.ok(video.includes(`src="${film.url}"`), video);
  assert.ok(video.includes(`poster="${film.preview_url}"`), video);
  assert.match(video, /title="A &quot;test&quot; card"/);
  const track = `<track kind="captions" srclang="de" label="Deutsch &amp; gut" src="${film.freehold.captions[0].url}">`;
  assert.ok(video.includes(track), video);
  assert.equal((await fetch(film.freehold.captions[0].url)).headers.get('content-type').split(';')[0], 'text/vtt');

  const meta = (name) => new RegExp(`<meta property="${name}" content="([^"]*)">`).exec(html)?.[1];
  assert.equal(meta('og:video'), film.url);
  assert.equal(meta('og:video:type'), 'video/mp4');
  assert.deepEqual([meta('og:video:width'), meta('og:video:height')], ['640', '360']);
  assert.equal(meta('og:image'), film.preview_url);
});

test('a film behind a warning is in no preview', async () => {
  const file = await folder.film('mp4', ...pictures('320x180', 1), ...h264);
  const { body } = await upload(alice, file, { type: 'video/mp4' });
  await ready(alice, body.id);
  const { id } = await alice.posts('Not for breakfast', { media_ids: [body.id], sensitive: true });
  assert.doesNotMatch(await page(id), /og:video/);
});
