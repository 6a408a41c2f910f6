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

test('the same key makes one post', async () => {
  const headers = { 'Idempotency-Key': 'once' };
  const first = (await alice.post('/api/v1/statuses', { status: 'once' }, headers)).body;
  const again = (await alice.post('/api/v1/statuses', { status: 'once' }, headers)).body;
  assert.equal(again.id, first.id);
  const other = (await alice.post('/api/v1/statuses', { status: 'once' }, { 'Idempotency-Key': 'twice' })).body;
  assert.notEqual(other.id, first.id);
});

test('keys belong to their account', async () => {
  const headers = { 'Idempotency-Key': 'shared' };
  const hers = (await alice.post('/api/v1/statuses', { status: 'hers' }, headers)).body;
  const his = (await bob.post('/api/v1/statuses', { status: 'his' }, headers)).body;
  assert.notEqual(hers.id, his.id);
  assert.equal(his.content, '<p>his</p>');
});

test('twenty requests at once with one key make one post', async () => {
  const headers = { 'Idempotency-Key': 'race' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => alice.post('/api/v1/statuses', { status: 'race' }, headers)));
  for (const answer of answers) assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.equal(new Set(answers.map((a) => a.body.id)).size, 1);
  const mine = (await alice.get(`/api/v1/accounts/${await alice.id()}/statuses?limit=40`)).body;
  assert.equal(mine.filter((s) => s.content === '<p>race</p>').length, 1);
});

test('a key whose request failed may be used again', async () => {
  const headers = { 'Idempotency-Key': 'failed' };
  assert.equal((await alice.post('/api/v1/statuses', { status: '' }, headers)).status, 422);
  assert.equal((await alice.post('/api/v1/statuses', { status: 'now' }, headers)).status, 200);
});
