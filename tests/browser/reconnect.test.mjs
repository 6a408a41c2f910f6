// The network between page and server comes and goes; the page catches up by itself.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { logInAs, postSaying } from '../harness/web_client.mjs';
import { makeCast } from '../cast/cast.mjs';

let server, browser, cast, page;

before(async () => {
  server = await startServer();
  cast = await makeCast(server, 'alice', 'bob');
  await cast.alice.follows(cast.bob);
  browser = await startBrowser();
  page = await openPage(browser, server.url);
  await logInAs(page, cast.alice);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

test('what was written while the server was away from the page is there afterwards', async () => {
  await cast.bob.posts('before the break');
  await postSaying(page, 'before the break').waitFor();
  await server.stop();
  await server.start();
  await cast.bob.posts('during the break');
  await postSaying(page, 'during the break').waitFor({ timeout: 20_000 });
  await cast.bob.posts('after the break');
  await postSaying(page, 'after the break').waitFor();
});

test('further down, new posts wait behind a pill and do not move the page', async () => {
  for (let i = 0; i < 12; i++) await cast.bob.posts(`filler ${i}\n\none line\n\nand another`);
  await postSaying(page, 'filler 11').waitFor();
  await page.evaluate(() => scrollTo(0, 900));
  const before = await page.evaluate(() => scrollY);
  await cast.bob.posts('held back');
  const pill = page.getByRole('button', { name: '1 new post' });
  await pill.waitFor();
  assert.equal(await page.evaluate(() => scrollY), before);
  await pill.click();
  await postSaying(page, 'held back').waitFor();
});

test('a session ended elsewhere leads to the log-in at the next step', async () => {
  const other = await openPage(browser, server.url);
  await logInAs(other, cast.alice);
  await other.goto('/settings/sessions');
  await other.locator('.settings-body ul').first().getByRole('button', { name: 'Log out' }).first().click();
  await other.getByRole('dialog').getByRole('button', { name: 'Log out' }).click();
  await other.getByRole('dialog').waitFor({ state: 'detached' });
  await other.context().close();
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
});

/** Lets the page speak to the stream from `open()` on. */
async function streamHeld(slow) {
  let open;
  const held = new Promise((resolve) => (open = resolve));
  await slow.routeWebSocket('**/api/v1/streaming', (socket) => {
    const onward = socket.connectToServer();
    socket.onMessage(async (message) => {
      await held;
      onward.send(message);
    });
  });
  return open;
}

test('what is written before the stream has begun is there as soon as it has', async () => {
  const slow = await openPage(browser, server.url);
  const open = await streamHeld(slow);
  await logInAs(slow, cast.alice);
  await postSaying(slow, 'held back').waitFor();
  await cast.bob.posts('between page and stream');
  open();
  await postSaying(slow, 'between page and stream').waitFor();
  assert.deepEqual(slow.errors, []);
  await slow.context().close();
});

for (const way of ['edited', 'deleted'])
  test(`an answer that was under way while a post was ${way} does not bring back what it was`, async () => {
    const slow = await openPage(browser, server.url);
    const open = await streamHeld(slow);
    const post = await cast.bob.posts(`to be ${way}`);
    await logInAs(slow, cast.alice);
    await postSaying(slow, `to be ${way}`).waitFor();
    let arrive;
    const arrival = new Promise((resolve) => (arrive = resolve));
    const underWay = new Promise((resolve) =>
      slow.route('**/api/v1/timelines/home*', async (route) => {
        const response = await route.fetch();
        resolve();
        await arrival;
        await route.fulfill({ response });
      }),
    );
    open();
    await underWay;
    if (way === 'edited') await cast.bob.request('PUT', `/api/v1/statuses/${post.id}`, { status: 'another text' });
    else await cast.bob.request('DELETE', `/api/v1/statuses/${post.id}`);
    await postSaying(slow, `to be ${way}`).waitFor({ state: 'detached' });
    const late = slow.waitForResponse('**/api/v1/timelines/home*');
    arrive();
    await (await late).finished();
    await slow.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
    assert.equal(await postSaying(slow, `to be ${way}`).count(), 0);
    assert.equal(await postSaying(slow, 'another text').count(), 1);
    await slow.context().close();
  });

test('nothing went wrong', () => assert.deepEqual(page.errors, []));
