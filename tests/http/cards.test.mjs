// Cards under posts with a link: fetched once, safely, kept in a tree of their own with a cap.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { eventually, makeCast } from '../cast/cast.mjs';
import { clouds, drawing } from '../harness/drawings.mjs';
import { Pages, page } from '../harness/pages.mjs';
import { startServer, store } from '../harness/server.mjs';
import { openEvents } from '../harness/streams.mjs';

let server, alice, bob, pages, dir;
let drawn = 0;

before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-cards-'));
  pages = await new Pages().start();
  server = await startServer({ set: { 'links.allow_private': 'yes' } });
  ({ alice, bob } = await makeCast(server, 'alice', 'bob'));
});
after(async () => {
  await server.remove();
  await pages.stop();
  await rm(dir, { recursive: true, force: true });
});

const draw = (size = '320x240') => drawing('png', ...clouds(size, ++drawn));

const cardOf = async (person, id) => (await person.get(`/api/v1/statuses/${id}`)).body.card;
// The post's card once it has one that satisfies.
const carded = async (person, id, satisfies = Boolean) => eventually(() => cardOf(person, id), satisfies, 15000);
// Nothing waits to be fetched any more.
const settled = (of = server) => eventually(async () => Number((await of.sql("SELECT count(*) FROM job WHERE kind = 'card.fetch' AND buried_at IS NULL"))), (n) => n === 0, 40000);

// Long enough for the reader of the journal to have come by.
async function none(person, url, of = server, ms = 15000) {
  const post = await person.posts(`see ${url}`);
  await eventually(async () => Number(await of.sql(`SELECT count(*) FROM status_card WHERE status_id = ${post.id}`)), (n) => n === 1, ms);
  await settled(of);
  assert.equal(await cardOf(person, post.id), null);
  return post;
}

// The tree of fetched media: a folder, or a bucket. [{ key, size }]
async function remoteFiles(of = server) {
  if (of.fetched) return of.fetched.objects();
  const folder = path.join(of.dataDir, 'remote');
  const all = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = all.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  return Promise.all(files.map(async (file) => ({ key: path.relative(folder, file), size: (await stat(file)).size })));
}
async function putRemote(of, key, text) {
  if (of.fetched) return of.fetched.put(key, Buffer.from(text));
  const file = path.join(of.dataDir, 'remote', key);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
const dropRemote = (of, key) => (of.fetched ? of.fetched.drop(key) : rm(path.join(of.dataDir, 'remote', key)));

test('a link becomes a card with a clean picture of our own, and streams say so', async () => {
  pages.file('/cat.png', await draw('1200x900'), 'image/png');
  const url = pages.says('/cats?a=1&b=2', page({ title: 'Cats &amp; dogs', description: 'All about them', image: '/cat.png', 'og:image:alt': 'A cat', 'og:site_name': 'Pets', author: 'Ada', 'article:author': 'https://example.org/ada', 'article:published_time': '2024-05-01T12:00:00Z' }));
  const stream = await openEvents(server, 'user', alice.token);
  const post = await alice.posts(`Look: ${url} and http://127.0.0.1:9/other`);
  assert.equal(post.card, null);
  const card = await carded(bob, post.id);
  assert.equal(card.url, url);
  assert.equal(card.title, 'Cats & dogs');
  assert.equal(card.description, 'All about them');
  assert.equal(card.type, 'link');
  assert.equal(card.provider_name, 'Pets');
  assert.equal(card.author_name, 'Ada');
  assert.equal(card.author_url, 'https://example.org/ada');
  assert.equal(card.image_description, 'A cat');
  assert.equal(card.published_at, '2024-05-01T12:00:00Z');
  assert.equal(card.language, 'en');
  assert.equal(card.html, '');
  assert.equal(card.width, 800);
  assert.equal(card.height, 600);
  assert.ok(card.blurhash.length > 6);
  assert.match(card.image, /^http:\/\/127\.0\.0\.1:\d+\/media\/remote\/[0-9a-f]{32}\.\w+$/);
  const picture = await fetch(card.image);
  assert.equal(picture.status, 200);
  assert.match(picture.headers.get('content-type'), /^image\/(jpeg|png|webp)$/);
  assert.match(picture.headers.get('cache-control'), /immutable/);
  assert.equal(picture.headers.get('x-content-type-options'), 'nosniff');
  await picture.arrayBuffer();
  const event = await stream.gets((e) => e.event === 'status.update' && e.payload.id === post.id && e.payload.card);
  assert.equal(event.payload.edited_at, null);
  stream.close();
  const home = (await alice.get('/api/v1/timelines/home')).body.find((s) => s.id === post.id);
  assert.deepEqual(home.card, card);
  assert.match(pages.headers.get('/cats?a=1&b=2')['user-agent'], /^Freehold\/.*http:\/\/127/);
  assert.equal((await remoteFiles()).length, 1);
  assert.equal((await readdir(path.join(server.dataDir, 'media')).catch(() => [])).filter((n) => n !== 'new').length, 0);
});

test('pages without script show it, whatever a stranger writes into it', async () => {
  pages.file('/plain.png', await draw(), 'image/png');
  const url = pages.says('/plain?a=1&b=2', page({ title: '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;', description: 'a &lt;b&gt; c', image: '/plain.png', 'og:image:alt': '" onerror="alert(1)' }));
  const post = await alice.posts(url);
  const seen = async (where) => (await server.fetch(where, { headers: { Accept: 'text/html' } })).text();
  assert.ok(!(await seen('/@alice')).includes('alert(1)'));
  const card = await carded(alice, post.id, (c) => c?.image);
  for (const where of ['/@alice', `/@alice/${post.id}`]) {
    const html = await eventually(() => seen(where), (text) => text.includes('class="p-card"') && text.includes('alert(1)'));
    const shown = /<a class="p-card".*?<\/a>/s.exec(html.slice(html.lastIndexOf('<a class="p-card"', html.indexOf('alert(1)'))))[0];
    assert.ok(shown.includes(`href="${url.replace('&', '&amp;')}"`), shown);
    assert.ok(shown.includes(`src="${card.image}"`), shown);
    assert.ok(shown.includes('&lt;script&gt;alert(1)&lt;/script&gt;') && !/<script|onerror="/.test(shown), shown);
  }
});

test('an address may be a secret between two people: the log names the host alone', async () => {
  const there = server.log.length;
  const broken = (request, response) => (pages.count('/t0psecret-broken') > 1 ? response.writeHead(404) : response.writeHead(500)).end();
  const url = pages.says('/t0psecret-page', page({ title: 'Behind', image: '/t0psecret-picture.png' }));
  const post = await alice.posts(`@bob ${url}`, { visibility: 'direct' });
  await carded(bob, post.id);
  await none(alice, pages.says('/t0psecret-broken', broken));
  await none(alice, pages.goes('/t0psecret-round', '/t0psecret-round'));
  const log = server.log.slice(there);
  assert.match(log, /a card has no picture: .*127\.0\.0\.1: status 404/);
  assert.ok(!log.includes('t0psecret'), log);
});

test('many posts with one link fetch it once, and a boost shows it', async () => {
  const url = pages.says('/popular', page({ title: 'Popular' }));
  const posts = await Promise.all(Array.from({ length: 12 }, (_, i) => (i % 2 ? alice : bob).posts(`${i} ${url}`)));
  for (const post of posts) assert.equal((await carded(alice, post.id)).title, 'Popular');
  assert.equal(pages.count('/popular'), 1);
  const boost = (await bob.post(`/api/v1/statuses/${posts[0].id}/reblog`)).body;
  assert.equal(boost.reblog.card.title, 'Popular');
});

test('one host is asked at most twice at a time', async () => {
  pages.mostOpen = 0;
  const made = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      alice.posts(pages.says(`/slowish/${i}`, (request, response) => setTimeout(() => response.writeHead(200, { 'Content-Type': 'text/html' }).end(page({ title: `Slow ${i}` })), 300))),
    ),
  );
  for (const [i, post] of made.entries()) assert.equal((await carded(alice, post.id)).title, `Slow ${i}`);
  assert.ok(pages.mostOpen <= 2, `${pages.mostOpen} at once`);
});

test('an edit changes the card, takes it away, and brings one', async () => {
  const one = pages.says('/one', page({ title: 'One' })), two = pages.says('/two', page({ title: 'Two' }));
  const post = await alice.posts(`at ${one}`);
  await carded(alice, post.id, (c) => c?.title === 'One');
  const edit = (status) => alice.request('PUT', `/api/v1/statuses/${post.id}`, { status });
  await edit(`at ${two}`);
  await carded(alice, post.id, (c) => c?.title === 'Two');
  await eventually(() => server.sql(`SELECT count(*) FROM preview_card WHERE url = '${one}'`), (n) => n === '0');
  await edit('nowhere');
  await carded(alice, post.id, (c) => c === null);
  await edit(`back at ${one}`);
  await carded(alice, post.id, (c) => c?.title === 'One');
});

test('with the last post that has it, a card goes, and its picture at once and for good', async () => {
  pages.file('/gone.png', await draw(), 'image/png');
  const url = pages.says('/gone', page({ title: 'Gone', image: `${pages.url}/gone.png` }));
  const first = await alice.posts(url), second = await bob.posts(url);
  const { image } = await carded(alice, first.id, (c) => c?.image);
  await carded(alice, second.id);
  const before = (await remoteFiles()).length;
  await alice.request('DELETE', `/api/v1/statuses/${first.id}`);
  assert.equal((await fetch(image)).status, 200);
  await bob.request('DELETE', `/api/v1/statuses/${second.id}`);
  assert.equal((await fetch(image)).status, 404);
  assert.equal(await server.sql(`SELECT count(*) FROM preview_card WHERE url = '${url}'`), '0');
  await eventually(async () => (await remoteFiles()).length, (n) => n === before - 1);
});

test('mentions, hashtags and links to the network itself get no card', async () => {
  const post = await alice.posts(`@bob #tag ${server.url}/@bob`);
  const other = await alice.posts(`${server.url}/@bob ${pages.says('/after', page({ title: 'After' }))}`);
  assert.equal((await carded(alice, other.id)).title, 'After');
  assert.equal(await cardOf(alice, post.id), null);
  assert.equal(await server.sql(`SELECT count(*) FROM status_card WHERE status_id = ${post.id}`), '0');
});

test('redirects are followed, three of them and no more', async () => {
  pages.says('/end', page({ title: 'The end', image: 'pictures/a.png' }));
  pages.goes('/hop3', '/end');
  pages.goes('/hop2', `${pages.url}/hop3`);
  const url = pages.goes('/hop1', 'hop2');
  const post = await alice.posts(url);
  const card = await carded(alice, post.id);
  assert.equal(card.title, 'The end');
  assert.equal(card.url, url);
  await settled();
  assert.equal(pages.count('/pictures/a.png'), 1);
  await none(alice, pages.goes('/hop0', '/hop1'));
  await none(alice, pages.goes('/file', 'file:///etc/passwd'));
  await none(alice, pages.goes('/gopher', 'gopher://127.0.0.1:70/'));
});

test('what is no page has no card', async () => {
  await none(alice, pages.file('/text', 'og:title', 'text/plain'));
  await none(alice, pages.file('/picture', await draw(), 'image/png'));
  await none(alice, pages.says('/nothing', '<p>no title'));
  await none(alice, `${pages.url}/missing`);
});

test('a huge page is read up to a megabyte; a bomb costs no more; broken HTML says what it can', async () => {
  let sent = 0;
  const huge = pages.says('/huge', (request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.write(page({ title: 'Huge' }));
    const more = () => {
      while (sent < 200e6 && !response.destroyed) {
        sent += 65536;
        if (!response.write('x'.repeat(65536))) return response.once('drain', more);
      }
      response.end();
    };
    more();
  });
  assert.equal((await carded(alice, (await alice.posts(huge)).id)).title, 'Huge');
  assert.ok(sent < 50e6, `${sent} bytes`);
  const bomb = gzipSync(Buffer.concat([Buffer.from(page({ title: 'Bomb' })), Buffer.alloc(300e6, 'x')]));
  const post = await alice.posts(pages.says('/bomb', (request, response) => response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' }).end(bomb)));
  assert.equal((await carded(alice, post.id)).title, 'Bomb');
  const broken = await alice.posts(pages.says('/broken', '<!doctype><head><title>Half a <b>title</tit\0le<meta property="og:title" content="Whole</head><script>alert(1)</script>'));
  await settled();
  const card = await cardOf(alice, broken.id);
  assert.ok(card === null || !card.title.includes('\0'));
  const latin = await alice.posts(pages.says('/latin', (request, response) => response.writeHead(200, { 'Content-Type': 'text/html; charset=iso-8859-1' }).end(Buffer.from('<title>caf\xe9</title>', 'latin1'))));
  assert.equal((await carded(alice, latin.id)).title, 'café');
});

test('hostile pictures leave the card without one', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>';
  pages.file('/a.svg', svg, 'image/svg+xml');
  pages.file('/b.png', svg, 'image/png');
  pages.file('/c.png', (await draw()).subarray(0, 500), 'image/png');
  pages.says('/d.png', (request, response) => response.writeHead(200, { 'Content-Type': 'image/png' }).end(Buffer.alloc(9 * 1024 * 1024)));
  const before = (await remoteFiles()).length;
  for (const name of ['a.svg', 'b.png', 'c.png', 'd.png']) {
    const post = await alice.posts(pages.says(`/with-${name}`, page({ title: name, image: `/${name}` })));
    const card = await carded(alice, post.id);
    assert.equal(card.title, name);
    assert.equal(card.image, null, name);
  }
  await settled();
  assert.equal((await remoteFiles()).length, before);
});

test('a slow page ends after ten seconds, and nothing else waits for it', { timeout: 120000 }, async () => {
  let closed = null;
  const slow = pages.says('/drip', (request, response) => {
    const began = Date.now();
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.write('<title>never');
    const timer = setInterval(() => response.write('.'.repeat(2000)), 500);
    response.on('close', () => {
      clearInterval(timer);
      closed ??= Date.now() - began;
    });
  });
  const post = await alice.posts(slow);
  const quick = await alice.posts(pages.says('/quick', page({ title: 'Quick' })));
  await carded(alice, quick.id);
  await eventually(() => closed, Boolean, 20000);
  assert.ok(closed > 8000 && closed < 14000, `${closed} ms`);
  assert.equal(await cardOf(alice, post.id), null);
});

// By a redirect and by a name that changes: tests/unit/reach.c, where there is a public address to begin at.
test('private addresses and other ports are not asked, however they are written', async () => {
  const strict = await startServer();
  try {
    const { olga } = await makeCast(strict, 'olga');
    const secret = pages.says('/secret', page({ title: 'Secret' }));
    const made = [];
    const ports = [`http://127.0.0.1/secret`, `http://localhost/secret`, `http://[::1]/secret`, `http://2130706433/secret`, `http://127.1/secret`, `http://[::ffff:127.0.0.1]/secret`, `http://169.254.169.254/latest/meta-data`];
    for (const url of [secret, secret.replace('127.0.0.1', 'localhost'), ...ports]) made.push((await olga.posts(`see ${url} now`)).id);
    await settled(strict);
    for (const id of made) assert.equal(await cardOf(olga, id), null);
    assert.equal(pages.count('/secret'), 0);
  } finally {
    await strict.remove();
  }
});

test('off by setting, nothing is asked', async () => {
  const quiet = await startServer({ set: { 'links.preview': 'no', 'links.allow_private': 'yes' } });
  try {
    const { olga } = await makeCast(quiet, 'olga');
    const post = await olga.posts(pages.says('/never', page({ title: 'Never' })));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(await cardOf(olga, post.id), null);
    assert.equal(pages.count('/never'), 0);
  } finally {
    await quiet.remove();
  }
});

test('the tree of fetched media never has more than its cap; what was looked at longest ago goes, and comes back when asked for', async () => {
  const pictures = [];
  for (let i = 0; i < 5; i++) pictures.push(await draw('500x400'));
  const small = await startServer({ set: { 'links.allow_private': 'yes', 'media.remote_cap': '100K' } });
  try {
    const { olga } = await makeCast(small, 'olga');
    const cards = [];
    for (const [i, bytes] of pictures.entries()) {
      pages.file(`/p${i}.png`, bytes, 'image/png');
      const post = await olga.posts(pages.says(`/cap${i}`, page({ title: `Cap ${i}`, image: `/p${i}.png` })));
      cards.push(await carded(olga, post.id, (c) => c?.image));
      const total = (await remoteFiles(small)).reduce((sum, f) => sum + f.size, 0);
      assert.ok(total <= 100 * 1024, `${total} bytes`);
      if (i === 0) assert.equal((await fetch(cards[0].image)).status, 200);
    }
    const there = async () => Promise.all(cards.map(async (c) => (await fetch(c.image, { method: 'HEAD' })).status));
    const metrics = async () => (await small.fetch('/metrics')).text();
    assert.match(await metrics(), /freehold_remote_media_evicted_total [1-9]/);
    const bytes = Number(/freehold_remote_media_bytes (\d+)/.exec(await metrics())[1]);
    assert.equal(bytes, (await remoteFiles(small)).reduce((sum, f) => sum + f.size, 0));
    const last = (await fetch(cards[4].image)).status, first = (await fetch(cards[0].image)).status;
    assert.deepEqual([first, last], [404, 200]);
    await eventually(async () => (await fetch(cards[0].image)).status, (status) => status === 200, 10000);
    assert.equal(pages.count('/p0.png'), 2);
    assert.equal(pages.count('/cap0'), 1);
    assert.ok((await there()).includes(404));
  } finally {
    await small.remove();
  }
});

test('a look saves a picture from going, if it is a day after the last', async () => {
  const small = await startServer({ set: { 'links.allow_private': 'yes', 'media.remote_cap': '100K' } });
  try {
    const { olga } = await makeCast(small, 'olga');
    const cards = [];
    const add = async (i) => {
      pages.file(`/lru${i}.png`, await draw('500x400'), 'image/png');
      const post = await olga.posts(pages.says(`/lru${i}`, page({ title: `LRU ${i}`, image: `/lru${i}.png` })));
      cards.push(await carded(olga, post.id, (c) => c?.image));
    };
    await add(0);
    await add(1);
    await settled(small);
    await small.stop();
    await small.sql('UPDATE remote_blob SET used_at = used_at - 259200000');
    await small.start();
    assert.equal((await fetch(cards[0].image)).status, 200);
    await add(2);
    assert.equal((await fetch(cards[0].image)).status, 200);
    assert.equal((await fetch(cards[2].image)).status, 200);
    const checked = await small.cli('media', 'check');
    assert.match(checked.stdout, /fetched media: 2 blobs \(0 MB\) are sound, 0 are not/);
    assert.equal((await fetch(cards[1].image)).status, 404);
  } finally {
    await small.remove();
  }
});

test('media check finds what is wrong with fetched media and lets go of it', async () => {
  const own = await startServer({ set: { 'links.allow_private': 'yes' } });
  try {
    const { olga } = await makeCast(own, 'olga');
    const cards = [];
    for (let i = 0; i < 3; i++) {
      pages.file(`/check${i}.png`, await draw(), 'image/png');
      const post = await olga.posts(pages.says(`/check${i}`, page({ title: `Check ${i}`, image: `/check${i}.png` })));
      cards.push(await carded(olga, post.id, (c) => c?.image));
    }
    await settled(own);
    const [damaged, missing, sound] = await remoteFiles(own);
    await putRemote(own, damaged.key, 'other bytes');
    await dropRemote(own, missing.key);
    await putRemote(own, sound.key.replace(/[0-9a-f]{64}$/, 'f'.repeat(64)).replace(/^..\/..\//, 'ff/ff/'), 'nobody knows it');
    const told = await own.cli('media', 'check');
    assert.equal(told.code, 1, told.stdout + told.stderr);
    assert.match(told.stdout, /fetched media: 1 blobs .* 3 are not \(1 missing, 1 corrupt, 1 orphaned\)/);
    assert.equal((await own.cli('media', 'check', '--repair')).code, 0);
    const after = await own.cli('media', 'check');
    assert.match(after.stdout, /fetched media: 1 blobs .* 0 are not/);
    for (const card of cards) await eventually(async () => (await fetch(card.image)).status, (status) => status === 200, 10000);
    assert.equal((await remoteFiles(own)).length, 3);
  } finally {
    await own.remove();
  }
});

test('below the floor of free space a card has no picture (of a folder: a bucket has no floor)', { skip: store === 's3' }, async () => {
  const full = await startServer({ set: { 'links.allow_private': 'yes', 'media.free_floor': '1000T' } });
  try {
    const { olga } = await makeCast(full, 'olga');
    pages.file('/floor.png', await draw(), 'image/png');
    const post = await olga.posts(pages.says('/floor', page({ title: 'Floor', image: '/floor.png' })));
    assert.equal((await carded(olga, post.id)).image, null);
    assert.equal(pages.count('/floor.png'), 1);
    assert.deepEqual(await remoteFiles(full), []);
  } finally {
    await full.remove();
  }
});
