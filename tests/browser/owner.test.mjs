// The first day of a network: the owner's link, a newcomer who asks to join, an invitation, a report, a decision, the log of it.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { logInAs, postSaying, writePost } from '../harness/web_client.mjs';

const password = 'a quiet harbour at six';
let server, browser, olga, nina, kim, inviteLink;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  olga = await openPage(browser, server.url);
  nina = await openPage(browser, server.url, { size: 'phone' });
  kim = await openPage(browser, server.url);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

test('the printed link makes its opener the owner', async () => {
  const link = /http:\/\/\S+\/setup\?token=\S+/.exec(server.log)?.[0];
  assert.ok(link, 'the server prints a link');
  await olga.goto(link);
  await olga.getByLabel('Name of the site').fill('Harbour Lane');
  await olga.getByLabel('In one sentence').fill('The people around the old harbour.');
  await olga.getByRole('radio', { name: /By approval/ }).check();
  await olga.getByLabel('Username').fill('olga');
  await olga.getByLabel('E-mail').fill('olga@example.org');
  await olga.getByLabel('Password').fill(password);
  await olga.getByRole('button', { name: 'Open the doors' }).click();
  await olga.waitForURL('**/home');
  await olga.getByRole('link', { name: 'Moderation' }).waitFor();
  assert.match(await olga.title(), /Harbour Lane/);
});

test('the link works once', async () => {
  await kim.goto(/http:\/\/\S+\/setup\?token=\S+/.exec(server.log)[0]);
  await kim.getByRole('heading', { name: 'Already set up' }).waitFor();
});

test('a newcomer asks to join, waits, is let in', async () => {
  await nina.goto('/signup');
  await nina.getByLabel('Username').fill('nina');
  await nina.getByLabel('E-mail').fill('nina@example.org');
  await nina.getByLabel('Password').fill(password);
  await nina.getByLabel('Why would you like to join?').fill('I live two doors from the chandlery.');
  await nina.getByRole('checkbox').check();
  await nina.getByRole('button', { name: 'Ask to join' }).click();
  await nina.getByRole('heading', { name: 'Thank you' }).waitFor();

  await nina.goto('/login');
  await nina.getByLabel('Username or e-mail').fill('nina');
  await nina.getByLabel('Password').fill(password);
  await nina.getByRole('button', { name: 'Log in' }).click();
  await nina.getByText('Your account is still waiting to be approved.').waitFor();

  await olga.goto('/moderation/pending');
  await olga.getByText('I live two doors from the chandlery.').waitFor();
  await olga.getByRole('button', { name: 'Approve' }).click();
  await olga.getByText('@nina is in').waitFor();

  await nina.getByRole('button', { name: 'Log in' }).click();
  await nina.waitForURL('**/home');
});

test('an invitation lets a friend in at once', async () => {
  await olga.goto('/settings/invites');
  await olga.getByRole('button', { name: 'Create link' }).click();
  inviteLink = await olga.locator('.invite-url').first().innerText();
  await kim.goto(inviteLink);
  await kim.getByLabel('Username').fill('kim');
  await kim.getByLabel('E-mail').fill('kim@example.org');
  await kim.getByLabel('Password').fill(password);
  await kim.getByRole('checkbox').check();
  await kim.getByRole('button', { name: /Ask to join|Create account/ }).click();
  await kim.waitForURL('**/home');
});

test('a post is reported, its author warned, and everything is in the log', async () => {
  await writePost(kim, 'Buy my miracle varnish');
  await nina.goto('/public/local');
  await postSaying(nina, 'Buy my miracle varnish').getByRole('button', { name: 'More', exact: true }).click();
  await nina.getByRole('menuitem', { name: 'Report kim' }).click();
  await nina.getByLabel('Anything else the moderators should know?').fill('the same varnish every day');
  await nina.getByRole('button', { name: 'Send report' }).click();
  await nina.getByText('Thank you. The moderators will look at it.').waitFor();

  await olga.goto('/moderation');
  await olga.getByText('the same varnish every day').click();
  await olga.getByText('Buy my miracle varnish').waitFor();
  await olga.getByRole('button', { name: 'Act', exact: true }).click();
  await olga.getByRole('radio', { name: /Limit/ }).check();
  await olga.getByLabel('Words to the person').fill('Please keep the varnish to yourself.');
  await olga.getByRole('dialog').getByRole('button', { name: 'Limit' }).click();
  await olga.getByText('Done').waitFor();
  await olga.goto('/moderation');
  await olga.getByText('No reports').waitFor();
  await olga.goto('/moderation/audit');
  await olga.locator('.audit-row', { hasText: 'kim' }).first().waitFor();
});

test('rules and the name of the site are set and shown', async () => {
  await olga.goto('/moderation/site');
  await olga.getByLabel('Name of the site').fill('Harbour Street');
  await olga.getByRole('button', { name: 'Add a rule' }).click();
  await olga.getByRole('textbox', { name: 'Rule 1' }).fill('Be kind.');
  await olga.getByRole('button', { name: 'Save' }).click();
  await olga.getByText('Saved').waitFor();
  await nina.goto('/about');
  await nina.getByText('Be kind.').waitFor();
  await nina.getByRole('heading', { name: 'About Harbour Street' }).waitFor();
});

test('who may not moderate does not find the pages', async () => {
  await nina.goto('/moderation');
  await nina.getByRole('heading', { name: 'Nothing here' }).waitFor();
  assert.equal(await nina.getByRole('link', { name: 'Moderation' }).count(), 0);
});

test('mail domains and addresses can be blocked and freed', async () => {
  await olga.goto('/moderation/mail-domains');
  await olga.getByLabel('Domain').fill('spam.example');
  await olga.getByRole('button', { name: 'Block', exact: true }).click();
  await olga.getByRole('button', { name: 'Unblock spam.example' }).click();
  await olga.getByText('No mail domains are blocked').waitFor();
  await olga.goto('/moderation/addresses');
  await olga.getByLabel('Address or range').fill('203.0.113.0/24');
  await olga.getByRole('button', { name: 'Block', exact: true }).click();
  await olga.getByRole('button', { name: 'Unblock 203.0.113.0/24' }).click();
  await olga.getByText('No addresses are blocked').waitFor();
});

test('nothing went wrong in any browser', () => assert.deepEqual([...olga.errors, ...nina.errors, ...kim.errors], []));
