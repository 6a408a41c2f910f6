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

const direct = (person, text, more) => person.posts(text, { visibility: 'direct', ...more });
const list = async (person) => (await person.get('/api/v1/conversations')).body;

test('a direct post begins a conversation, unread for those it names', async () => {
  const status = await direct(alice, '@bob @carol hi');
  const [hers] = await list(alice);
  assert.equal(hers.unread, false);
  assert.equal(hers.last_status.id, status.id);
  assert.deepEqual(hers.accounts.map((a) => a.username).sort(), ['bob', 'carol']);
  const [his] = await list(bob);
  assert.equal(his.unread, true);
  assert.deepEqual(his.accounts.map((a) => a.username).sort(), ['alice', 'carol']);
  assert.deepEqual(await list(dave), []);
});

test('answers stay in the conversation and move it to the front', async () => {
  const other = await direct(alice, '@bob another');
  const [latest, first] = await list(bob);
  assert.equal(latest.last_status.id, other.id);
  const answer = await direct(bob, '@alice sure', { in_reply_to_id: first.last_status.id });
  const now = await list(bob);
  assert.equal(now.length, 2);
  assert.equal(now[0].id, first.id);
  assert.equal(now[0].last_status.id, answer.id);
  assert.equal(now[0].unread, false);
  const carols = await list(carol);
  assert.equal(carols.length, 1);
  assert.notEqual(carols[0].last_status.id, answer.id, 'who is not named in an answer does not see it');
});

test('reading and dropping a conversation are one\'s own', async () => {
  const [conversation] = await list(carol);
  assert.equal(conversation.unread, true);
  assert.equal((await dave.post(`/api/v1/conversations/${conversation.id}/read`)).status, 404);
  assert.equal((await dave.request('DELETE', `/api/v1/conversations/${conversation.id}`)).status, 404);
  const read = await carol.post(`/api/v1/conversations/${conversation.id}/read`);
  assert.equal(read.body.unread, false);
  assert.equal((await list(carol))[0].unread, false);
  assert.equal((await carol.request('DELETE', `/api/v1/conversations/${conversation.id}`)).status, 200);
  assert.deepEqual(await list(carol), []);
  assert.equal((await list(alice)).some((c) => c.id === conversation.id), true);
});

test('a deleted direct post leaves the one before it, or nothing', async () => {
  const one = await direct(dave, '@bob one');
  const two = await direct(dave, '@bob two', { in_reply_to_id: one.id });
  const find = async (person) => (await list(person)).find((c) => c.accounts.some((a) => ['bob', 'dave'].includes(a.username)) && [one.id, two.id].includes(c.last_status?.id));
  await dave.request('DELETE', `/api/v1/statuses/${two.id}`);
  assert.equal((await find(bob)).last_status.id, one.id);
  await dave.request('DELETE', `/api/v1/statuses/${one.id}`);
  assert.equal(await find(bob), undefined);
  assert.deepEqual(await list(dave), []);
});

test('conversations are paged by Link', async () => {
  for (let i = 0; i < 5; i++) await direct(dave, `@carol number ${i}`);
  const seen = [];
  let next = '/api/v1/conversations?limit=2';
  while (next) {
    const page = await dave.get(next);
    seen.push(...page.body.map((c) => c.id));
    const link = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '');
    next = link && page.body.length ? new URL(link[1]).pathname + new URL(link[1]).search : null;
  }
  assert.equal(new Set(seen).size, 5);
  assert.equal(seen.length, 5);
});

test('a note to oneself is a conversation with oneself', async () => {
  await direct(carol, 'remember the milk');
  const [own] = await list(carol);
  assert.deepEqual(own.accounts.map((a) => a.username), ['carol']);
  assert.equal(own.unread, false);
});

test('masto lists and reads', async () => {
  await direct(alice, '@bob by masto');
  const [latest] = await bob.masto.v1.conversations.list();
  assert.equal(latest.unread, true);
  assert.equal((await bob.masto.v1.conversations.$select(latest.id).read()).unread, false);
});
