// Leaving: the account is gone at once, and all it wrote soon after, for everybody and in the database.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { Visitor } from '../cast/visitor.mjs';
import { startServer } from '../harness/server.mjs';

let server, cast;
before(async () => {
  server = await startServer({ set: { 'registrations.mode': 'open' } });
  cast = await makeCast(server, 'olga', 'alice', 'bob', 'carol');
});
after(() => server.remove());

// One number of the database itself.
const count = async (sql) => Number(await server.sql(sql));

test('everything of an account goes, and what it counted for is counted back', async () => {
  const { alice, bob, carol } = cast;
  const id = await alice.id();
  await alice.follows(bob);
  await bob.follows(alice);
  await alice.follows(carol);
  const theirs = await bob.posts('by bob');
  const posts = [await alice.posts('hello #goodbye'), await alice.posts('secret', { visibility: 'private' }), await alice.posts('@bob direct', { visibility: 'direct' })];
  const reply = await alice.posts('@bob an answer', { in_reply_to_id: theirs.id });
  const poll = await alice.posts('which?', { poll: { options: ['a', 'b'], expires_in: 3600 } });
  await alice.post(`/api/v1/statuses/${theirs.id}/favourite`);
  await alice.post(`/api/v1/statuses/${theirs.id}/reblog`);
  await alice.post(`/api/v1/statuses/${theirs.id}/bookmark`);
  await bob.post(`/api/v1/statuses/${posts[0].id}/favourite`);
  await bob.post(`/api/v1/statuses/${posts[0].id}/reblog`);
  await alice.post('/api/v1/lists', { title: 'friends' });
  await alice.post('/api/v2/filters', { title: 'no', context: ['home'], keywords_attributes: [{ keyword: 'x' }] });
  await alice.post(`/api/v1/accounts/${await bob.id()}/note`, { comment: 'nice' });
  await bob.post(`/api/v1/accounts/${id}/mute`);

  const visitor = new Visitor(server);
  await visitor.logIn('alice', alice.password);
  assert.equal((await visitor.own('POST', 'account/delete', { password: 'wrong' })).status, 403);
  assert.equal((await visitor.own('POST', 'account/delete', { password: alice.password })).status, 200);

  // At once:
  assert.equal(visitor.cookies.has('freehold_session'), false);
  assert.equal((await alice.get('/api/v1/accounts/verify_credentials')).status, 401);
  assert.equal((await new Visitor(server).logIn('alice', alice.password)).status, 401);
  assert.equal((await bob.get(`/api/v1/accounts/${id}`)).status, 404);
  for (const post of [...posts, reply, poll]) assert.equal((await bob.get(`/api/v1/statuses/${post.id}`)).status, 404);
  assert.equal((await bob.get('/api/v1/timelines/home')).body.some((s) => s.account.id === id || s.reblog?.account.id === id), false);
  assert.equal((await server.fetch('/@alice')).status, 404);
  assert.equal((await bob.get(`/api/v1/accounts/lookup?acct=alice`)).status, 404);

  // Soon after, in the database too:
  const tables = { status: 'author_id', follow: 'account_id', favourite: 'account_id', bookmark: 'account_id', list: 'account_id', filter: 'account_id', token: 'account_id', member: 'account_id', note: 'account_id', conversation: 'account_id', notification: 'from_id', media: 'account_id' };
  const left = async () => {
    const rows = {};
    for (const [table, column] of Object.entries(tables)) rows[table] = await count(`SELECT count(*) FROM ${table} WHERE ${column} = ${id}`);
    rows.followers = await count(`SELECT count(*) FROM follow WHERE target_id = ${id}`);
    rows.muted = await count(`SELECT count(*) FROM mute WHERE target_id = ${id}`);
    return rows;
  };
  const rows = await eventually(left, (r) => Object.values(r).every((n) => n === 0), 10_000);
  assert.ok(rows);
  assert.equal(await count(`SELECT count(*) FROM account WHERE id = ${id} AND display_name IS NULL AND note IS NULL`), 1, 'a tombstone stays');
  const seen = (await bob.get(`/api/v1/statuses/${theirs.id}`)).body;
  assert.deepEqual([seen.favourites_count, seen.reblogs_count, seen.replies_count], [0, 0, 0]);
  const me = (await bob.get(`/api/v1/accounts/${await bob.id()}`)).body;
  assert.deepEqual([me.followers_count, me.following_count], [0, 0]);
});

test('the name stays taken, the address is free again', async () => {
  const again = await new Visitor(server).own('POST', 'signup', { username: 'alice', email: 'alice@example.org', password: 'a long password', agreement: true });
  assert.equal(again.status, 422);
  assert.deepEqual(Object.keys(again.body.details), ['username']);
});

test('the only owner cannot leave', async () => {
  const olga = new Visitor(server);
  await olga.logIn('olga', cast.olga.password);
  const answer = await olga.own('POST', 'account/delete', { password: cast.olga.password });
  assert.equal(answer.status, 409);
  assert.ok((await olga.look()).account);
});

test('a deletion that a crash interrupts goes on at the next start', async () => {
  const { carol } = cast;
  const id = await carol.id();
  for (let i = 0; i < 30; i++) await carol.posts(`post ${i}`);
  const visitor = new Visitor(server);
  await visitor.logIn('carol', carol.password);
  assert.equal((await visitor.own('POST', 'account/delete', { password: carol.password })).status, 200);
  await server.stop('SIGKILL');
  await server.start();
  await eventually(() => count(`SELECT count(*) FROM status WHERE author_id = ${id}`), (n) => n === 0, 20_000);
});
