// Two nodes on one PostgreSQL: what one writes, the other's home feed and streams show within a second.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, logIn, makeCast, Person } from '../cast/cast.mjs';
import { database, startServer } from '../harness/server.mjs';
import { openEvents, openSocket } from '../harness/streams.mjs';

const only = { skip: database !== 'postgres' && 'two nodes need PostgreSQL' };
let one, two, app, alice, bob, there;
const open = [];
before(async () => {
  if (only.skip) return;
  one = await startServer({ set: { 'server.domain': 'two.example' } });
  two = await startServer({ set: { 'server.domain': 'two.example' }, databaseUrl: one.databaseUrl });
  ({ app, alice, bob } = await makeCast(one, 'alice', 'bob'));
  there = { alice: new Person(two, 'alice', alice.password, alice.token), bob: new Person(two, 'bob', bob.password, bob.token) };
  await alice.follows(bob);
});
after(async () => {
  for (const stream of open) stream.close();
  await two?.remove();
  await one?.remove();
});

const within = (ask, satisfies) => eventually(ask, satisfies, 1000);
const home = async (person) => (await person.get('/api/v1/timelines/home')).body.map((s) => s.id);

test("what one node writes is in the other's home within a second", only, async () => {
  await home(there.alice);
  const post = await bob.posts('from node one');
  await within(() => home(there.alice), (ids) => ids.includes(post.id));
  const back = await there.bob.posts('from node two');
  await within(() => home(alice), (ids) => ids.includes(back.id));
});

test('an edit and a deletion arrive as well', only, async () => {
  const post = await bob.posts('to change');
  await within(() => home(there.alice), (ids) => ids.includes(post.id));
  await bob.request('PUT', `/api/v1/statuses/${post.id}`, { status: 'changed' });
  await within(async () => (await there.alice.get(`/api/v1/statuses/${post.id}`)).body.content, (c) => c?.includes('changed'));
  await bob.request('DELETE', `/api/v1/statuses/${post.id}`);
  await within(() => home(there.alice), (ids) => !ids.includes(post.id));
});

test('streams of the other node hear posts and notifications', only, async () => {
  const sse = await openEvents(two, 'user', alice.token);
  const ws = await openSocket(two, { query: `?access_token=${alice.token}&stream=user` });
  open.push(sse, ws);
  const post = await bob.posts('@alice across nodes');
  const is = (e) => e.event === 'update' && e.payload.id === post.id;
  await sse.gets(is, 1000);
  await ws.gets(is, 1000);
  await sse.gets((e) => e.event === 'notification' && e.payload.status?.id === post.id, 1000);
});

test('follows, blocks and filters of one node count on the other', only, async () => {
  const post = await bob.posts('soon unseen');
  await within(() => home(there.alice), (ids) => ids.includes(post.id));
  await alice.post(`/api/v1/accounts/${await bob.id()}/block`);
  await within(() => home(there.alice), (ids) => !ids.includes(post.id));
  assert.equal((await there.alice.get(`/api/v1/accounts/relationships?id[]=${await bob.id()}`)).body[0].blocking, true);
  await alice.post(`/api/v1/accounts/${await bob.id()}/unblock`);
  await there.alice.follows(there.bob);
  await within(() => home(alice), (ids) => ids.includes(post.id));
});

test("a token revoked on one node is refused by the other, and closes the other's streams", only, async () => {
  const token = await logIn(one, app, 'alice', alice.password);
  const stream = await openEvents(two, 'user', token);
  await one.fetch('/oauth/revoke', { method: 'POST', body: new URLSearchParams({ token, client_id: app.client_id, client_secret: app.client_secret }) });
  await stream.closes(1000);
  assert.equal((await two.fetch('/api/v1/timelines/home', { headers: { Authorization: `Bearer ${token}` } })).status, 401);
});
