// Following: options, locked accounts, removal, counters, lists of followers and their pages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast, makePerson } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, app, alice, bob, dave;
before(async () => {
  server = await startServer();
  ({ app, alice, bob, dave } = await makeCast(server, 'alice', 'bob', 'dave'));
});
after(() => server.remove());

const act = async (person, other, verb, body) => (await person.post(`/api/v1/accounts/${await other.id()}/${verb}`, body)).body;
const relation = async (person, other) => (await person.get(`/api/v1/accounts/relationships?id[]=${await other.id()}`)).body[0];
const counts = async (person) => {
  const { body } = await person.get(`/api/v1/accounts/${await person.id()}`);
  return [body.followers_count, body.following_count];
};

test('following shows at once on both sides, and in the counters', async () => {
  const [before] = [await counts(bob)];
  const made = await act(alice, bob, 'follow');
  assert.equal(made.following, true);
  assert.equal(made.showing_reblogs, true);
  assert.equal(made.notifying, false);
  assert.equal(made.requested, false);
  assert.equal((await relation(bob, alice)).followed_by, true);
  assert.equal((await counts(bob))[0], before[0] + 1);
  assert.equal((await counts(alice))[1], 1);
});

test('following twice counts once', async () => {
  await act(alice, bob, 'follow');
  assert.equal((await counts(alice))[1], 1);
});

test('options of a follow are kept, changed one by one, and shown', async () => {
  assert.equal((await act(alice, bob, 'follow', { reblogs: false, notify: true })).showing_reblogs, false);
  const later = await act(alice, bob, 'follow', { languages: ['de', 'en'] });
  assert.equal(later.showing_reblogs, false);
  assert.equal(later.notifying, true);
  assert.deepEqual(later.languages, ['de', 'en']);
  const back = await act(alice, bob, 'follow', { reblogs: true, notify: false, languages: [] });
  assert.equal(back.showing_reblogs, true);
  assert.equal(back.notifying, false);
});

test('languages that are none are refused with the reason', async () => {
  const answer = await alice.post(`/api/v1/accounts/${await bob.id()}/follow`, { languages: ['<script>'] });
  assert.equal(answer.status, 422);
  assert.match(answer.body.error, /languages/);
});

test('nobody follows oneself, or somebody who is not there', async () => {
  assert.equal((await alice.post(`/api/v1/accounts/${await alice.id()}/follow`)).status, 403);
  assert.equal((await alice.post('/api/v1/accounts/123456789/follow')).status, 404);
  assert.equal((await alice.post('/api/v1/accounts/nonsense/follow')).status, 404);
});

test('unfollowing takes the counters back and is idempotent', async () => {
  await act(alice, bob, 'follow');
  assert.equal((await act(alice, bob, 'unfollow')).following, false);
  assert.equal((await act(alice, bob, 'unfollow')).following, false);
  assert.equal((await counts(alice))[1], 0);
  assert.equal((await counts(bob))[0], 0);
});

test('a follower can be removed', async () => {
  await act(alice, bob, 'follow');
  assert.equal((await act(bob, alice, 'remove_from_followers')).followed_by, false);
  assert.equal((await relation(alice, bob)).following, false);
  assert.equal((await counts(bob))[0], 0);
});

test('a locked account is asked, and answers', async () => {
  const locked = await makePerson(server, app, 'locked_lena', { locked: true });
  const asked = await act(alice, locked, 'follow', { reblogs: false });
  assert.equal(asked.following, false);
  assert.equal(asked.requested, true);
  assert.equal((await relation(locked, alice)).requested_by, true);
  assert.deepEqual((await locked.get('/api/v1/follow_requests')).body.map((a) => a.username), ['alice']);
  const authorized = await locked.post(`/api/v1/follow_requests/${await alice.id()}/authorize`);
  assert.equal(authorized.body.followed_by, true);
  const now = await relation(alice, locked);
  assert.equal(now.following, true);
  assert.equal(now.showing_reblogs, false, 'what was asked for is kept');
  assert.deepEqual((await locked.get('/api/v1/follow_requests')).body, []);
  assert.equal((await locked.post(`/api/v1/follow_requests/${await alice.id()}/authorize`)).status, 404);
  await act(bob, locked, 'follow');
  assert.equal((await locked.post(`/api/v1/follow_requests/${await bob.id()}/reject`)).body.followed_by, false);
  assert.equal((await relation(bob, locked)).requested, false);
  await act(dave, locked, 'follow');
  assert.equal((await act(dave, locked, 'unfollow')).requested, false, 'a request can be taken back');
});

test('an account that is unlocked takes in everybody who had asked', async () => {
  const locked = await makePerson(server, app, 'opening_olaf', { locked: true });
  await act(alice, locked, 'follow', { notify: true });
  await act(bob, locked, 'follow');
  await locked.request('PATCH', '/api/v1/accounts/update_credentials', { display_name: 'Olaf' });
  assert.equal((await relation(alice, locked)).requested, true);
  await locked.request('PATCH', '/api/v1/accounts/update_credentials', { locked: false });
  for (const person of [alice, bob]) {
    const now = await relation(person, locked);
    assert.deepEqual([now.following, now.requested, now.notifying], [true, false, person === alice]);
  }
  assert.deepEqual((await locked.get('/api/v1/follow_requests')).body, []);
});

test('followers and followed are paged by Link without loss or repetition', async () => {
  const star = await makePerson(server, app, 'star');
  const fans = [];
  for (let i = 0; i < 7; i++) {
    const fan = await makePerson(server, app, `fan${i}`);
    await act(fan, star, 'follow');
    fans.unshift(`fan${i}`);
  }
  const seen = [];
  let where = `/api/v1/accounts/${await star.id()}/followers?limit=3`;
  for (let pages = 0; where && pages < 10; pages++) {
    const page = await star.get(where);
    seen.push(...page.body.map((a) => a.username));
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '');
    where = next && new URL(next[1]).pathname + new URL(next[1]).search;
  }
  assert.deepEqual(seen, fans);
  const last = await star.get(`/api/v1/accounts/${await star.id()}/followers?limit=2`);
  const prev = /<([^>]+)>; rel="prev"/.exec(last.headers.get('link'))[1];
  const late = await makePerson(server, app, 'fan_late');
  await act(late, star, 'follow');
  const newer = await star.get(new URL(prev).pathname + new URL(prev).search);
  assert.deepEqual(newer.body.map((a) => a.username), ['fan_late']);
});

test('counters stay right when many follow and unfollow at once', async () => {
  const star = await makePerson(server, app, 'busy_star');
  const id = await star.id();
  const fans = await Promise.all([...Array(8).keys()].map((i) => makePerson(server, app, `rush${i}`)));
  await Promise.all(fans.flatMap((f) => [f.post(`/api/v1/accounts/${id}/follow`), f.post(`/api/v1/accounts/${id}/follow`), f.post(`/api/v1/accounts/${id}/unfollow`)]));
  await Promise.all(fans.map((f) => f.post(`/api/v1/accounts/${id}/follow`)));
  assert.equal((await counts(star))[0], fans.length);
  await Promise.all(fans.map((f, i) => (i % 2 ? f.post(`/api/v1/accounts/${id}/unfollow`) : star.post(`/api/v1/accounts/${f.me?.id ?? 0}/block`))));
  const followers = (await star.get(`/api/v1/accounts/${id}/followers`)).body.length;
  assert.equal((await counts(star))[0], followers);
});

test('familiar followers are the followed among the followers', async () => {
  const [one, two, three] = await Promise.all(['famous', 'friend_f', 'reader_f'].map((n) => makePerson(server, app, n)));
  await act(three, two, 'follow');
  await act(two, one, 'follow');
  const { body } = await three.get(`/api/v1/accounts/familiar_followers?id[]=${await one.id()}`);
  assert.equal(body[0].id, await one.id());
  assert.deepEqual(body[0].accounts.map((a) => a.username), ['friend_f']);
});

test('suggestions are lists that clients can read', async () => {
  for (const where of ['/api/v1/suggestions', '/api/v2/suggestions']) {
    const answer = await alice.get(where);
    assert.equal(answer.status, 200);
    assert.ok(Array.isArray(answer.body));
  }
});

test('masto follows and reads relationships', async () => {
  const { masto } = alice;
  const made = await masto.v1.accounts.$select(await dave.id()).follow({ notify: true });
  assert.equal(made.notifying, true);
  const [read] = await masto.v1.accounts.relationships.fetch({ id: [await dave.id()] });
  assert.equal(read.following, true);
});
