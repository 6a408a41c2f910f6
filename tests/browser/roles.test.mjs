// Roles given and taken in the web client, and an address confirmed by hand where the mail did not arrive.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, seriousFindings, startBrowser } from '../harness/browser.mjs';
import { logInAs } from '../harness/web_client.mjs';
import { makeCast } from '../cast/cast.mjs';
import { Visitor, goodSignUp } from '../cast/visitor.mjs';

let server, browser, cast, olga;

before(async () => {
  server = await startServer({ set: { 'registrations.mode': 'open', 'registrations.confirm': 'email' } });
  cast = await makeCast(server, 'olga', 'mona', 'alice');
  browser = await startBrowser();
  olga = await openPage(browser, server.url);
  await logInAs(olga, cast.olga);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const accountPage = async (person) => `/moderation/accounts/${await person.id()}`;

test('a moderator finds whose mail did not arrive and confirms the address', async () => {
  const una = new Visitor(server);
  assert.equal((await una.own('POST', 'signup', goodSignUp('una'))).body.state, 'unconfirmed');
  const mona = await openPage(browser, server.url, { size: 'phone' });
  await logInAs(mona, cast.mona);
  await mona.goto('/moderation/accounts');
  await mona.getByRole('button', { name: 'Not confirmed' }).click();
  await mona.getByRole('link', { name: /una@example\.org/ }).click();
  await mona.getByRole('button', { name: 'Confirm e-mail' }).click();
  await mona.getByRole('button', { name: 'Confirm e-mail' }).waitFor({ state: 'detached' });
  assert.equal((await una.logIn('una', 'a long password')).status, 200);
  assert.equal(await mona.getByRole('button', { name: 'Change role' }).count(), 0, 'a moderator gives no roles');
  assert.deepEqual(mona.errors, []);
});

test('an owner makes a moderator with the keyboard alone, and nothing serious is found on the way', async () => {
  await olga.goto(await accountPage(cast.alice));
  const change = olga.getByRole('button', { name: 'Change role' });
  await change.focus();
  await olga.keyboard.press('Enter');
  await olga.getByRole('dialog', { name: 'Role of alice' }).waitFor();
  assert.deepEqual(await seriousFindings(olga), []);
  await olga.getByRole('radio', { name: /^Member/ }).focus();
  await olga.keyboard.press('ArrowDown');
  await olga.keyboard.press('Enter');
  await olga.getByText('alice is now: Moderator').waitFor();
  assert.equal(await change.evaluate((button) => button === document.activeElement), true, 'the focus is back');
  await olga.locator('.facts', { hasText: 'Moderator' }).waitFor();
  const alice = await openPage(browser, server.url);
  await logInAs(alice, cast.alice);
  await alice.getByRole('link', { name: 'Moderation' }).waitFor();
});

test('the log says who made whom what', async () => {
  await olga.goto('/moderation/audit');
  const row = olga.locator('.audit-row', { hasText: 'changed the role of' }).first();
  await row.waitFor();
  assert.match(await row.innerText(), /olga changed the role of alice\s+Moderator/);
});

test('the last owner is told why they must stay one, in their language', async () => {
  for (const [locale, names] of [
    ['en-GB', { change: 'Change role', member: /^Member/, save: 'Save', why: /there is always an owner/, logIn: ['Username or e-mail', 'Password', 'Log in'] }],
    ['de-DE', { change: 'Rolle ändern', member: /^Mitglied/, save: 'Speichern', why: /Die Leitung bleibt immer besetzt/, logIn: ['Benutzername oder E-Mail', 'Passwort', 'Anmelden'] }],
  ]) {
    const page = await openPage(browser, server.url, { locale });
    await page.goto('/login');
    await page.getByLabel(names.logIn[0]).fill('olga');
    await page.getByLabel(names.logIn[1]).fill(cast.olga.password);
    await page.getByRole('button', { name: names.logIn[2] }).click();
    await page.waitForURL('**/home');
    await page.goto(await accountPage(cast.olga));
    await page.getByRole('button', { name: names.change }).click();
    await page.getByRole('radio', { name: names.member }).check();
    await page.getByRole('button', { name: names.save }).click();
    await page.getByRole('alert').filter({ hasText: names.why }).waitFor();
    assert.deepEqual(page.errors, []);
    await page.context().close();
  }
});

test('an owner who steps down beside another one leaves the pages they may not see any more', async () => {
  await olga.goto(await accountPage(cast.alice));
  await olga.getByRole('button', { name: 'Change role' }).click();
  await olga.getByRole('radio', { name: /^Owner/ }).check();
  await olga.getByRole('button', { name: 'Save' }).click();
  await olga.getByText('alice is now: Owner').waitFor();
  await olga.goto(await accountPage(cast.olga));
  await olga.getByRole('button', { name: 'Change role' }).click();
  await olga.getByRole('radio', { name: /^Member/ }).check();
  await olga.getByRole('button', { name: 'Save' }).click();
  await olga.getByRole('heading', { name: 'Nothing here' }).waitFor();
  assert.equal(await olga.getByRole('link', { name: 'Moderation' }).count(), 0);
});

test('nothing went wrong', () => assert.deepEqual(olga.errors, []));
