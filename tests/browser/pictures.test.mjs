// The web client and the pages without script load the size of a picture that suits the place, not the whole.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { clouds, drawing } from '../harness/drawings.mjs';
import { form } from '../harness/films.mjs';
import { startServer } from '../harness/server.mjs';
import { logInAs } from '../harness/web_client.mjs';

let server, browser, alice, media, post;

before(async () => {
  const photo = await drawing('jpg', ...clouds('2000x1500', 7, '-blur', '0x2'));
  server = await startServer();
  ({ alice } = await makeCast(server, 'alice'));
  media = (await alice.request('POST', '/api/v2/media', form(photo, { description: 'Clouds over clouds' }))).body;
  post = await alice.posts('Look up', { media_ids: [media.id] });
  const profile = new FormData();
  profile.append('avatar', new Blob([photo]), 'a.jpg');
  profile.append('header', new Blob([photo]), 'h.jpg');
  assert.equal((await alice.request('PATCH', '/api/v1/accounts/update_credentials', profile)).status, 200);
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

// The files of the page's pictures, by the end of their names, once they are there.
async function loaded(page, selector) {
  await page.waitForFunction((s) => [...document.querySelectorAll(s)].some((img) => img.complete && img.naturalWidth), selector);
  return page.evaluate((s) => [...document.querySelectorAll(s)].map((img) => img.currentSrc.replace(/.*\/media\/[0-9a-f]{32}/, '')), selector);
}

test('a phone loads the small file of a picture, as WebP, and the small avatar', async () => {
  const page = await openPage(browser, server.url, { size: 'phone' });
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await logInAs(page, alice);
  await page.goto('/@alice');
  assert.deepEqual(await loaded(page, '.gallery img'), ['/thumb.webp']);
  assert.deepEqual([...new Set(await loaded(page, '.post-avatar img'))], ['/small.webp']);
  assert.deepEqual(await loaded(page, '.profile-header img'), ['/small.webp']);
  assert.ok(!asked.includes(media.url) && !asked.includes(media.preview_url), 'a file that is not shown was loaded');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a page without script does the same, and its picture leads to the whole', async () => {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`/@alice/${post.id}`);
  // Nobody scrolls and nothing is evaluated there but from outside.
  assert.match(await eventually(() => page.getByAltText('Clouds over clouds').evaluate((img) => img.currentSrc), Boolean), /\/thumb\.webp$/);
  assert.equal(await page.locator('.p-pictures a').getAttribute('href'), media.url);
  await context.close();
});
