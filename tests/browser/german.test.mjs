// The whole client in German: by the browser's wish, and by one's own.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { logInAs } from '../harness/web_client.mjs';
import { eventually, makeCast } from '../cast/cast.mjs';

let server, browser, cast;

before(async () => {
  server = await startServer();
  cast = await makeCast(server, 'alice');
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

test('a German browser gets a German page that says it is German', async () => {
  const page = await openPage(browser, server.url, { locale: 'de-DE' });
  await page.goto('/login');
  await page.getByRole('heading', { name: 'Willkommen zurück' }).waitFor();
  assert.equal(await page.getAttribute('html', 'lang'), 'de');
  await page.getByLabel('Benutzername oder E-Mail').fill('alice');
  await page.getByLabel('Passwort').fill('wrong');
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByText('Der Name oder das Passwort ist falsch.').waitFor();
  await page.context().close();
});

test('the language chosen in the settings holds at once, and in another browser', async () => {
  const page = await openPage(browser, server.url);
  await logInAs(page, cast.alice);
  await page.goto('/settings/appearance');
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('heading', { name: 'Aussehen' }).waitFor();
  await eventually(async () => (await cast.alice.get('/api/freehold/v1/settings')).body.locale === 'de');
  const other = await openPage(browser, server.url);
  await other.goto('/login');
  await other.getByLabel('Username or e-mail').fill('alice');
  await other.getByLabel('Password').fill(cast.alice.password);
  await other.getByRole('button', { name: 'Log in' }).click();
  await other.getByRole('heading', { name: 'Start', level: 1 }).waitFor();
});
