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

const edit = (person, id, body) => person.request('PUT', `/api/v1/statuses/${id}`, body);

test('an edit is true of the very next answer, for everybody', async () => {
  const status = await alice.posts('first #one @bob');
  assert.equal(status.edited_at, null);
  await bob.get(`/api/v1/statuses/${status.id}`);
  const edited = await edit(alice, status.id, { status: 'second #two @carol', spoiler_text: 'careful' });
  assert.equal(edited.status, 200, JSON.stringify(edited.body));
  assert.ok(edited.body.edited_at);
  const seen = (await bob.get(`/api/v1/statuses/${status.id}`)).body;
  assert.match(seen.content, /second/);
  assert.deepEqual(seen.tags.map((t) => t.name), ['two']);
  assert.deepEqual(seen.mentions.map((m) => m.acct), ['carol']);
  assert.equal(seen.spoiler_text, 'careful');
  const old = (await bob.get('/api/v1/timelines/tag/one')).body;
  assert.deepEqual(old, []);
  assert.deepEqual((await bob.get('/api/v1/timelines/tag/two')).body.map((s) => s.id), [status.id]);
});

test('the history has every form, oldest first', async () => {
  const status = await alice.posts('one');
  assert.equal((await bob.get(`/api/v1/statuses/${status.id}/history`)).body.length, 1);
  await edit(alice, status.id, { status: 'two' });
  await edit(alice, status.id, { status: 'three', spoiler_text: 'w' });
  const { body } = await bob.get(`/api/v1/statuses/${status.id}/history`);
  assert.deepEqual(body.map((e) => e.content), ['<p>one</p>', '<p>two</p>', '<p>three</p>']);
  assert.deepEqual(body.map((e) => e.spoiler_text), ['', '', 'w']);
  assert.equal(body[0].created_at, status.created_at);
  for (const form of body) for (const key of ['account', 'created_at', 'emojis', 'media_attachments', 'sensitive', 'poll', 'quote']) assert.ok(key in form, key);
});

test('an edit that changes nothing is none', async () => {
  const status = await alice.posts('same');
  const edited = (await edit(alice, status.id, { status: 'same' })).body;
  assert.equal(edited.edited_at, null);
});

test('what an edit does not name stays', async () => {
  const status = await alice.posts('text', { spoiler_text: 'w', language: 'de', visibility: 'unlisted' });
  const edited = (await edit(alice, status.id, { status: 'new text', spoiler_text: 'w' })).body;
  assert.equal(edited.spoiler_text, 'w');
  assert.equal(edited.language, 'de');
  assert.equal(edited.visibility, 'unlisted');
});

test('an edited poll with other choices begins anew, with the same keeps its votes', async () => {
  const poll = { options: ['a', 'b'], expires_in: 3600 };
  const status = await alice.posts('poll', { poll });
  await bob.post(`/api/v1/polls/${status.poll.id}/votes`, { choices: [1] });
  const same = (await edit(alice, status.id, { status: 'poll, reworded', poll })).body;
  assert.equal(same.poll.votes_count, 1);
  const other = (await edit(alice, status.id, { status: 'poll, reworded', poll: { ...poll, options: ['a', 'c'] } })).body;
  assert.equal(other.poll.votes_count, 0);
  assert.deepEqual(other.poll.options.map((o) => o.title), ['a', 'c']);
  assert.equal((await bob.post(`/api/v1/polls/${status.poll.id}/votes`, { choices: [0] })).status, 200);
});

test('a bad edit is refused and changes nothing', async () => {
  const status = await alice.posts('good');
  assert.equal((await edit(alice, status.id, { status: '' })).status, 422);
  assert.equal((await edit(alice, status.id, { status: 'x'.repeat(501) })).status, 422);
  assert.equal((await bob.get(`/api/v1/statuses/${status.id}`)).body.content, '<p>good</p>');
});

test('a boost cannot be edited', async () => {
  const status = await bob.posts('boost me');
  const boost = (await alice.post(`/api/v1/statuses/${status.id}/reblog`)).body;
  assert.equal((await edit(alice, boost.id, { status: 'mine now' })).status, 404);
});

test('masto edits and reads history and source', async () => {
  const status = await carol.masto.v1.statuses.create({ status: 'm1' });
  await carol.masto.v1.statuses.$select(status.id).update({ status: 'm2' });
  const history = await carol.masto.v1.statuses.$select(status.id).history.list();
  assert.equal(history.length, 2);
  assert.equal((await carol.masto.v1.statuses.$select(status.id).source.fetch()).text, 'm2');
});
