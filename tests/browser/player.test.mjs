// Films and sounds in the web client: sent, watched while they are being prepared, played in any quality, with captions, by keys.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, seriousFindings, startBrowser } from '../harness/browser.mjs';
import { form, h264, makeFolder, pictures, ready, tone, upload } from '../harness/films.mjs';
import { logInAs, postSaying } from '../harness/web_client.mjs';
import { eventually, makeCast } from '../cast/cast.mjs';

// The browser decodes beside a server that may still be making films.
const PATIENCE = 30_000;
let server, browser, cast, folder, page, files;

const captions = 'WEBVTT\n\n00:00.000 --> 00:05.000\n<v Test>One to five\n\n00:05.000 --> 00:20.000\nFive to the end\n';

async function made(file, fields) {
  const answer = await upload(cast.alice, file, fields);
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  const done = await ready(cast.alice, answer.body.id);
  assert.equal(done.status, 200, JSON.stringify(done.body));
  return done.body;
}

before(async () => {
  folder = await makeFolder();
  server = await startServer({ set: { 'media.film_priority': 'normal' } });
  cast = await makeCast(server, 'alice', 'bob');
  files = {
    film: await folder.film('mp4', ...pictures('1280x720', 20), ...tone(20), ...h264, '-c:a', 'aac', '-shortest'),
    gif: await folder.film('gif', ...pictures('160x120', 2, 10)),
    sound: await folder.film('mp3', ...tone(8)),
  };
  const film = await made(files.film, { type: 'video/mp4', description: 'A test card' });
  const put = await cast.alice.request('PUT', `/api/v1/media/${film.id}/captions/en?label=English`, form(captions, { name: 'words.vtt', type: 'text/vtt' }));
  assert.equal(put.status, 200, JSON.stringify(put.body));
  await cast.alice.posts('Here is the loop', { media_ids: [(await made(files.gif, { description: 'A card that moves' })).id] });
  await cast.alice.posts('Here is the sound', { media_ids: [(await made(files.sound, { type: 'audio/mpeg', description: 'A long tone' })).id] });
  await cast.alice.posts('Here is the film', { media_ids: [film.id] });
  browser = await startBrowser();
  page = await openPage(browser, server.url);
  page.setDefaultTimeout(PATIENCE);
  await logInAs(page, cast.alice);
});
after(async () => {
  await browser?.close();
  await server?.remove();
  await folder?.remove();
});

// A window in which the browser reads HLS by itself, or not.
async function reader(self, options = {}) {
  const where = await openPage(browser, server.url, options);
  where.setDefaultTimeout(PATIENCE);
  if (!self)
    await where.addInitScript(() => {
      const real = HTMLMediaElement.prototype.canPlayType;
      HTMLMediaElement.prototype.canPlayType = function (type) {
        return /mpegurl/i.test(type) ? '' : real.call(this, type);
      };
    });
  await where.goto('/@alice');
  return where;
}

const state = (where) =>
  where.evaluate(() => {
    const media = document.querySelector('.player video, .player audio');
    if (!media) return null;
    const { currentTime, paused, ended, volume, muted, playbackRate, videoHeight } = media;
    const full = document.fullscreenElement?.classList.contains('player') ?? false;
    return { currentTime, paused, ended, volume, muted, playbackRate, videoHeight, full, cues: document.querySelector('.player-cues')?.textContent ?? '' };
  });
const until = (where, condition) => eventually(() => state(where), (now) => now && condition(now), PATIENCE);
async function advances(where) {
  const { currentTime } = await state(where);
  await until(where, (now) => now.currentTime > currentTime + 0.4 || now.ended);
}
async function play(where) {
  await postSaying(where, 'Here is the film').getByRole('button', { name: /^Play film: A test card/ }).click();
  await until(where, ({ currentTime, paused }) => currentTime > 0.3 && !paused);
}

for (const [name, self, size, scheme] of [['the browser itself', true, 'desktop', 'light'], ['hls.js', false, 'phone', 'dark']]) {
  test(`a film plays in two qualities by ${name}, ${size}, ${scheme}`, async () => {
    const where = await reader(self, { size, scheme });
    await postSaying(where, 'Here is the film').locator('.film-there').waitFor();
    assert.equal(await postSaying(where, 'Here is the film').locator('video').count(), 0, 'nothing of the film is there before it is asked for');
    await play(where);
    assert.equal(await where.evaluate(() => document.querySelector('.player video').src.startsWith('blob:')), !self);
    for (const height of [360, 720]) {
      await where.getByRole('button', { name: /^Quality/ }).click();
      await where.getByRole('menuitemradio', { name: `${height}p`, exact: true }).click();
      await until(where, ({ videoHeight }) => videoHeight === height);
      await advances(where);
      assert.equal((await state(where)).paused, false);
    }
    assert.deepEqual(await seriousFindings(where), []);
    assert.deepEqual(where.errors, []);
    await where.context().close();
  });
}

test('hls.js is fetched only where the browser has no HLS', async () => {
  for (const self of [true, false]) {
    const where = await reader(self);
    const fetched = [];
    where.on('request', (request) => fetched.push(new URL(request.url()).pathname));
    await play(where);
    assert.equal(fetched.some((path) => path.startsWith('/assets/hls.')), !self);
    await where.context().close();
  }
});

test('a film is watched by keys alone', async () => {
  const where = await reader(true);
  const post = postSaying(where, 'Here is the film');
  await post.getByRole('button', { name: /^Play film/ }).focus();
  await where.keyboard.press('Enter');
  await until(where, ({ currentTime, paused }) => currentTime > 0.2 && !paused);
  const press = async (key, condition) => {
    await where.keyboard.press(key);
    await until(where, condition);
  };
  await press(' ', ({ paused }) => paused);
  const { currentTime } = await state(where);
  await press('ArrowRight', (now) => now.currentTime > currentTime + 4);
  await press('ArrowLeft', (now) => now.currentTime < currentTime + 1);
  await press('ArrowDown', ({ volume }) => Math.abs(volume - 0.9) < 0.01);
  await press('m', ({ muted }) => muted);
  await press('m', ({ muted }) => !muted);
  await press('>', ({ playbackRate }) => playbackRate === 1.25);
  await press('<', ({ playbackRate }) => playbackRate === 1);
  await press('f', ({ full }) => full);
  await press('f', ({ full }) => !full);
  await press('c', ({ cues }) => cues === 'One to five');
  await press('End', (now) => now.currentTime > 18);
  await where.locator('.player-cues', { hasText: 'Five to the end' }).waitFor();
  await press('c', ({ cues }) => cues === '');
  await press('Home', (now) => now.currentTime < 0.5);
  await press(' ', ({ paused }) => !paused);
  assert.equal(new URL(where.url()).pathname, '/@alice', 'no key went to the page');
  await where.context().close();
});

test('volume and captions are remembered for the next film', async () => {
  const where = await reader(true);
  await play(where);
  await where.getByRole('button', { name: 'Captions' }).click();
  await where.getByRole('menuitemradio', { name: 'English' }).click();
  await where.locator('.player-cues').waitFor();
  await where.getByRole('button', { name: 'Sound off' }).hover();
  await where.getByRole('slider', { name: 'Volume' }).fill('0.4');
  await where.reload();
  await play(where);
  await where.locator('.player-cues').waitFor();
  assert.ok(Math.abs((await state(where)).volume - 0.4) < 0.01);
  await where.context().close();
});

test('under the pointer on its line is what is to come', async () => {
  const where = await reader(true);
  await play(where);
  const box = await where.locator('.scrubber').boundingBox();
  const offsets = [];
  for (const share of [0.2, 0.8]) {
    await where.mouse.move(box.x + box.width * share, box.y + box.height / 2);
    await where.locator('.scrubber-frame').waitFor();
    const { image, position, width } = await where.locator('.scrubber-frame').evaluate((frame) => ({ image: frame.style.backgroundImage, position: frame.style.backgroundPosition, width: frame.offsetWidth }));
    assert.match(image, /storyboard\.webp/);
    assert.equal(width, 160);
    offsets.push(position);
  }
  assert.notEqual(offsets[0], offsets[1]);
  await where.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await until(where, (now) => now.currentTime > 9 && now.currentTime < 12);
  await where.context().close();
});

test('only one makes itself heard', async () => {
  const where = await reader(true);
  await postSaying(where, 'Here is the sound').getByRole('button', { name: /^Play sound: A long tone/ }).click();
  await where.waitForFunction(() => document.querySelector('audio')?.currentTime > 0.2);
  assert.deepEqual(await seriousFindings(where), []);
  await play(where);
  assert.equal(await where.evaluate(() => document.querySelector('audio').paused), true);
  await where.context().close();
});

test('a loop runs silently where motion is welcome, and waits for a click where it is not', async () => {
  const moving = await reader(true, { reducedMotion: 'no-preference' });
  await postSaying(moving, 'Here is the loop').scrollIntoViewIfNeeded();
  await moving.waitForFunction(() => document.querySelector('.film-loop video')?.currentTime > 0.2);
  assert.deepEqual(await moving.locator('.film-loop video').evaluate(({ muted, loop }) => [muted, loop]), [true, true]);
  await postSaying(moving, 'Here is the loop').getByRole('button', { name: 'Pause' }).click();
  await moving.waitForFunction(() => document.querySelector('.film-loop video').paused);
  await moving.context().close();

  const still = await reader(true);
  await postSaying(still, 'Here is the loop').scrollIntoViewIfNeeded();
  await still.waitForTimeout(600);
  assert.equal(await still.locator('.film-loop video').evaluate(({ paused, currentTime }) => paused && currentTime === 0), true);
  await postSaying(still, 'Here is the loop').getByRole('button', { name: 'Play' }).click();
  await still.waitForFunction(() => document.querySelector('.film-loop video').currentTime > 0.2);
  await still.context().close();
});

test('a film is sent from the composer, told of while it is prepared, described, given captions, and posted when it plays', async () => {
  await page.goto('/home');
  await page.getByRole('button', { name: 'What is on your mind?' }).click();
  const window = page.getByRole('dialog', { name: 'New post' });
  await page.getByRole('textbox', { name: 'Text of the post' }).fill('Fresh from the camera');
  await page.locator('.compose input[type=file][multiple]').setInputFiles(files.film);
  const send = window.getByRole('button', { name: 'Post', exact: true });
  assert.equal(await send.isDisabled(), true);
  await page.locator('.attachment-state', { hasText: /Being prepared · \d+/ }).waitFor({ timeout: 30_000 });
  await page.waitForFunction(() => !document.querySelector('.compose-foot [type=submit]').disabled, null, { timeout: 60_000 });
  await window.getByRole('button', { name: 'Describe this film' }).click();
  const describe = page.getByRole('dialog', { name: 'Describe this film' });
  await describe.getByLabel('Description for people who cannot see it').fill('The same card again');
  await describe.getByLabel('Language').selectOption('en');
  await describe.locator('input[type=file]').setInputFiles({ name: 'words.vtt', mimeType: 'text/vtt', buffer: Buffer.from(captions) });
  await describe.getByText('English').first().waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  await describe.getByRole('button', { name: 'Save' }).click();
  await describe.waitFor({ state: 'detached' });
  await send.click();
  await window.waitFor({ state: 'detached' });
  await postSaying(page, 'Fresh from the camera').getByRole('button', { name: /^Play film: The same card again/ }).click();
  await until(page, (now) => now.currentTime > 0.3);
  await page.getByRole('button', { name: 'Captions' }).waitFor();
});

test('one film of several in a post opens large and alone', async () => {
  const ids = [];
  for (const colour of ['red', 'blue']) {
    const file = await folder.film('mp4', '-f', 'lavfi', '-i', `color=${colour}:s=320x180:d=3`, ...h264);
    ids.push((await made(file, { type: 'video/mp4', description: `All ${colour}` })).id);
  }
  await cast.alice.posts('Two of them', { media_ids: ids });
  const where = await reader(true);
  const post = postSaying(where, 'Two of them');
  await post.getByRole('button', { name: /^Play film: All blue/ }).click();
  await where.getByRole('dialog', { name: 'Film: All blue' }).waitFor();
  await until(where, (now) => now.currentTime > 0.2);
  assert.deepEqual(await seriousFindings(where), []);
  await where.keyboard.press('Escape');
  await where.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await where.locator('.player').count(), 0);
  await where.context().close();
});

test('the player speaks German', async () => {
  const where = await reader(true, { locale: 'de-DE' });
  await postSaying(where, 'Here is the film').getByRole('button', { name: /^Film abspielen: A test card, 20 Sekunden/ }).click();
  for (const name of ['Anhalten', 'Ton aus', 'Untertitel', 'Vollbild']) await where.locator('.player').getByRole('button', { name }).waitFor();
  await where.getByRole('slider', { name: 'Stelle' }).waitFor();
  await where.context().close();
});

test('nothing went wrong', () => assert.deepEqual(page.errors, []));
