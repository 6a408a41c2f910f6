// Muting: silent, one way, for a time, with or without notifications.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob, dave;
before(async () => {
  server = await startServer();
  ({ alice, bob, dave } = await makeCast(server, 'alice', 'bob', 'dave'));
});
after(() => server.remove());

const act = async (person, other, verb, body) => person.post(`/api/v1/accounts/${await other.id()}/${verb}`, body);
const home = async (person) => (await person.get('/api/v1/timelines/home')).body.map((s) => s.content.replace(/<[^>]+>/g, ''));
const told = async (person) => (await person.get('/api/v1/notifications')).body.map((n) => n.account.username);

test('a muted account leaves home at once and comes back when unmuted; the follow stays', async () => {
  await act(alice, bob, 'follow');
  await bob.posts('loud');
  assert.ok((await home(alice)).includes('loud'));
  const muted = (await act(alice, bob, 'mute')).body;
  assert.equal(muted.muting, true);
  assert.equal(muted.muting_notifications, true);
  assert.equal(muted.following, true);
  assert.ok(!(await home(alice)).includes('loud'));
  assert.equal((await act(alice, bob, 'unmute')).body.muting, false);
  assert.ok((await home(alice)).includes('loud'));
});

test('the muted do not learn of it', async () => {
  await act(alice, bob, 'mute');
  const [seen] = (await bob.get(`/api/v1/accounts/relationships?id[]=${await alice.id()}`)).body;
  assert.equal(seen.blocked_by, false);
  assert.equal(seen.muting, false);
});

test('a mute silences notifications only where it says so', async () => {
  await act(alice, bob, 'mute', { notifications: true });
  await bob.posts('@alice one');
  await dave.posts('@alice two');
  await eventually(() => told(alice), (names) => names.includes('dave'));
  assert.ok(!(await told(alice)).includes('bob'));
  assert.equal((await act(alice, bob, 'mute', { notifications: false })).body.muting_notifications, false);
  await bob.posts('@alice three');
  await eventually(() => told(alice), (names) => names.includes('bob'));
});

test('a mute with a duration says when it ends, and ends', async () => {
  const muted = (await act(alice, dave, 'mute', { duration: 1 })).body;
  assert.equal(muted.muting, true);
  const ends = Date.parse(muted.muting_expires_at);
  assert.ok(ends > Date.now() - 1000 && ends < Date.now() + 3000);
  const [listed] = (await alice.get('/api/v1/mutes')).body.filter((a) => a.username === 'dave');
  assert.equal(listed.mute_expires_at, muted.muting_expires_at);
  await eventually(async () => (await alice.get(`/api/v1/accounts/relationships?id[]=${await dave.id()}`)).body[0].muting, (m) => m === false);
  assert.ok(!(await alice.get('/api/v1/mutes')).body.some((a) => a.username === 'dave'));
});

test('a duration that is none is refused with the reason', async () => {
  for (const duration of ['soon', -5, 1e15]) {
    const answer = await act(alice, dave, 'mute', { duration });
    assert.equal(answer.status, 422, String(duration));
    assert.match(answer.body.error, /duration/);
  }
});

test('mutes are listed with null where they never end', async () => {
  await act(alice, bob, 'mute');
  const [listed] = (await alice.get('/api/v1/mutes')).body;
  assert.equal(listed.username, 'bob');
  assert.equal(listed.mute_expires_at, null);
});
