import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob;
before(async () => {
  server = await startServer();
  ({ alice, bob } = await makeCast(server, 'alice', 'bob'));
});
after(() => server.remove());

test('a hashtag says how it was used and whether one follows it', async () => {
  await alice.posts('#Café one');
  await bob.posts('#cafe two');
  const tag = (await alice.get('/api/v1/tags/CAFE')).body;
  assert.equal(tag.name, 'cafe');
  assert.equal(tag.url, `${server.url}/tags/cafe`);
  assert.equal(tag.following, false);
  assert.equal(tag.history.length, 7);
  assert.deepEqual([tag.history[0].uses, tag.history[0].accounts], ['2', '2']);
  const stranger = await (await server.fetch('/api/v1/tags/cafe')).json();
  assert.ok(!('following' in stranger));
});

test('following a hashtag brings its posts home', async () => {
  const followed = await bob.post('/api/v1/tags/gardening/follow');
  assert.equal(followed.status, 200, JSON.stringify(followed.body));
  assert.equal(followed.body.following, true);
  assert.equal((await bob.get('/api/v1/tags/Gardening')).body.following, true);
  const status = await alice.posts('my #Gardening');
  assert.ok((await bob.get('/api/v1/timelines/home')).body.some((s) => s.id === status.id));
  assert.deepEqual((await bob.get('/api/v1/followed_tags')).body.map((t) => t.name), ['gardening']);
  assert.equal((await bob.post('/api/v1/tags/gardening/unfollow')).body.following, false);
  assert.ok(!(await bob.get('/api/v1/timelines/home')).body.some((s) => s.id === status.id));
  assert.deepEqual((await bob.get('/api/v1/followed_tags')).body, []);
});

test('followed hashtags are paged by Link', async () => {
  const names = ['aa', 'bb', 'cc', 'dd', 'ee'];
  for (const name of names) await alice.post(`/api/v1/tags/${name}/follow`);
  const seen = [];
  let next = '/api/v1/followed_tags?limit=2';
  while (next) {
    const page = await alice.get(next);
    seen.push(...page.body.map((t) => t.name));
    const link = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '');
    next = link && page.body.length ? new URL(link[1]).pathname + new URL(link[1]).search : null;
  }
  assert.deepEqual(seen, names.reverse());
});

test('hashtags in other scripts are followed by their address', async () => {
  const name = encodeURIComponent('日本語');
  assert.equal((await alice.post(`/api/v1/tags/${name}/follow`)).body.name, '日本語');
  assert.equal((await alice.get(`/api/v1/tags/${name}`)).body.following, true);
});

test('what cannot be a hashtag is not found', async () => {
  for (const name of ['123', 'a b', 'a%2Fb', '%F0%9F%92%A5', 'a'.repeat(600), '%23', 'x%00']) {
    const { status } = await alice.get(`/api/v1/tags/${name.replace(/ /g, '%20')}`);
    assert.ok(status === 404 || status === 400, `${name}: ${status}`);
  }
  assert.equal((await alice.post('/api/v1/tags/123/follow')).status, 404);
});

test('ten follows at once are one', async () => {
  await Promise.all(Array.from({ length: 10 }, () => bob.post('/api/v1/tags/rush/follow')));
  assert.deepEqual((await bob.get('/api/v1/followed_tags')).body.map((t) => t.name), ['rush']);
});

test('a new hashtag in many posts at once is one hashtag', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? alice : bob).posts(`#brandnew ${i}`)));
  assert.equal((await alice.get('/api/v1/timelines/tag/brandnew?limit=40')).body.length, 20);
  const found = (await alice.get('/api/v2/search?q=brandnew&type=hashtags')).body.hashtags;
  assert.equal(found.length, 1);
});

test('trends are empty lists', async () => {
  for (const path of ['/api/v1/trends/tags', '/api/v1/trends/statuses', '/api/v1/trends/links']) assert.deepEqual(await (await server.fetch(path)).json(), []);
});

test('masto follows hashtags', async () => {
  assert.equal((await alice.masto.v1.tags.$select('masto').follow()).following, true);
  assert.ok((await alice.masto.v1.followedTags.list()).some((t) => t.name === 'masto'));
});
