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

const context = async (person, id) => {
  const { body } = await person.get(`/api/v1/statuses/${id}/context`);
  return { up: body.ancestors.map((s) => s.content.replace(/<[^>]*>/g, '')), down: body.descendants.map((s) => s.content.replace(/<[^>]*>/g, '')) };
};
const under = (person, post, text) => person.posts(text, { in_reply_to_id: post.id });

test('ancestors come first to last, replies right after what they reply to', async () => {
  const root = await alice.posts('root');
  const a = await under(bob, root, 'a');
  const b = await under(carol, root, 'b');
  const a1 = await under(alice, a, 'a1');
  await under(carol, a, 'a2');
  await under(bob, b, 'b1');
  await under(bob, a1, 'a1x');
  assert.deepEqual(await context(alice, root.id), { up: [], down: ['a', 'a1', 'a1x', 'a2', 'b', 'b1'] });
  assert.deepEqual(await context(alice, a1.id), { up: ['root', 'a'], down: ['a1x'] });
});

test('a reply to a boost is a reply to the post under it', async () => {
  const root = await alice.posts('boosted root');
  const boost = (await bob.post(`/api/v1/statuses/${root.id}/reblog`)).body;
  const reply = await under(carol, boost, 'to the boost');
  assert.equal(reply.in_reply_to_id, root.id);
});

test('muted and blocked people are left out of threads', async () => {
  const root = await alice.posts('quiet root');
  await under(bob, root, 'noise');
  await carol.post(`/api/v1/accounts/${await bob.id()}/mute`);
  assert.deepEqual((await context(carol, root.id)).down, []);
  assert.deepEqual((await context(alice, root.id)).down, ['noise']);
  await carol.post(`/api/v1/accounts/${await bob.id()}/unmute`);
  await carol.post(`/api/v1/accounts/${await bob.id()}/block`);
  assert.deepEqual((await context(carol, root.id)).down, []);
  await carol.post(`/api/v1/accounts/${await bob.id()}/unblock`);
});

test('a deleted post cuts the thread where it was', async () => {
  const root = await alice.posts('cut root');
  const middle = await under(bob, root, 'middle');
  const leaf = await under(carol, middle, 'leaf');
  await bob.request('DELETE', `/api/v1/statuses/${middle.id}`);
  assert.deepEqual(await context(alice, root.id), { up: [], down: [] });
  assert.deepEqual(await context(alice, leaf.id), { up: [], down: [] });
});

test('strangers see at most 40 above and 60 below', async () => {
  let last = await alice.posts('0');
  const first = last;
  for (let i = 1; i < 50; i++) last = await under(alice, last, String(i));
  const wide = await bob.posts('wide');
  await Promise.all(Array.from({ length: 70 }, (_, i) => under(carol, wide, `w${i}`)));
  const stranger = async (id) => (await server.fetch(`/api/v1/statuses/${id}/context`)).json();
  assert.equal((await stranger(last.id)).ancestors.length, 40);
  assert.equal((await stranger(wide.id)).descendants.length, 60);
  assert.equal((await stranger(first.id)).descendants.length, 20, 'no deeper than 20');
  assert.equal((await context(bob, last.id)).up.length, 49);
  assert.equal((await context(bob, wide.id)).down.length, 70);
  assert.equal((await context(bob, first.id)).down.length, 49);
});
