import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob, carol;
before(async () => {
  server = await startServer();
  ({ alice, bob, carol } = await makeCast(server, 'alice', 'bob', 'carol'));
});
after(() => server.remove());

const boost = async (person, id, body) => (await person.post(`/api/v1/statuses/${id}/reblog`, body)).body;

test('a boost holds the post, and a second one is the first', async () => {
  const status = await alice.posts('boost me');
  const first = await boost(bob, status.id);
  assert.equal(first.reblog.id, status.id);
  assert.equal(first.reblog.reblogged, true);
  assert.equal(first.reblog.reblogs_count, 1);
  assert.equal(first.account.username, 'bob');
  const second = await boost(bob, status.id);
  assert.equal(second.id, first.id);
});

test('boosting a boost boosts the post under it', async () => {
  const status = await alice.posts('under');
  const first = await boost(bob, status.id);
  const second = await boost(carol, first.id);
  assert.equal(second.reblog.id, status.id);
  assert.equal((await alice.get(`/api/v1/statuses/${status.id}`)).body.reblogs_count, 2);
});

test('taking a boost back answers with the post and uncounts it', async () => {
  const status = await alice.posts('back');
  const made = await boost(bob, status.id);
  const back = await bob.post(`/api/v1/statuses/${status.id}/unreblog`);
  assert.equal(back.body.id, status.id);
  assert.equal(back.body.reblogged, false);
  assert.equal(back.body.reblogs_count, 0);
  assert.equal((await bob.get(`/api/v1/statuses/${made.id}`)).status, 404);
  assert.equal((await bob.post(`/api/v1/statuses/${status.id}/unreblog`)).status, 200, 'again: nothing to do');
});

test('who boosted is listed newest first, page by page', async () => {
  const status = await alice.posts('list');
  for (const person of [alice, bob, carol]) await boost(person, status.id);
  const all = (await alice.get(`/api/v1/statuses/${status.id}/reblogged_by`)).body.map((a) => a.username);
  assert.deepEqual(all, ['carol', 'bob', 'alice']);
  const first = await alice.get(`/api/v1/statuses/${status.id}/reblogged_by?limit=2`);
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link'))[1];
  assert.deepEqual((await alice.get(new URL(next).pathname + new URL(next).search)).body.map((a) => a.username), ['alice']);
});

test('direct posts cannot be boosted, private ones by their author only', async () => {
  const direct = await alice.posts('@bob psst', { visibility: 'direct' });
  assert.equal((await bob.post(`/api/v1/statuses/${direct.id}/reblog`)).status, 403);
  assert.equal((await alice.post(`/api/v1/statuses/${direct.id}/reblog`)).status, 403);
  const own = await alice.posts('followers', { visibility: 'private' });
  assert.equal((await boost(alice, own.id)).visibility, 'private');
});

test('a boost may be unlisted, and not direct or nonsense', async () => {
  const status = await alice.posts('quietly');
  assert.equal((await bob.post(`/api/v1/statuses/${status.id}/reblog`, { visibility: 'direct' })).status, 422);
  assert.equal((await bob.post(`/api/v1/statuses/${status.id}/reblog`, { visibility: 'loud' })).status, 422);
  assert.equal((await boost(bob, status.id, { visibility: 'unlisted' })).visibility, 'unlisted');
});

test('favouriting and bookmarking a boost mean the post under it', async () => {
  const status = await alice.posts('marks');
  const made = await boost(bob, status.id);
  assert.equal((await carol.post(`/api/v1/statuses/${made.id}/favourite`)).body.id, status.id);
  assert.equal((await carol.post(`/api/v1/statuses/${made.id}/bookmark`)).body.id, status.id);
});
