// Every page: nothing serious for axe, nothing wider than the screen, no error; light and dark, on a phone and on a desk.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../harness/server.mjs';
import { openPage, seriousFindings, startBrowser } from '../harness/browser.mjs';
import { logInAs } from '../harness/web_client.mjs';
import { makeCast } from '../cast/cast.mjs';

let server, browser, cast, post, list, member;

before(async () => {
  server = await startServer({ set: { 'registrations.mode': 'open' } });
  cast = await makeCast(server);
  const { olga, alice, bob, dave } = cast;
  await olga.follows(alice);
  await olga.follows(bob);
  await alice.follows(olga);
  post = await olga.posts('First coat of tar on the new hull #boats https://example.org/a/long/address');
  await alice.posts('@olga how long until she floats?', { in_reply_to_id: post.id });
  await alice.posts('behind a warning', { spoiler_text: 'The last episode' });
  await bob.posts('Which one?', { poll: { options: ['Basil', 'A chair'], expires_in: 86400 } });
  await bob.posts('@olga just between us', { visibility: 'direct' });
  await alice.post(`/api/v1/statuses/${post.id}/favourite`);
  await bob.post(`/api/v1/statuses/${post.id}/reblog`);
  await olga.post(`/api/v1/statuses/${post.id}/bookmark`);
  list = (await olga.post('/api/v1/lists', { title: 'Yard' })).body;
  await olga.post('/api/v2/filters', { title: 'Football', context: ['home'], keywords_attributes: [{ keyword: 'offside', whole_word: true }] });
  await alice.post('/api/v1/reports', { account_id: await dave.id(), comment: 'always the same link', category: 'spam' });
  member = await alice.id();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

const outside = () => [
  '/login', '/signup', '/forgot', '/reset?token=x', '/confirm', '/setup?token=x', '/explore', '/explore/tags', '/directory', '/public/local', '/about', '/privacy', '/shortcuts',
  '/@olga', `/@olga/${post.id}`, '/tags/boats',
];
const inside = () => [
  '/home', '/public/local', '/public', '/notifications', '/notifications/mentions', '/conversations', '/explore', '/directory', '/search', '/search?q=tar', '/tags/boats',
  '/lists', `/lists/${list.id}`, `/lists/${list.id}/edit`, '/bookmarks', '/favourites', '/follow_requests', '/@olga', '/@alice', '/@alice/with_replies', '/@alice/media', '/@alice/followers', '/@alice/following',
  `/@olga/${post.id}`, `/@olga/${post.id}/boosts`, `/@olga/${post.id}/favourites`, '/settings', '/settings/profile', '/settings/appearance', '/settings/privacy', '/settings/blocks', '/settings/mutes',
  '/settings/filters', '/settings/filters/new', '/settings/account', '/settings/sessions', '/settings/invites', '/settings/transfers', '/moderation', '/moderation/pending', '/moderation/accounts', `/moderation/accounts/${member}`, '/moderation/mail-domains',
  '/moderation/addresses', '/moderation/audit', '/moderation/site', '/moderation/independence',
];

async function look(page, path, findings) {
  await page.goto(path);
  await page.locator('#app .frame h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeletons, .spinner-large, .splash'));
  for (const finding of await seriousFindings(page)) findings.push(`${path}: ${finding}`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wider > 0) findings.push(`${path} is ${wider} px wider than the screen`);
  if (await page.locator('main .state[role=alert]').count()) findings.push(`${path} shows trouble: ${await page.locator('main .state[role=alert]').first().innerText()}`);
  for (const error of page.errors.splice(0)) findings.push(`${path}: ${error}`);
}

// Each size in one scheme and each scheme in one size; all four with --long.
const looks = [['phone', 'light'], ['desktop', 'dark'], ...(process.env.LONG ? [['phone', 'dark'], ['desktop', 'light']] : [])];
for (const [size, scheme] of looks) {
  test(`every page before the door is in order, ${size}, ${scheme}`, async () => {
    const findings = [];
    const page = await openPage(browser, server.url, { size, scheme });
    for (const path of outside()) await look(page, path, findings);
    await page.context().close();
    assert.deepEqual(findings, []);
  });

  test(`every page behind the door is in order, ${size}, ${scheme}`, async () => {
    const findings = [];
    const page = await openPage(browser, server.url, { size, scheme });
    await logInAs(page, cast.olga);
    for (const path of inside()) await look(page, path, findings);
    await page.goto('/home');
    await page.locator('#app .frame h1').waitFor();
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Text of the post' }).waitFor();
    for (const finding of await seriousFindings(page)) findings.push(`composer: ${finding}`);
    await page.context().close();
    assert.deepEqual(findings, []);
  });
}

test('the page of the source is a link away, and in order without the client', async () => {
  for (const [size, scheme] of looks) {
    const page = await openPage(browser, server.url, { size, scheme });
    await page.goto('/about');
    await page.locator('main').getByRole('link', { name: 'Source code' }).click();
    await page.getByRole('heading', { name: 'Source code', level: 1 }).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
    assert.match(file.suggestedFilename(), /^freehold-.*\.tar\.gz$/);
    assert.deepEqual(page.errors, []);
    await page.context().close();
  }
});
