// Blocking: severs, refuses, hides; and its lists.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob, dave;
before(async () => {
  server = await startServer();
  ({ alice, bob, dave } = await makeCast(server, 'alice', 'bob', 'dave'));
});
after(() => server.remove());

const act = async (person, other, verb, body) => person.post(`/api/v1/accounts/${await other.id()}/${verb}`, body);
const relation = async (person, other) => (await person.get(`/api/v1/accounts/relationships?id[]=${await other.id()}`)).body[0];

test('a block ends follows both ways, and lists, and notifications', async () => {
  await act(alice, bob, 'follow');
  await act(bob, alice, 'follow');
  await eventually(async () => (await alice.get('/api/v1/notifications')).body, (n) => n.some((x) => x.account.username === 'bob'));
  const list = (await alice.post('/api/v1/lists', { title: 'friends' })).body;
  await alice.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [await bob.id()] });
  const made = (await act(alice, bob, 'block')).body;
  assert.equal(made.blocking, true);
  assert.equal(made.following, false);
  assert.equal(made.followed_by, false);
  const theirs = await relation(bob, alice);
  assert.equal(theirs.blocked_by, true);
  assert.equal(theirs.following, false);
  assert.deepEqual((await alice.get(`/api/v1/lists/${list.id}/accounts`)).body, []);
  assert.deepEqual((await alice.get('/api/v1/notifications')).body, []);
  for (const person of [alice, bob]) {
    const { body } = await person.get(`/api/v1/accounts/${await person.id()}`);
    assert.deepEqual([body.followers_count, body.following_count], [0, 0]);
  }
});

test('neither can follow the other while the block stands', async () => {
  assert.equal((await act(alice, bob, 'follow')).status, 403);
  assert.equal((await act(bob, alice, 'follow')).status, 403);
});

test('the blocked do not see the posts of who blocks them, from the very next answer', async () => {
  const post = await dave.posts('for everybody');
  assert.equal((await bob.get(`/api/v1/statuses/${post.id}`)).status, 200);
  await act(dave, bob, 'block');
  assert.equal((await bob.get(`/api/v1/statuses/${post.id}`)).status, 404);
  await act(dave, bob, 'unblock');
  assert.equal((await bob.get(`/api/v1/statuses/${post.id}`)).status, 200);
});

test('what the blocked do makes no notification', async () => {
  await bob.posts('@alice hello?');
  await dave.posts('@alice hello!');
  await eventually(async () => (await alice.get('/api/v1/notifications')).body, (n) => n.some((x) => x.account.username === 'dave'));
  assert.ok(!(await alice.get('/api/v1/notifications')).body.some((n) => n.account.username === 'bob'));
});

test('blocks are listed and end', async () => {
  await act(alice, bob, 'block');
  await act(alice, dave, 'block');
  assert.deepEqual((await alice.get('/api/v1/blocks')).body.map((a) => a.username), ['dave', 'bob']);
  const page = await alice.get('/api/v1/blocks?limit=1');
  assert.match(page.headers.get('link'), /max_id=/);
  assert.equal((await act(alice, dave, 'unblock')).body.blocking, false);
  assert.deepEqual((await alice.get('/api/v1/blocks')).body.map((a) => a.username), ['bob']);
  assert.equal((await act(alice, dave, 'follow')).body.following, true);
});

test('nobody blocks oneself', async () => {
  assert.equal((await act(alice, alice, 'block')).status, 403);
});
