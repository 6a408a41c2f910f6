// Two people in two browsers: one signs up and writes, the other sees it arrive, answers and boosts.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { logInAs, postSaying, writePost } from '../harness/web_client.mjs';
import { makeCast } from '../cast/cast.mjs';

let server, browser, cast, alice, zoe;

before(async () => {
  server = await startServer({ set: { 'registrations.mode': 'open' } });
  cast = await makeCast(server, 'olga', 'alice');
  browser = await startBrowser();
  alice = await openPage(browser, server.url);
  zoe = await openPage(browser, server.url, { size: 'phone', scheme: 'dark' });
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

async function fillSignUp(page, name) {
  await page.goto('/signup');
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('E-mail').fill(`${name}@example.net`);
  await page.getByLabel('Password').fill('a quiet harbour at six');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Create account' }).click();
}

test('somebody signs up and is in', async () => {
  await fillSignUp(zoe, 'zoe');
  await zoe.waitForURL('**/home');
  await zoe.getByText('It is quiet here').waitFor();
});

test('a name that is taken is said at its field, and nothing typed is lost', async () => {
  const page = await openPage(browser, server.url);
  await fillSignUp(page, 'alice');
  await page.locator('.field-wrong').getByLabel('Username').waitFor();
  assert.equal(await page.getByLabel('E-mail').inputValue(), 'alice@example.net');
  await page.context().close();
});

test('she follows somebody from the profile', async () => {
  await zoe.goto('/@alice');
  await zoe.getByRole('button', { name: 'Follow', exact: true }).first().click();
  await zoe.getByRole('button', { name: 'Following', exact: true }).first().waitFor();
});

test('a post arrives in a follower’s home timeline without a reload', async () => {
  await logInAs(alice, cast.alice);
  await zoe.goto('/home');
  await zoe.getByText('It is quiet here').waitFor();
  await writePost(alice, 'The ferry leaves at nine');
  await postSaying(alice, 'The ferry leaves at nine').waitFor();
  await postSaying(zoe, 'The ferry leaves at nine').waitFor();
});

test('a reply is in the thread on the other screen at once, and rings the bell', async () => {
  await postSaying(alice, 'The ferry leaves at nine').locator('.post-time').click();
  await alice.getByRole('heading', { level: 1, name: 'Post by' }).waitFor();
  await postSaying(zoe, 'The ferry leaves at nine').getByRole('button', { name: /^Reply/ }).click();
  const box = zoe.getByRole('textbox', { name: 'Text of the post' });
  await box.waitFor();
  assert.equal(await box.inputValue(), '@alice ');
  await box.pressSequentially('Wait for me');
  await zoe.getByRole('dialog').getByRole('button', { name: 'Reply', exact: true }).click();
  await postSaying(alice, 'Wait for me').waitFor();
  await alice.locator('.side .nav-link[href="/notifications"] .badge').waitFor();
});

test('a boost and a star count, and are told', async () => {
  const there = postSaying(zoe, 'The ferry leaves at nine');
  await there.getByRole('button', { name: /^Boost/ }).click();
  await there.getByRole('button', { name: /^Undo boost/ }).waitFor();
  await there.getByRole('button', { name: /^Favourite/ }).click();
  await there.getByRole('button', { name: /^Remove from favourites/ }).waitFor();
  await alice.goto('/notifications');
  await alice.getByText('boosted your post').waitFor();
  await alice.getByText('gave your post a star').waitFor();
});

test('an edit is on the other screen at once, and its history can be read', async () => {
  await alice.goto('/@alice');
  const mine = postSaying(alice, 'The ferry leaves at nine');
  await mine.getByRole('button', { name: 'More', exact: true }).click();
  await alice.getByRole('menuitem', { name: 'Edit' }).click();
  const box = alice.getByRole('textbox', { name: 'Text of the post' });
  await box.fill('The ferry leaves at ten');
  await alice.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await postSaying(zoe, 'The ferry leaves at ten').waitFor();
  await postSaying(alice, 'The ferry leaves at ten').locator('.post-time').click();
  await alice.locator('.focal-meta').getByText('Edited').click();
  await alice.getByText('The ferry leaves at nine').waitFor();
});

test('a deleted post is gone from the other screen', async () => {
  await alice.goto('/home');
  const mine = postSaying(alice, 'The ferry leaves at ten');
  await mine.getByRole('button', { name: 'More', exact: true }).click();
  await alice.getByRole('menuitem', { name: 'Delete' }).click();
  await alice.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await mine.waitFor({ state: 'detached' });
  // The post and her own boost of it.
  await zoe.locator('article.post', { hasText: 'The ferry leaves at ten' }).first().waitFor({ state: 'detached' });
});

test('nothing went wrong in either browser', () => {
  assert.deepEqual([...alice.errors, ...zoe.errors], []);
});
