// Import and export in the web client: a list comes in with its report, an archive is made and downloaded.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { logInAs } from '../harness/web_client.mjs';

let server, browser, cast, page, dir;

before(async () => {
  server = await startServer();
  cast = await makeCast(server, 'alice', 'bob');
  browser = await startBrowser();
  page = await openPage(browser, server.url);
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-bring-'));
  await logInAs(page, cast.alice);
});
after(async () => {
  await browser?.close();
  await server?.remove();
  await rm(dir, { recursive: true, force: true });
});

test('a list comes in, and what was not taken is told', async () => {
  const file = path.join(dir, 'following_accounts.csv');
  await writeFile(file, `Account address,Show boosts\nbob@${new URL(server.url).host},true\nnobody@elsewhere.example,true\n`);
  await page.goto('/settings');
  await page.getByRole('link', { name: /Import and export/ }).click();
  await page.getByText('Nothing brought or taken along yet').waitFor();
  await page.getByLabel('What is it?').selectOption('follows');
  await page.getByLabel('File').setInputFiles(file);
  await page.getByRole('button', { name: 'Bring in' }).click();
  await page.getByText('1 new, 0 here already, 1 not taken').waitFor();
  await page.getByRole('button', { name: 'What was not taken, and why' }).click();
  await page.getByText('No. 3: nobody@elsewhere.example: the account is of another network, elsewhere.example').waitFor();
  assert.equal((await cast.alice.get(`/api/v1/accounts/relationships?id[]=${await cast.bob.id()}`)).body[0].following, true);
});

test('an archive is made with progress, and downloads whole', async () => {
  await cast.alice.posts('take this along');
  await page.getByRole('button', { name: 'Make an archive' }).click();
  const link = page.getByRole('link', { name: /^Download \(/ });
  await link.waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  assert.match(download.suggestedFilename(), /^archive-\d+\.zip$/);
  const file = path.join(dir, 'own.zip');
  await download.saveAs(file);
  const { stdout } = await promisify(execFile)('python3', ['-c', 'import sys,zipfile; print(zipfile.ZipFile(sys.argv[1]).read("outbox.json").decode())', file]);
  assert.equal(JSON.parse(stdout).orderedItems[0].object.source.content, 'take this along');
  await page.getByLabel('Form').selectOption('account');
  await page.getByRole('button', { name: 'Make an archive' }).click();
  await page.getByText('Your archive, as Freehold keeps it').waitFor();
  const [own] = await Promise.all([page.waitForEvent('download'), page.getByRole('listitem').filter({ hasText: 'as Freehold keeps it' }).getByRole('link', { name: /^Download \(/ }).click()]);
  assert.match(own.suggestedFilename(), /^account-\d+\.tar\.zst$/);
  await page.getByRole('button', { name: 'Remove from this list' }).first().click();
  await page.getByText('Your archive, as Freehold keeps it').waitFor({ state: 'detached' });
  const [list] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Whom you follow' }).click()]);
  assert.equal(list.suggestedFilename(), 'following_accounts.csv');
  await page.getByRole('button', { name: 'Remove from this list' }).first().click();
  await link.waitFor({ state: 'detached' });
});
