// The web client remembers the newest home of its network, and tells an old one, to which the name still leads, that it is one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { startServer } from '../harness/server.mjs';
import { logInAs, postSaying, writePost } from '../harness/web_client.mjs';

let server, browser, alice, page;
before(async () => {
  server = await startServer();
  ({ alice } = await makeCast(server, 'alice'));
  browser = await startBrowser();
  page = await openPage(browser, server.url);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

// The same address leads to a home that the network has moved to so often.
async function becomeHome(times) {
  await server.stop();
  await server.sql(times ? `INSERT INTO site (key, value) VALUES ('epoch', '${times}') ON CONFLICT (key) DO UPDATE SET value = excluded.value` : "DELETE FROM site WHERE key = 'epoch'");
  await server.start();
}
const kept = () => page.evaluate(() => localStorage.getItem('freehold.epoch'));
const sent = [];

test('on a network that never moved nothing is kept and nothing is sent', async () => {
  page.on('request', (request) => request.method() !== 'GET' && sent.push(request.headers()['freehold-epoch'] ?? null));
  await logInAs(page, alice);
  await writePost(page, 'at the first home');
  await postSaying(page, 'at the first home').waitFor();
  assert.equal(await kept(), null);
  assert.ok(sent.length >= 2);
  assert.deepEqual([...new Set(sent)], [null]);
});

test('what the new home says is kept and shown with what is written', async () => {
  await becomeHome(1);
  await page.reload();
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  const word = (await server.fetch('/api/v2/instance')).headers.get('freehold-epoch');
  assert.match(word, /^1 [\w-]{32}$/);
  assert.equal(await kept(), word);
  sent.length = 0;
  await writePost(page, 'at the second home');
  await postSaying(page, 'at the second home').waitFor();
  assert.ok(sent.length >= 1);
  assert.deepEqual([...new Set(sent)], [word]);
});

test('the old home, met once more, takes no more writes from then on, of anybody', async () => {
  const word = await kept();
  await page.goto('about:blank');
  await becomeHome(0);
  assert.equal((await alice.post('/api/v1/statuses', { status: 'nobody told it' })).status, 200);
  await page.goto('/home');
  await page.getByRole('button', { name: 'What is on your mind?' }).click();
  const window = page.getByRole('dialog', { name: 'New post' });
  await window.getByRole('textbox', { name: 'Text of the post' }).fill('not here');
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/api/v1/statuses'));
  await window.getByRole('button', { name: 'Post', exact: true }).click();
  assert.equal((await answered).status(), 503);
  assert.equal(await window.getByRole('textbox', { name: 'Text of the post' }).inputValue(), 'not here');
  assert.equal(await kept(), word);
  const refused = await alice.post('/api/v1/statuses', { status: 'x' });
  assert.equal(refused.status, 503);
  assert.match(refused.body.error, /another machine/);
  assert.equal(await server.sql("SELECT count(*) FROM status WHERE text = 'not here'"), '0');
});
