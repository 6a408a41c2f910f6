// Files on their way into a post: several at once, pasted, dropped, cut off and taken up again, cancelled, refused, put in order.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, startServer } from '../harness/server.mjs';
import { openPage, seriousFindings, startBrowser } from '../harness/browser.mjs';
import { startLine } from '../harness/cutter.mjs';
import { logInAs, postSaying } from '../harness/web_client.mjs';
import { eventually, makeCast } from '../cast/cast.mjs';
import { clouds, colourNoise, draw } from '../harness/drawings.mjs';

let server, line, browser, cast, page, dir;

before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'freehold-browser-uploads-'));
  const port = await freePort();
  line = await startLine(port);
  server = await startServer({ port, set: { 'server.base_url': line.url } });
  cast = await makeCast(server, 'alice');
  browser = await startBrowser();
  page = await openPage(browser, line.url);
  await logInAs(page, cast.alice);
});
after(async () => {
  await browser?.close();
  await line?.stop();
  await server?.remove();
  rmSync(dir, { recursive: true, force: true });
});

let count = 0;
const drawn = (...args) => draw(path.join(dir, `picture${++count}.png`), ...args);
const big = () => drawn(...colourNoise('1500x1200', count)); // some 5 MB

const dialog = () => page.getByRole('dialog', { name: 'New post' });
const input = () => page.locator('.compose input[type=file][multiple]');
const tiles = () => dialog().locator('.attachment');
const arrived = (n) => page.waitForFunction((wanted) => document.querySelectorAll('.attachment-alt').length === wanted, n, { timeout: 20_000 });

async function compose(text = '') {
  await page.getByRole('button', { name: 'What is on your mind?' }).click();
  await page.getByRole('textbox', { name: 'Text of the post' }).fill(text);
}
async function leave() {
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
}

test('several files are sent at once and stand in the post in the order given by the keyboard', async () => {
  await compose('Three of them');
  await input().setInputFiles([await drawn('-size', '640x480', 'xc:#b5533c'), await drawn('-size', '640x480', 'xc:#2f6b55'), await drawn('-size', '640x480', 'xc:#f6b65b')]);
  await arrived(3);
  assert.deepEqual(await seriousFindings(page), []);
  await page.getByRole('button', { name: 'Move number 3 forward' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Now number 2 of 3').waitFor({ state: 'attached' });
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Move number 2 forward', 'the focus goes along');
  await page.keyboard.press('Enter');
  const shown = await tiles().evaluateAll((all) => all.map((tile) => tile.dataset.key));
  assert.deepEqual(shown.map(Number).map((key, _, all) => key - Math.min(...all)), [2, 0, 1]);
  await dialog().getByRole('button', { name: 'Post', exact: true }).click();
  await dialog().waitFor({ state: 'detached' });
  await postSaying(page, 'Three of them').locator('.picture').nth(2).waitFor();
  const [post] = (await cast.alice.get(`/api/v1/accounts/${await cast.alice.id()}/statuses`)).body;
  const colours = [];
  for (const { url } of post.media_attachments) {
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    colours.push(execFileSync('convert', ['-', '-resize', '1x1!', '-format', '%[fx:int(255*r+0.5)]', 'info:'], { input: bytes }).toString());
  }
  assert.deepEqual(colours.map(Number).map((red) => (red > 220 ? 'lamp' : red > 120 ? 'clay' : 'pine')), ['lamp', 'clay', 'pine']);
});

test('a tile is dragged before another', async () => {
  await compose();
  await input().setInputFiles([await drawn('-size', '300x200', 'xc:#b5533c'), await drawn('-size', '300x200', 'xc:#2f6b55')]);
  await arrived(2);
  const before = await tiles().evaluateAll((all) => all.map((tile) => tile.dataset.key));
  await tiles().nth(1).dragTo(tiles().nth(0));
  assert.deepEqual(await tiles().evaluateAll((all) => all.map((tile) => tile.dataset.key)), before.reverse());
  await leave();
});

// A file made in the page, brought there as if pasted or dropped.
const bring = (kind) =>
  page.evaluate(async (type) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    canvas.getContext('2d').fillRect(8, 8, 20, 20);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve));
    const data = new DataTransfer();
    data.items.add(new File([blob], 'brought.png', { type: 'image/png' }));
    const target = document.querySelector(type === 'paste' ? '.editor-text' : '.compose-form');
    const event = type === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
    target.dispatchEvent(event);
  }, kind);

test('what is pasted or dropped is attached', async () => {
  await compose();
  await bring('paste');
  await arrived(1);
  await bring('drop');
  await arrived(2);
  await leave();
});

test('a phone offers its camera', async () => {
  const phone = await openPage(browser, line.url, { size: 'phone' });
  await logInAs(phone, cast.alice);
  await phone.getByRole('button', { name: /new post|What is on your mind/i }).first().click();
  const camera = phone.locator('.compose input[capture]');
  assert.equal(await camera.getAttribute('capture'), 'environment');
  await camera.setInputFiles(await drawn(...clouds('200x300', count)));
  await phone.getByRole('button', { name: 'Describe this picture' }).waitFor();
  await phone.context().close();
});

// How much of the files on their way the server has.
function reached() {
  const folder = path.join(server.dataDir, 'uploads');
  return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}

test('a file goes on where it was when the connection comes back', async () => {
  const offsets = [];
  page.on('request', (request) => request.method() === 'PATCH' && offsets.push(Number(request.headers()['upload-offset'])));
  await compose('Through a tunnel');
  line.slow(1_500_000);
  await input().setInputFiles(await big());
  await eventually(() => reached(), (bytes) => bytes > 1_000_000, 20_000);
  assert.match(await tiles().first().locator('.attachment-state').innerText(), /^\d\d\s?%/);
  line.cut();
  await dialog().getByText('Waiting for the connection').waitFor();
  await new Promise((resolve) => setTimeout(resolve, 700));
  line.slow(0);
  line.mend();
  await arrived(1);
  assert.equal(offsets.length, 2, `it was sent in ${offsets.length} stretches`);
  assert.equal(offsets[0], 0);
  assert.ok(offsets[1] > 1_000_000, `it went on at ${offsets[1]}`);
  await dialog().getByRole('button', { name: 'Post', exact: true }).click();
  await postSaying(page, 'Through a tunnel').locator('.picture-loaded').waitFor();
});

test('a file that is cancelled on its way leaves nothing on the server', async () => {
  await compose();
  line.slow(500_000);
  const gone = page.waitForResponse((response) => response.request().method() === 'DELETE' && response.url().includes('/uploads/'));
  await input().setInputFiles(await big());
  await page.waitForFunction(() => document.querySelector('.attachment progress')?.value > 0.05);
  await page.getByRole('button', { name: /^Cancel picture/ }).click();
  await tiles().first().waitFor({ state: 'detached' });
  assert.equal((await gone).status(), 204);
  assert.equal(reached(), 0);
  line.slow(0);
  await leave();
});

test('a file that is refused says why in its place and can be tried again, and the others are not held up', async () => {
  await compose();
  const broken = { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('not really a picture') };
  await input().setInputFiles(broken);
  await dialog().getByText(/not a picture/).waitFor();
  await input().setInputFiles(await drawn(...clouds('100x100', count)));
  await arrived(1);
  assert.deepEqual(await seriousFindings(page), []);
  const answer = page.waitForResponse((response) => response.url().endsWith('/uploads') && response.status() === 422);
  await dialog().getByRole('button', { name: 'Try again' }).click();
  await answer;
  await dialog().getByText(/not a picture/).waitFor();
  assert.equal(await dialog().getByRole('button', { name: 'Post', exact: true }).isDisabled(), true);
  await page.getByRole('button', { name: 'Remove picture' }).first().click();
  assert.equal(await dialog().getByRole('button', { name: 'Post', exact: true }).isDisabled(), false);
  await leave();
});

test('nothing went wrong', () => assert.deepEqual(page.errors, []));
