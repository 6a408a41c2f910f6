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

const links = (headers) => Object.fromEntries([...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, url, rel]) => [rel, new URL(url).pathname + new URL(url).search]));

for (const [verb, undo, list, key] of [['favourite', 'unfavourite', 'favourites', 'favourited'], ['bookmark', 'unbookmark', 'bookmarks', 'bookmarked']]) {
  test(`${verb} and ${undo} say how it is now`, async () => {
    const status = await alice.posts(verb);
    assert.equal((await bob.post(`/api/v1/statuses/${status.id}/${verb}`)).body[key], true);
    assert.equal((await bob.post(`/api/v1/statuses/${status.id}/${verb}`)).body[key], true);
    assert.equal((await bob.get(`/api/v1/statuses/${status.id}`)).body[key], true);
    assert.equal((await carol.get(`/api/v1/statuses/${status.id}`)).body[key], false);
    assert.equal((await bob.post(`/api/v1/statuses/${status.id}/${undo}`)).body[key], false);
    assert.equal((await bob.post(`/api/v1/statuses/${status.id}/${undo}`)).status, 200);
  });

  test(`${list} are paged by Link in the order they were made`, async () => {
    const posts = [];
    for (let i = 0; i < 7; i++) posts.push(await alice.posts(`${list} ${i}`));
    const order = [3, 1, 6, 0, 5, 2, 4];
    for (const i of order) await carol.post(`/api/v1/statuses/${posts[i].id}/${verb}`);
    const want = order.toReversed?.() ?? [...order].reverse();
    const got = [];
    let next = `/api/v1/${list}?limit=3`, back;
    while (next) {
      const page = await carol.get(next);
      got.push(...page.body.map((s) => posts.findIndex((p) => p.id === s.id)));
      const link = links(page.headers);
      back ??= link.prev;
      next = link.next;
      if (page.body.length === 0) break;
    }
    assert.deepEqual(got, want);
    assert.deepEqual((await carol.get(back)).body, []);
    const one = await alice.posts('newer');
    await carol.post(`/api/v1/statuses/${one.id}/${verb}`);
    assert.deepEqual((await carol.get(back)).body.map((s) => s.id), [one.id]);
  });

  test(`a deleted post leaves ${list}`, async () => {
    const status = await alice.posts('leaving');
    await bob.post(`/api/v1/statuses/${status.id}/${verb}`);
    await alice.request('DELETE', `/api/v1/statuses/${status.id}`);
    assert.ok(!(await bob.get(`/api/v1/${list}`)).body.some((s) => s.id === status.id));
  });
}

test('favourites count for everybody and who did is listed', async () => {
  const status = await alice.posts('liked');
  await bob.post(`/api/v1/statuses/${status.id}/favourite`);
  await carol.post(`/api/v1/statuses/${status.id}/favourite`);
  assert.equal((await alice.get(`/api/v1/statuses/${status.id}`)).body.favourites_count, 2);
  assert.deepEqual((await alice.get(`/api/v1/statuses/${status.id}/favourited_by`)).body.map((a) => a.username), ['carol', 'bob']);
  assert.deepEqual((await (await server.fetch(`/api/v1/statuses/${status.id}/favourited_by`)).json()).map((a) => a.username), ['carol', 'bob']);
});

test('own posts are pinned, up to five, in the order of pinning', async () => {
  const posts = [];
  for (let i = 0; i < 6; i++) posts.push(await carol.posts(`pin ${i}`));
  for (let i = 0; i < 5; i++) assert.equal((await carol.post(`/api/v1/statuses/${posts[i].id}/pin`)).body.pinned, true);
  const sixth = await carol.post(`/api/v1/statuses/${posts[5].id}/pin`);
  assert.equal(sixth.status, 422);
  assert.match(sixth.body.error, /maximum number/);
  const pinned = (await bob.get(`/api/v1/accounts/${await carol.id()}/statuses?pinned=true`)).body;
  assert.deepEqual(pinned.map((s) => s.id), posts.slice(0, 5).map((s) => s.id).reverse());
  assert.equal((await carol.post(`/api/v1/statuses/${posts[0].id}/unpin`)).body.pinned, false);
});

test('others\' posts, boosts and direct posts are not pinned', async () => {
  const status = await alice.posts('hers');
  assert.match((await bob.post(`/api/v1/statuses/${status.id}/pin`)).body.error, /Someone else's/);
  const boost = (await bob.post(`/api/v1/statuses/${status.id}/reblog`)).body;
  assert.equal((await bob.post(`/api/v1/statuses/${boost.id}/pin`)).status, 422);
  const direct = await bob.posts('@alice psst', { visibility: 'direct' });
  assert.equal((await bob.post(`/api/v1/statuses/${direct.id}/pin`)).status, 422);
});

test('a muted conversation is muted in all its posts', async () => {
  const root = await alice.posts('root');
  const reply = await bob.posts('reply', { in_reply_to_id: root.id });
  assert.equal((await carol.post(`/api/v1/statuses/${reply.id}/mute`)).body.muted, true);
  assert.equal((await carol.get(`/api/v1/statuses/${root.id}`)).body.muted, true);
  assert.equal((await bob.get(`/api/v1/statuses/${root.id}`)).body.muted, false);
  assert.equal((await carol.post(`/api/v1/statuses/${root.id}/unmute`)).body.muted, false);
});

test('bad cursors are refused', async () => {
  for (const query of ['max_id=x', 'min_id=-1', 'since_id=1e9', 'limit=x'])
    for (const list of ['favourites', 'bookmarks', 'conversations', 'followed_tags']) {
      const { status } = await alice.get(`/api/v1/${list}?${query}`);
      assert.equal(status, 422, `${list}?${query}`);
    }
});
