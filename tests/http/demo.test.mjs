// The demo: a community to look at, once, in an empty network.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeApp, makePerson } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server;
before(async () => (server = await startServer({ serveArgs: ['--demo'] })));
after(() => server.remove());

const json = async (path) => (await server.fetch(path)).json();
async function timeline() {
  const all = [];
  for (let path = '/api/v1/timelines/public?local=true&limit=40'; path; ) {
    const page = await json(path);
    all.push(...page);
    path = page.length ? `/api/v1/timelines/public?local=true&limit=40&max_id=${page.at(-1).id}` : null;
  }
  return all;
}

test('an empty network gets people, posts, threads, pictures with descriptions, polls, boosts, favourites, in two languages', async () => {
  const posts = await timeline();
  assert.ok(posts.length > 30, `${posts.length} posts`);
  assert.equal(new Set(posts.map((post) => post.id)).size, posts.length);
  assert.deepEqual(new Set(posts.map((post) => post.language)), new Set(['en', 'de']));
  assert.ok(posts.every((post) => new Date(post.created_at) < new Date()));
  const pictures = posts.flatMap((post) => post.media_attachments);
  assert.ok(pictures.length >= 12 && pictures.every((picture) => picture.description && picture.blurhash));
  for (const picture of pictures.slice(0, 3)) assert.equal((await fetch(picture.preview_url)).status, 200);
  assert.ok(posts.some((post) => post.poll?.votes_count > 5));
  assert.ok(posts.some((post) => post.reblogs_count > 1) && posts.some((post) => post.favourites_count > 3) && posts.some((post) => post.replies_count > 0));
  const { descendants } = await json(`/api/v1/statuses/${posts.find((post) => post.content.includes('Eighteen hours')).id}/context`);
  assert.equal(descendants.length, 3);
});

test('its people cannot log in, and the network still wants an owner', async () => {
  const app = await makeApp(server);
  const answer = await server.fetch('/oauth/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ grant_type: 'password', client_id: app.client_id, client_secret: app.client_secret, username: 'mara', password: '', scope: 'read' }),
  });
  assert.ok(answer.status >= 400 && answer.status < 500);
  assert.match(server.log, /\/setup\?token=/);
});

test('what they wrote is found', async () => {
  const olga = await makePerson(server, await makeApp(server), 'olga', { role: 'owner' });
  const { body } = await olga.get('/api/v2/search?type=statuses&q=cardamom');
  assert.ok(body.statuses.some((status) => status.account.username === 'mara'), JSON.stringify(body));
});

test('a second start adds nothing', async () => {
  const before = (await timeline()).length;
  await server.stop();
  await server.start();
  assert.equal((await timeline()).length, before);
});

test('where no picture can be read the demo does without, and says so once', async () => {
  const bare = await startServer({ serveArgs: ['--demo'], env: { PATH: '/nowhere' } });
  try {
    const posts = await (await bare.fetch('/api/v1/timelines/public?local=true&limit=40')).json();
    assert.ok(posts.length === 40 && posts.every((post) => post.media_attachments.length === 0));
    assert.equal(bare.log.match(/the demo does without pictures/g)?.length, 1, bare.log);
  } finally {
    await bare.remove();
  }
});
