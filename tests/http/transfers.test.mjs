// What people bring and take along: lists and posts from elsewhere, and their own archive.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import Ajv from 'ajv/dist/2020.js';
import { eventually, makeCast } from '../cast/cast.mjs';
import { Visitor } from '../cast/visitor.mjs';
import { drawing, noise } from '../harness/drawings.mjs';
import { h264, makeFolder, pictures, tone } from '../harness/films.mjs';
import { root, startServer } from '../harness/server.mjs';

const run = promisify(execFile);
let server, cast, dir, domain, files = 0;
const visitors = {};

before(async () => {
  server = await startServer();
  cast = await makeCast(server, 'alice', 'bob', 'carol', 'dave', 'mona');
  domain = new URL(server.url).host;
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-transfers-'));
  for (const name of ['alice', 'bob', 'carol', 'dave', 'mona']) {
    visitors[name] = new Visitor(server);
    await visitors[name].logIn(name, cast[name].password);
  }
});
after(async () => {
  await server.remove();
  await rm(dir, { recursive: true, force: true });
});

async function hand(who, kind, bytes, name = 'file') {
  const body = new FormData();
  body.append('kind', kind);
  body.append('file', new Blob([bytes]), name);
  return visitors[who].own('POST', 'transfers/import', body);
}
async function ended(who, id) {
  const look = async () => (await visitors[who].own('GET', `transfers/${id}`)).body;
  return eventually(look, (t) => t.state === 'done' || t.state === 'failed', 20000);
}
async function bring(who, kind, bytes) {
  const answer = await hand(who, kind, bytes);
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  return ended(who, answer.body.id);
}
const counts = (t) => [t.taken, t.known, t.refused];

// An archive of these entries, by tools that are not ours.
async function zip(entries, { flags = 'ZIP_DEFLATED' } = {}) {
  const file = path.join(dir, `z${++files}.zip`);
  const spec = `${file}.json`;
  await writeFile(spec, JSON.stringify(entries));
  await run('python3', ['-c', `import base64,json,sys,zipfile
with zipfile.ZipFile(sys.argv[1],'w',zipfile.${flags}) as z:
    for name,text in json.load(open(sys.argv[2])).items(): z.writestr(name,base64.b64decode(text[4:]) if text.startswith('b64:') else text)`, file, spec]);
  return readFile(file);
}
async function targz(entries) {
  const file = path.join(dir, `t${++files}.tar.gz`);
  const spec = `${file}.json`;
  await writeFile(spec, JSON.stringify(entries));
  await run('python3', ['-c', `import io,json,sys,tarfile
with tarfile.open(sys.argv[1],'w:gz') as t:
    for name,text in json.load(open(sys.argv[2])).items():
        i=tarfile.TarInfo(name); b=text.encode(); i.size=len(b); t.addfile(i,io.BytesIO(b))`, file, spec]);
  return readFile(file);
}

test('follows, blocks, mutes, lists and bookmarks come in from CSV; each line that is not taken is named with its reason', async () => {
  const { alice, bob, carol, dave } = cast;
  const follows = await bring('alice', 'follows', `Account address,Show boosts,Notify on new posts,Languages\nbob@${domain},false,true,\n@carol@${domain.toUpperCase()},true,false,"en, de"\nnobody@${domain},true,false,\nbob@elsewhere.example,true,false,\na"b,c\nalice@${domain},true,false,\n`);
  assert.equal(follows.state, 'done', JSON.stringify(follows));
  assert.deepEqual(counts(follows), [2, 0, 4]);
  assert.deepEqual(follows.report.map((one) => one.line), [4, 5, 6, 7]);
  assert.match(follows.report[0].text, /nobody@.*: there is no such account here/);
  assert.match(follows.report[1].text, /bob@elsewhere\.example: the account is of another network, elsewhere\.example/);
  assert.match(follows.report[2].text, /quotes/);
  const [relation] = (await alice.get(`/api/v1/accounts/relationships?id[]=${await bob.id()}`)).body;
  assert.ok(relation.following && relation.notifying && !relation.showing_reblogs);
  const again = await bring('alice', 'follows', `bob@${domain}\ncarol\n`);
  assert.equal(again.taken + again.known, 2);
  assert.ok(again.known >= 1, 'bob was followed already');
  assert.deepEqual(counts(await bring('alice', 'blocks', `dave@${domain}\n`)), [1, 0, 0]);
  assert.deepEqual(counts(await bring('bob', 'mutes', `Account address,Hide notifications\ndave@${domain},false\n`)), [1, 0, 0]);
  const lists = await bring('alice', 'lists', `Friends,bob@${domain}\n"Good, old",bob@${domain}\nFriends,dave@${domain}\nalone\n`);
  assert.deepEqual(counts(lists), [2, 0, 2]);
  assert.deepEqual((await alice.get('/api/v1/lists')).body.map((one) => one.title).sort(), ['Friends', 'Good, old']);
  const post = await bob.posts('worth keeping');
  const secret = await dave.posts('for nobody', { visibility: 'private' });
  const marks = await bring('alice', 'bookmarks', `${post.url}\n${secret.url}\nhttps://elsewhere.example/@x/1\n${server.url}/@bob/none\n`);
  assert.deepEqual(counts(marks), [1, 0, 3]);
  assert.match(marks.report[0].text, /no such post here for you/);
  assert.ok((await alice.get(`/api/v1/statuses/${post.id}`)).body.bookmarked);
  assert.equal(await carol.id() !== null, true);
});

test('the same lists go out as CSV that comes in again', async () => {
  const own = async (who, name) => (await visitors[who].own('GET', `lists/${name}`));
  const following = await own('alice', 'following_accounts.csv');
  assert.equal(following.status, 200);
  assert.match(following.headers.get('content-disposition'), /attachment; filename="following_accounts.csv"/);
  assert.ok(following.body.startsWith('Account address,Show boosts,Notify on new posts,Languages\n'));
  assert.ok(following.body.includes(`bob@${domain},false,true,\n`), following.body);
  assert.equal((await own('alice', 'blocked_accounts.csv')).body, `dave@${domain}\n`);
  assert.equal((await own('bob', 'muted_accounts.csv')).body, `Account address,Hide notifications\ndave@${domain},false\n`);
  assert.equal((await own('alice', 'lists.csv')).body.split('\n').sort().join('\n'), `\n"Good, old",bob@${domain}\nFriends,bob@${domain}`);
  assert.match((await own('alice', 'bookmarks.csv')).body, new RegExp(`^${server.url}/@bob/\\d+\\n$`));
  assert.equal((await own('alice', 'passwords.csv')).status, 404);
  assert.deepEqual(counts(await bring('alice', 'follows', following.body)).slice(1), [following.body.split('\n').length - 2, 0].map((n, i) => (i ? 0 : n)));
});

const outbox = (items) => JSON.stringify({ '@context': 'https://www.w3.org/ns/activitystreams', id: 'outbox.json', type: 'OrderedCollection', totalItems: items.length, orderedItems: items });
const me = 'https://old.example/users/alice';
const option = (name, votes) => ({ type: 'Note', name, ...(votes !== undefined && { replies: { type: 'Collection', totalItems: votes } }) });
const note = (id, more = {}, activity = {}) => ({
  id: `${me}/statuses/${id}/activity`, type: 'Create', actor: me, published: '2019-03-04T05:06:07Z', ...activity,
  object: { id: `${me}/statuses/${id}`, type: 'Note', attributedTo: me, published: '2019-03-04T05:06:07Z', to: ['https://www.w3.org/ns/activitystreams#Public'], cc: [`${me}/followers`], content: `<p>post ${id}</p>`, ...more },
});

test('posts of a Mastodon archive are here once, at their old time, with nobody told', async () => {
  const { alice, bob } = cast;
  const items = [
    note(1, { content: '<p>Hello <span class="h-card"><a href="https://x.example/@bob">@<span>bob</span></a></span> &amp; all<br />#Old &lt;3</p><p>end</p>', contentMap: { de: 'x' } }),
    note(2, { inReplyTo: `${me}/statuses/1`, to: [`${me}/followers`], cc: [], summary: 'hm', sensitive: true }),
    note(3, { type: 'Question', oneOf: [option('yes', 2), option('no', 5)], endTime: '2019-03-05T05:06:07Z', closed: '2019-03-05T05:06:07Z', votersCount: 7 }),
    { id: `${me}/statuses/4/activity`, type: 'Announce', actor: me, object: 'https://x.example/1' },
    note(5, { attributedTo: 'https://old.example/users/mallory' }),
    note(6, { published: 'yesterday' }),
    note(7, { published: '2199-01-01T00:00:00Z' }),
    note(8, { content: '' }),
    note(9, { attributedTo: 'https://old.example/users/mallory' }, { actor: 'https://old.example/users/mallory' }),
    note(10, { content: 'x'.repeat(70_000) }),
    note(11, { content: 'y'.repeat(1_200_000) }),
    17,
    note(12, { to: ['https://x.example/users/bob'], cc: [] }),
    note(13, { type: 'Question', content: '', anyOf: [option('tea', 3), option('cake', 4), option('both')], endTime: '2199-01-01T00:00:00Z' }),
    note(14, { type: 'Question', oneOf: [option('alone', 1)] }),
    note(15, { type: 'Question', oneOf: [option('', 1), option('b', 1)] }),
    note(16, { type: 'Question', oneOf: [option('a', -1), option('b', 2 ** 60)] }),
    note(17, { type: 'Question', oneOf: Array.from({ length: 21 }, (_, i) => option(`option ${i}`)) }),
    note(18, { type: 'Question', oneOf: [17, null] }),
  ];
  for (const archive of [await targz({ 'actor.json': '{}', '../../etc/evil': 'x', 'outbox.json': outbox(items) }), await zip({ 'some/folder/outbox.json': outbox(items) })]) {
    const done = await bring('alice', 'mastodon', archive);
    assert.equal(done.state, 'done', JSON.stringify(done));
    assert.equal(done.taken + done.known, 4, JSON.stringify(done));
    assert.deepEqual(done.report.map((one) => one.line), [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19]);
    const why = done.report.map((one) => one.text).join('\n');
    for (const reason of ['boost of somebody', 'somebody else wrote it', 'time makes no sense', 'time cannot be', 'it is empty', 'longer than 65536', 'longer than 1024 kB', 'it is no post', 'whom it names alone', 'poll has not 2', 'option of its poll is empty', 'poll makes no sense']) assert.ok(why.includes(reason), `${reason}: ${why}`);
    if (archive[0] === 0x50) assert.equal(done.known, 4, 'the second time all are known');
  }
  const all = (await alice.get(`/api/v1/accounts/${await alice.id()}/statuses?limit=40`)).body;
  const first = all.find((one) => one.content.includes('Hello'));
  assert.equal(first.created_at.slice(0, 19), '2019-03-04T05:06:07');
  assert.match(first.content, /^<p>Hello @bob &amp; all<br ?\/?><a [^>]*>#<span>Old<\/span><\/a> &lt;3<\/p><p>end<\/p>$/);
  assert.equal(first.language, 'de');
  assert.deepEqual(first.mentions, []);
  const second = all.find((one) => one.spoiler_text === 'hm');
  assert.equal(second.visibility, 'private');
  assert.equal(second.in_reply_to_id, first.id);
  const [single, multiple] = ['yes', 'tea'].map((title) => all.find((one) => one.poll?.options[0].title === title));
  assert.equal(single.content, '<p>post 3</p>');
  assert.deepEqual(single.poll.options.map((one) => [one.title, one.votes_count]), [['yes', 2], ['no', 5]]);
  assert.deepEqual([single.poll.expired, single.poll.multiple, single.poll.votes_count, single.poll.voters_count, single.poll.expires_at.slice(0, 10)], [true, false, 7, 7, '2019-03-05']);
  const page = await (await server.fetch(`/@alice/${single.id}`, { headers: { Accept: 'text/html' } })).text();
  assert.match(page, /<li>yes <strong>29 %<\/strong><\/li><li>no <strong>71 %<\/strong><\/li>/, 'the page without script tells what came of it');
  assert.deepEqual(multiple.poll.options.map((one) => one.votes_count), [3, 4, 0]);
  assert.deepEqual([multiple.poll.expired, multiple.poll.multiple, multiple.poll.voters_count], [true, true, 4], 'what is open there is over here');
  assert.ok(Date.parse(multiple.poll.expires_at) <= Date.now());
  assert.equal((await bob.post(`/api/v1/polls/${multiple.poll.id}/votes`, { choices: [0] })).status, 422);
  assert.equal((await alice.request('DELETE', `/api/v1/statuses/${multiple.id}`)).status, 200);
  assert.equal(await server.sql(`SELECT count(*) FROM poll_count WHERE status_id = ${multiple.id}`), '0');
  const home = (await bob.get('/api/v1/notifications')).body;
  assert.equal(home.filter((one) => one.type === 'mention' || one.type === 'status').length, 0);
});

test('posts of an archive of X come with their whole links', async () => {
  const tweet = (id, more = {}) => ({ tweet: { id_str: id, full_text: `tweet ${id}`, created_at: 'Wed Oct 10 20:19:24 +0000 2018', lang: 'en', entities: { urls: [] }, ...more } });
  const png = (await picture()).toString('base64');
  const shown = { full_text: 'see https://t.co/pic', extended_entities: { media: [{ url: 'https://t.co/pic', media_url_https: 'https://pbs.example/media/AbC.png' }, { url: 'https://t.co/pic', media_url_https: 'https://pbs.example/media/gone.png' }] } };
  const archive = await zip({
    'data/tweets_media/6-AbC.png': `b64:${png}`,
    'data/account.js': 'window.YTD.account.part0 = []',
    'data/tweets.js': `window.YTD.tweets.part0 = ${JSON.stringify([tweet('1', { full_text: 'look &amp; see https://t.co/abc', entities: { urls: [{ url: 'https://t.co/abc', expanded_url: 'https://example.org/a/long/one' }] } }), tweet('2', { full_text: 'RT @bob: mine' }), tweet('3', { in_reply_to_status_id_str: '1' }), tweet('4', { created_at: 'now' })])}`,
    'data/tweets-part1.js': `window.YTD.tweets.part1 = ${JSON.stringify([tweet('5'), tweet('6', shown)])}`,
  });
  const done = await bring('carol', 'x', archive);
  assert.deepEqual([done.state, ...counts(done)], ['done', 4, 0, 3], JSON.stringify(done));
  assert.match(done.report.at(-1).text, /x:6: its file .*gone\.png: it is not in the archive/);
  const all = (await cast.carol.get(`/api/v1/accounts/${await cast.carol.id()}/statuses`)).body;
  const first = all.find((one) => one.content.includes('look'));
  assert.match(first.content, /look &amp; see <a href="https:\/\/example\.org\/a\/long\/one"/);
  assert.equal(first.created_at.slice(0, 19), '2018-10-10T20:19:24');
  assert.equal(all.find((one) => one.content.includes('tweet 3')).in_reply_to_id, first.id);
  assert.deepEqual(counts(await bring('carol', 'x', archive)), [0, 4, 2]);
  const pictured = all.find((one) => one.content.includes('<p>see'));
  assert.equal(pictured.content, '<p>see</p>');
  assert.equal(pictured.media_attachments.length, 1);
});

test('films and sounds of an archive come as such, and are made ready like uploads', async () => {
  const folder = await makeFolder();
  const film = await readFile(await folder.film('mp4', ...pictures('320x180', 2), ...tone(2), ...h264, '-c:a', 'aac', '-shortest'));
  const sound = await readFile(await folder.film('mp3', ...tone(2)));
  await folder.remove();
  const b64 = (bytes) => `b64:${bytes.toString('base64')}`;
  const attached = (url, name) => ({ type: 'Document', mediaType: 'video/mp4', url, name });
  const outboxed = note(31, { content: '<p>moving</p>', attachment: [attached('/media_attachments/files/1/film.mp4', 'a test card'), attached('/media_attachments/files/2/tone.mp3', 'a tone')] });
  const mastodon = await bring('dave', 'mastodon', await zip({ 'media_attachments/files/1/film.mp4': b64(film), 'media_attachments/files/2/tone.mp3': b64(sound), 'outbox.json': outbox([outboxed]) }));
  assert.deepEqual([mastodon.state, ...counts(mastodon), mastodon.report], ['done', 1, 0, 0, []], JSON.stringify(mastodon));
  const variants = [{ content_type: 'application/x-mpegURL', url: 'https://video.example/pl.m3u8' }, { bitrate: '320000', content_type: 'video/mp4', url: 'https://video.example/320/small.mp4' }, { bitrate: '832000', content_type: 'video/mp4', url: 'https://video.example/640/BEST.mp4?tag=12' }];
  const tweet = { tweet: { id_str: '41', full_text: 'rolling https://t.co/vid', created_at: 'Wed Oct 10 20:19:24 +0000 2018', entities: { urls: [] }, extended_entities: { media: [{ type: 'video', url: 'https://t.co/vid', media_url_https: 'https://pbs.example/media/still.jpg', video_info: { variants } }] } } };
  const x = await bring('dave', 'x', await zip({ 'data/tweets_media/41-BEST.mp4': b64(film), 'data/tweets.js': `window.YTD.tweets.part0 = ${JSON.stringify([tweet])}` }));
  assert.deepEqual([x.state, ...counts(x), x.report], ['done', 1, 0, 0, []], JSON.stringify(x));
  const posts = async () => (await cast.dave.get(`/api/v1/accounts/${await cast.dave.id()}/statuses?limit=40`)).body;
  const kinds = (all, what) => all.find((one) => one.content.includes(what)).media_attachments.map(({ type, url, description }) => [type, Boolean(url), description]);
  const all = await eventually(posts, (now) => now.every((one) => one.media_attachments.every(({ url, freehold }) => url && !freehold?.processing)), 60_000);
  assert.deepEqual(kinds(all, 'moving'), [['video', true, 'a test card'], ['audio', true, 'a tone']]);
  assert.deepEqual(kinds(all, 'rolling'), [['video', true, null]]);
});

// A repository as Bluesky exports one: a header, then records as DAG-CBOR behind their SHA-256 names.
function car(records) {
  const head = (major, n) => (n < 24 ? Buffer.from([(major << 5) | n]) : n < 256 ? Buffer.from([(major << 5) | 24, n]) : Buffer.from([(major << 5) | 25, n >> 8, n & 255]));
  const encode = (v) => {
    if (v === true) return Buffer.from([0xf5]);
    if (typeof v === 'number') return head(0, v);
    if (typeof v === 'string') return Buffer.concat([head(3, Buffer.byteLength(v)), Buffer.from(v)]);
    if (Array.isArray(v)) return Buffer.concat([head(4, v.length), ...v.map(encode)]);
    return Buffer.concat([head(5, Object.keys(v).length), ...Object.entries(v).flatMap(([key, value]) => [encode(key), encode(value)])]);
  };
  const varint = (n) => (n < 128 ? Buffer.from([n]) : Buffer.concat([Buffer.from([(n & 127) | 128]), varint(n >> 7)]));
  const framed = (bytes) => Buffer.concat([varint(bytes.length), bytes]);
  const sections = records.map((record) => {
    const block = encode(record);
    return framed(Buffer.concat([Buffer.from([1, 0x71, 0x12, 0x20]), createHash('sha256').update(block).digest(), block]));
  });
  return Buffer.concat([framed(encode({ roots: [], version: 1 })), ...sections]);
}
function cidOf(section) {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const bits = [...section].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return `b${bits.match(/.{1,5}/g).map((five) => letters[parseInt(five.padEnd(5, '0'), 2)]).join('')}`;
}

test('posts of a Bluesky repository come in their order, with whole links and their threads', async () => {
  const post = (text, more = {}) => ({ $type: 'app.bsky.feed.post', text, createdAt: '2023-07-08T09:10:11.123Z', langs: ['fr'], ...more });
  const first = post('voilà example.org/lo...', { facets: [{ index: { byteStart: 7, byteEnd: 24 }, features: [{ $type: 'app.bsky.richtext.facet#link', uri: 'https://example.org/long/path' }] }] });
  const only = car([first]);
  const start = only.indexOf(Buffer.from([1, 0x71, 0x12, 0x20]));
  const answer = post('et la suite', { createdAt: '2023-07-08T09:20:11Z', reply: { parent: { cid: cidOf(only.subarray(start, start + 36)), uri: 'at://did:plc:x/app.bsky.feed.post/1' } } });
  const records = [answer, { $type: 'app.bsky.feed.like', createdAt: '2023-07-08T09:10:11Z' }, first, post('sans date', { createdAt: 'hier' }), post('photo', { embed: { $type: 'app.bsky.embed.images', images: [{ alt: 'x' }] } })];
  const bytes = car(records);
  const done = await bring('bob', 'bluesky', bytes);
  assert.deepEqual([done.state, ...counts(done)], ['done', 3, 0, 2], JSON.stringify(done));
  assert.match(done.report.map((one) => one.text).join('\n'), /its time makes no sense[^]*they are not in the archive/);
  const all = (await cast.bob.get(`/api/v1/accounts/${await cast.bob.id()}/statuses?limit=40`)).body;
  const came = all.find((one) => one.content.includes('voilà'));
  assert.match(came.content, /^<p>voilà <a href="https:\/\/example\.org\/long\/path"/);
  assert.equal(came.created_at, '2023-07-08T09:10:11.123Z');
  assert.equal(came.language, 'fr');
  assert.equal(all.find((one) => one.content.includes('et la suite')).in_reply_to_id, came.id);
  assert.deepEqual(counts(await bring('bob', 'bluesky', bytes)), [0, 3, 1]);
  const changed = Buffer.from(bytes);
  changed[changed.length - 1] ^= 1;
  for (const bad of [changed, bytes.subarray(0, bytes.length - 5), Buffer.from('no car at all, but some bytes of text')]) {
    const refused = await bring('bob', 'bluesky', bad);
    assert.equal(refused.state, 'failed', JSON.stringify(refused));
    assert.match(refused.error, /damaged|no whole CAR/);
  }
});

test('posts of a diaspora* account come from its JSON, gzipped or not', async () => {
  const message = (guid, more = {}) => ({ entity_type: 'status_message', entity_data: { author: 'dave@pod.example', guid, created_at: '2012-05-06T07:08:09Z', public: true, text: `**pod** ${guid}`, ...more } });
  const document = JSON.stringify({
    user: { username: 'dave', posts_count: 9, profile: { entity_data: { posts: [message('not-one')] } }, private_key: '-----BEGIN [{"', posts: [message('aaaa'), message('bbbb', { public: false }), { entity_type: 'reshare', entity_data: { author: 'dave@pod.example', guid: 'c' } }, message('dddd', { author: 'eve@pod.example' }), message('eeee', { created_at: 'never' })], contacts: [] },
    others_data: { relayables: [message('ffff')] }, version: '2.0',
  });
  for (const bytes of [gzipSync(document), document]) {
    const done = await bring('dave', 'diaspora', bytes);
    assert.deepEqual([done.state, done.taken + done.known, done.refused], ['done', 2, 3], JSON.stringify(done));
  }
  const all = (await cast.dave.get(`/api/v1/accounts/${await cast.dave.id()}/statuses?limit=40`)).body;
  assert.equal(all.find((one) => one.content.includes('aaaa')).created_at, '2012-05-06T07:08:09.000Z');
  assert.equal(all.find((one) => one.content.includes('bbbb')).visibility, 'private');
  for (const bad of [gzipSync(document).subarray(0, 200), '{"user":{"posts":{}}}', 'text']) {
    const refused = await bring('dave', 'diaspora', bad);
    assert.equal(refused.state, 'failed', JSON.stringify(refused));
    assert.match(refused.error, /never ends, or is not there/);
  }
});

test('what is no archive, is damaged or unpacks to far too much is refused with its reason', async () => {
  const good = await zip({ 'outbox.json': outbox([note(20), note(21)]) });
  const flipped = Buffer.from(good);
  flipped[60] ^= 0xff;
  const cases = [
    [Buffer.from('just text'), /no archive/],
    [good.subarray(0, good.length - 30), /not a whole zip/],
    [flipped, /outbox\.json/],
    [await zip({ 'outbox.json': '{"orderedItems": [{"a":' }), /never ends/],
    [await zip({ 'other.json': '{}' }), /There is no outbox\.json/],
    [await zip({ 'outbox.json': '{"orderedItems": {"a": []}}' }), /never ends, or is not there/],
  ];
  for (const [bytes, why] of cases) {
    const done = await bring('bob', 'mastodon', bytes);
    assert.equal(done.state, 'failed', JSON.stringify(done));
    assert.match(done.error, why);
  }
  // One line of 300 MB that a few hundred kB unpack to.
  const file = path.join(dir, 'bomb.zip');
  await run('python3', ['-c', `import sys,zipfile
with zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_DEFLATED) as z, z.open('outbox.json','w') as f:
    f.write(b'{"orderedItems": ["')
    for i in range(300): f.write(b'a'*1000000)
    f.write(b'"]}')`, file]);
  const bomb = await bring('bob', 'mastodon', await readFile(file));
  assert.deepEqual([bomb.state, ...counts(bomb)], ['done', 0, 0, 1], JSON.stringify(bomb));
  assert.match(bomb.report[0].text, /longer than 1024 kB/);
  const lists = await bring('bob', 'follows', Buffer.from([0xff, 0xfe, 0x41]));
  assert.match(lists.error, /not UTF-8/);
  assert.equal((await hand('bob', 'follows', '')).status, 422);
  assert.equal((await hand('bob', 'passwords', 'x')).status, 422);
  assert.equal((await hand('bob', 'follows', Buffer.alloc(17 << 20, 0x61))).status, 413);
});

const picture = () => drawing('png', ...noise('80x60', ++files));

test('one\'s own archive is a zip as Mastodon makes them, with posts, files and lists, and comes in again as it was', async () => {
  const { alice, bob, mona } = cast;
  const body = new FormData();
  const png = await picture();
  body.append('file', new Blob([png]), 'a.png');
  body.append('description', 'noise');
  const media = (await mona.request('POST', '/api/v2/media', body)).body;
  const text = 'Tab\tand "quotes" & <b>, two\n\nparagraphs #Zip @bob 🌉';
  const post = await mona.posts(text, { media_ids: [media.id], spoiler_text: 'hm', language: 'de' });
  const reply = await mona.posts('and more', { in_reply_to_id: post.id, visibility: 'private' });
  await mona.posts('which?', { poll: { options: ['a', 'b'], expires_in: 3600 } });
  await mona.posts('@bob only you', { visibility: 'direct' });
  const other = await bob.posts('by bob');
  await mona.post(`/api/v1/statuses/${other.id}/reblog`);
  await mona.post(`/api/v1/statuses/${other.id}/favourite`);
  await mona.post(`/api/v1/statuses/${other.id}/bookmark`);
  await mona.follows(bob);
  const asked = await visitors.mona.own('POST', 'transfers/export', {});
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
  const done = await ended('mona', asked.body.id);
  assert.equal(done.state, 'done', JSON.stringify(done));
  assert.equal((await visitors.alice.own('GET', `transfers/${done.id}/file`)).status, 404);
  const cookie = [...visitors.mona.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const answer = await server.fetch(`/api/freehold/v1/transfers/${done.id}/file`, { headers: { Cookie: cookie } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/zip');
  assert.match(answer.headers.get('cache-control'), /no-store/);
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(bytes.length, done.size);
  const file = path.join(dir, 'own.zip'), to = path.join(dir, 'own');
  await writeFile(file, bytes);
  const { stdout } = await run('python3', ['-c', 'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2]); print("\\n".join(z.namelist()))', file, to]);
  const names = stdout.trim().split('\n');
  for (const name of ['actor.json', 'outbox.json', 'likes.json', 'bookmarks.json', 'following_accounts.csv', 'blocked_accounts.csv', 'muted_accounts.csv', 'lists.csv', 'bookmarks.csv']) assert.ok(names.includes(name), name);
  const json = async (name) => JSON.parse(await readFile(path.join(to, name), 'utf8'));
  const out = await json('outbox.json');
  assert.equal(out.totalItems, 5);
  assert.equal(out.orderedItems.length, 5);
  const first = out.orderedItems[0];
  assert.equal(first.actor, (await json('actor.json')).id);
  assert.equal(first.object.source.content, text);
  assert.ok(first.object.content.includes('&lt;b&gt;'));
  assert.equal(first.object.summary, 'hm');
  assert.ok(names.includes(first.object.attachment[0].url.slice(1)), first.object.attachment[0].url);
  assert.equal(first.object.attachment[0].name, 'noise');
  assert.equal(out.orderedItems[1].object.inReplyTo, first.object.id);
  assert.equal(out.orderedItems[2].object.oneOf.length, 2);
  assert.equal(out.orderedItems.filter((one) => one.type === 'Announce').length, 1);
  assert.deepEqual((await json('likes.json')).orderedItems, [`${server.url}/users/bob/statuses/${other.id}`]);
  assert.deepEqual((await json('bookmarks.json')).orderedItems.length, 1);
  assert.ok((await readFile(path.join(to, 'following_accounts.csv'), 'utf8')).includes(`bob@${domain}`));

  const [carols] = [await bring('carol', 'mastodon', bytes)];
  assert.deepEqual([carols.state, ...counts(carols)], ['done', 3, 0, 2], JSON.stringify(carols));
  const all = (await cast.carol.get(`/api/v1/accounts/${await cast.carol.id()}/statuses?limit=40`)).body;
  const came = all.find((one) => one.content.includes('Tab'));
  assert.equal((await cast.carol.get(`/api/v1/statuses/${came.id}/source`)).body.text, text);
  assert.equal(came.created_at, post.created_at);
  assert.equal(came.language, 'de');
  assert.deepEqual(came.mentions, []);
  assert.equal(all.find((one) => one.content.includes('and more')).in_reply_to_id, came.id);
  assert.ok(reply.id && alice);
  assert.equal(came.media_attachments.length, 1);
  assert.equal(came.media_attachments[0].description, 'noise');
  const size = came.media_attachments[0].meta.original;
  assert.deepEqual([size.width, size.height], [80, 60]);
});

test('an account leaves in our own form: a foreign validator finds every line as documented, with all that is its own and no more of others than their names', async () => {
  const { mona, bob, alice } = cast;
  const drawn = new FormData();
  drawn.append('avatar', new Blob([await picture()]), 'me.png');
  assert.equal((await mona.request('PATCH', '/api/v1/accounts/update_credentials', drawn)).status, 200);
  await mona.post(`/api/v1/accounts/${await alice.id()}/note`, { comment: 'a note of mona' });
  await bob.posts('@mona of bob, to nobody else', { visibility: 'direct' });
  const asked = await visitors.mona.own('POST', 'transfers/export', { kind: 'account' });
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
  assert.equal((await visitors.mona.own('POST', 'transfers/export', { kind: 'mastodon' })).status, 422);
  const done = await ended('mona', asked.body.id);
  assert.equal(done.state, 'done', JSON.stringify(done));
  const cookie = [...visitors.mona.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const answer = await server.fetch(`/api/freehold/v1/transfers/${done.id}/file`, { headers: { Cookie: cookie } });
  assert.equal(answer.headers.get('content-type'), 'application/zstd');
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(bytes.length, done.size);
  const file = path.join(dir, 'account.tar.zst'), to = path.join(dir, 'account');
  await writeFile(file, bytes);
  await mkdir(to);
  await run('tar', ['-I', 'zstd', '-xf', file, '-C', to]);

  const schema = JSON.parse(await readFile(path.join(root, 'docs/archive.schema.json'), 'utf8'));
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
  ajv.addSchema(schema, 'archive');
  const read = (name, text) => {
    const judge = ajv.getSchema(`archive#/$defs/${name}`), value = JSON.parse(text);
    assert.ok(judge(value), `${name}: ${text.slice(0, 300)}: ${ajv.errorsText(judge.errors)}`);
    return value;
  };
  const me = await mona.id();
  const manifest = read('_manifest', await readFile(path.join(to, 'freehold.json'), 'utf8'));
  assert.equal(manifest.account, me);
  const end = read('_end', await readFile(path.join(to, 'end.json'), 'utf8')), rows = {};
  for (const table of await readdir(path.join(to, 'tables'))) {
    const text = await readFile(path.join(to, 'tables', table, '000001.ndjson'), 'utf8');
    rows[table] = text.trim().split('\n').map((line) => read(table, line));
    assert.equal(rows[table].length, end.rows[table], table);
  }
  assert.deepEqual(new Set(rows.status.map((one) => one.author_id)), new Set([me]));
  assert.equal(rows.status.length, Number(await server.sql(`SELECT count(*) FROM status WHERE author_id = ${me}`)));
  assert.equal(rows.poll.length, 1);
  assert.equal(rows.note[0].text, 'a note of mona');
  assert.equal(rows.bookmark.length, 1);
  assert.equal(rows.member[0].password_hash, null);
  assert.equal(rows.media.length, 2, 'the picture of the post and her own');
  const names = new Set([...rows.media, ...rows.media_file].flatMap((one) => [one.blob, one.preview_blob]).filter(Boolean));
  assert.deepEqual((await readdir(path.join(to, 'media'))).sort(), [...names].sort());
  const others = rows.account.filter((one) => one.id !== me);
  assert.deepEqual(others.map((one) => one.username).sort(), ['alice', 'bob']);
  for (const one of others) assert.deepEqual([one.display_name, one.note, one.avatar, one.flags, one.changed_at], [null, null, null, 0, 0]);
  const { stdout } = await run('zstd', ['-dc', file], { encoding: 'latin1', maxBuffer: 1 << 28 });
  for (const secret of ['of bob, to nobody else', 'argon2', 'bob@example.org']) assert.equal(stdout.includes(secret), false, secret);

  const empty = await startServer();
  await empty.stop();
  const refused = await empty.cli('import', file);
  await empty.remove();
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /it is the archive of one account, not of a network/);
});

test('a transfer is its owner\'s alone', async () => {
  const answer = await hand('alice', 'follows', `bob@${domain}\n`);
  const { id } = answer.body;
  assert.equal((await visitors.bob.own('GET', `transfers/${id}`)).status, 404);
  assert.equal((await visitors.bob.own('DELETE', `transfers/${id}`)).status, 404);
  assert.equal((await new Visitor(server).own('GET', 'transfers')).status, 401);
  assert.equal((await cast.alice.get(`/api/freehold/v1/transfers/${id}`)).status, 403, 'an app has no business here');
  assert.ok((await visitors.alice.own('GET', 'transfers')).body.some((one) => one.id === id));
  await ended('alice', id);
  assert.equal((await visitors.alice.own('DELETE', `transfers/${id}`)).status, 200);
  assert.equal((await visitors.alice.own('GET', `transfers/${id}`)).status, 404);
});

test('who leaves leaves no transfers behind, and what has expired goes with its file', async () => {
  const kept = Number(await server.sql('SELECT count(*) FROM transfer WHERE blob IS NOT NULL'));
  assert.ok(kept >= 1, 'an archive waits to be downloaded');
  const id = await cast.carol.id();
  assert.ok(Number(await server.sql(`SELECT count(*) FROM import_source WHERE account_id = ${id}`)) > 0);
  const gone = await visitors.carol.own('POST', 'account/delete', { password: cast.carol.password });
  assert.equal(gone.status, 200, JSON.stringify(gone.body));
  await eventually(async () => (await server.sql(`SELECT count(*) FROM import_source WHERE account_id = ${id}`)) === '0', Boolean, 20000);
  await server.stop();
  assert.equal(await server.sql(`SELECT count(*) FROM transfer WHERE account_id = ${id} AND expires_at > 0`), '0');
  await server.sql("UPDATE transfer SET expires_at = 1");
  await server.sql("UPDATE job SET run_at = 1 WHERE kind = 'transfer.sweep'");
  await server.start();
  await eventually(async () => (await server.sql('SELECT count(*) FROM transfer')) === '0', Boolean, 20000);
  assert.equal(await server.sql('SELECT count(*) FROM blob WHERE uses < -1 OR uses > 100'), '0');
  const answer = await visitors.mona.own('GET', 'transfers');
  assert.deepEqual([answer.status, answer.body], [200, []]);
});
