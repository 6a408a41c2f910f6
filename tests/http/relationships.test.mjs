// What stands between two accounts: every key, notes, accounts that are not there.
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

const keys = ['blocked_by', 'blocking', 'domain_blocking', 'endorsed', 'followed_by', 'following', 'id', 'languages', 'muting', 'muting_expires_at',
  'muting_notifications', 'note', 'notifying', 'requested', 'requested_by', 'showing_reblogs'];

test('a relationship has every key', async () => {
  const { body } = await alice.get(`/api/v1/accounts/relationships?id[]=${await bob.id()}`);
  assert.deepEqual(Object.keys(body[0]).sort(), keys);
});

test('relationships come in the order asked for, without those that are not there', async () => {
  const [a, b] = [await alice.id(), await bob.id()];
  const { body } = await alice.get(`/api/v1/accounts/relationships?id[]=${b}&id[]=12345&id[]=${a}`);
  assert.deepEqual(body.map((r) => r.id), [b, a]);
  assert.deepEqual((await alice.get(`/api/v1/accounts/relationships?id=${b}`)).body.map((r) => r.id), [b]);
  assert.deepEqual((await alice.get('/api/v1/accounts/relationships')).body, []);
});

test('ids that are none are refused with the reason', async () => {
  const answer = await alice.get('/api/v1/accounts/relationships?id[]=nonsense');
  assert.equal(answer.status, 422);
  assert.match(answer.body.error, /id/);
});

test('a note is private, can be changed and taken away', async () => {
  const id = await bob.id();
  assert.equal((await alice.post(`/api/v1/accounts/${id}/note`, { comment: 'met at the "fair" 🎪' })).body.note, 'met at the "fair" 🎪');
  const [seen] = (await bob.get(`/api/v1/accounts/relationships?id[]=${await alice.id()}`)).body;
  assert.equal(seen.note, '');
  assert.equal((await alice.post(`/api/v1/accounts/${id}/note`, { comment: '' })).body.note, '');
  assert.equal((await alice.post(`/api/v1/accounts/${id}/note`, { comment: 'x'.repeat(2001) })).status, 422);
});

test('a suspended account has a relationship only when asked for', async () => {
  const id = await bob.id();
  assert.equal((await server.cli('account', 'suspend', 'bob')).code, 0);
  assert.deepEqual((await alice.get(`/api/v1/accounts/relationships?id[]=${id}`)).body, []);
  assert.equal((await alice.get(`/api/v1/accounts/relationships?id[]=${id}&with_suspended=true`)).body.length, 1);
  assert.equal((await alice.post(`/api/v1/accounts/${id}/follow`)).status, 404);
});
