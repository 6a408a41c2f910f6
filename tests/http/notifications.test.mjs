// Notifications: each kind, what takes them back, who gets none, both versions of the API.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, makeCast, makePerson } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';
import { openEvents } from '../harness/streams.mjs';

let server, app, alice, bob, carol, dave, olga;
before(async () => {
  server = await startServer();
  ({ app, alice, bob, carol, dave, olga } = await makeCast(server, 'alice', 'bob', 'carol', 'dave', 'olga'));
});
after(() => server.remove());

const list = async (person, query = '') => (await person.get(`/api/v1/notifications${query}`)).body;
const gets = (person, satisfies) => eventually(() => list(person), (n) => n.some(satisfies)).then((n) => n.find(satisfies));
const loses = (person, is) => eventually(() => list(person), (n) => !n.some(is));
const act = (person, id, verb, body) => person.post(`/api/v1/statuses/${id}/${verb}`, body);

test('a mention tells whom it names, with the post', async () => {
  const post = await bob.posts('@alice look');
  const n = await gets(alice, (x) => x.type === 'mention' && x.status?.id === post.id);
  assert.equal(n.account.username, 'bob');
  assert.match(n.group_key, /^ungrouped-/);
  assert.deepEqual((await alice.get(`/api/v1/notifications/${n.id}`)).body, n);
  assert.equal((await bob.get(`/api/v1/notifications/${n.id}`)).status, 404);
});

test('a favourite and a boost tell the author, and being undone takes them back', async () => {
  const post = await alice.posts('like me');
  await act(bob, post.id, 'favourite');
  await act(bob, post.id, 'reblog');
  const is = (type) => (x) => x.type === type && x.status?.id === post.id && x.account.username === 'bob';
  await gets(alice, is('favourite'));
  await gets(alice, is('reblog'));
  await act(bob, post.id, 'unfavourite');
  await loses(alice, is('favourite'));
  await act(bob, post.id, 'unreblog');
  await loses(alice, is('reblog'));
});

test('a follow tells, and unfollowing takes it back', async () => {
  await dave.follows(alice);
  const is = (x) => x.type === 'follow' && x.account.username === 'dave';
  await gets(alice, is);
  await dave.post(`/api/v1/accounts/${await alice.id()}/unfollow`);
  await loses(alice, is);
});

test('asking a locked account tells it; the answer takes that back and the follow tells', async () => {
  await bob.follows(carol);
  const asks = (x) => x.type === 'follow_request' && x.account.username === 'bob';
  await gets(carol, asks);
  await carol.post(`/api/v1/follow_requests/${await bob.id()}/authorize`);
  await gets(carol, (x) => x.type === 'follow' && x.account.username === 'bob');
  await loses(carol, asks);
});

test('those who asked to hear of new posts hear of them, but not of replies to others', async () => {
  await dave.post(`/api/v1/accounts/${await bob.id()}/follow`, { notify: true });
  const before = await alice.posts('something to reply to');
  const reply = await bob.posts('a reply', { in_reply_to_id: before.id });
  const post = await bob.posts('news');
  await gets(dave, (x) => x.type === 'status' && x.status?.id === post.id);
  assert.ok(!(await list(dave)).some((x) => x.status?.id === reply.id));
});

test('those who boosted a post hear when it is edited, and newly named people hear too', async () => {
  const post = await alice.posts('first version');
  await act(bob, post.id, 'reblog');
  await alice.request('PUT', `/api/v1/statuses/${post.id}`, { status: 'second version @dave' });
  await gets(bob, (x) => x.type === 'update' && x.status?.id === post.id);
  await gets(dave, (x) => x.type === 'mention' && x.status?.id === post.id);
});

test('a poll tells nothing before its end', async () => {
  const post = await alice.posts('which?', { poll: { options: ['a', 'b'], expires_in: 300 } });
  await bob.post(`/api/v1/polls/${post.poll.id}/votes`, { choices: [0] });
  assert.ok(!(await list(bob)).some((x) => x.type === 'poll'), 'not before its end');
});

test('a deleted post takes its notifications along', async () => {
  const post = await bob.posts('@alice gone soon');
  const is = (x) => x.status?.id === post.id;
  await gets(alice, is);
  await bob.request('DELETE', `/api/v1/statuses/${post.id}`);
  assert.ok(!(await list(alice)).some(is), 'from the very next answer');
});

test('nobody is told of what they do themselves', async () => {
  const post = await alice.posts('@alice my own');
  await act(alice, post.id, 'favourite');
  const marker = await bob.posts('@alice after that');
  await gets(alice, (x) => x.status?.id === marker.id);
  assert.ok(!(await list(alice)).some((x) => x.account.username === 'alice'));
});

test('a muted conversation tells nothing more', async () => {
  const post = await alice.posts('a long thread');
  await act(alice, post.id, 'mute');
  const reply = await bob.posts('@alice in the muted thread', { in_reply_to_id: post.id });
  const other = await bob.posts('@alice elsewhere');
  await gets(alice, (x) => x.status?.id === other.id);
  assert.ok(!(await list(alice)).some((x) => x.status?.id === reply.id));
});

test('a reply of one\'s own in a muted thread says at once that it is muted', async () => {
  const post = await alice.posts('a thread alice will mute');
  assert.equal(post.muted, false);
  await act(alice, post.id, 'mute');
  const reply = await alice.posts('one more word from alice', { in_reply_to_id: post.id });
  assert.equal(reply.muted, true);
});

test('the staff hears of sign-ups', async () => {
  await makePerson(server, app, 'newcomer');
  await gets(olga, (x) => x.type === 'admin.sign_up' && x.account.username === 'newcomer');
  assert.ok(!(await list(bob)).some((x) => x.type === 'admin.sign_up'));
});

test('a warning by the staff tells whom it was given to', async () => {
  const act = await olga.post(`/api/v1/admin/accounts/${await dave.id()}/action`, { type: 'none', text: 'Please be kind.' });
  assert.equal(act.status, 200, JSON.stringify(act.body));
  const n = await gets(dave, (x) => x.type === 'moderation_warning');
  assert.equal(n.moderation_warning.text, 'Please be kind.');
  assert.equal(n.moderation_warning.action, 'none');
  assert.equal(n.moderation_warning.target_account.username, 'dave');
});

test('who asks to join is told to the staff at once, live as well', async () => {
  const stream = await openEvents(server, 'user', olga.token);
  const answer = await server.fetch('/api/freehold/v1/signup', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'hopeful', email: 'hopeful@example.org', password: 'a long enough password', agreement: true, reason: 'please' }),
  });
  assert.equal((await answer.json()).state, 'pending');
  const is = (n) => n.type === 'admin.sign_up' && n.account.username === 'hopeful';
  await stream.gets((e) => e.event === 'notification' && is(e.payload));
  await gets(olga, is);
  stream.close();
});

test('kinds, accounts and cursors choose', async () => {
  for (const one of await list(alice, '?types[]=mention')) assert.equal(one.type, 'mention');
  assert.ok(!(await list(alice, '?exclude_types[]=mention')).some((x) => x.type === 'mention'));
  for (const one of await list(alice, `?account_id=${await bob.id()}`)) assert.equal(one.account.username, 'bob');
  assert.deepEqual(await list(alice, '?types[]=quoted_update'), [], 'a kind of newer servers matches nothing');
  const all = await list(alice, '?limit=80');
  assert.ok(all.length > 2);
  const page = await alice.get('/api/v1/notifications?limit=1');
  assert.deepEqual(page.body.map((n) => n.id), [all[0].id]);
  const next = new URL(/<([^>]+)>; rel="next"/.exec(page.headers.get('link'))[1]);
  assert.equal((await alice.get(next.pathname + next.search)).body[0].id, all[1].id);
  assert.equal((await list(alice, `?min_id=${all[1].id}`))[0].id, all[0].id);
});

test('the unread are counted from the marker', async () => {
  const all = await list(alice, '?limit=80');
  await alice.post('/api/v1/markers', { notifications: { last_read_id: all[1].id } });
  assert.deepEqual((await alice.get('/api/v1/notifications/unread_count')).body, { count: 1 });
  await alice.post('/api/v1/markers', { notifications: { last_read_id: all[0].id } });
  assert.deepEqual((await alice.get('/api/v2/notifications/unread_count')).body, { count: 0 });
});

test('several favourites of one post are one group, with everybody in it', async () => {
  const post = await alice.posts('popular');
  for (const fan of [bob, dave, carol]) await act(fan, post.id, 'favourite');
  const { body } = await eventually(() => alice.get('/api/v2/notifications'), ({ body }) => body.notification_groups?.some((g) => g.status_id === post.id && g.notifications_count === 3));
  const group = body.notification_groups.find((g) => g.status_id === post.id);
  assert.equal(group.type, 'favourite');
  assert.equal(group.sample_account_ids.length, 3);
  assert.equal(group.sample_account_ids[0], await carol.id());
  for (const key of ['group_key', 'most_recent_notification_id', 'page_min_id', 'page_max_id', 'latest_page_notification_at']) assert.ok(group[key], key);
  for (const id of group.sample_account_ids) assert.ok(body.accounts.some((a) => a.id === id));
  assert.equal(body.statuses.filter((s) => s.id === post.id).length, 1);
  const alone = (await alice.get(`/api/v2/notifications/${group.group_key}`)).body;
  assert.equal(alone.notification_groups[0].group_key, group.group_key);
  assert.equal((await alice.get(`/api/v2/notifications/${group.group_key}/accounts`)).body.length, 3);
  const apart = (await alice.get('/api/v2/notifications?grouped_types[]=follow')).body.notification_groups.filter((g) => g.status_id === post.id);
  assert.equal(apart.length, 3, 'only what is asked for is grouped');
  assert.deepEqual((await alice.post(`/api/v2/notifications/${group.group_key}/dismiss`)).body, {});
  assert.ok(!(await list(alice)).some((x) => x.status?.id === post.id));
  assert.equal((await alice.get(`/api/v2/notifications/${group.group_key}`)).status, 404);
  for (const key of ['favourite-1-1', 'nonsense', 'ungrouped-1', 'favourite-99999999999999999999-9'])
    assert.equal((await alice.get(`/api/v2/notifications/${key}`)).status, 404, key);
});

test('groups are paged without losing a notification', async () => {
  const seen = new Set();
  let where = '/api/v2/notifications?limit=2';
  for (let pages = 0; where && pages < 60; pages++) {
    const page = await alice.get(where);
    for (const g of page.body.notification_groups) seen.add(g.page_max_id);
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '');
    where = next && new URL(next[1]).pathname + new URL(next[1]).search;
  }
  const all = (await alice.get('/api/v2/notifications?limit=80')).body.notification_groups;
  for (const g of all) assert.ok(seen.has(g.page_max_id));
});

test('one is dismissed, all are cleared', async () => {
  const [first] = await list(alice);
  assert.deepEqual((await alice.post(`/api/v1/notifications/${first.id}/dismiss`)).body, {});
  assert.equal((await alice.get(`/api/v1/notifications/${first.id}`)).status, 404);
  assert.equal((await alice.post(`/api/v1/notifications/${first.id}/dismiss`)).status, 404);
  await alice.post('/api/v1/notifications/clear');
  assert.deepEqual(await list(alice), []);
});

test('the policy is kept and drops what it says', async () => {
  const policy = (await alice.get('/api/v2/notifications/policy')).body;
  assert.equal(policy.for_not_following, 'accept');
  assert.deepEqual(policy.summary, { pending_requests_count: 0, pending_notifications_count: 0 });
  assert.equal((await alice.request('PATCH', '/api/v2/notifications/policy', { for_not_following: 'drop' })).body.for_not_following, 'drop');
  assert.equal((await alice.get('/api/v2/notifications/policy')).body.for_not_following, 'drop');
  await alice.follows(bob);
  await dave.posts('@alice from a stranger');
  const wanted = await bob.posts('@alice from a friend');
  await gets(alice, (x) => x.status?.id === wanted.id);
  assert.ok(!(await list(alice)).some((x) => x.account.username === 'dave'));
  await alice.request('PATCH', '/api/v2/notifications/policy', { for_not_following: 'accept' });
  assert.equal((await alice.request('PATCH', '/api/v2/notifications/policy', { for_not_following: 'maybe' })).status, 422);
  assert.deepEqual((await alice.get('/api/v1/notifications/requests')).body, []);
});

test('clients read them: masto and megalodon', async () => {
  await bob.posts('@alice for the clients');
  await eventually(() => list(alice), (n) => n.length > 1);
  const read = await alice.masto.v1.notifications.list();
  assert.equal(read[0].type, 'mention');
  const grouped = await alice.masto.v2.notifications.list();
  assert.ok(grouped.notificationGroups.length);
  const theirs = await alice.megalodon.getNotifications();
  assert.equal(theirs.data[0].status.id, read[0].status.id);
});

test('what is not there is answered so that clients go on', async () => {
  for (const where of ['/api/v1/endorsements', '/api/v1/featured_tags', '/api/v1/domain_blocks', '/api/v1/scheduled_statuses', '/api/v1/announcements']) {
    const answer = await alice.get(where);
    assert.equal(answer.status, 200, where);
    assert.deepEqual(answer.body, [], where);
  }
  const push = await alice.post('/api/v1/push/subscription', { subscription: {} });
  assert.ok([404, 422].includes(push.status));
  assert.ok(push.body.error);
});
