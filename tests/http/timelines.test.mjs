// Timelines, posts and accounts as they are read: every key there, every rule kept, every change in the very next answer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob, carol, dave, mona;
before(async () => {
  server = await startServer();
  ({ alice, bob, carol, dave, mona } = await makeCast(server, 'alice', 'bob', 'carol', 'dave', 'mona'));
  for (const [who, whom] of [[bob, alice], [alice, bob], [dave, alice]]) await who.post(`/api/v1/accounts/${await whom.id()}/follow`);
});
after(() => server.remove());

const home = async (who, query = '') => (await who.get(`/api/v1/timelines/home${query}`)).body;
const ids = (list) => list.map((status) => status.id);
const shows = async (who, status, query) => ids(await home(who, query)).includes(status.id);

const statusKeys = `id uri created_at account content visibility sensitive spoiler_text media_attachments application mentions tags emojis reblogs_count
  favourites_count replies_count quotes_count url in_reply_to_id in_reply_to_account_id reblog poll card language text edited_at favourited reblogged
  muted bookmarked pinned filtered quote quote_approval`.split(/\s+/);
const accountKeys = `id username acct url uri display_name note avatar avatar_static header header_static locked fields emojis bot group discoverable
  noindex moved suspended limited created_at last_status_at statuses_count followers_count following_count roles indexable hide_collections memorial`.split(/\s+/);

test('a status and its account carry every key', async () => {
  const status = await alice.posts('Every key');
  for (const seen of [status, (await bob.get(`/api/v1/statuses/${status.id}`)).body, (await home(bob))[0]]) {
    assert.equal(seen.id, status.id);
    for (const key of statusKeys) assert.ok(key in seen, `status.${key}`);
    for (const key of accountKeys) assert.ok(key in seen.account, `account.${key}`);
  }
  const me = (await alice.get('/api/v1/accounts/verify_credentials')).body;
  for (const key of ['privacy', 'sensitive', 'language', 'note', 'fields', 'follow_requests_count']) assert.ok(key in me.source, `source.${key}`);
  assert.ok('permissions' in me.role);
});

test('home shows oneself and those one follows, newest first, and nobody else', async () => {
  const first = await alice.posts('The first');
  const second = await bob.posts('The second');
  const strange = await dave.posts('From a stranger');
  const list = ids(await home(alice, '?limit=40'));
  assert.ok(list.indexOf(second.id) < list.indexOf(first.id) && list.includes(first.id));
  assert.ok(!list.includes(strange.id));
  const unfollowed = await bob.posts('About to be unfollowed');
  assert.ok(await shows(alice, unfollowed));
  await alice.post(`/api/v1/accounts/${await bob.id()}/unfollow`);
  assert.ok(!(await shows(alice, unfollowed)));
  await alice.post(`/api/v1/accounts/${await bob.id()}/follow`);
  assert.ok(await shows(alice, unfollowed));
});

test('an edited or deleted post is so in the very next answer', async () => {
  const status = await alice.posts('Before the edit');
  assert.match((await home(bob))[0].content, /Before the edit/);
  await alice.request('PUT', `/api/v1/statuses/${status.id}`, { status: 'After the edit' });
  const seen = (await home(bob))[0];
  assert.match(seen.content, /After the edit/);
  assert.ok(seen.edited_at);
  await alice.request('DELETE', `/api/v1/statuses/${status.id}`);
  assert.ok(!(await shows(bob, status)));
  assert.equal((await bob.get(`/api/v1/statuses/${status.id}`)).status, 404);
});

test('a boost dies with its post, and the reply loses its parent', async () => {
  const status = await alice.posts('To be boosted');
  const boost = (await bob.post(`/api/v1/statuses/${status.id}/reblog`)).body;
  const reply = await bob.posts('To be orphaned', { in_reply_to_id: status.id });
  assert.equal(boost.reblog.id, status.id);
  assert.ok(await shows(alice, boost));
  assert.equal((await alice.get(`/api/v1/statuses/${status.id}`)).body.replies_count, 1);
  await alice.request('DELETE', `/api/v1/statuses/${status.id}`);
  assert.ok(!(await shows(alice, boost)));
  assert.equal((await alice.get(`/api/v1/statuses/${boost.id}`)).status, 404);
  assert.equal((await alice.get(`/api/v1/statuses/${reply.id}`)).body.in_reply_to_id, null);
});

test('counters and own marks are those of this moment', async () => {
  const status = await alice.posts('Count me');
  const look = async (who) => (await who.get(`/api/v1/statuses/${status.id}`)).body;
  await look(bob);
  await bob.post(`/api/v1/statuses/${status.id}/favourite`);
  await bob.post(`/api/v1/statuses/${status.id}/bookmark`);
  await bob.post(`/api/v1/statuses/${status.id}/reblog`);
  const reply = await bob.posts('An answer', { in_reply_to_id: status.id });
  let [mine, theirs] = [await look(bob), await look(alice)];
  assert.deepEqual([mine.favourited, mine.bookmarked, mine.reblogged], [true, true, true]);
  assert.deepEqual([theirs.favourited, theirs.bookmarked, theirs.reblogged], [false, false, false]);
  assert.deepEqual([theirs.favourites_count, theirs.reblogs_count, theirs.replies_count], [1, 1, 1]);
  await bob.post(`/api/v1/statuses/${status.id}/unfavourite`);
  await bob.post(`/api/v1/statuses/${status.id}/unbookmark`);
  await bob.post(`/api/v1/statuses/${status.id}/unreblog`);
  await bob.request('DELETE', `/api/v1/statuses/${reply.id}`);
  [mine, theirs] = [await look(bob), await look(alice)];
  assert.deepEqual([mine.favourited, mine.bookmarked, mine.reblogged], [false, false, false]);
  assert.deepEqual([theirs.favourites_count, theirs.reblogs_count, theirs.replies_count], [0, 0, 0]);
});

test('of a post and its boost home shows one', async () => {
  const status = await alice.posts('Once is enough');
  const boost = (await bob.post(`/api/v1/statuses/${status.id}/reblog`)).body;
  const list = ids(await home(alice));
  assert.ok(list.includes(boost.id) && !list.includes(status.id));
});

test('replies to people one does not follow stay out of home', async () => {
  const strange = await carol.posts('Nobody here follows carol');
  const reply = await alice.posts('Talking to carol', { in_reply_to_id: strange.id });
  assert.ok(!(await shows(bob, reply)));
  assert.ok(await shows(alice, reply));
  const self = await alice.posts('Talking to myself', { in_reply_to_id: reply.id });
  assert.ok(await shows(bob, self));
});

test('private posts are for followers, direct ones for those they name; all others get 404', async () => {
  const secret = await alice.posts('For followers', { visibility: 'private' });
  const direct = await alice.posts('@bob for you', { visibility: 'direct' });
  assert.ok(await shows(bob, secret));
  assert.ok(await shows(bob, direct));
  assert.ok(await shows(dave, secret));
  assert.ok(!(await shows(dave, direct)));
  for (const [who, status, code] of [[bob, direct, 200], [dave, direct, 404], [carol, secret, 404], [carol, direct, 404]]) {
    assert.equal((await who.get(`/api/v1/statuses/${status.id}`)).status, code);
  }
  assert.equal((await server.fetch(`/api/v1/statuses/${secret.id}`)).status, 404);
  const profile = `/api/v1/accounts/${await alice.id()}/statuses`;
  assert.ok(!ids(await (await server.fetch(profile)).json()).includes(secret.id));
  assert.ok(ids((await bob.get(profile)).body).includes(secret.id));
});

test('blocks and mutes hold at once, either way', async () => {
  const status = await alice.posts('Seen by dave, for now');
  assert.ok(await shows(dave, status));
  await alice.post(`/api/v1/accounts/${await dave.id()}/block`);
  assert.ok(!(await shows(dave, status)));
  assert.equal((await dave.get(`/api/v1/statuses/${status.id}`)).status, 404);
  assert.deepEqual((await dave.get(`/api/v1/accounts/${await alice.id()}/statuses`)).body, []);
  assert.ok(!ids((await dave.get('/api/v1/timelines/public')).body).includes(status.id));
  await alice.post(`/api/v1/accounts/${await dave.id()}/unblock`);
  assert.equal((await dave.get(`/api/v1/statuses/${status.id}`)).status, 200);
  await bob.post(`/api/v1/accounts/${await alice.id()}/mute`);
  assert.ok(!(await shows(bob, status)));
  await bob.post(`/api/v1/accounts/${await alice.id()}/unmute`);
  assert.ok(await shows(bob, status));
});

test('a suspended account is gone from everywhere, and back when it is let in again', async () => {
  const status = await dave.posts('Before the suspension');
  const here = async () => [
    (await alice.get(`/api/v1/statuses/${status.id}`)).status,
    (await alice.get(`/api/v1/accounts/${await dave.id()}`)).status,
    ids((await alice.get('/api/v1/timelines/public')).body).includes(status.id),
  ];
  assert.deepEqual(await here(), [200, 200, true]);
  await mona.post(`/api/v1/admin/accounts/${await dave.id()}/action`, { type: 'suspend' });
  assert.deepEqual(await here(), [404, 404, false]);
  await mona.post(`/api/v1/admin/accounts/${await dave.id()}/unsuspend`);
  assert.deepEqual(await here(), [200, 200, true]);
});

test('the local timeline has public posts, without boosts and replies to others', async () => {
  const open = await alice.posts('In the open');
  const quiet = await alice.posts('Quietly', { visibility: 'unlisted' });
  const reply = await bob.posts('A reply', { in_reply_to_id: open.id });
  const boost = (await bob.post(`/api/v1/statuses/${open.id}/reblog`)).body;
  const list = ids((await alice.get('/api/v1/timelines/public?local=true')).body);
  assert.deepEqual([open, quiet, reply, boost].map((one) => list.includes(one.id)), [true, false, false, false]);
  assert.deepEqual((await alice.get('/api/v1/timelines/public?remote=true')).body, []);
});

test('hashtags: any, all, none; with followed ones in home', async () => {
  const both = await alice.posts('#Moss and #Stone');
  const one = await alice.posts('Only #moss');
  const list = async (query) => ids((await bob.get(`/api/v1/timelines/tag/${query}`)).body);
  assert.deepEqual(await list('moss'), [one.id, both.id]);
  assert.deepEqual(await list('MOSS?all[]=stone'), [both.id]);
  assert.deepEqual(await list('moss?none[]=stone'), [one.id]);
  assert.deepEqual(await list('stone?any[]=moss'), [one.id, both.id]);
  assert.deepEqual(await list('nobodyusedthis'), []);
  await carol.post('/api/v1/tags/moss/follow');
  assert.ok(await shows(carol, one));
  await alice.request('PUT', `/api/v1/statuses/${one.id}`, { status: 'Without it' });
  assert.ok(!(await shows(carol, one)));
  assert.deepEqual(await list('moss'), [both.id]);
  await carol.post('/api/v1/tags/moss/unfollow');
  assert.ok(!(await shows(carol, both)));
});

test('a list shows its members, an exclusive one takes them out of home', async () => {
  const list = (await alice.post('/api/v1/lists', { title: 'Friends', replies_policy: 'none' })).body;
  const status = await bob.posts('For the list');
  const timeline = async () => (await alice.get(`/api/v1/timelines/list/${list.id}`)).body;
  assert.deepEqual(await timeline(), []);
  await alice.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [await bob.id()] });
  assert.ok(ids(await timeline()).includes(status.id));
  assert.ok(await shows(alice, status));
  await alice.request('PUT', `/api/v1/lists/${list.id}`, { title: 'Friends', exclusive: true });
  assert.ok(!(await shows(alice, status)));
  assert.equal((await bob.get(`/api/v1/timelines/list/${list.id}`)).status, 404);
  await alice.request('DELETE', `/api/v1/lists/${list.id}`);
  assert.ok(await shows(alice, status));
});

test('pages follow each other by Link, in both directions, without gap or double', async () => {
  const made = [];
  for (let i = 0; i < 12; i++) made.unshift((await alice.posts(`Number ${i}`)).id);
  const walk = async (from, rel) => {
    const seen = [];
    for (let next = from, pages = 0; next && pages < 20; pages++) {
      const answer = await bob.get(next);
      if (!answer.body.length) break;
      seen.push(ids(answer.body));
      const link = new RegExp(`<([^>]*)>; rel="${rel}"`).exec(answer.headers.get('link') ?? '');
      next = link && link[1].replace(server.url, '');
    }
    return seen;
  };
  const down = (await walk('/api/v1/timelines/home?limit=5', 'next')).flat();
  assert.equal(new Set(down).size, down.length);
  assert.deepEqual(down.slice(0, 12), made);
  const up = await walk(`/api/v1/timelines/home?limit=5&min_id=${made[11]}`, 'prev');
  assert.deepEqual(up.reverse().flat(), made.slice(0, 11));
  assert.deepEqual(ids(await home(bob, `?since_id=${made[3]}`)), made.slice(0, 3));
});

test('a hiding filter hides, a warning one says why', async () => {
  const status = await alice.posts('All about Platypus today');
  const filter = (await bob.post('/api/v2/filters', { title: 'No', context: ['home'], filter_action: 'warn', keywords_attributes: [{ keyword: 'platypus', whole_word: true }] })).body;
  const seen = (await home(bob)).find((one) => one.id === status.id);
  assert.equal(seen.filtered[0].filter.id, filter.id);
  assert.deepEqual(seen.filtered[0].keyword_matches, ['platypus']);
  await bob.request('PUT', `/api/v2/filters/${filter.id}`, { title: 'No', context: ['home'], filter_action: 'hide' });
  assert.ok(!(await shows(bob, status)));
  await bob.request('DELETE', `/api/v2/filters/${filter.id}`);
  assert.ok(await shows(bob, status));
});

test('profiles: pinned posts, without replies or boosts, one tag', async () => {
  const status = await alice.posts('Pin #this');
  const reply = await alice.posts('A reply', { in_reply_to_id: (await bob.posts('Something')).id });
  await alice.post(`/api/v1/statuses/${status.id}/pin`);
  const list = async (query) => ids((await bob.get(`/api/v1/accounts/${await alice.id()}/statuses?${query}`)).body);
  assert.deepEqual(await list('pinned=true'), [status.id]);
  assert.deepEqual(await list('tagged=this'), [status.id]);
  assert.ok((await list('')).includes(reply.id) && !(await list('exclude_replies=true')).includes(reply.id));
  assert.equal((await alice.get(`/api/v1/statuses/${status.id}`)).body.pinned, true);
});

test('several posts or accounts at once, those one may see', async () => {
  const open = await alice.posts('One of two');
  const secret = await carol.posts('Not for bob', { visibility: 'private' });
  assert.deepEqual(ids((await bob.get(`/api/v1/statuses?id[]=${open.id}&id[]=${secret.id}&id[]=7`)).body), [open.id]);
  assert.deepEqual(ids((await bob.get(`/api/v1/accounts?id[]=${await alice.id()}&id[]=9`)).body), [await alice.id()]);
});

test('cursors, limits and ids that are none are refused by name', async () => {
  for (const [query, name] of [['max_id=x', /max_id/], ['limit=x', /limit/], ['min_id=-1', /min_id/]]) {
    const answer = await bob.get(`/api/v1/timelines/home?${query}`);
    assert.ok(answer.status === 422 || answer.status === 400, query);
    assert.match(answer.body.error, name);
  }
  assert.equal((await bob.get('/api/v1/statuses/abc')).status, 404);
  assert.equal((await bob.get('/api/v1/statuses/9223372036854775807')).status, 404);
  assert.equal((await bob.get('/api/v1/accounts/99999999999999999999')).status, 404);
});
