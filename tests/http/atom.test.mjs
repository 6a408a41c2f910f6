// The Atom feed of a profile.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob;
before(async () => {
  server = await startServer();
  ({ alice, bob } = await makeCast(server, 'alice', 'bob'));
});
after(() => server.remove());

// The feed through a real XML parser: what each entry says, and the feed's links by rel.
async function feed(path) {
  const answer = await server.fetch(path);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/atom\+xml/);
  const script = `
import json, sys, xml.etree.ElementTree as E
n = "{http://www.w3.org/2005/Atom}"
f = E.parse(sys.stdin.buffer).getroot()
t = lambda e, k: (e.find(n + k).text if e.find(n + k) is not None else None)
print(json.dumps({"id": t(f, "id"), "title": t(f, "title"), "updated": t(f, "updated"), "links": {l.get("rel"): l.get("href") for l in f.findall(n + "link")},
  "entries": [{"id": t(e, "id"), "title": t(e, "title"), "content": t(e, "content"), "updated": t(e, "updated"), "published": t(e, "published"),
    "enclosures": [dict(l.attrib) for l in e.findall(n + "link") if l.get("rel") == "enclosure"]} for e in f.findall(n + "entry")]}))`;
  return JSON.parse(execFileSync('python3', ['-c', script], { input: Buffer.from(await answer.arrayBuffer()) }).toString());
}

test('a feed has the public posts, newest first, as HTML', async () => {
  await alice.request('PATCH', '/api/v1/accounts/update_credentials', { display_name: 'Alice & <Co>' });
  await alice.posts('first ]]> & <b>not bold</b>\nsecond line');
  const edited = await alice.posts('to be edited');
  await alice.request('PUT', `/api/v1/statuses/${edited.id}`, { status: 'was edited' });
  await alice.posts('hidden', { visibility: 'private' });
  await alice.posts('with a warning', { spoiler_text: 'careful <now>' });
  const f = await feed('/@alice.atom');
  assert.equal(f.title, 'Alice & <Co>');
  assert.equal(f.links.alternate, `${server.url}/@alice`);
  assert.equal(f.links.self, `${server.url}/@alice.atom`);
  assert.deepEqual(f.entries.map((e) => e.title), ['careful <now>', 'was edited', 'first ]]> & <b>not bold</b> second line']);
  assert.match(f.entries[2].content, /first \]\]&gt; &amp; &lt;b&gt;not bold&lt;\/b&gt;<br ?\/?>second line/);
  assert.equal(f.entries[1].id, `${server.url}/@alice/${edited.id}`);
  assert.ok(f.entries[1].updated > f.entries[1].published);
  assert.ok(f.updated >= f.entries[0].updated);
});

test('pictures are enclosures', async () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da63f80f00010101001cb08c990000000049454e44ae426082', 'hex');
  const body = new FormData();
  body.append('file', new Blob([png]), 'x.png');
  body.append('description', 'one "white" dot');
  const media = (await bob.request('POST', '/api/v2/media', body)).body;
  await bob.posts('look', { media_ids: [media.id] });
  const [entry] = (await feed('/@bob.atom')).entries;
  assert.equal(entry.enclosures[0].href, media.url);
  assert.equal(entry.enclosures[0].type, 'image/png');
  assert.equal(entry.enclosures[0].title, 'one "white" dot');
});

test('a feed has pages, each post on one of them', async () => {
  for (let i = 0; i < 45; i++) await bob.posts(`number ${i}`);
  const seen = [];
  for (let path = '/@bob.atom'; path; ) {
    const f = await feed(path);
    seen.push(...f.entries.map((e) => e.title));
    path = f.links.next?.replace(server.url, '');
  }
  assert.equal(seen.length, 46);
  assert.equal(new Set(seen).size, 46);
});

test('there is no feed of nobody', async () => {
  assert.equal((await server.fetch('/@nobody.atom')).status, 404);
});
