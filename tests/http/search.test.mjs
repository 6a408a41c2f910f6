import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob, carol, dave;
before(async () => {
  server = await startServer();
  ({ alice, bob, carol, dave } = await makeCast(server, 'alice', 'bob', 'carol', 'dave'));
});
after(() => server.remove());

const ids = async (person, q, more = '') => (await person.get(`/api/v2/search?q=${encodeURIComponent(q)}${more}`)).body.statuses.map((s) => s.id);
// The index is kept by a reader behind the journal: a new post is found a moment later.
const finds = (person, q, want, more) => eventually(() => ids(person, q, more), (got) => JSON.stringify(got) === JSON.stringify(want.map((s) => s.id)));

test('a public post is found by all its words, newest first', async () => {
  const one = await alice.posts('The quick brown fox');
  const two = await bob.posts('A brown dog, quick as well');
  await finds(carol, 'quick brown', [two, one]);
  await finds(carol, '"quick brown"', [one]);
  await finds(carol, 'quick -fox', [two]);
  assert.deepEqual(await ids(carol, 'quick missing'), []);
});

test('words are found in any case, with or without accents, and in scripts without spaces', async () => {
  const cafe = await alice.posts('Café ÉCLAIR');
  const tokyo = await alice.posts('東京都に行きました');
  await finds(bob, 'cafe', [cafe]);
  await finds(bob, 'CAFÉ éclair', [cafe]);
  await finds(bob, '東京', [tokyo]);
  assert.deepEqual(await ids(bob, '京東'), []);
});

test('operators narrow the search', async () => {
  const one = await alice.posts('needle https://example.com');
  const two = await bob.posts('needle', { poll: { options: ['haystack', 'b'], expires_in: 3600 } });
  const three = await alice.posts('needle again', { in_reply_to_id: two.id });
  await finds(carol, 'needle', [three, two, one]);
  await finds(carol, 'needle from:alice', [three, one]);
  await finds(carol, 'needle from:@bob', [two]);
  await finds(bob, 'needle from:me', [two]);
  await finds(carol, 'needle has:link', [one]);
  await finds(carol, 'needle has:poll', [two]);
  await finds(carol, 'haystack', [two]);
  await finds(carol, 'needle is:reply', [three]);
  assert.deepEqual(await ids(carol, 'needle from:nobody'), []);
  assert.deepEqual(await ids(carol, 'needle before:2020-01-01'), []);
  await finds(carol, 'needle after:2020-01-01', [three, two, one]);
  await finds(carol, 'needle', [two], `&account_id=${await bob.id()}`);
  await finds(carol, 'needle', [two, one], `&max_id=${three.id}`);
  await finds(carol, 'needle', [two], '&limit=1&offset=1');
});

test('an edited or deleted post is not found by what it was, from the next answer on', async () => {
  const status = await alice.posts('ephemeral wording');
  await finds(bob, 'ephemeral', [status]);
  await alice.request('PUT', `/api/v1/statuses/${status.id}`, { status: 'lasting wording' });
  assert.deepEqual(await ids(bob, 'ephemeral'), []);
  await finds(bob, 'lasting', [status]);
  await alice.request('DELETE', `/api/v1/statuses/${status.id}`);
  assert.deepEqual(await ids(bob, 'lasting'), []);
});

test('private posts are found by who had to do with them, others\' never', async () => {
  await bob.follows(alice);
  const own = await alice.posts('confidential plans', { visibility: 'private' });
  await finds(alice, 'confidential', [own]);
  assert.deepEqual(await ids(bob, 'confidential'), [], 'a follower who did nothing with it');
  await bob.post(`/api/v1/statuses/${own.id}/favourite`);
  await finds(bob, 'confidential', [own]);
  assert.deepEqual(await ids(dave, 'confidential'), []);
  const direct = await alice.posts('@carol hushhush', { visibility: 'direct' });
  await finds(carol, 'hushhush', [direct]);
  await finds(alice, 'hushhush', [direct]);
  assert.deepEqual(await ids(bob, 'hushhush'), []);
});

test('an unlisted post is found by its author and those who had to do with it', async () => {
  const status = await alice.posts('murmur', { visibility: 'unlisted' });
  await finds(alice, 'murmur', [status]);
  assert.deepEqual(await ids(bob, 'murmur'), []);
  await bob.post(`/api/v1/statuses/${status.id}/bookmark`);
  await finds(bob, 'murmur', [status]);
});

test('who does not want to be found is not', async () => {
  const status = await dave.posts('shyness');
  await finds(bob, 'shyness', [status]);
  await dave.request('PATCH', '/api/v1/accounts/update_credentials', { indexable: false });
  assert.deepEqual(await ids(bob, 'shyness'), []);
  await finds(dave, 'shyness', [status]);
  await dave.request('PATCH', '/api/v1/accounts/update_credentials', { indexable: true });
  await finds(bob, 'shyness', [status]);
});

test('accounts are found by name, part of a name, and display name', async () => {
  await carol.request('PATCH', '/api/v1/accounts/update_credentials', { display_name: 'Carolina Grün' });
  const names = async (q, person = bob) => (await person.get(`/api/v1/accounts/search?q=${encodeURIComponent(q)}`)).body.map((a) => a.username);
  for (const q of ['carol', '@carol', 'CAROL', 'car', 'grün', 'grun', 'carolina gr', `carol@${new URL(server.url).host}`])
    await eventually(() => names(q), (got) => got.includes('carol'));
  assert.deepEqual(await names('nobody'), []);
  assert.deepEqual(await names('…'), []);
  const found = (await bob.get('/api/v2/search?q=car&type=accounts')).body;
  assert.deepEqual(found.accounts.map((a) => a.username), ['carol']);
  assert.deepEqual(found.statuses, []);
  assert.deepEqual(found.hashtags, []);
});

test('hashtags are found by their beginning', async () => {
  await alice.posts('#Springtime #springfield');
  const found = (await bob.get('/api/v2/search?q=%23SPRING&type=hashtags')).body.hashtags.map((t) => t.name);
  assert.deepEqual(found.sort(), ['springfield', 'springtime']);
});

test('addresses of this site lead to what they name', async () => {
  const status = await alice.posts('by address');
  const found = (await bob.get(`/api/v2/search?resolve=true&q=${encodeURIComponent(status.url)}`)).body;
  assert.deepEqual(found.statuses.map((s) => s.id), [status.id]);
  const direct = await alice.posts('@carol by address', { visibility: 'direct' });
  assert.deepEqual((await bob.get(`/api/v2/search?q=${encodeURIComponent(direct.url)}`)).body.statuses, []);
  const person = (await bob.get(`/api/v2/search?q=${encodeURIComponent(status.account.url)}`)).body;
  assert.deepEqual(person.accounts.map((a) => a.username), ['alice']);
});

test('strangers find accounts and hashtags, no posts, and only the first page', async () => {
  await alice.posts('strangely #strangetag');
  const get = async (query) => {
    const response = await server.fetch(`/api/v2/search?${query}`);
    return { status: response.status, body: await response.json() };
  };
  const found = await eventually(() => get('q=alice'), (a) => a.body.accounts.length === 1);
  assert.deepEqual(found.body.statuses, []);
  assert.equal((await get('q=strangetag')).body.hashtags.length, 1);
  assert.equal((await get('q=alice&offset=5')).status, 401);
  assert.equal((await get('q=alice&resolve=true')).status, 401);
});

test('strange queries are answered or refused, nothing worse', async () => {
  assert.equal((await alice.get('/api/v2/search')).status, 400);
  assert.equal((await alice.get('/api/v2/search?q=')).status, 400);
  assert.equal((await alice.get('/api/v2/search?q=a&type=posts')).status, 422);
  assert.equal((await alice.get('/api/v2/search?q=a&offset=-1')).status, 422);
  assert.equal((await alice.get('/api/v2/search?q=a&max_id=x')).status, 422);
  for (const q of ['"', '""', '-', '-"', '*', 'a*', "'", "''", "a' OR 1", 'NEAR(a b)', 'a AND', 'words:a', '^a', '(', '\\', ':', 'from:', 'from:@', 'has:', 'before:', 'before:9999-99-99', 'after:0000-00-00',
    '%', '_', '&', '|', '!', '<->', '\u0000', '💥', 'x'.repeat(1500), Array(300).fill('word').join(' '), '@', '#', '@@', 'http://', server.url, `${server.url}/@`, `${server.url}/@alice/x`]) {
    const { status, body } = await alice.get(`/api/v2/search?q=${encodeURIComponent(q)}`);
    assert.ok(status === 200 || status === 400 || status === 422, `${JSON.stringify(q)}: ${status} ${JSON.stringify(body)}`);
  }
  assert.equal((await alice.get(`/api/v2/search?q=${'x'.repeat(3000)}`)).status, 422);
});

test('masto and megalodon search', async () => {
  const status = await alice.posts('zebra');
  await finds(bob, 'zebra', [status]);
  assert.equal((await bob.masto.v2.search.list({ q: 'zebra' })).statuses[0].id, status.id);
  assert.equal((await bob.megalodon.search('zebra', { type: 'statuses' })).data.statuses[0].id, status.id);
});
