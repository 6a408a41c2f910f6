// Signing up where a telephone counts: the number, the code, another code, and coming back later.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, seriousFindings, startBrowser } from '../harness/browser.mjs';
import { startGateway } from '../harness/sms_gateway.mjs';
import { eventually } from '../cast/cast.mjs';

let server, browser, gateway;

before(async () => {
  gateway = await startGateway({ token: 'ours' });
  server = await startServer({ set: { 'registrations.mode': 'open', 'registrations.confirm': 'phone', 'sms.route': gateway.route } });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.remove();
  await gateway?.stop();
});

const newcomer = async (name, phone) => {
  const page = await openPage(browser, server.url);
  await page.goto('/signup');
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('E-mail').fill(`${name}@example.org`);
  await page.getByLabel('Telephone').fill(phone);
  await page.getByLabel('Password').fill('a quiet harbour at six');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Create account' }).click();
  return page;
};
const typeIn = async (page, code) => {
  await page.getByLabel('Six digits').fill(code);
  await page.getByRole('button', { name: 'Confirm' }).click();
};

test('a number, a code, and one is in', async () => {
  const page = await newcomer('zoe', '0151 1234');
  await page.getByText("is not a number with + and its country's code").waitFor();
  await page.getByLabel('Telephone').fill('+49 151 12360001');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Type in the code' }).waitFor();
  await page.getByText('with six digits to +49 151 12360001').waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  const field = page.getByLabel('Six digits');
  assert.deepEqual([await field.getAttribute('autocomplete'), await field.getAttribute('inputmode')], ['one-time-code', 'numeric']);
  const { code } = await gateway.brings('+4915112360001');
  await typeIn(page, code === '000000' ? '111111' : '000000');
  await page.getByText('is wrong').waitFor();
  await typeIn(page, code);
  await page.waitForURL('**/home');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('another code can go to another number', async () => {
  const page = await newcomer('yara', '+49 151 12360002');
  const first = await gateway.brings('+4915112360002');
  await page.getByRole('button', { name: 'Nothing came? Send another code' }).click();
  await page.getByLabel('Telephone').fill('+49 151 12360003');
  await page.getByRole('button', { name: 'Send a code' }).click();
  await page.getByText('Another code is on its way to +49 151 12360003').waitFor();
  const { code } = await gateway.brings('+4915112360003');
  if (first.code !== code) {
    await typeIn(page, first.code);
    await page.getByText('is wrong').waitFor();
  }
  await typeIn(page, code);
  await page.waitForURL('**/home');
  await page.context().close();
});

test('who comes back later is asked for the code at the log-in, and told when none can be sent', async () => {
  gateway.sick = true;
  const page = await newcomer('xenia', '+49 151 12360004');
  await page.getByRole('heading', { name: 'Type in the code' }).waitFor();
  await eventually(async () => (await (await server.fetch('/api/freehold/v1/session')).json()).site.sms_delayed, Boolean, 30_000);
  await page.goto('/login');
  await page.getByLabel('Username or e-mail').fill('xenia');
  await page.getByLabel('Password').fill('a quiet harbour at six');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('No text message leaves this network at the moment').waitFor();
  await typeIn(page, '123456');
  await page.getByText('No code is good at the moment').waitFor();
  gateway.sick = false;
  const { code } = await gateway.brings('+4915112360004', 1, 90_000);
  await typeIn(page, code);
  await page.waitForURL('**/home');
  await page.context().close();
});

test('all of it is there in German', async () => {
  const page = await openPage(browser, server.url, { locale: 'de-DE' });
  await page.goto('/signup');
  await page.getByLabel('Benutzername').fill('wanda');
  await page.getByLabel('E-Mail').fill('wanda@example.org');
  await page.getByLabel('Telefon').fill('+49 151 12360005');
  await page.getByLabel('Passwort').fill('ein stiller Hafen um sechs');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Konto anlegen' }).click();
  await page.getByRole('heading', { name: 'Gib den Code ein' }).waitFor();
  const { text, code } = await gateway.brings('+4915112360005');
  assert.match(text, /ist dein Code für/);
  await page.getByLabel('Sechs Ziffern').fill(code);
  await page.getByRole('button', { name: 'Bestätigen' }).click();
  await page.waitForURL('**/home');
  await page.context().close();
});
