// What can be in a post: pictures with descriptions, polls, warnings, mentions and emoji by their first letters, the few it is for.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, startBrowser } from '../harness/browser.mjs';
import { drawSlowly, logInAs, postSaying, writePost } from '../harness/web_client.mjs';
import { makeCast } from '../cast/cast.mjs';

let server, browser, cast, page, other;

before(async () => {
  server = await startServer();
  cast = await makeCast(server, 'alice', 'bob', 'dave');
  await cast.bob.follows(cast.alice);
  browser = await startBrowser();
  page = await openPage(browser, server.url);
  other = await openPage(browser, server.url, { size: 'phone' });
  await logInAs(page, cast.alice);
  await logInAs(other, cast.bob);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const dialog = () => page.getByRole('dialog', { name: 'New post' });
const box = () => page.getByRole('textbox', { name: 'Text of the post' });
async function compose(text) {
  await page.getByRole('button', { name: 'What is on your mind?' }).click();
  await box().fill(text);
}
async function send() {
  await dialog().getByRole('button', { name: 'Post', exact: true }).click();
  await dialog().waitFor({ state: 'detached' });
}

// A real PNG, drawn by the browser.
const drawing = (width, height) =>
  page.evaluate(([w, h]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
    const brush = canvas.getContext('2d');
    brush.fillStyle = '#2f6b55';
    brush.fillRect(0, 0, w, h);
    brush.fillStyle = '#f6b65b';
    brush.fillRect(w / 4, h / 4, w / 2, h / 2);
    return canvas.toDataURL('image/png').split(',')[1];
  }, [width, height]);

test('the composer opens where pages are drawn slowly, too', async () => {
  const slow = await openPage(browser, server.url);
  await logInAs(slow, cast.dave);
  await drawSlowly(slow);
  await writePost(slow, 'slowly');
  await slow.context().close();
});

test('a picture is uploaded, described, given a focal point, and shown with its description', async () => {
  await compose('The new door');
  const file = { name: 'door.png', mimeType: 'image/png', buffer: Buffer.from(await drawing(640, 480), 'base64') };
  await page.locator('.compose input[type=file][multiple]').setInputFiles(file);
  await page.getByRole('button', { name: 'Describe this picture' }).click();
  const describe = page.getByRole('dialog', { name: 'Describe this picture' });
  await describe.getByLabel('Description for people who cannot see it').fill('A green door with a lamp');
  await describe.getByRole('slider').focus();
  await page.keyboard.press('ArrowUp');
  await describe.getByRole('button', { name: 'Save' }).click();
  await describe.waitFor({ state: 'detached' });
  await send();
  await postSaying(page, 'The new door').getByRole('img', { name: 'A green door with a lamp' }).waitFor();
  const [post] = (await cast.alice.get(`/api/v1/accounts/${await cast.alice.id()}/statuses`)).body;
  assert.equal(post.media_attachments[0].description, 'A green door with a lamp');
  assert.equal(post.media_attachments[0].meta.focus.y, 0.1);
});

test('a picture opens large and closes by Escape', async () => {
  await postSaying(other, 'The new door').getByRole('button', { name: /Open picture/ }).click();
  await other.getByRole('dialog', { name: 'Picture 1 of 1' }).waitFor();
  await other.keyboard.press('Escape');
  await other.getByRole('dialog').waitFor({ state: 'detached' });
});

test('a file that is neither picture nor film nor sound is refused with a reason', async () => {
  await compose('');
  await page.locator('.compose input[type=file][multiple]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await page.getByText('notes.txt is not a picture, film or sound that can be posted.').waitFor();
  await page.keyboard.press('Escape');
});

test('a broken picture says so in its place', async () => {
  await compose('');
  await page.locator('.compose input[type=file][multiple]').setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('not really a picture') });
  await page.locator('.attachment-error').waitFor();
  await page.getByRole('button', { name: 'Remove picture' }).click();
  await page.keyboard.press('Escape');
});

test('a poll is written, voted in, and counted', async () => {
  await compose('Which day?');
  await page.getByRole('button', { name: 'Add a poll' }).click();
  await page.getByRole('textbox', { name: 'Choice 1' }).fill('Saturday');
  await page.getByRole('textbox', { name: 'Choice 2' }).fill('Sunday');
  await send();
  const there = postSaying(other, 'Which day?');
  await there.getByRole('radio', { name: 'Sunday' }).check();
  await there.getByRole('button', { name: 'Vote' }).click();
  await there.locator('.poll-result', { hasText: 'Sunday' }).getByText('100 %').waitFor();
});

test('a content warning hides the text until it is asked for', async () => {
  await compose('The gardener did it');
  await page.getByRole('button', { name: 'Add a content warning' }).click();
  await page.getByRole('textbox', { name: 'Content warning' }).fill('The last chapter');
  await send();
  const there = postSaying(other, 'The last chapter');
  await there.waitFor();
  assert.equal(await there.getByText('The gardener did it').count(), 0);
  await there.getByRole('button', { name: 'Show' }).click();
  await there.getByText('The gardener did it').waitFor();
});

test('a name is completed from its first letters', async () => {
  await compose('');
  await box().pressSequentially('Hello @bo');
  await page.getByRole('option', { name: /bob/ }).waitFor();
  await page.keyboard.press('Enter');
  assert.equal(await box().inputValue(), 'Hello @bob ');
  await box().pressSequentially('nice :sunfl');
  await page.getByRole('option', { name: /sunflower/ }).first().waitFor();
  await page.keyboard.press('Tab');
  assert.match(await box().inputValue(), /nice 🌻/u);
  await send();
});

test('a mention becomes a link to the person here', async () => {
  await postSaying(other, 'nice 🌻').locator('.post-text a.mention').click();
  await other.waitForURL('**/@bob');
});

test('too long a text cannot be sent, and the counter says by how much', async () => {
  await compose('x'.repeat(503));
  await dialog().locator('.compose-over-limit', { hasText: '-3' }).waitFor();
  assert.equal(await dialog().getByRole('button', { name: 'Post', exact: true }).isDisabled(), true);
  await box().fill('https://example.org/' + 'a'.repeat(600));
  await dialog().locator('.compose-left', { hasText: '477' }).waitFor();
  await box().fill('');
  await page.keyboard.press('Escape');
});

test('a direct post is in the conversation of the two, and nowhere else', async () => {
  await compose('@bob only for you');
  await page.getByRole('button', { name: 'Who can see it: Public' }).click();
  await page.getByRole('menuitemradio', { name: /Mentioned people/ }).click();
  await send();
  await other.goto('/conversations');
  await other.getByText('only for you').click();
  await other.getByRole('heading', { level: 1, name: /Post by/ }).waitFor();
  const third = await openPage(browser, server.url);
  await logInAs(third, cast.dave);
  await third.goto('/public/local');
  await postSaying(third, 'Which day?').waitFor();
  assert.equal(await third.getByText('only for you').count(), 0);
  await third.context().close();
});

test('nothing went wrong', () => assert.deepEqual([...page.errors, ...other.errors], []));
