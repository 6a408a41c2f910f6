// Custom emoji: kept by admins, shown wherever people name them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, olga, mona, alice, bob;
before(async () => {
  server = await startServer();
  ({ olga, mona, alice, bob } = await makeCast(server, 'olga', 'mona', 'alice', 'bob'));
});
after(() => server.remove());

// A PNG of one transparent pixel.
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

const add = (person, shortcode, fields = {}, bytes = pixel) => {
  const body = new FormData();
  body.append('shortcode', shortcode);
  for (const [key, value] of Object.entries(fields)) body.append(key, value);
  if (bytes) body.append('file', new Blob([bytes], { type: 'image/png' }), 'emoji.png');
  return person.request('POST', '/api/freehold/v1/emojis', body);
};
const names = (emojis) => emojis.map((e) => e.shortcode).sort();
const offered = async () => (await server.fetch('/api/v1/custom_emojis')).json();

test('an emoji is shown where it is named, from the very next answer on', async () => {
  const post = await alice.posts('before :owl: came', { spoiler_text: ':owl: ahead', poll: { options: ['more :owl:', 'less'], expires_in: 3600 } });
  await alice.request('PATCH', '/api/v1/accounts/update_credentials', { display_name: 'Alice :owl:' });
  assert.deepEqual((await bob.get(`/api/v1/statuses/${post.id}`)).body.emojis, []);
  const added = await add(olga, 'owl', { category: 'Birds' });
  assert.equal(added.status, 200, JSON.stringify(added.body));
  const seen = (await bob.get(`/api/v1/statuses/${post.id}`)).body;
  assert.deepEqual(seen.emojis, [added.body.emoji]);
  assert.deepEqual(names(seen.poll.emojis), ['owl']);
  assert.deepEqual(names(seen.account.emojis), ['owl']);
  assert.deepEqual(names((await bob.get('/api/v1/timelines/public')).body[0].emojis), ['owl']);
  assert.deepEqual(names((await bob.get(`/api/v1/statuses/${post.id}/history`)).body[0].emojis), ['owl']);
  assert.deepEqual(Object.keys(added.body.emoji).sort(), ['category', 'shortcode', 'static_url', 'url', 'visible_in_picker']);
  assert.deepEqual(await offered(), [added.body.emoji]);
  assert.equal((await fetch(added.body.emoji.url)).status, 200);
});

test('what is no name, taken, or no picture is refused', async () => {
  await add(olga, 'taken');
  for (const [answer, why] of [
    [await add(olga, 'taken'), /already been taken/],
    [await add(olga, 'a'), /Shortcode must be/],
    [await add(olga, 'two words'), /Shortcode must be/],
    [await add(olga, 'x'.repeat(65)), /Shortcode must be/],
    [await add(olga, 'nothing', {}, null), /File can't be blank/],
    [await add(olga, 'text', {}, Buffer.from('no picture')), /not a picture/],
    [await add(olga, 'long', { category: 'x'.repeat(101) }), /Category is too long/],
  ]) {
    assert.equal(answer.status, 422, JSON.stringify(answer.body));
    assert.match(answer.body.error, why);
  }
});

test('of two with one name that come at once, one is kept', async () => {
  const answers = await Promise.all([add(olga, 'race'), add(olga, 'race'), add(olga, 'race')]);
  assert.deepEqual(answers.map((a) => a.status).sort(), [200, 422, 422], JSON.stringify(answers.map((a) => a.body)));
});

test('an emoji is filed, hidden from pickers, and taken away', async () => {
  const { id, emoji } = (await add(olga, 'hidden', { visible_in_picker: 'true' })).body;
  const changed = await olga.request('PATCH', `/api/freehold/v1/emojis/${id}`, { visible_in_picker: false, category: 'Staff' });
  assert.deepEqual(changed.body.emoji, { ...emoji, visible_in_picker: false, category: 'Staff' });
  const post = await alice.posts('soon gone :hidden:');
  assert.deepEqual(names(post.emojis), ['hidden']);
  assert.equal((await olga.request('DELETE', `/api/freehold/v1/emojis/${id}`)).status, 200);
  assert.deepEqual((await bob.get(`/api/v1/statuses/${post.id}`)).body.emojis, []);
  assert.ok(!names(await offered()).includes('hidden'));
  assert.equal((await fetch(emoji.url)).status, 404);
  assert.equal((await olga.request('DELETE', `/api/freehold/v1/emojis/${id}`)).status, 404);
});

test('only admins keep emoji, and the log tells who did', async () => {
  for (const person of [mona, alice]) assert.equal((await add(person, 'mine')).status, 403);
  assert.equal((await server.fetch('/api/freehold/v1/emojis')).status, 401);
  await add(olga, 'logged');
  const [line] = (await mona.get('/api/freehold/v1/audit')).body;
  assert.deepEqual([line.action, line.target_label, line.actor.username], ['emoji_create', ':logged:', 'olga']);
});

test('an emoji stays when who brought it leaves', async () => {
  await server.cli('account', 'role', 'bob', 'admin');
  const { emoji } = (await add(bob, 'legacy')).body;
  await server.cli('account', 'suspend', 'bob');
  assert.equal((await fetch(emoji.url)).status, 200);
  await server.cli('account', 'delete', 'bob');
  assert.equal((await fetch(emoji.url)).status, 200);
  assert.deepEqual(names((await alice.posts('still here :legacy:')).emojis), ['legacy']);
});
