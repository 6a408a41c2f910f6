import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob, carol, dave, mona;
before(async () => {
  server = await startServer();
  ({ alice, bob, carol, dave, mona } = await makeCast(server, 'alice', 'bob', 'carol', 'dave', 'mona'));
});
after(() => server.remove());

const nobody = (path) => server.fetch(path);

// Every way to a post that takes its id; each must be 404 for who may not see it.
const ways = (id) => [
  ['GET', `/api/v1/statuses/${id}`], ['GET', `/api/v1/statuses/${id}/context`], ['GET', `/api/v1/statuses/${id}/history`], ['GET', `/api/v1/statuses/${id}/source`],
  ['GET', `/api/v1/statuses/${id}/favourited_by`], ['GET', `/api/v1/statuses/${id}/reblogged_by`], ['GET', `/api/v1/polls/${id}`],
  ['POST', `/api/v1/statuses/${id}/favourite`], ['POST', `/api/v1/statuses/${id}/unfavourite`], ['POST', `/api/v1/statuses/${id}/reblog`], ['POST', `/api/v1/statuses/${id}/unreblog`],
  ['POST', `/api/v1/statuses/${id}/bookmark`], ['POST', `/api/v1/statuses/${id}/unbookmark`], ['POST', `/api/v1/statuses/${id}/pin`], ['POST', `/api/v1/statuses/${id}/unpin`],
  ['POST', `/api/v1/statuses/${id}/mute`], ['POST', `/api/v1/statuses/${id}/unmute`], ['POST', `/api/v1/polls/${id}/votes`, { choices: [0] }],
  ['PUT', `/api/v1/statuses/${id}`, { status: 'x' }], ['DELETE', `/api/v1/statuses/${id}`], ['POST', '/api/v1/statuses', { status: 'x', in_reply_to_id: id }],
];

async function isHiddenFrom(person, status) {
  for (const [method, path, body] of ways(status.id)) {
    const answer = await person.request(method, path, method === 'GET' ? undefined : body ?? {});
    assert.equal(answer.status, 404, `${person.name} ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    assert.ok(!JSON.stringify(answer.body).includes('secretword'));
  }
  const found = (await person.get('/api/v2/search?q=secretword')).body;
  assert.deepEqual(found.statuses.filter((s) => s.id === status.id), []);
  assert.deepEqual((await person.get(`/api/v1/statuses?id[]=${status.id}`)).body, []);
  for (const path of [`/api/v1/accounts/${status.account.id}/statuses`, '/api/v1/timelines/home', '/api/v1/timelines/public', '/api/v1/timelines/tag/secrettag',
    '/api/v1/favourites', '/api/v1/bookmarks', '/api/v1/conversations', '/api/v1/notifications'])
    assert.ok(!JSON.stringify((await person.get(path)).body).includes(status.id), `${person.name} ${path}`);
}

async function isHiddenFromStrangers(status) {
  for (const [method, path] of ways(status.id).filter(([m, p]) => m === 'GET' && !p.endsWith('source'))) {
    const response = await nobody(path);
    assert.equal(response.status, 404, `nobody ${path}`);
  }
  for (const path of [`/api/v1/accounts/${status.account.id}/statuses`, '/api/v1/timelines/public', '/api/v1/timelines/tag/secrettag', `/@${status.account.username}`, `/@${status.account.username}/${status.id}`])
    assert.ok(!(await (await nobody(path)).text()).includes(status.id), `nobody ${path}`);
}

test('a private post is for followers and those it names only', async () => {
  await bob.follows(alice);
  const status = await alice.posts('@carol secretword #secrettag', { visibility: 'private', poll: { options: ['a', 'b'], expires_in: 3600 } });
  assert.equal((await bob.get(`/api/v1/statuses/${status.id}`)).status, 200);
  assert.equal((await carol.get(`/api/v1/statuses/${status.id}`)).status, 200);
  await isHiddenFrom(dave, status);
  await isHiddenFromStrangers(status);
  await bob.post(`/api/v1/accounts/${await alice.id()}/unfollow`);
  await isHiddenFrom(bob, status);
});

test('a direct post is for those it names only, followers or not', async () => {
  await bob.follows(alice);
  const status = await alice.posts('@carol secretword #secrettag', { visibility: 'direct', poll: { options: ['a', 'b'], expires_in: 3600 } });
  assert.equal((await carol.get(`/api/v1/statuses/${status.id}`)).status, 200);
  await isHiddenFrom(bob, status);
  await isHiddenFrom(dave, status);
  await isHiddenFromStrangers(status);
});

test('a private reply shows in a thread only to who may see it', async () => {
  const root = await carol.posts('root');
  const reply = await alice.posts('@carol secretword', { in_reply_to_id: root.id, visibility: 'direct' });
  const under = await carol.posts('@alice under', { in_reply_to_id: reply.id });
  const seen = async (person) => (await person.get(`/api/v1/statuses/${root.id}/context`)).body.descendants.map((s) => s.id);
  assert.deepEqual(await seen(carol), [reply.id, under.id]);
  assert.deepEqual(await seen(dave), [under.id]);
  assert.deepEqual((await dave.get(`/api/v1/statuses/${under.id}/context`)).body.ancestors.map((s) => s.id), [root.id]);
  assert.equal((await carol.get(`/api/v1/statuses/${root.id}`)).body.replies_count, 0, 'a direct reply does not give itself away');
});

test('a block hides the blocker\'s posts from the blocked, at once', async () => {
  const status = await alice.posts('before the block secretword', { poll: { options: ['a', 'b'], expires_in: 3600 } });
  assert.equal((await dave.get(`/api/v1/statuses/${status.id}`)).status, 200);
  await alice.post(`/api/v1/accounts/${await dave.id()}/block`);
  await isHiddenFrom(dave, status);
  await alice.post(`/api/v1/accounts/${await dave.id()}/unblock`);
  assert.equal((await dave.get(`/api/v1/statuses/${status.id}`)).status, 200);
});

test('whom the author blocks is not named by a post', async () => {
  await bob.post(`/api/v1/accounts/${await dave.id()}/block`);
  const status = await bob.posts('@dave secretword', { visibility: 'direct' });
  assert.deepEqual(status.mentions, []);
  assert.equal((await dave.get(`/api/v1/statuses/${status.id}`)).status, 404);
  await bob.post(`/api/v1/accounts/${await dave.id()}/unblock`);
});

test('a boost of a private post is seen only by who may see the post', async () => {
  await bob.follows(alice);
  await dave.follows(alice);
  const status = await alice.posts('secretword', { visibility: 'private' });
  const boost = (await alice.post(`/api/v1/statuses/${status.id}/reblog`)).body;
  assert.equal(boost.visibility, 'private');
  assert.equal((await bob.get(`/api/v1/statuses/${boost.id}`)).status, 200);
  assert.equal((await mona.get(`/api/v1/statuses/${boost.id}`)).status, 404);
  assert.equal((await bob.post(`/api/v1/statuses/${status.id}/reblog`)).status, 403, 'others may not boost it');
});

test('a suspended author\'s posts are gone, and back when it ends', async () => {
  const status = await dave.posts('secretword by dave', { poll: { options: ['a', 'b'], expires_in: 3600 } });
  const suspended = await server.cli('account', 'suspend', 'dave');
  assert.equal(suspended.code, 0, suspended.stderr);
  await isHiddenFrom(alice, status);
  await isHiddenFromStrangers(status);
  await server.cli('account', 'unsuspend', 'dave');
  await eventually(async () => (await alice.get(`/api/v1/statuses/${status.id}`)).status, (code) => code === 200);
});

test('one\'s marks and boosts can be taken back from a post one may no longer see', async () => {
  const status = await alice.posts('seen for a while');
  for (const verb of ['favourite', 'bookmark', 'reblog']) assert.equal((await dave.post(`/api/v1/statuses/${status.id}/${verb}`)).status, 200);
  const count = async () => (await alice.get(`/api/v1/statuses/${status.id}`)).body;
  assert.deepEqual([(await count()).favourites_count, (await count()).reblogs_count], [1, 1]);
  await alice.post(`/api/v1/accounts/${await dave.id()}/block`);
  for (const verb of ['unfavourite', 'unbookmark', 'unreblog']) assert.equal((await dave.post(`/api/v1/statuses/${status.id}/${verb}`)).status, 404);
  assert.deepEqual([(await count()).favourites_count, (await count()).reblogs_count], [0, 0]);
  await alice.post(`/api/v1/accounts/${await dave.id()}/unblock`);
});
