// Reporting somebody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob, mona;
before(async () => {
  server = await startServer();
  ({ alice, bob, mona } = await makeCast(server, 'alice', 'bob', 'mona'));
});
after(() => server.remove());

test('a report is kept with its posts and reaches the moderators, not the reported', async () => {
  const post = await bob.posts('buy cheap things');
  const report = (await alice.post('/api/v1/reports', { account_id: await bob.id(), status_ids: [post.id], comment: 'spam', category: 'spam' })).body;
  assert.equal(report.category, 'spam');
  assert.equal(report.comment, 'spam');
  assert.equal(report.action_taken, false);
  assert.deepEqual(report.status_ids, [post.id]);
  assert.equal(report.target_account.username, 'bob');
  const [told] = await eventually(async () => (await mona.get('/api/v1/notifications?types[]=admin.report')).body, (n) => n.length);
  assert.equal(told.report.id, report.id);
  assert.equal(told.account.username, 'alice');
  assert.ok(!(await bob.get('/api/v1/notifications')).body.some((n) => n.type === 'admin.report'));
});

test("somebody else's posts, unknown rules and categories are refused", async () => {
  const post = await alice.posts('mine');
  const about = { account_id: await bob.id() };
  assert.equal((await alice.post('/api/v1/reports', { ...about, status_ids: [post.id] })).status, 422);
  assert.equal((await alice.post('/api/v1/reports', { ...about, status_ids: ['1'] })).status, 404);
  assert.equal((await alice.post('/api/v1/reports', { ...about, category: 'boring' })).status, 422);
  assert.equal((await alice.post('/api/v1/reports', { ...about, rule_ids: ['99'] })).status, 422);
  assert.equal((await alice.post('/api/v1/reports', { account_id: '99' })).status, 404);
  assert.equal((await alice.post('/api/v1/reports', { account_id: await alice.id() })).status, 403);
});
