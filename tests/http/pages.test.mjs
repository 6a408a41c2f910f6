// Public pages: real HTML for whoever has no script, true of the very next answer, and nothing that is not public.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob, carol, dave, olga;
before(async () => {
  server = await startServer();
  ({ alice, bob, carol, dave, olga } = await makeCast(server, 'alice', 'bob', 'carol', 'dave', 'olga'));
});
after(() => server.remove());

const page = async (path, headers = {}) => {
  const answer = await server.fetch(path, { headers: { Accept: 'text/html', ...headers } });
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
};
const shows = async (path, words) => (await page(path)).html.includes(words);
const profile = (who, body) => who.request('PATCH', '/api/v1/accounts/update_credentials', body);

test('a profile is a page with its posts, for people, crawlers and previews', async () => {
  await profile(alice, {
    display_name: 'Alice <b>Liddell</b>', note: 'Down the "rabbit" hole & back', indexable: true,
    fields_attributes: [{ name: 'Web', value: 'https://alice.example/' }, { name: '<i>x</i>', value: 'plain' }],
  });
  await alice.posts('A public <script>alert(1)</script> post #wonderland');
  const { status, headers, html } = await page('/@alice');
  assert.equal(status, 200);
  assert.match(headers.get('content-type'), /^text\/html/);
  assert.ok(html.includes('Alice &lt;b&gt;Liddell&lt;/b&gt;'));
  assert.ok(!html.includes('<b>Liddell') && !html.includes('<script>alert') && !html.includes('<i>x</i>'));
  assert.ok(html.includes('A public &lt;script&gt;'));
  assert.ok(html.includes(`<link rel="canonical" href="${server.url}/@alice">`));
  assert.ok(html.includes('<meta property="og:type" content="profile">'));
  assert.match(html, /<meta property="og:description" content="Down the &quot;rabbit&quot; hole &amp; back">/);
  assert.match(html, /<meta property="og:image" content="http/);
  assert.ok(html.includes('type="application/atom+xml"'));
  assert.ok(html.includes('<link rel="me" href="https://alice.example/">'));
  assert.match(html, /<a rel="me nofollow noopener" href="https:\/\/alice.example\/">/);
  assert.ok(!html.includes('name="robots"'));
  assert.ok(html.indexOf('<main>') > html.indexOf('<div id="app">'));
});

test('pages run no foreign script and cannot be framed', async () => {
  const { headers, html } = await page('/@alice');
  const policy = headers.get('content-security-policy');
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) assert.ok(policy.includes(part), part);
  assert.ok(!policy.includes('unsafe'));
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.ok(!/<script(?![^>]*\bsrc=)/.test(html) && !/\son\w+=|\sstyle=/.test(html));
});

test('who does not want to be found is not offered to search engines', async () => {
  await profile(bob, { indexable: false });
  assert.match((await page('/@bob')).html, /<meta name="robots" content="noindex/);
  await profile(bob, { indexable: true });
  assert.ok(!(await shows('/@bob', 'name="robots"')));
});

test('only what everybody may see is on a page', async () => {
  const open = await alice.posts('open to all of you');
  const quiet = await alice.posts('quietly open', { visibility: 'unlisted' });
  const closed = await alice.posts('for my followers', { visibility: 'private' });
  const direct = await alice.posts('@bob for you alone', { visibility: 'direct' });
  const { html } = await page('/@alice');
  assert.ok(html.includes('open to all of you') && html.includes('quietly open'));
  assert.ok(!html.includes('for my followers') && !html.includes('for you alone'));
  for (const [post, status] of [[open, 200], [quiet, 200], [closed, 404], [direct, 404]]) {
    assert.equal((await page(`/@alice/${post.id}`)).status, status);
    assert.equal((await page(`/@alice/${post.id}/embed`)).status, status);
    // Neither the author's own session nor a follower's changes what a page shows.
    assert.equal((await server.fetch(`/@alice/${post.id}`, { headers: { Authorization: `Bearer ${alice.token}` } })).status, status);
  }
  assert.match((await page(`/@alice/${quiet.id}`)).html, /content="noindex/);
  assert.equal((await page(`/@bob/${open.id}`)).status, 404, 'under another name');
});

test('a page is true of the very next answer after every change', async () => {
  for (let round = 0; round < 5; round++) {
    await page('/@alice');
    const post = await alice.posts(`fresh ${round}`);
    assert.ok(await shows('/@alice', `fresh ${round}`), 'posted');
    await alice.request('PUT', `/api/v1/statuses/${post.id}`, { status: `edited ${round}` });
    assert.ok(await shows('/@alice', `edited ${round}`), 'edited');
    assert.ok(!(await shows('/@alice', `fresh ${round}`)), 'the old text');
    await profile(alice, { display_name: `Alice ${round}` });
    assert.ok(await shows('/@alice', `Alice ${round}`), 'renamed');
    await alice.request('DELETE', `/api/v1/statuses/${post.id}`);
    assert.ok(!(await shows('/@alice', `edited ${round}`)), 'deleted');
    assert.equal((await page(`/@alice/${post.id}`)).status, 404);
    await dave.follows(alice);
    assert.match((await page('/@alice')).html, /<strong>1<\/strong> follower/);
    await dave.post(`/api/v1/accounts/${await alice.id()}/unfollow`);
    assert.match((await page('/@alice')).html, /<strong>0<\/strong> followers/);
  }
});

test('while many post, no page is older than the last answer', async () => {
  await Promise.all(
    [alice, bob, dave].map(async (who) => {
      for (let i = 0; i < 12; i++) {
        await who.posts(`${who.name} counts ${i}!`);
        assert.ok(await shows(`/@${who.name}`, `${who.name} counts ${i}!`));
      }
    }),
  );
});

test('a suspended person has no page, and has it again after', async () => {
  await dave.posts('here I am');
  assert.equal((await page('/@dave')).status, 200);
  assert.equal((await server.cli('account', 'suspend', 'dave')).code, 0);
  for (const path of ['/@dave', '/@dave.atom', '/@dave/media']) assert.equal((await page(path)).status, 404, path);
  assert.equal((await server.cli('account', 'unsuspend', 'dave')).code, 0);
  assert.equal((await page('/@dave')).status, 200);
});

test('names are found in any case and lead to one address', async () => {
  const { status, html } = await page('/@ALICE');
  assert.equal(status, 200);
  assert.ok(html.includes(`<link rel="canonical" href="${server.url}/@alice">`));
});

test('older posts are a link away', async () => {
  for (let i = 0; i < 25; i++) await carol.posts(`carol writes number ${i}.`);
  const first = await page('/@carol');
  const next = /<a rel="next" href="([^"]+)"/.exec(first.html)?.[1];
  assert.ok(next);
  const second = await page(next);
  assert.ok(first.html.includes('number 24.') && !first.html.includes('number 4.'));
  assert.ok(second.html.includes('number 4.') && second.html.includes('number 0.') && !second.html.includes('number 24.'));
  assert.match(second.html, /content="noindex/);
});

test('a post stands with what it answers and what answers it', async () => {
  const root = await alice.posts('the question');
  const answer = await bob.posts('@alice the answer', { in_reply_to_id: root.id });
  await dave.posts('@bob the aside', { in_reply_to_id: answer.id });
  await carol.posts('@bob the whisper', { in_reply_to_id: answer.id, visibility: 'private' });
  const { html } = await page(`/@bob/${answer.id}`);
  const order = ['the question', 'the answer', 'the aside'].map((words) => html.indexOf(`${words}</p>`));
  assert.ok(order[0] > 0 && order[0] < order[1] && order[1] < order[2], order.join());
  assert.ok(!html.includes('the whisper'));
  assert.ok(html.includes('<meta property="og:type" content="article">'));
  assert.match(html, /article:published_time/);
  assert.match(html, /application\/json\+oembed/);
});

test('a warning hides text and pictures, in previews too', async () => {
  const post = await alice.posts('the butler', { spoiler_text: 'who did it' });
  const { html } = await page(`/@alice/${post.id}`);
  assert.match(html, /<details><summary>who did it<\/summary>/);
  assert.ok(html.includes('<meta property="og:description" content="who did it">'));
});

test('a hashtag has a page', async () => {
  const { status, html } = await page('/tags/Wonderland');
  assert.equal(status, 200);
  assert.ok(html.includes('A public &lt;script&gt;'));
  assert.equal((await page('/tags/nobodywrotethis')).status, 200);
  for (const path of ['/tags/%ff', '/tags/%00', '/@%ff', '/@a%00b', '/@../x']) assert.ok([400, 404].includes((await page(path)).status), path);
});

test('the network says who it is', async () => {
  await olga.request('PATCH', '/api/freehold/v1/site', { title: 'The Warren', description: 'Rabbits & friends' });
  for (const path of ['/', '/about', '/privacy', '/@alice']) {
    const { status, html } = await page(path);
    assert.equal(status, 200);
    assert.ok(html.includes('The Warren'), path);
  }
  assert.ok(await shows('/about', 'Rabbits &amp; friends'));
  const manifest = JSON.parse((await page('/manifest.webmanifest')).html);
  assert.equal(manifest.name, 'The Warren');
});

test('what is not there is a page for people and JSON for programs', async () => {
  const lost = await page('/nothing/here/at/all');
  assert.equal(lost.status, 404);
  assert.match(lost.html, /<h1>Not found<\/h1>/);
  for (const [method, path] of [['GET', '/api/v1/nothing'], ['POST', '/api/v1/nothing'], ['DELETE', '/nothing/here/at/all'], ['GET', '/media/nothing']]) {
    const answer = await server.fetch(path, { method, headers: { Accept: 'text/html' } });
    assert.equal(answer.status, 404, `${method} ${path}`);
    assert.ok((await answer.json()).error);
  }
});

test('crawlers and browsers find their files', async () => {
  assert.match((await page('/robots.txt')).html, /Disallow: \/api\//);
  assert.equal((await page('/favicon.ico')).status, 301);
  const { html } = await page('/home');
  for (const [, file] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
    for (const [accept, encoding] of [['gzip', 'gzip'], ['br', 'br'], ['zstd', 'zstd'], ['identity', null]]) {
      const answer = await server.fetch(file, { method: 'HEAD', headers: { 'Accept-Encoding': accept } });
      assert.equal(answer.status, 200, file);
      assert.match(answer.headers.get('cache-control'), /immutable/);
      if (!file.endsWith('.woff2')) assert.equal(answer.headers.get('content-encoding'), encoding, `${file} ${accept}`);
    }
  }
  assert.equal((await page('/assets/../freehold')).status, 404);
});

test('a page that is known is not sent again', async () => {
  const first = await page('/@alice');
  const tag = first.headers.get('etag');
  assert.ok(tag);
  assert.equal((await page('/@alice', { 'If-None-Match': tag })).status, 304);
  await alice.posts('and now it is another');
  assert.equal((await page('/@alice', { 'If-None-Match': tag })).status, 200);
});

const german = { 'Accept-Language': 'de-AT,de;q=0.9,en;q=0.4' };

test('who reads German gets every page in German, and caches are told', async () => {
  const post = await alice.posts('ein Hutmacher', { language: 'de' });
  await bob.posts('@alice ein Tee', { in_reply_to_id: post.id, language: 'de' });
  const words = {
    '/': ['Umsehen', 'Anmelden'],
    '/about': ['<h1>Über The Warren</h1>', 'Datenschutz'],
    '/privacy': ['Argon2id', 'Verschlüsselte Sicherungen'],
    '/@alice': ['Beiträge</li>', '<strong>0</strong> Folgende', 'aria-label="Beiträge"'],
    [`/@alice/${post.id}`]: ['<h2 class="p-replies">Antworten</h2>', '. ', ' UTC</time>'],
    '/tags/nobodywrotethis': ['Darüber hat noch niemand öffentlich geschrieben.'],
    '/home': ['braucht JavaScript'],
    '/nothing/here/at/all': ['<h1>Nicht gefunden</h1>', 'Zum Anfang'],
    '/@alice?max_id=x': ['<h1>Das hat nicht geklappt</h1>', 'wird hier nicht verstanden'],
  };
  for (const [path, expected] of Object.entries(words)) {
    const { headers, html } = await page(path, german);
    assert.match(html, /^<!doctype html>\n<html lang="de">/, path);
    assert.match(headers.get('vary'), /Accept-Language/, path);
    for (const word of expected) assert.ok(html.includes(word), `${path}: ${word}`);
    for (const word of ['>About<', '>Log in<', 'Runs on', 'Replies', 'followers', 'Not found', 'Look around']) assert.ok(!html.includes(word), `${path}: ${word}`);
    const english = await page(path);
    assert.match(english.html, /^<!doctype html>\n<html lang="en">/, path);
    assert.match(english.headers.get('vary'), /Accept-Language/, path);
    assert.ok(english.html.includes('>About<'), path);
  }
});

test('a page is in the language that is wanted most', async () => {
  for (const [wanted, language] of [['de', 'de'], ['en-GB, de', 'en'], ['en;q=0.3, de;q=0.7', 'de'], ['fr, de;q=0.1', 'de'], ['fr', 'en'], ['*', 'en'], ['de;q=0', 'en'], [';;,,=q', 'en']])
    for (let time = 0; time < 2; time++) assert.match((await page('/@alice', { 'Accept-Language': wanted })).html, new RegExp(`<html lang="${language}">`), wanted);
});

test('a date is written as the language writes it', async () => {
  const post = await alice.posts('what day is it?');
  const at = new Date(post.created_at);
  const day = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' };
  for (const [header, locale] of [['en', 'en-GB'], ['de', 'de-DE']]) assert.ok((await page(`/@alice/${post.id}`, { 'Accept-Language': header })).html.includes(`">${new Intl.DateTimeFormat(locale, day).format(at)}, `), locale);
});

test('a page that is kept is true of the very next answer in each language', async () => {
  const both = () => Promise.all([page('/@alice'), page('/@alice', german)]);
  for (let round = 0; round < 3; round++) {
    const [english, deutsch] = await both();
    const again = await both();
    assert.deepEqual(again.map(({ html }) => html), [english.html, deutsch.html]);
    assert.notEqual(english.headers.get('etag'), deutsch.headers.get('etag'));
    assert.equal((await page('/@alice', { 'If-None-Match': deutsch.headers.get('etag') })).status, 200, 'the tag of the other language');
    const known = await page('/@alice', { ...german, 'If-None-Match': deutsch.headers.get('etag') });
    assert.equal(known.status, 304);
    assert.match(known.headers.get('vary'), /Accept-Language/);
    const post = await alice.posts(`told in two tongues ${round}`);
    for (const { html } of await both()) assert.ok(html.includes(`told in two tongues ${round}`));
    await alice.request('DELETE', `/api/v1/statuses/${post.id}`);
    for (const { html } of await both()) assert.ok(!html.includes(`told in two tongues ${round}`));
  }
});
