import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob, carol, dave;
before(async () => {
  server = await startServer();
  ({ alice, bob, carol, dave } = await makeCast(server, 'alice', 'bob', 'carol', 'dave'));
});
after(() => server.remove());

const poll = { options: ['red', 'blue'], expires_in: 3600 };
const vote = (person, id, choices) => person.post(`/api/v1/polls/${id}/votes`, { choices });

test('a poll is voted in once and counts', async () => {
  const { poll: made } = await alice.posts('which?', { poll });
  for (const key of ['id', 'expires_at', 'expired', 'multiple', 'votes_count', 'voters_count', 'voted', 'own_votes', 'options', 'emojis']) assert.ok(key in made, key);
  const voted = await vote(bob, made.id, [1]);
  assert.equal(voted.status, 200, JSON.stringify(voted.body));
  assert.deepEqual(voted.body.own_votes, [1]);
  assert.equal(voted.body.voted, true);
  assert.deepEqual(voted.body.options.map((o) => o.votes_count), [0, 1]);
  const again = await vote(bob, made.id, [0]);
  assert.equal(again.status, 422);
  assert.match(again.body.error, /already voted/);
  const seen = (await alice.get(`/api/v1/polls/${made.id}`)).body;
  assert.equal(seen.votes_count, 1);
  assert.equal(seen.voters_count, 1);
  assert.deepEqual(seen.own_votes, []);
});

test('nobody votes twice, however many requests come at once', async () => {
  const { poll: made } = await alice.posts('race', { poll: { ...poll, multiple: true } });
  const answers = await Promise.all([bob, carol, dave].flatMap((p) => Array.from({ length: 8 }, (_, i) => vote(p, made.id, [i % 2]))));
  assert.equal(answers.filter((a) => a.status === 200).length, 3);
  for (const answer of answers.filter((a) => a.status !== 200)) assert.equal(answer.status, 422);
  const seen = (await alice.get(`/api/v1/polls/${made.id}`)).body;
  assert.equal(seen.votes_count, 3);
  assert.equal(seen.voters_count, 3);
});

test('several choices only where the poll allows it', async () => {
  const one = (await alice.posts('one', { poll })).poll;
  assert.equal((await vote(bob, one.id, [0, 1])).status, 422);
  const many = (await alice.posts('many', { poll: { ...poll, multiple: true } })).poll;
  const voted = (await vote(bob, many.id, [0, 1])).body;
  assert.deepEqual(voted.own_votes, [0, 1]);
  assert.equal(voted.votes_count, 2);
  assert.equal(voted.voters_count, 1);
});

test('bad votes are refused', async () => {
  const { poll: made } = await alice.posts('bad', { poll });
  for (const choices of [[2], [-1], [], [0, 0], ['x'], [99999999999]]) {
    const { status, body } = await vote(bob, made.id, choices);
    assert.equal(status, 422, `${JSON.stringify(choices)} ${JSON.stringify(body)}`);
  }
  assert.equal((await vote(alice, made.id, [0])).status, 422, 'not in one\'s own');
  const plain = await alice.posts('no poll');
  assert.equal((await vote(bob, plain.id, [0])).status, 404);
  assert.equal((await bob.get(`/api/v1/polls/${plain.id}`)).status, 404);
});

test('bad polls are refused', async () => {
  for (const [bad, pattern] of [
    [{ options: ['a'] }, /more than one/], [{ options: ['a', 'a'] }, /duplicate/], [{ options: ['a', ' '] }, /blank/], [{ options: ['a', 'x'.repeat(51)] }, /longer than 50/],
    [{ options: ['a', 'b', 'c', 'd', 'e'] }, /more than 4/], [{ expires_in: 10 }, /too soon/], [{ expires_in: 1e9 }, /too far/],
  ]) {
    const { status, body } = await alice.post('/api/v1/statuses', { status: 'x', poll: { ...poll, ...bad } });
    assert.equal(status, 422, JSON.stringify(bad));
    assert.match(body.error, pattern);
  }
});

test('hidden totals are shown when the poll is over', async () => {
  const { poll: made } = await alice.posts('hidden', { poll: { ...poll, hide_totals: true } });
  const voted = (await vote(bob, made.id, [0])).body;
  assert.deepEqual(voted.options.map((o) => o.votes_count), [null, null]);
});

test('masto votes', async () => {
  const status = await alice.masto.v1.statuses.create({ status: 'masto?', poll: { options: ['a', 'b'], expiresIn: 3600 } });
  const voted = await bob.masto.v1.polls.$select(status.poll.id).votes.create({ choices: [0] });
  assert.deepEqual(voted.ownVotes, [0]);
});

test('a deleted post takes its poll along', async () => {
  const status = await alice.posts('going', { poll });
  await vote(bob, status.poll.id, [0]);
  await alice.request('DELETE', `/api/v1/statuses/${status.id}`);
  assert.equal((await bob.get(`/api/v1/polls/${status.poll.id}`)).status, 404);
  assert.equal((await vote(carol, status.poll.id, [0])).status, 404);
});
