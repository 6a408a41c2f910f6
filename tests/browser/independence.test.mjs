// The owner's page "Independence": what it says, in two languages, to whom, and that it looks again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { Visitor } from '../cast/visitor.mjs';
import { openPage, seriousFindings, startBrowser } from '../harness/browser.mjs';
import { startMailServer } from '../harness/mail_server.mjs';
import { freePort, startServer } from '../harness/server.mjs';
import { Standby, cleanUp } from '../harness/standby.mjs';
import { logInAs } from '../harness/web_client.mjs';

let server, browser, cast, mails;

before(async () => {
  mails = await startMailServer({ user: 'us', password: 'ours' });
  const port = await freePort();
  server = await startServer({ port, set: { 'server.base_url': `http://127.0.0.1:${port}`, 'mail.route': `${mails.wholeRoute}, sendmail:/bin/true`, 'mail.ca_file': mails.ca } });
  cast = await makeCast(server, 'olga', 'mona');
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await cleanUp();
  await server?.remove();
  await mails?.remove();
});

const party = (page, title) => page.locator('li.party', { has: page.getByRole('heading', { name: title }) });

test('an owner sees each party, what stops and what to do, and asks again when a mail server has gone', async () => {
  const page = await openPage(browser, server.url, { size: 'phone', scheme: 'dark' });
  await logInAs(page, cast.olga);
  await page.goto('/moderation');
  await page.getByRole('link', { name: 'Independence' }).click();
  const mail = party(page, 'Mail');
  await mail.waitFor();
  assert.match(await mail.innerText(), new RegExp(`smtp://us@127\\.0\\.0\\.1:${mails.port} answers\\.`));
  assert.match(await mail.innerText(), /If it goes\s+Confirmations and new passwords wait/);
  assert.match(await mail.innerText(), /Today\s+Have routes at two providers/);
  assert.match(await party(page, 'Public address').innerText(), /Well/);
  await mails.stop();
  await page.getByRole('button', { name: 'Ask again' }).click();
  await mail.getByText('does not answer, and the others carry its mails').waitFor();
  await mail.getByText('To do').waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  assert.ok(!(await page.content()).includes(':ours'));
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('an owner sees how the last rehearsal of leaving went, and how long each step took', async () => {
  const page = await openPage(browser, server.url, { size: 'desktop', scheme: 'light' });
  await logInAs(page, cast.olga);
  await page.goto('/moderation/independence');
  await party(page, 'Rehearsal of leaving').getByText('Nobody has tried yet').waitFor();
  const last = page.locator('.drill');
  assert.equal(await last.count(), 0);
  const done = await server.cli('drill');
  assert.equal(done.code, 0, done.stderr);
  await page.reload();
  await last.waitFor();
  assert.match(await last.innerText(), /a copy of this network was made, opened and tried\.\s+[\d,]+ rows and \d+ files were copied; \d+ rows drawn at random were compared, and all were there/);
  for (const step of ['Copied', 'Opened', 'First new post']) assert.match(await last.locator('div', { hasText: step }).last().innerText(), /\d s$/);
  await party(page, 'Rehearsal of leaving').getByText('It worked today').waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('an owner sees backups, standbys with their lag, and media on their way, as they are now', async () => {
  const page = await openPage(browser, server.url, { size: 'phone', scheme: 'light' });
  await logInAs(page, cast.olga);
  await page.goto('/moderation/independence');
  await party(page, 'Standby').waitFor();
  const copies = page.locator('.copies');
  assert.equal(await copies.count(), 0);
  const standby = await Standby.make(server, 'sqlite');
  await standby.join();
  await copies.getByRole('heading', { name: 'Standby other-home' }).waitFor();
  await copies.getByText(/It follows, [\d.]+ s behind\./).waitFor({ timeout: 20_000 });
  await copies.getByRole('img', { name: /Seconds behind over time/ }).waitFor();
  await standby.stop();
  await cast.mona.posts('while it is away');
  await copies.getByText(/It follows, [2-9][\d.]* s behind\./).waitFor({ timeout: 20_000 });
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(page.errors, []);
  assert.equal((await server.cli('standby', 'revoke', 'other-home')).code, 0);
  await copies.waitFor({ state: 'detached' });
  await page.context().close();
});

test('in German it is German', async () => {
  const page = await openPage(browser, server.url, { size: 'desktop', scheme: 'light', locale: 'de-DE' });
  const olga = new Visitor(server);
  await olga.logIn('olga', cast.olga.password);
  await page.context().addCookies([...olga.cookies].map(([name, value]) => ({ name, value, url: server.url })));
  await page.goto('/moderation/independence');
  const mail = party(page, 'Mail');
  await mail.waitFor();
  assert.match(await mail.innerText(), /Wenn es ausfällt\s+Bestätigungen und neue Passwörter warten/);
  assert.match(await party(page, 'Öffentliche Adresse').innerText(), /antwortet\./);
  const words = await page.locator('main').innerText();
  assert.doesNotMatch(words, /\b(answers|is a part of|Nobody|keeps the clock)\b/);
  assert.deepEqual(await seriousFindings(page), []);
  await page.context().close();
});

test('a moderator is not offered it and does not get it', async () => {
  const page = await openPage(browser, server.url, { size: 'desktop', scheme: 'light' });
  await logInAs(page, cast.mona);
  await page.goto('/moderation');
  await page.getByRole('link', { name: 'Audit log' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Independence' }).count(), 0);
  await page.goto('/moderation/independence');
  await page.locator('#app .frame h1').first().waitFor();
  assert.equal(await page.locator('li.party').count(), 0);
  await page.context().close();
});
