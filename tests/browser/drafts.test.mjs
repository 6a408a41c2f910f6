// What was typed stays: through a closed window, a reload, a failed send, and no network at all.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { logInAs, postSaying } from '../harness/web_client.mjs';
import { makeCast } from '../cast/cast.mjs';

let server, browser, cast, page;

before(async () => {
  server = await startServer();
  cast = await makeCast(server, 'alice');
  await cast.alice.posts('something to read');
  browser = await startBrowser();
  page = await openPage(browser, server.url);
  await logInAs(page, cast.alice);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const openComposer = async () => {
  await page.getByRole('button', { name: 'What is on your mind?' }).click();
  await page.getByRole('textbox', { name: 'Text of the post' }).waitFor();
};
const typed = () => page.getByRole('textbox', { name: 'Text of the post' }).inputValue();

test('a draft survives a closed window and a reload', async () => {
  await openComposer();
  await page.keyboard.type('half a thought');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.reload();
  await openComposer();
  assert.equal(await typed(), 'half a thought');
  await page.getByText('Your draft from before.').waitFor();
});

test('without a network the page says so, and sending keeps the text', async () => {
  await page.context().setOffline(true);
  await page.getByText('You are offline. What you see may be out of date.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Post', exact: true }).click();
  await page.locator('.notice-trouble').filter({ hasText: 'You are offline.' }).waitFor();
  assert.equal(await typed(), 'half a thought');
});

test('back on the network the same button sends it, once, and the draft is gone', async () => {
  await page.context().setOffline(false);
  await page.getByRole('dialog').getByRole('button', { name: 'Post', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await postSaying(page, 'half a thought').waitFor();
  await openComposer();
  assert.equal(await typed(), '');
  await page.keyboard.press('Escape');
  const posts = (await cast.alice.get(`/api/v1/accounts/${await cast.alice.id()}/statuses`)).body;
  assert.equal(posts.filter((post) => post.content.includes('half a thought')).length, 1);
});

test('the installed client opens without a network and recovers with it', async () => {
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === 'activated');
  await page.context().setOffline(true);
  await page.goto('/home');
  await page.getByText('You are offline.').first().waitFor();
  await page.context().setOffline(false);
  await postSaying(page, 'something to read').waitFor();
});

test('log-out leaves nobody’s drafts behind', async () => {
  await openComposer();
  await page.keyboard.type('a secret');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Your account/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.waitForURL('**/explore');
  assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')).length), 0);
});
