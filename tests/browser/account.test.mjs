// One's own account: profile, password by mail, devices, lists, filters, locked accounts, and the end of it.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { startServer } from '../harness/server.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { drawSlowly, logInAs, postSaying } from '../harness/web_client.mjs';
import { eventually, makeCast } from '../cast/cast.mjs';

let server, browser, cast, page;

before(async () => {
  server = await startServer({ set: { 'registrations.mode': 'open', 'registrations.confirm': 'email' } });
  cast = await makeCast(server);
  browser = await startBrowser();
  page = await openPage(browser, server.url);
  await logInAs(page, cast.alice);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

// The link in the newest mail to that address: without a mail server mails are files.
async function linkMailedTo(address, about) {
  return eventually(async () => {
    const folder = path.join(server.dataDir, 'mail');
    for (const name of (await readdir(folder).catch(() => [])).sort().reverse()) {
      const raw = await readFile(path.join(folder, name), 'utf8');
      const text = raw.replace(/=\r?\n/g, '').replace(/=3D/gi, '=');
      const link = new RegExp(`https?://\\S+/${about}\\?token=[\\w.~-]+`).exec(text)?.[0];
      if (text.includes(address) && link) return link;
    }
    return null;
  });
}

test('a profile is changed and seen by others', async () => {
  await page.goto('/settings/profile');
  await page.getByLabel('Display name').fill('Alice of the Yard');
  await page.getByLabel('About you').fill('Wood, tar, early mornings. https://example.org');
  await page.getByLabel('Label 1').fill('Pronouns');
  await page.getByLabel('Content 1').fill('she/her');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
  const other = await openPage(browser, server.url);
  await logInAs(other, cast.bob);
  await other.goto('/@alice');
  await other.getByRole('heading', { level: 1, name: 'Alice of the Yard' }).waitFor();
  await other.getByText('she/her').waitFor();
  await other.context().close();
});

test('a new address has to be confirmed by the link in the mail', async () => {
  const newcomer = await openPage(browser, server.url);
  await newcomer.goto('/signup');
  await newcomer.getByLabel('Username').fill('zoe');
  await newcomer.getByLabel('E-mail').fill('zoe@example.org');
  await newcomer.getByLabel('Password').fill('a quiet harbour at six');
  await newcomer.getByRole('checkbox').check();
  await newcomer.getByRole('button', { name: 'Create account' }).click();
  await newcomer.getByRole('heading', { name: 'Look into your mail' }).waitFor();
  await newcomer.goto(await linkMailedTo('zoe@example.org', 'confirm'));
  await newcomer.getByRole('heading', { name: 'Confirmed' }).waitFor();
  await newcomer.context().close();
});

test('a forgotten password is replaced by mail', async () => {
  const outside = await openPage(browser, server.url);
  await outside.goto('/login');
  await outside.getByRole('link', { name: 'Forgot your password?' }).click();
  await outside.getByLabel('E-mail').fill('bob@example.org');
  await outside.getByRole('button', { name: 'Send me a link' }).click();
  await outside.getByText('a mail is on its way').waitFor();
  await outside.goto(await linkMailedTo('bob@example.org', 'reset'));
  await outside.getByLabel('New password').fill('another quiet harbour');
  await outside.getByRole('button', { name: 'Save' }).click();
  await outside.getByText('Done.').waitFor();
  await logInAs(outside, { name: 'bob', password: 'another quiet harbour' });
  await outside.context().close();
});

test('a device can be logged out from another one', async () => {
  const second = await openPage(browser, server.url);
  await logInAs(second, cast.alice);
  await page.goto('/settings/sessions');
  await page.getByText('This one').waitFor();
  const rows = page.locator('.settings-body ul').first().locator('li');
  assert.equal(await rows.count(), 2);
  await rows.getByRole('button', { name: 'Log out' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click();
  await eventually(() => rows.count(), (count) => count === 1);
  await second.goto('/home');
  await second.waitForURL('**/login*');
  await second.context().close();
});

test('who logs out where pages are drawn slowly is led to Explore, not asked to log in', async () => {
  const slow = await openPage(browser, server.url);
  await logInAs(slow, cast.carol);
  await slow.getByRole('button', { name: /Your account/ }).click();
  await drawSlowly(slow);
  await slow.getByRole('menuitem', { name: 'Log out' }).click();
  await slow.waitForURL('**/explore');
  await slow.getByRole('link', { name: 'Log in' }).first().waitFor();
  await slow.waitForTimeout(1500);
  assert.equal(new URL(slow.url()).pathname, '/explore');
  await slow.context().close();
});

test('who asks to follow a locked account is let in by hand', async () => {
  const carol = await openPage(browser, server.url);
  await logInAs(carol, cast.carol);
  await page.goto('/@carol');
  await page.getByRole('button', { name: 'Follow', exact: true }).first().click();
  await page.getByRole('button', { name: 'Requested' }).first().waitFor();
  await carol.goto('/follow_requests');
  await carol.getByRole('button', { name: 'Accept' }).click();
  await carol.getByText('No requests').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Following', exact: true }).first().waitFor();
  await carol.context().close();
});

test('a list shows just the people on it', async () => {
  await page.goto('/lists');
  await page.getByRole('textbox', { name: 'Name of the new list' }).fill('Yard');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByPlaceholder('Search people you follow').fill('carol');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).waitFor();
  await cast.carol.posts('from the list');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.goto('/lists');
  await page.getByRole('link', { name: 'Yard' }).click();
  await postSaying(page, 'from the list').waitFor();
});

test('a filter folds posts away', async () => {
  await page.goto('/settings/filters/new');
  await page.getByRole('textbox', { name: 'Name' }).fill('Football');
  await page.getByRole('textbox', { name: 'Word or phrase' }).fill('offside');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'Filters' }).waitFor();
  await cast.carol.posts('that was never offside');
  await page.goto('/home');
  await page.getByText('Filtered: Football').waitFor();
  await page.getByRole('button', { name: 'Show anyway' }).click();
  await postSaying(page, 'that was never offside').waitFor();
});

test('somebody blocked is gone from the screen', async () => {
  await cast.dave.posts('dave was here');
  await page.goto('/@dave');
  await page.getByRole('button', { name: /More about dave/ }).click();
  await page.getByRole('menuitem', { name: 'Block dave' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click();
  await page.getByRole('button', { name: 'Unblock' }).first().waitFor();
  await page.goto('/public/local');
  await postSaying(page, 'from the list').or(page.locator('.state')).first().waitFor();
  assert.equal(await page.getByText('dave was here').count(), 0);
});

test('dark stays dark after a reload', async () => {
  await page.goto('/settings/appearance');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.reload();
  await page.getByRole('heading', { name: 'Appearance' }).waitFor();
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
});

test('an account can be deleted, and is gone', async () => {
  await page.goto('/settings/account');
  await page.getByLabel('Type “alice” to confirm').fill('alice');
  await page.locator('.danger-zone').getByLabel('Current password').fill(cast.alice.password);
  await page.getByRole('button', { name: 'Delete everything' }).click();
  await page.waitForURL('**/explore');
  await page.goto('/@alice');
  await page.getByText(/Nobody here|Nothing here/).first().waitFor();
});

test('nothing went wrong', () => assert.deepEqual(page.errors, []));
