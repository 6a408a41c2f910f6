// Everything that matters without a mouse.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { logInAs, postSaying } from '../harness/web_client.mjs';
import { makeCast } from '../cast/cast.mjs';

let server, browser, cast, page;

before(async () => {
  server = await startServer();
  cast = await makeCast(server, 'alice', 'bob');
  await cast.alice.follows(cast.bob);
  await cast.bob.posts('the first of bob');
  await cast.bob.posts('the second of bob');
  browser = await startBrowser();
  page = await openPage(browser, server.url);
  await logInAs(page, cast.alice);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const focusedPost = () => page.evaluate(() => document.activeElement?.closest('[data-post]')?.textContent ?? '');

test('n writes a post and Control+Enter sends it', async () => {
  await page.keyboard.press('n');
  await page.getByRole('dialog', { name: 'New post' }).waitFor();
  await page.getByRole('textbox', { name: 'Text of the post' }).waitFor();
  await page.keyboard.type('written without a mouse');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await postSaying(page, 'written without a mouse').waitFor();
});

test('j and k walk through the posts', async () => {
  await page.goto('/home');
  await postSaying(page, 'the second of bob').waitFor();
  await page.keyboard.press('j');
  assert.match(await focusedPost(), /written without a mouse/);
  await page.keyboard.press('j');
  assert.match(await focusedPost(), /the second of bob/);
  await page.keyboard.press('k');
  assert.match(await focusedPost(), /written without a mouse/);
});

test('f and b act on the post that has the focus', async () => {
  await page.keyboard.press('j');
  await page.keyboard.press('f');
  await page.keyboard.press('b');
  const post = postSaying(page, 'the second of bob');
  await post.getByRole('button', { name: /^Remove from favourites/ }).waitFor();
  await post.getByRole('button', { name: /^Undo boost/ }).waitFor();
});

test('Enter opens the post, Backspace goes back', async () => {
  await postSaying(page, 'the second of bob').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /Post by/ }).waitFor();
  await page.keyboard.press('Backspace');
  await page.waitForURL('**/home');
});

test('g and a letter go to a page, and the focus goes to its heading', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await page.waitForURL('**/notifications');
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
});

test('a menu opens and closes by keys and gives the focus back', async () => {
  await page.goto('/home');
  const more = postSaying(page, 'the second of bob').getByRole('button', { name: 'More', exact: true });
  await more.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  assert.equal(await more.evaluate((button) => button === document.activeElement), true);
});

test('/ goes to the search', async () => {
  await page.locator('main h1').focus();
  await page.keyboard.press('/');
  await page.keyboard.type('second');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/search?q=second');
  await postSaying(page, 'the second of bob').waitFor();
});

test('letters typed into a field are letters', async () => {
  const box = page.locator('main [data-search]').first();
  await box.fill('');
  await box.pressSequentially('nfb');
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('nothing went wrong', () => assert.deepEqual(page.errors, []));
