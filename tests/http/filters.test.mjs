// Filters: both versions of the API, what they match, and what they hide.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob;
before(async () => {
  server = await startServer();
  ({ alice, bob } = await makeCast(server, 'alice', 'bob'));
  await alice.follows(bob);
});
after(() => server.remove());

const make = async (body) => (await alice.post('/api/v2/filters', body)).body;
const drop = (id) => alice.request('DELETE', `/api/v2/filters/${id}`);
const home = async () => (await alice.get('/api/v1/timelines/home')).body;

test('a filter is made with its keywords, changed and dropped', async () => {
  const made = await make({ title: 'Spoilers', context: ['home', 'public'], filter_action: 'warn', expires_in: 3600, keywords_attributes: [{ keyword: 'finale', whole_word: true }, { keyword: 'ending' }] });
  assert.equal(made.title, 'Spoilers');
  assert.deepEqual(made.context, ['home', 'public']);
  assert.equal(made.filter_action, 'warn');
  assert.ok(Date.parse(made.expires_at) > Date.now());
  assert.deepEqual(made.keywords.map((k) => k.keyword), ['finale', 'ending']);
  assert.deepEqual(made.statuses, []);
  const [finale, ending] = made.keywords;
  const changed = (await alice.request('PUT', `/api/v2/filters/${made.id}`, {
    title: 'No spoilers', context: ['home'], filter_action: 'hide', expires_in: '',
    keywords_attributes: [{ id: finale.id, keyword: 'the finale' }, { id: ending.id, _destroy: true }, { keyword: 'twist' }],
  })).body;
  assert.equal(changed.title, 'No spoilers');
  assert.equal(changed.filter_action, 'hide');
  assert.equal(changed.expires_at, null);
  assert.deepEqual(changed.keywords.map((k) => k.keyword), ['the finale', 'twist']);
  assert.equal(changed.keywords[0].id, finale.id);
  assert.deepEqual((await alice.get('/api/v2/filters')).body, [changed]);
  assert.deepEqual((await alice.get(`/api/v2/filters/${made.id}`)).body, changed);
  assert.equal((await bob.get(`/api/v2/filters/${made.id}`)).status, 404);
  assert.deepEqual((await drop(made.id)).body, {});
  assert.deepEqual((await alice.get('/api/v2/filters')).body, []);
});

test('forms with numbered keywords work as JSON does', async () => {
  const answer = await server.fetch('/api/v2/filters', {
    method: 'POST',
    headers: { Authorization: `Bearer ${alice.token}` },
    body: new URLSearchParams([['title', 'form'], ['context[]', 'home'], ['keywords_attributes[0][keyword]', 'one'], ['keywords_attributes[1][keyword]', 'two']]),
  });
  const made = await answer.json();
  assert.deepEqual(made.keywords?.map((k) => k.keyword), ['one', 'two'], JSON.stringify(made));
  await drop(made.id);
});

test('what is missing or wrong is named', async () => {
  for (const [body, word] of [
    [{ context: ['home'] }, /[Tt]itle/], [{ title: 'x' }, /[Cc]ontext/], [{ title: 'x', context: ['nowhere'] }, /context/],
    [{ title: 'x', context: ['home'], filter_action: 'explode' }, /filter_action/], [{ title: 'x', context: ['home'], keywords_attributes: [{ keyword: '' }] }, /[Kk]eyword/],
    [{ title: 'x', context: ['home'], expires_in: -1 }, /expires_in/], [{ title: 'x', context: ['home'], keywords_attributes: 'no' }, /keywords_attributes/],
  ]) {
    const answer = await alice.post('/api/v2/filters', body);
    assert.equal(answer.status, 422, JSON.stringify(body));
    assert.match(answer.body.error, word);
  }
});

test('keywords and posts can be added and taken one by one', async () => {
  const { id } = await make({ title: 'parts', context: ['home'] });
  const word = (await alice.post(`/api/v2/filters/${id}/keywords`, { keyword: 'sport', whole_word: false })).body;
  assert.deepEqual(word, { id: word.id, keyword: 'sport', whole_word: false });
  assert.deepEqual((await alice.get(`/api/v2/filters/${id}/keywords`)).body, [word]);
  const changed = (await alice.request('PUT', `/api/v2/filters/keywords/${word.id}`, { keyword: 'sports', whole_word: true })).body;
  assert.deepEqual(changed, { id: word.id, keyword: 'sports', whole_word: true });
  assert.deepEqual((await alice.get(`/api/v2/filters/keywords/${word.id}`)).body, changed);
  assert.deepEqual((await alice.request('DELETE', `/api/v2/filters/keywords/${word.id}`)).body, {});
  const post = await bob.posts('just this one');
  const part = (await alice.post(`/api/v2/filters/${id}/statuses`, { status_id: post.id })).body;
  assert.equal(part.status_id, post.id);
  assert.deepEqual((await alice.get(`/api/v2/filters/${id}/statuses`)).body, [part]);
  const [seen] = (await home()).filter((s) => s.id === post.id);
  assert.deepEqual(seen.filtered[0].status_matches, [post.id]);
  assert.equal((await alice.request('DELETE', `/api/v2/filters/statuses/${part.id}`)).status, 200);
  assert.deepEqual((await alice.get(`/api/v2/filters/${id}/statuses`)).body, []);
  await drop(id);
});

test('a post that matches says by which words, from the very next answer', async () => {
  const post = await bob.posts('The FINALE was great');
  const { id } = await make({ title: 'tv', context: ['home'], keywords_attributes: [{ keyword: 'finale', whole_word: true }] });
  const [seen] = (await home()).filter((s) => s.id === post.id);
  assert.equal(seen.filtered.length, 1);
  assert.equal(seen.filtered[0].filter.id, id);
  assert.equal(seen.filtered[0].filter.title, 'tv');
  assert.deepEqual(seen.filtered[0].keyword_matches, ['finale']);
  await drop(id);
  assert.deepEqual((await home()).find((s) => s.id === post.id).filtered, []);
});

test('whole words are words in every script, others are found inside', async () => {
  const inside = await bob.posts('Überraschungseier');
  const alone = await bob.posts('ein Ei!');
  const whole = await make({ title: 'w', context: ['home'], keywords_attributes: [{ keyword: 'ei', whole_word: true }] });
  let posts = await home();
  assert.equal(posts.find((s) => s.id === inside.id).filtered.length, 0);
  assert.equal(posts.find((s) => s.id === alone.id).filtered.length, 1);
  await drop(whole.id);
  const part = await make({ title: 'p', context: ['home'], keywords_attributes: [{ keyword: 'ÜBERRASCHUNG', whole_word: false }] });
  posts = await home();
  assert.equal(posts.find((s) => s.id === inside.id).filtered.length, 1);
  await drop(part.id);
});

test('what is to be hidden is not in home, and what expired hides nothing', async () => {
  const post = await bob.posts('hide me please');
  const hiding = await make({ title: 'h', context: ['home'], filter_action: 'hide', keywords_attributes: [{ keyword: 'hide me' }] });
  assert.ok(!(await home()).some((s) => s.id === post.id));
  await drop(hiding.id);
  const short = await make({ title: 's', context: ['home'], filter_action: 'hide', expires_in: 1, keywords_attributes: [{ keyword: 'hide me' }] });
  assert.ok(!(await home()).some((s) => s.id === post.id));
  await new Promise((resolve) => setTimeout(resolve, 1200));
  assert.ok((await home()).some((s) => s.id === post.id));
  await drop(short.id);
});

test('the first version sees each keyword as a filter', async () => {
  const made = (await alice.post('/api/v1/filters', { phrase: 'old words', context: ['home', 'thread'], irreversible: true, whole_word: false })).body;
  assert.equal(made.phrase, 'old words');
  assert.deepEqual(made.context, ['home', 'thread']);
  assert.equal(made.irreversible, true);
  assert.equal(made.whole_word, false);
  assert.equal(made.expires_at, null);
  assert.equal((await alice.get('/api/v2/filters')).body[0].filter_action, 'hide');
  const changed = (await alice.request('PUT', `/api/v1/filters/${made.id}`, { phrase: 'older words', context: ['home'] })).body;
  assert.equal(changed.phrase, 'older words');
  assert.deepEqual((await alice.get('/api/v1/filters')).body, [changed]);
  assert.deepEqual((await alice.get(`/api/v1/filters/${made.id}`)).body, changed);
  await alice.request('DELETE', `/api/v1/filters/${made.id}`);
  assert.deepEqual((await alice.get('/api/v2/filters')).body, [], 'a filter without keywords goes too');
});

test('masto keeps filters', async () => {
  const made = await alice.masto.v2.filters.create({ title: 'by masto', context: ['home'], filterAction: 'warn', keywordsAttributes: [{ keyword: 'x', wholeWord: 'true' }] });
  assert.equal(made.keywords[0].keyword, 'x');
  await alice.masto.v2.filters.$select(made.id).remove();
});
