import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, logIn, makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, app, alice, bob, carol, dave;
before(async () => {
  server = await startServer();
  ({ app, alice, bob, carol, dave } = await makeCast(server, 'alice', 'bob', 'carol', 'dave'));
});
after(() => server.remove());

const appToken = async (scope) => {
  const body = { grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope };
  const answer = await server.fetch('/oauth/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  return (await answer.json()).access_token;
};

const fails = async (answer, status, pattern) => {
  const { status: got, body } = await answer;
  assert.equal(got, status, JSON.stringify(body));
  assert.match(body.error, pattern);
};

test('a post comes back with every key of the entity', async () => {
  const status = await alice.posts('Hello @bob, #World! https://example.com/a', { language: 'en', spoiler_text: 'greeting' });
  for (const key of ['id', 'created_at', 'in_reply_to_id', 'in_reply_to_account_id', 'sensitive', 'spoiler_text', 'visibility', 'language', 'uri', 'url',
    'replies_count', 'reblogs_count', 'favourites_count', 'edited_at', 'content', 'reblog', 'account', 'media_attachments', 'mentions', 'tags', 'emojis', 'card', 'poll',
    'favourited', 'reblogged', 'muted', 'bookmarked', 'pinned', 'filtered', 'application'])
    assert.ok(key in status, key);
  assert.equal(status.visibility, 'public');
  assert.equal(status.language, 'en');
  assert.equal(status.sensitive, true, 'a content warning makes a post sensitive');
  assert.equal(status.spoiler_text, 'greeting');
  assert.deepEqual(status.mentions.map((m) => m.acct), ['bob']);
  assert.deepEqual(status.tags.map((t) => t.name), ['world']);
  assert.match(status.content, /class="u-url mention"/);
  assert.equal(status.application.name, 'Tests');
  const seen = (await bob.get(`/api/v1/statuses/${status.id}`)).body;
  assert.equal(seen.content, status.content);
});

test('masto and megalodon post and read', async () => {
  const status = await alice.masto.v1.statuses.create({ status: 'by masto', visibility: 'unlisted' });
  assert.equal(status.visibility, 'unlisted');
  const same = await bob.megalodon.getStatus(status.id);
  assert.equal(same.data.plain_content ?? same.data.content.replace(/<[^>]*>/g, ''), 'by masto');
  const posted = await bob.megalodon.postStatus('by megalodon', { visibility: 'public', sensitive: true });
  assert.equal(posted.data.sensitive, true);
});

test('forms post as JSON does, nested polls too', async () => {
  const form = new URLSearchParams([['status', 'form'], ['visibility', 'unlisted'], ['poll[options][]', 'a'], ['poll[options][]', 'b'], ['poll[expires_in]', '3600'], ['poll[multiple]', 'true']]);
  const { status, body } = await alice.request('POST', '/api/v1/statuses', form);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.poll.multiple, true);
  assert.deepEqual(body.poll.options.map((o) => o.title), ['a', 'b']);
});

test('blank posts are refused, a lone content warning becomes the text', async () => {
  await fails(alice.post('/api/v1/statuses', { status: '  \n ' }), 422, /Text can't be blank/);
  await fails(alice.post('/api/v1/statuses', { status: '\u3000\u200b' }), 422, /Text can't be blank/);
  await fails(alice.post('/api/v1/statuses', {}), 422, /Text can't be blank/);
  const status = await alice.posts('', { spoiler_text: 'only this' });
  assert.equal(status.content, '<p>only this</p>');
  assert.equal(status.spoiler_text, '');
});

test('length counts characters as people see them, links as 23, mentions without their domain', async () => {
  await alice.posts('x'.repeat(500));
  await fails(alice.post('/api/v1/statuses', { status: 'x'.repeat(501) }), 422, /Text character limit of 500 exceeded/);
  await fails(alice.post('/api/v1/statuses', { status: 'x'.repeat(400), spoiler_text: 'y'.repeat(101) }), 422, /exceeded/);
  await alice.posts('👩‍👩‍👧‍👦'.repeat(500));
  await alice.posts(`https://example.com/${'a'.repeat(600)} ${'x'.repeat(476)}`);
});

test('what is not offered is refused and not posted otherwise', async () => {
  await fails(alice.post('/api/v1/statuses', { status: 'later', scheduled_at: '2030-01-01T00:00:00Z' }), 422, /scheduled/);
  const other = await bob.posts('quote me');
  await fails(alice.post('/api/v1/statuses', { status: 'look', quoted_status_id: other.id }), 422, /quote/);
  await fails(alice.post('/api/v1/statuses', { status: 'x', visibility: 'everybody' }), 422, /Visibility/);
});

test('somebody else\'s, unknown or used media are refused', async () => {
  await fails(alice.post('/api/v1/statuses', { status: 'x', media_ids: ['1'] }), 422, /not found/);
  await fails(alice.post('/api/v1/statuses', { status: 'x', media_ids: ['1', '2', '3', '4', '5'] }), 422, /more than 4 files/);
  await fails(alice.post('/api/v1/statuses', { status: 'x', media_ids: ['abc'] }), 422, /media_ids/);
});

test('a reply counts on the post and names it', async () => {
  const first = await alice.posts('first');
  const reply = await bob.posts('@alice second', { in_reply_to_id: first.id });
  assert.equal(reply.in_reply_to_id, first.id);
  assert.equal(reply.in_reply_to_account_id, await alice.id());
  assert.equal((await alice.get(`/api/v1/statuses/${first.id}`)).body.replies_count, 1);
  await bob.request('DELETE', `/api/v1/statuses/${reply.id}`);
  assert.equal((await alice.get(`/api/v1/statuses/${first.id}`)).body.replies_count, 0);
});

test('a reply to what is not there is refused', async () => {
  for (const id of ['1', 'abc', '99999999999999999999', '-1'])
    await fails(alice.post('/api/v1/statuses', { status: 'x', in_reply_to_id: id }), 404, /reply to does not appear to exist/);
});

test('deleting answers with the text as typed and the post is gone everywhere', async () => {
  const status = await alice.posts('Going *soon* #going');
  await bob.post(`/api/v1/statuses/${status.id}/reblog`);
  await bob.post(`/api/v1/statuses/${status.id}/favourite`);
  const before = (await alice.get(`/api/v1/accounts/${await alice.id()}`)).body.statuses_count;
  const gone = await alice.request('DELETE', `/api/v1/statuses/${status.id}`);
  assert.equal(gone.status, 200, JSON.stringify(gone.body));
  assert.equal(gone.body.text, 'Going *soon* #going');
  for (const person of [alice, bob]) assert.equal((await person.get(`/api/v1/statuses/${status.id}`)).status, 404);
  assert.equal((await alice.get(`/api/v1/accounts/${await alice.id()}`)).body.statuses_count, before - 1);
  assert.deepEqual((await bob.get('/api/v1/favourites')).body.filter((s) => s.id === status.id), []);
  const boosts = (await bob.get(`/api/v1/accounts/${await bob.id()}/statuses`)).body.filter((s) => s.reblog);
  assert.deepEqual(boosts, []);
  await fails(alice.request('DELETE', `/api/v1/statuses/${status.id}`), 404, /Record not found/);
});

test('only its author may delete or edit a post', async () => {
  const status = await alice.posts('mine');
  await fails(bob.request('DELETE', `/api/v1/statuses/${status.id}`), 404, /Record not found/);
  await fails(bob.request('PUT', `/api/v1/statuses/${status.id}`, { status: 'yours' }), 404, /Record not found/);
  assert.equal((await bob.get(`/api/v1/statuses/${status.id}`)).body.content, '<p>mine</p>');
});

test('the default visibility and language are the author\'s', async () => {
  await dave.request('PATCH', '/api/v1/accounts/update_credentials', { source: { privacy: 'unlisted', language: 'de', sensitive: true } });
  const status = await dave.posts('as always');
  assert.equal(status.visibility, 'unlisted');
  assert.equal(status.language, 'de');
  assert.equal(status.sensitive, true);
});

test('the source is the text as typed', async () => {
  const status = await alice.posts('a < b & "c"\r\nd', { spoiler_text: 'w' });
  assert.deepEqual((await alice.get(`/api/v1/statuses/${status.id}/source`)).body, { id: status.id, text: 'a < b & "c"\nd', spoiler_text: 'w' });
  assert.equal(status.content, '<p>a &lt; b &amp; &quot;c&quot;<br />d</p>');
});

test('an app reads the source of what is public, nobody without a token does', async () => {
  const [open, closed] = [await alice.posts('*typed*'), await alice.posts('*kept*', { visibility: 'private' })];
  const source = async (id, token) => (await server.fetch(`/api/v1/statuses/${id}/source`, { headers: token ? { Authorization: `Bearer ${token}` } : {} })).status;
  const token = await appToken('read');
  assert.deepEqual([await source(open.id, token), await source(closed.id, token), await source(open.id)], [200, 404, 401]);
});

test('several posts are read at once, those not there left out', async () => {
  const [one, two] = [await alice.posts('one'), await alice.posts('two')];
  const { body } = await bob.get(`/api/v1/statuses?id[]=${two.id}&id[]=1&id[]=${one.id}`);
  assert.deepEqual(body.map((s) => s.id), [two.id, one.id]);
});

test('strange ids are not found, nothing worse', async () => {
  for (const id of ['0', '-1', 'abc', '1e5', '9223372036854775807', '9223372036854775808', '%00', '%ff', '1%202', "1'"])
    for (const path of [`/api/v1/statuses/${id}`, `/api/v1/statuses/${id}/context`, `/api/v1/statuses/${id}/history`, `/api/v1/polls/${id}`]) {
      const { status } = await alice.get(path);
      assert.ok(status === 404 || status === 400, `${path}: ${status}`);
    }
});

test('broken bodies are refused with a reason', async () => {
  const send = (body, type = 'application/json') => server.fetch('/api/v1/statuses', { method: 'POST', headers: { Authorization: `Bearer ${alice.token}`, 'Content-Type': type }, body });
  for (const [body, type] of [['{"status": "x"', undefined], ['[1]', undefined], ['"x"', undefined], ['{"status":"\\ud800"}', undefined], [Buffer.from([123, 34, 115, 34, 58, 34, 255, 34, 125]), undefined],
    ['{"status":"a\\u0000b"}', undefined], ['status=%ff', 'application/x-www-form-urlencoded'], [`{"status":${'['.repeat(2000)}${']'.repeat(2000)}}`, undefined]]) {
    const response = await send(body, type);
    assert.ok(response.status >= 400 && response.status < 500, `${body}: ${response.status}`);
    assert.ok((await response.json()).error);
  }
  assert.equal((await send(`{"status":"${'x'.repeat(600_000)}"}`)).status, 413);
  for (const poll of [1, 'x', [], { options: 'x' }, { options: [1, 2] }, { options: [{}, {}] }, { options: ['a', 'b'], expires_in: 'soon' }]) {
    const { status, body } = await alice.post('/api/v1/statuses', { status: 'x', poll });
    assert.ok(status === 422, `${JSON.stringify(poll)}: ${status} ${JSON.stringify(body)}`);
  }
});

test('limits of who may post: no token, an app\'s token, a token without the scope', async () => {
  const post = async (token) => {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
    return (await server.fetch('/api/v1/statuses', { method: 'POST', headers, body: JSON.stringify({ status: 'not mine to say' }) })).status;
  };
  assert.equal(await post(), 401);
  assert.equal(await post(await appToken('read write')), 422);
  assert.equal(await post(await logIn(server, app, 'alice', alice.password, 'read write:favourites')), 403);
});

test('many posts at once are all there, and the count is right', async () => {
  const before = (await carol.get(`/api/v1/accounts/${await carol.id()}`)).body.statuses_count;
  const posted = await Promise.all(Array.from({ length: 60 }, (_, i) => carol.posts(`number ${i} #many`)));
  assert.equal(new Set(posted.map((s) => s.id)).size, 60);
  assert.equal((await carol.get(`/api/v1/accounts/${await carol.id()}`)).body.statuses_count, before + 60);
});

test('favourites and boosts at once count each person once', async () => {
  const status = await alice.posts('popular');
  await Promise.all([bob, carol, dave, bob, carol, dave].flatMap((p) => [p.post(`/api/v1/statuses/${status.id}/favourite`), p.post(`/api/v1/statuses/${status.id}/reblog`)]));
  const seen = (await alice.get(`/api/v1/statuses/${status.id}`)).body;
  assert.equal(seen.favourites_count, 3);
  assert.equal(seen.reblogs_count, 3);
});
