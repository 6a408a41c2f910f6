// Everybody does everything at once, against one server: nobody gets a 5xx, no counter is off, and (under a thread sanitizer) no race is found.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const rounds = 40;
let state = seed;
const random = (n) => ((state = (state * 1103515245 + 12345) % 2147483648), Math.floor((state / 2147483648) * n));

let server, people, shared;
before(async () => {
  server = await startServer();
  const { olga, mona, alice, bob, carol, dave } = await makeCast(server);
  people = [olga, mona, alice, bob, carol, dave];
  shared = await alice.posts('the post that everybody touches');
});
after(() => server.remove());

async function act(person) {
  const other = people[random(people.length)];
  const actions = [
    () => person.post('/api/v1/statuses', { status: `a thought of ${person.name}, number ${random(1e6)}` }),
    () => person.post(`/api/v1/statuses/${shared.id}/favourite`),
    () => person.post(`/api/v1/statuses/${shared.id}/unfavourite`),
    () => person.post(`/api/v1/statuses/${shared.id}/reblog`),
    () => person.post(`/api/v1/statuses/${shared.id}/unreblog`),
    () => person.post(`/api/v1/statuses/${shared.id}/bookmark`),
    async () => person.post(`/api/v1/accounts/${await other.id()}/follow`),
    async () => person.post(`/api/v1/accounts/${await other.id()}/unfollow`),
    async () => person.post(`/api/v1/accounts/${await other.id()}/mute`, { duration: 1 }),
    () => person.get('/api/v1/timelines/home'),
    () => person.get('/api/v1/timelines/public?local=true'),
    () => person.get('/api/v1/notifications'),
    () => person.get(`/api/v1/statuses/${shared.id}`),
    async () => {
      const made = await person.post('/api/v1/statuses', { status: 'soon gone' });
      return person.request('DELETE', `/api/v1/statuses/${made.body.id}`);
    },
  ];
  return actions[random(actions.length)]();
}

test(`everybody does everything at once and nothing breaks (seed ${seed})`, async () => {
  await Promise.all(
    people.map(async (person) => {
      for (let i = 0; i < rounds; i++) {
        const answer = await act(person);
        assert.ok(answer.status < 500, `${answer.status} ${JSON.stringify(answer.body)}`);
      }
    }),
  );
});

test('the counters of the post that everybody touched are right afterwards', async () => {
  const [alice] = people.filter((p) => p.name === 'alice');
  const status = (await alice.get(`/api/v1/statuses/${shared.id}`)).body;
  const fans = (await alice.get(`/api/v1/statuses/${shared.id}/favourited_by?limit=80`)).body;
  const boosters = (await alice.get(`/api/v1/statuses/${shared.id}/reblogged_by?limit=80`)).body;
  assert.equal(status.favourites_count, fans.length);
  assert.equal(status.reblogs_count, boosters.length);
});

test('each follow counter agrees with its list', async () => {
  for (const person of people) {
    const me = (await person.get('/api/v1/accounts/verify_credentials')).body;
    const followers = (await person.get(`/api/v1/accounts/${me.id}/followers?limit=80`)).body;
    const following = (await person.get(`/api/v1/accounts/${me.id}/following?limit=80`)).body;
    assert.equal(me.followers_count, followers.length, `${person.name}'s followers`);
    assert.equal(me.following_count, following.length, `${person.name}'s following`);
  }
});
