// The card of a linked page, as readers see it: on a phone and a desk, by keyboard and screen reader; nothing is asked of the linked site.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { openPage, seriousFindings, startBrowser } from '../harness/browser.mjs';
import { form } from '../harness/films.mjs';
import { Pages, page as pageOf } from '../harness/pages.mjs';
import { root, startServer } from '../harness/server.mjs';
import { logInAs, postSaying } from '../harness/web_client.mjs';

let server, browser, pages, alice, url, photo;

before(async () => {
  pages = await new Pages().start();
  photo = await readFile(path.join(root, 'src/ops/demo/pictures/river.jpg'));
  pages.file('/river.jpg', photo, 'image/jpeg');
  url = pages.says('/river', pageOf({ title: `The river ${'and what came down it '.repeat(12)}`, description: 'Wood, mostly.', image: '/river.jpg', 'og:image:alt': 'A still lake', 'og:site_name': 'The Courier' }));
  server = await startServer({ set: { 'links.allow_private': 'yes' } });
  ({ alice } = await makeCast(server, 'alice'));
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.remove();
  await pages?.stop();
});

test('a card comes under a post while it is read, and asks nothing of the linked site', async () => {
  const page = await openPage(browser, server.url);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await logInAs(page, alice);
  await page.goto('/home');
  await alice.posts(`Have you seen ${url} yet?`);
  const card = postSaying(page, 'Have you seen').locator('a.card');
  await card.waitFor({ timeout: 20000 });
  assert.equal(await card.getAttribute('href'), url);
  assert.equal(await card.getAttribute('target'), '_blank');
  assert.match(await card.getAttribute('rel'), /noopener.*noreferrer/);
  assert.match(await card.innerText(), /The Courier[^]*The river and what[^]*Wood, mostly\./);
  const picture = card.getByRole('img', { name: 'A still lake' });
  await eventually(() => picture.evaluate((img) => img.complete && img.naturalWidth), (width) => width > 0);
  assert.match(await picture.getAttribute('src'), /\/media\/remote\/[0-9a-f]{32}\.jpg$/);
  assert.deepEqual(asked.filter((one) => one.startsWith(pages.url)), []);
  await page.context().close();
});

for (const size of ['phone', 'desktop'])
  for (const scheme of ['light', 'dark'])
    test(`on a ${size}, ${scheme}, a long title is clamped and nothing stands out`, async () => {
      const page = await openPage(browser, server.url, { size, scheme });
      await logInAs(page, alice);
      await page.goto('/@alice');
      const card = page.locator('a.card').first();
      await card.waitFor();
      const { height, lines, wide } = await card.evaluate((a) => {
        const title = a.querySelector('strong');
        return { height: a.getBoundingClientRect().height, lines: title.getBoundingClientRect().height / parseFloat(getComputedStyle(title).lineHeight), wide: document.documentElement.scrollWidth > innerWidth };
      });
      assert.ok(height < 160, `${height} px`);
      assert.ok(lines < 2.2, `${lines} lines`);
      assert.equal(wide, false);
      await card.focus();
      assert.equal(await card.evaluate((a) => a.matches(':focus')), true);
      assert.deepEqual(await seriousFindings(page), []);
      await page.context().close();
    });

test('a post with pictures of its own shows no card; a picture that is gone leaves the words', async () => {
  const { body: media } = await alice.request('POST', '/api/v2/media', form(photo, { description: 'Mine' }));
  await alice.posts(`My own beside ${url}`, { media_ids: [media.id] });
  const page = await openPage(browser, server.url);
  await logInAs(page, alice);
  await page.route('**/media/remote/*', (route) => route.fulfill({ status: 404 }));
  await page.goto('/@alice');
  const with_picture = postSaying(page, 'My own beside');
  await with_picture.locator('img').first().waitFor();
  assert.equal(await with_picture.locator('a.card').count(), 0);
  const card = postSaying(page, 'Have you seen').locator('a.card');
  await card.waitFor();
  await eventually(() => card.locator('img').count(), (n) => n === 0);
  assert.match(await card.innerText(), /The Courier/);
  await page.context().close();
});
