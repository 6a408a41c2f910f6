// Lists: made, changed, filled, read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob, dave;
before(async () => {
  server = await startServer();
  ({ alice, bob, dave } = await makeCast(server, 'alice', 'bob', 'dave'));
  await alice.follows(bob);
});
after(() => server.remove());

test('a list is made, shown, changed and dropped', async () => {
  const made = (await alice.post('/api/v1/lists', { title: 'friends' })).body;
  assert.deepEqual(made, { id: made.id, title: 'friends', replies_policy: 'list', exclusive: false });
  const changed = (await alice.request('PUT', `/api/v1/lists/${made.id}`, { title: 'close friends', replies_policy: 'none', exclusive: true })).body;
  assert.deepEqual(changed, { id: made.id, title: 'close friends', replies_policy: 'none', exclusive: true });
  assert.deepEqual((await alice.get(`/api/v1/lists/${made.id}`)).body, changed);
  assert.deepEqual((await alice.get('/api/v1/lists')).body, [changed]);
  assert.deepEqual((await alice.request('DELETE', `/api/v1/lists/${made.id}`)).body, {});
  assert.equal((await alice.get(`/api/v1/lists/${made.id}`)).status, 404);
});

test('lists need a title and a policy that exists', async () => {
  assert.equal((await alice.post('/api/v1/lists', { title: '  ' })).status, 422);
  assert.equal((await alice.post('/api/v1/lists', {})).status, 422);
  assert.equal((await alice.post('/api/v1/lists', { title: 'x', replies_policy: 'all' })).status, 422);
});

test('lists of others are not there', async () => {
  const made = (await alice.post('/api/v1/lists', { title: 'mine' })).body;
  for (const [method, where] of [['GET', ''], ['PUT', ''], ['DELETE', ''], ['GET', '/accounts'], ['POST', '/accounts']])
    assert.equal((await bob.request(method, `/api/v1/lists/${made.id}${where}`, method === 'GET' ? undefined : { title: 'x', account_ids: [] })).status, 404, method + where);
  assert.equal((await bob.get(`/api/v1/timelines/list/${made.id}`)).status, 404);
});

test('only people who are followed can be put on a list, once', async () => {
  const { id } = (await alice.post('/api/v1/lists', { title: 'people' })).body;
  const add = async (...people) => (await alice.post(`/api/v1/lists/${id}/accounts`, { account_ids: await Promise.all(people.map((p) => p.id())) })).status;
  assert.equal(await add(dave), 404);
  assert.equal(await add(bob, dave), 404);
  assert.deepEqual((await alice.get(`/api/v1/lists/${id}/accounts`)).body, [], 'all or none');
  assert.equal(await add(bob), 200);
  assert.equal(await add(bob), 422);
  assert.deepEqual((await alice.get(`/api/v1/accounts/${await bob.id()}/lists`)).body.map((l) => l.id), [id]);
  assert.deepEqual((await alice.get(`/api/v1/accounts/${await dave.id()}/lists`)).body, []);
  await alice.request('DELETE', `/api/v1/lists/${id}/accounts`, { account_ids: [await bob.id()] });
  assert.deepEqual((await alice.get(`/api/v1/lists/${id}/accounts?limit=0`)).body, []);
});

test("a list's timeline has its members' posts, and an exclusive list takes them from home", async () => {
  const { id } = (await alice.post('/api/v1/lists', { title: 'bob only' })).body;
  await alice.post(`/api/v1/lists/${id}/accounts`, { account_ids: [await bob.id()] });
  const post = await bob.posts('on the list');
  const ids = async (where) => (await alice.get(where)).body.map((s) => s.id);
  assert.ok((await ids(`/api/v1/timelines/list/${id}`)).includes(post.id));
  assert.ok((await ids('/api/v1/timelines/home')).includes(post.id));
  await alice.request('PUT', `/api/v1/lists/${id}`, { exclusive: true });
  assert.ok(!(await ids('/api/v1/timelines/home')).includes(post.id));
  await alice.request('DELETE', `/api/v1/lists/${id}`);
  assert.ok((await ids('/api/v1/timelines/home')).includes(post.id));
});

test('unfollowing takes off the lists', async () => {
  const { id } = (await alice.post('/api/v1/lists', { title: 'fading' })).body;
  await alice.post(`/api/v1/lists/${id}/accounts`, { account_ids: [await bob.id()] });
  await alice.post(`/api/v1/accounts/${await bob.id()}/unfollow`);
  assert.deepEqual((await alice.get(`/api/v1/lists/${id}/accounts`)).body, []);
  await alice.follows(bob);
});

test('masto keeps lists', async () => {
  const { masto } = alice;
  const list = await masto.v1.lists.create({ title: 'by masto', repliesPolicy: 'followed' });
  assert.equal(list.repliesPolicy, 'followed');
  await masto.v1.lists.$select(list.id).accounts.create({ accountIds: [await bob.id()] });
  assert.equal((await masto.v1.lists.$select(list.id).accounts.list()).length, 1);
  await masto.v1.lists.$select(list.id).remove();
});
