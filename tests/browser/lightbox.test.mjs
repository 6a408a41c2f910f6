// Pictures large: their words, the next by keys and swipes, a closer look by wheel, fingers, taps and keys; and the gallery of a person.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, seriousFindings, startBrowser } from '../harness/browser.mjs';
import { logInAs, postSaying } from '../harness/web_client.mjs';
import { makeCast } from '../cast/cast.mjs';
import { drawing } from '../harness/drawings.mjs';

let server, browser, cast, page, phone;

async function picture(who, size, colour, description) {
  const body = new FormData();
  body.append('file', new Blob([await drawing('jpg', '-size', size, `gradient:${colour}-white`)], { type: 'image/jpeg' }), 'a.jpg');
  if (description) body.append('description', description);
  return (await who.request('POST', '/api/v2/media', body)).body.id;
}

before(async () => {
  server = await startServer();
  cast = await makeCast(server, 'alice', 'bob');
  const { alice } = cast;
  const ids = [await picture(alice, '1600x1000', 'orange', 'A lamp in the window'), await picture(alice, '800x1200', 'green', 'A tall pine'), await picture(alice, '900x900', 'red', '')];
  await alice.posts('Three from today', { media_ids: ids });
  await alice.posts('One more', { media_ids: [await picture(alice, '1200x800', 'blue', 'The sea')] });
  await alice.posts('Not for everyone', { media_ids: [await picture(alice, '600x600', 'purple', 'A wound')], sensitive: true });
  browser = await startBrowser();
  page = await openPage(browser, server.url);
  phone = await openPage(browser, server.url, { size: 'phone', scheme: 'dark' });
  await logInAs(page, cast.bob);
  await logInAs(phone, cast.bob);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const viewer = (n, all, where = page) => where.getByRole('dialog', { name: `Picture ${n} of ${all}` });
const scaleOf = (where = page) => where.evaluate(() => new DOMMatrix(getComputedStyle(document.querySelector('[data-frame]')).transform).a);
async function open(where = page, index = 0) {
  await where.goto('/@alice');
  await postSaying(where, 'Three from today').getByRole('button', { name: /Open picture/ }).nth(index).click();
  await viewer(index + 1, 3, where).waitFor();
}

test('a picture is large, with its words, and nothing serious for axe', async () => {
  await open();
  await page.locator('[data-frame] .lightbox-there').waitFor();
  await page.locator('.lightbox-words').getByText('A lamp in the window').waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  const natural = await page.locator('[data-frame] .lightbox-whole').evaluate((img) => img.naturalWidth);
  assert.equal(natural, 1600);
  assert.match(await page.locator('[data-frame] .lightbox-whole').evaluate((img) => img.currentSrc), /\/full\.webp$/);
  await page.getByRole('button', { name: 'ALT Description' }).click();
  assert.equal(await page.locator('.lightbox-words').getByText('A lamp in the window').count(), 0);
});

test('arrow keys, the strip and the buttons go from one to the next, and stop at the ends', async () => {
  await page.keyboard.press('ArrowRight');
  await viewer(2, 3).waitFor();
  await page.keyboard.press('End');
  await viewer(3, 3).waitFor();
  await page.keyboard.press('ArrowRight');
  await viewer(3, 3).waitFor();
  await page.getByRole('button', { name: 'Picture 1 of 3' }).click();
  await viewer(1, 3).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Previous picture' }).isDisabled(), true);
  await page.getByRole('button', { name: 'Next picture' }).click();
  await viewer(2, 3).waitFor();
});

test('keys, the wheel and a double click look closer, and the arrows then move the picture', async () => {
  await page.keyboard.press('+');
  await page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('[data-frame]')).transform).a > 1.3);
  await page.keyboard.press('0');
  await page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('[data-frame]')).transform).a === 1);
  await page.mouse.move(640, 380);
  await page.mouse.wheel(0, -600);
  await page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('[data-frame]')).transform).a > 2);
  const before = await page.locator('[data-frame]').evaluate((frame) => frame.getBoundingClientRect().top);
  await page.keyboard.press('ArrowUp');
  await page.waitForFunction((top) => document.querySelector('[data-frame]').getBoundingClientRect().top > top, before);
  await viewer(2, 3).waitFor();
  await page.keyboard.press('0');
  await page.mouse.dblclick(640, 380);
  await page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('[data-frame]')).transform).a === 2.5);
  await page.mouse.dblclick(640, 380);
  await page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('[data-frame]')).transform).a === 1);
});

test('the focus stays inside, and Escape gives it back to the picture in the post', async () => {
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement === document.body || document.querySelector('.lightbox').contains(document.activeElement)));
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label')?.startsWith('Open picture: A lamp'));
});

// What fingers do, in the words of the browser's own protocol.
async function touch(where, ...steps) {
  const session = await where.context().newCDPSession(where);
  for (const [type, ...points] of steps)
    await session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  await session.detach();
}

test('on a phone a swipe goes on, two fingers and a double tap look closer', async () => {
  await open(phone);
  await touch(phone, ['touchStart', [300, 400]], ['touchMove', [200, 402]], ['touchMove', [90, 405]], ['touchEnd']);
  await viewer(2, 3, phone).waitFor();
  await touch(phone, ['touchStart', [90, 400]], ['touchMove', [300, 400]], ['touchEnd']);
  await viewer(1, 3, phone).waitFor();
  await touch(phone, ['touchStart', [170, 400], [220, 400]], ['touchMove', [120, 400], [270, 400]], ['touchMove', [70, 400], [320, 400]], ['touchEnd']);
  assert.ok((await scaleOf(phone)) > 2, `scale ${await scaleOf(phone)}`);
  await touch(phone, ['touchStart', [195, 400]], ['touchEnd']);
  await touch(phone, ['touchStart', [195, 400]], ['touchEnd']);
  await phone.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('[data-frame]')).transform).a === 1);
  assert.deepEqual(await seriousFindings(phone), []);
  await touch(phone, ['touchStart', [195, 300]], ['touchMove', [195, 420]], ['touchMove', [195, 520]], ['touchEnd']);
  await phone.getByRole('dialog').waitFor({ state: 'detached' });
});

test('nothing moves for who wants no motion', async () => {
  const still = await openPage(browser, server.url, { reducedMotion: 'reduce' });
  await logInAs(still, cast.bob);
  await open(still);
  const durations = await still.locator('.lightbox-slide, .lightbox-frame').evaluateAll((all) => all.map((each) => parseFloat(getComputedStyle(each).transitionDuration)));
  assert.ok(durations.every((seconds) => seconds < 0.001), `${durations}`);
  await still.context().close();
});

test('a person\'s gallery shows every picture, and one after the other large, with the way to its post', async () => {
  await page.goto('/@alice/media');
  await page.locator('.grid-tile').nth(4).waitFor();
  assert.equal(await page.locator('.grid-tile').count(), 5);
  assert.deepEqual(await seriousFindings(page), []);
  await page.getByRole('button', { name: 'Open picture: The sea' }).click();
  await viewer(1, 4).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.locator('.lightbox-words').getByText('A lamp in the window').waitFor();
  await page.getByRole('link', { name: 'To the post' }).click();
  await page.getByRole('heading', { level: 1, name: /Post by/ }).waitFor();
  await page.getByText('Three from today').waitFor();
});

test('a sensitive picture stays covered in the gallery until it is asked for', async () => {
  await page.goto('/@alice/media');
  const covered = page.getByRole('button', { name: 'Sensitive picture – show' });
  await covered.waitFor();
  assert.equal(await page.getByRole('img', { name: 'A wound' }).count(), 0);
  await covered.click();
  await page.getByRole('img', { name: 'A wound' }).waitFor();
});

test('nothing went wrong', () => assert.deepEqual([...page.errors, ...phone.errors], []));
