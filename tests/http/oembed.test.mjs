// oEmbed and the page that other sites may frame.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, post;
before(async () => {
  server = await startServer();
  ({ alice } = await makeCast(server, 'alice'));
  post = await alice.posts('Embed "me" <please>');
});
after(() => server.remove());

const ask = async (url, more = '') => {
  const answer = await server.fetch(`/api/oembed?url=${encodeURIComponent(url)}${more}`);
  return { status: answer.status, body: await answer.json() };
};

test('a public post can be embedded', async () => {
  const { status, body } = await ask(post.url);
  assert.equal(status, 200);
  assert.equal(body.type, 'rich');
  assert.equal(body.version, '1.0');
  assert.equal(body.author_url, `${server.url}/@alice`);
  assert.match(body.html, new RegExp(`^<iframe src="${server.url}/@alice/${post.id}/embed" width="550"`));
  assert.ok(body.html.includes('Embed &quot;me&quot; &lt;please&gt;'));
});

test('sizes are kept within what is asked and what is possible', async () => {
  assert.equal((await ask(post.url, '&maxwidth=300')).body.width, 300);
  assert.equal((await ask(post.url, '&maxwidth=10')).body.width, 220);
  assert.equal((await ask(post.url, '&maxwidth=99999')).body.width, 550);
  assert.equal((await ask(post.url, '&maxwidth=wide')).status, 422);
  assert.equal((await ask(post.url, '&format=xml')).status, 406);
});

test('what is not public, not ours or no post cannot be embedded', async () => {
  const hidden = await alice.posts('hidden', { visibility: 'private' });
  for (const url of [hidden.url, `${server.url}/@bob/${post.id}`, `${server.url}/@alice`, `${server.url}/@alice/12x`, `https://example.org/@alice/${post.id}`, '', 'nonsense'])
    assert.equal((await ask(url)).status, 404, url);
});

test('the embedded page may be framed, runs no script and shows the post alone', async () => {
  const reply = await alice.posts('a reply', { in_reply_to_id: post.id });
  const answer = await server.fetch(`/@alice/${post.id}/embed`);
  const html = await answer.text();
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-security-policy'), /frame-ancestors \*/);
  assert.equal(answer.headers.get('x-frame-options'), null);
  assert.ok(!html.includes('<script'));
  assert.ok(html.includes('Embed &quot;me&quot; &lt;please&gt;') || html.includes('Embed "me" &lt;please&gt;'));
  assert.ok(!html.includes(reply.id));
});
