// Pictures: taken, cleaned, described, served, and gone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually, makeCast } from '../cast/cast.mjs';
import { clouds, draw } from '../harness/drawings.mjs';
import { startServer, store } from '../harness/server.mjs';

const run = promisify(execFile);
let server, alice, bob, olga, dir;

before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-pictures-'));
  server = await startServer();
  ({ alice, bob, olga } = await makeCast(server, 'alice', 'bob', 'olga'));
});
after(async () => {
  await server.remove();
  await rm(dir, { recursive: true, force: true });
});

const at = (name) => path.join(dir, name);
let count = 0;

// Different each time: drawn('jpg', '800x600', '-orient', …) gives its file.
const drawn = (type, size = '320x240', ...more) => draw(at(`drawn${++count}.${type}`), ...clouds(size, count, ...more));

function form(bytes, { name = 'picture', type = 'application/octet-stream', ...fields } = {}) {
  const body = new FormData();
  for (const [key, value] of Object.entries(fields)) body.append(key, value);
  body.append('file', new Blob([bytes], { type }), name);
  return body;
}

const upload = async (who, bytes, fields) => who.request('POST', '/api/v2/media', form(bytes, fields));
async function kept(who, file, fields) {
  const answer = await upload(who, await readFile(file), fields);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}
const get = (url, headers) => fetch(url, { headers });
const bytesOf = async (url) => Buffer.from(await (await get(url)).arrayBuffer());

async function filesKept(folder = path.join(server.dataDir, 'media')) {
  if (server.bucket) return (await server.bucket.list()).length;
  let n = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.name !== 'new') n += entry.isDirectory() ? await filesKept(path.join(folder, entry.name)) : 1;
  return n;
}

test('a picture comes back with its sizes, a preview, a blurhash, its text and focus', async () => {
  const media = await kept(alice, await drawn('jpg', '1600x1000'), { description: 'A cloud of colours', focus: '0.5,-0.25' });
  assert.equal(media.type, 'image');
  assert.match(media.url, new RegExp(`^${server.url}/media/[0-9a-f]{32}\\.jpg$`));
  assert.match(media.preview_url, /\/media\/[0-9a-f]{32}\/preview\.jpg$/);
  assert.deepEqual(media.meta.original, { width: 1600, height: 1000, size: '1600x1000', aspect: 1.6 });
  assert.deepEqual(media.meta.small, { width: 640, height: 400, size: '640x400', aspect: 1.6 });
  assert.deepEqual(media.meta.focus, { x: 0.5, y: -0.25 });
  assert.equal(media.description, 'A cloud of colours');
  assert.match(media.blurhash, /^[0-9A-Za-z#$%*+,\-.:;=?@[\]^_{|}~]{28}$/);
  const { stdout } = await run('identify', ['-format', '%m %w %h', await save(media.preview_url)]);
  assert.equal(stdout, 'JPEG 640 400');
});

async function save(url) {
  const name = at(path.basename(url));
  await writeFile(name, await bytesOf(url));
  return name;
}

test('every kind of picture people have is taken', async () => {
  for (const [type, becomes] of [['jpg', 'jpg'], ['png', 'png'], ['gif', 'png'], ['webp', 'jpg'], ['avif', 'jpg'], ['heic', 'jpg']]) {
    const media = await kept(alice, await drawn(type, '64x48'));
    assert.ok(media.url.endsWith(`.${becomes}`), `${type} became ${media.url}`);
    const answer = await get(media.url);
    assert.equal(answer.headers.get('content-type'), { jpg: 'image/jpeg', png: 'image/png' }[becomes]);
    assert.deepEqual([media.meta.original.width, media.meta.original.height], [64, 48]);
  }
});

test('no metadata survives: not the place, the camera, the date, the author, a comment, a profile, a thumbnail', async () => {
  const secrets = ['SecretCam', 'SECRETAUTHOR', 'SecretComment', 'secret-city', 'SecretKeyword'];
  for (const type of ['jpg', 'png', 'webp', 'heic', 'avif']) {
    const file = await drawn(type, type === 'jpg' ? '1700x1200' : '900x700');
    await run('exiftool', [
      '-q', '-overwrite_original', '-GPSLatitude=52.5163', '-GPSLatitudeRef=N', '-GPSLongitude=13.3777', '-GPSLongitudeRef=E', '-Make=SecretCam', '-DateTimeOriginal=2020:01:02 03:04:05',
      '-XMP:Creator=SECRETAUTHOR', '-XMP:City=secret-city', ...(type === 'jpg' ? ['-Comment=SecretComment', '-IPTC:Keywords=SecretKeyword'] : []), file,
    ]).catch((error) => assert.fail(`exiftool could not write ${type}: ${error.stderr}`));
    assert.ok((await readFile(file)).includes('SecretCam'));
    const media = await kept(alice, file);
    const urls = [...new Set([media.url, media.preview_url, ...(media.freehold?.sizes ?? []).map((size) => size.url)])];
    for (const url of urls) {
      const bytes = await bytesOf(url);
      for (const secret of secrets) assert.ok(!bytes.includes(secret), `${secret} is in ${url} (from ${type})`);
      for (const mark of ['Exif', 'http://ns.adobe.com', 'ICC_PROFILE', 'Photoshop', 'iCCP', 'eXIf', 'tEXt', 'iTXt', 'zTXt', 'EXIF', 'XMP ', 'ICCP']) assert.ok(!bytes.includes(mark), `${mark} is in ${url} (from ${type})`);
    }
    for (const tags of JSON.parse((await run('exiftool', ['-j', '-G', ...(await Promise.all(urls.map(save)))])).stdout)) {
      const groups = new Set(Object.keys(tags).map((key) => key.split(':')[0]));
      groups.delete('SourceFile');
      assert.deepEqual([...groups].filter((group) => !['ExifTool', 'File', 'PNG', 'RIFF', 'Composite'].includes(group)), [], `${tags.SourceFile} (from ${type})`);
    }
  }
});

test('colours of another profile become sRGB instead of being read wrongly', async () => {
  const file = at('cmyk.jpg');
  await run('convert', ['-size', '40x40', 'xc:rgb(200,30,30)', '-colorspace', 'CMYK', file]);
  const media = await kept(alice, file);
  const { stdout } = await run('convert', [await save(media.url), '-format', '%[channels] %[fx:int(255*r)] %[fx:int(255*g)]', 'info:']);
  const [channels, red, green] = stdout.trim().split(' ');
  assert.match(channels, /^srgb/);
  assert.ok(Number(red) > 150 && Number(green) < 110, stdout);
});

test('what is no picture is refused with words that say so', async () => {
  const refused = [
    [Buffer.from('hello'), {}, /not a picture/],
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'), { type: 'image/svg+xml' }, /not a picture/],
    [Buffer.from('%PDF-1.4\n1 0 obj\n'), { type: 'image/jpeg' }, /not a picture/],
    [Buffer.from('%!PS-Adobe\n(x) run'), { type: 'image/png' }, /not a picture/],
    [Buffer.from('hello'), { type: 'video/mp4' }, /not a video/],
    [Buffer.from('hello'), { type: 'audio/mpeg' }, /not a video or a sound/],
    [Buffer.alloc(0), {}, /empty/],
    [Buffer.alloc(16 * 1024 * 1024 + 1), {}, /larger than/],
  ];
  for (const [bytes, fields, words] of refused) {
    const answer = await upload(alice, bytes, fields);
    assert.equal(answer.status, 422, JSON.stringify(answer.body));
    assert.match(answer.body.error, words);
  }
  const blank = await alice.request('POST', '/api/v2/media', (() => { const f = new FormData(); f.append('description', 'x'); return f; })());
  assert.equal(blank.status, 422);
});

test('a picture that was cut off is refused, whatever its kind', async () => {
  for (const type of ['jpg', 'png', 'gif', 'webp', 'avif', 'heic']) {
    const bytes = await readFile(await drawn(type, '400x300'));
    for (const share of [0.3, 0.7]) {
      const answer = await upload(alice, bytes.subarray(0, Math.floor(bytes.length * share)));
      assert.equal(answer.status, 422, `${type} ${share}`);
      assert.match(answer.body.error, /damaged|not a picture/);
    }
  }
});

// A PNG that says it is that large and holds next to nothing.
function bomb(width, height) {
  const header = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  const body = Buffer.concat([Buffer.from('IHDR'), size, Buffer.from([8, 2, 0, 0, 0])]);
  let crc = ~0;
  for (const byte of body) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(~crc >>> 0);
  return Buffer.concat([header, size, Buffer.from([8, 2, 0, 0, 0]), sum, Buffer.from('0000000c49444154789c636060f80f0001040100', 'hex')]);
}

test('a picture of 50,000 × 50,000 pixels is refused by its header, at once', async () => {
  const began = Date.now();
  for (const [width, height] of [[50000, 50000], [2147483647, 1], [100000, 600], [65535, 65535]]) {
    const answer = await upload(alice, bomb(width, height));
    assert.equal(answer.status, 422);
    assert.match(answer.body.error, /too many pixels|damaged/);
  }
  assert.match((await upload(alice, bomb(50000, 50000))).body.error, /too many pixels/);
  assert.ok(Date.now() - began < 5000);
});

test('what hides behind or inside a picture is not served', async () => {
  const jpeg = await readFile(await drawn('jpg', '60x60'));
  const gif = await readFile(await drawn('gif', '60x60'));
  for (const host of [jpeg, gif]) {
    const media = await upload(alice, Buffer.concat([host, Buffer.from('PK\x03\x04<html><script>smuggled()</script>')]));
    if (media.status === 422) continue;
    const bytes = await bytesOf(media.body.url);
    assert.ok(!bytes.includes('smuggled') && !bytes.includes('PK\x03\x04'));
  }
});

test('texts and focus are checked, and can be changed by the owner only', async () => {
  const file = await readFile(await drawn('png', '30x30'));
  for (const [fields, words] of [[{ focus: '2,0' }, /focus/], [{ focus: 'middle' }, /focus/], [{ focus: '0,nan' }, /focus/], [{ description: 'x'.repeat(1501) }, /too long/]]) {
    const answer = await upload(alice, file, fields);
    assert.equal(answer.status, 422);
    assert.match(answer.body.error, words);
  }
  const media = (await upload(alice, file)).body;
  assert.equal(media.description, null);
  const changed = await alice.request('PUT', `/api/v1/media/${media.id}`, { description: 'Färben', focus: '-1,1' });
  assert.equal(changed.body.description, 'Färben');
  assert.deepEqual(changed.body.meta.focus, { x: -1, y: 1 });
  assert.deepEqual((await alice.get(`/api/v1/media/${media.id}`)).body, changed.body);
  for (const method of ['GET', 'PUT', 'DELETE']) assert.equal((await bob.request(method, `/api/v1/media/${media.id}`, method === 'PUT' ? { description: 'mine' } : undefined)).status, 404);
  assert.equal((await server.fetch(`/api/v1/media/${media.id}`)).status, 401);
});

test('an address is served with a strong tag, for ever, in ranges, and runs nothing', async () => {
  const media = await kept(alice, await drawn('jpg'));
  const whole = await get(media.url);
  const bytes = Buffer.from(await whole.arrayBuffer());
  const tag = whole.headers.get('etag');
  assert.match(tag, /^"[0-9a-f]{32}"$/);
  assert.match(whole.headers.get('cache-control'), /public.*max-age=31536000.*immutable/);
  assert.equal(whole.headers.get('x-content-type-options'), 'nosniff');
  assert.match(whole.headers.get('content-security-policy'), /default-src 'none'.*sandbox/);
  assert.equal((await get(media.url, { 'If-None-Match': tag })).status, 304);
  const part = await get(media.url, { Range: 'bytes=10-19' });
  assert.equal(part.status, 206);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(10, 20));
  assert.equal((await get(media.url, { Range: 'bytes=999999999-' })).status, 416);
  const head = await fetch(media.url, { method: 'HEAD' });
  assert.equal(Number(head.headers.get('content-length')), bytes.length);
  for (const wrong of ['/media/', '/media/x', `/media/${'0'.repeat(32)}.jpg`, `/media/${'0'.repeat(32)}.small.webp`, '/media/..%2f..%2ffreehold.db', '/media/%00'])
    assert.ok([404, 400].includes((await server.fetch(wrong)).status), wrong);
});

test('equal pictures are stored once, under addresses of their own', async () => {
  const file = await drawn('png', '50x50');
  const first = await kept(alice, file);
  const before = await filesKept();
  const second = await kept(bob, file);
  assert.equal(await filesKept(), before);
  assert.notEqual(first.url, second.url);
  assert.equal((await alice.request('DELETE', `/api/v1/media/${first.id}`)).status, 200);
  assert.equal((await get(first.url)).status, 404);
  assert.equal((await get(second.url)).status, 200);
  assert.equal((await bob.request('DELETE', `/api/v1/media/${second.id}`)).status, 200);
  await eventually(filesKept, (n) => n === before - 1, 10_000);
});

test('with its post a picture is gone at once', async () => {
  const media = await kept(alice, await drawn('jpg'), { description: 'short-lived' });
  const post = await alice.posts('look', { media_ids: [media.id] });
  assert.equal(post.media_attachments[0].id, media.id);
  assert.equal(post.media_attachments[0].description, 'short-lived');
  assert.equal((await bob.post('/api/v1/statuses', { status: 'mine', media_ids: [media.id] })).status, 422);
  assert.equal((await alice.post('/api/v1/statuses', { status: 'again', media_ids: [media.id] })).status, 422);
  assert.equal((await alice.request('DELETE', `/api/v1/media/${media.id}`)).status, 422);
  const page = await bob.get(`/api/v1/statuses/${post.id}`);
  assert.equal(page.body.media_attachments[0].url, media.url);
  for (const url of [media.url, media.url, media.preview_url, media.preview_url]) assert.equal((await get(url)).status, 200);
  assert.equal((await alice.request('DELETE', `/api/v1/statuses/${post.id}`)).status, 200);
  for (const url of [media.url, media.preview_url]) assert.equal((await get(url)).status, 404);
});

test('a text changed on a posted picture shows in the post at once', async () => {
  const media = await kept(alice, await drawn('jpg'), { description: 'before' });
  const post = await alice.posts('look', { media_ids: [media.id] });
  await bob.get(`/api/v1/statuses/${post.id}`);
  await alice.request('PUT', `/api/v1/media/${media.id}`, { description: 'after' });
  assert.equal((await bob.get(`/api/v1/statuses/${post.id}`)).body.media_attachments[0].description, 'after');
});

test('an edit of a post changes the text and focus of its pictures', async () => {
  const media = await kept(alice, await drawn('jpg'), { description: 'before', focus: '0.5,0.5' });
  const post = await alice.posts('look', { media_ids: [media.id] });
  await bob.get(`/api/v1/statuses/${post.id}`);
  const edit = async (body) => {
    const answer = await alice.request('PUT', `/api/v1/statuses/${post.id}`, body);
    const [seen] = (await bob.get(`/api/v1/statuses/${post.id}`)).body.media_attachments;
    return [answer.status, answer.body.error ?? answer.body.media_attachments[0].description, seen.description, seen.meta.focus.x];
  };
  const media_ids = [media.id];
  assert.deepEqual(await edit({ status: 'look', media_ids, media_attributes: [{ id: media.id, description: 'after' }] }), [200, 'after', 'after', 0.5]);
  assert.deepEqual(await edit({ status: 'look', media_ids, media_attributes: [{ id: media.id, focus: '0.25,0' }] }), [200, 'after', 'after', 0.25]);
  const fields = { status: 'look', 'media_ids[]': media.id, 'media_attributes[][id]': media.id, 'media_attributes[][description]': 'by form' };
  assert.deepEqual(await edit(new URLSearchParams(fields)), [200, 'by form', 'by form', 0.25]);
  const [status, error] = await edit({ status: 'look', media_ids, media_attributes: [{ id: media.id, description: 'x'.repeat(1501) }] });
  assert.deepEqual([status, /too long/.test(error)], [422, true]);
  const other = await kept(bob, await drawn('jpg'), { description: 'of bob' });
  assert.equal((await edit({ status: 'look', media_ids, media_attributes: [{ id: other.id, description: 'not mine' }] }))[0], 200);
  assert.equal((await bob.get(`/api/v1/media/${other.id}`)).body.description, 'of bob');
});

test('a deleted post can be redrafted with its picture, under a new address', async () => {
  const media = await kept(alice, await drawn('jpg'));
  const post = await alice.posts('tpyo', { media_ids: [media.id] });
  await alice.request('DELETE', `/api/v1/statuses/${post.id}`);
  const again = await alice.posts('typo', { media_ids: [media.id] });
  assert.equal(again.media_attachments.length, 1);
  assert.notEqual(again.media_attachments[0].url, media.url);
  assert.equal((await get(again.media_attachments[0].url)).status, 200);
});

test('avatars and headers are cut to size, and the old one is gone', async () => {
  const change = async (name, file) => {
    const body = new FormData();
    body.append(name, new Blob([await readFile(file)]), 'x');
    return (await alice.request('PATCH', '/api/v1/accounts/update_credentials', body)).body;
  };
  const size = async (url) => (await run('identify', ['-format', '%wx%h', await save(url)])).stdout;
  const first = await change('avatar', await drawn('jpg', '900x500'));
  assert.equal(await size(first.avatar), '400x400');
  const second = await change('avatar', await drawn('png', '90x50'));
  assert.equal(await size(second.avatar), '400x400');
  assert.equal((await get(first.avatar)).status, 404);
  assert.equal(await size((await change('header', await drawn('jpg', '2000x1000'))).header), '1500x500');
});

test('who chose no picture has a drawn one', async () => {
  const account = await bob.account();
  for (const url of [account.avatar, account.header]) {
    const answer = await get(url);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'image/png');
    assert.equal((await run('identify', ['-format', '%m', await save(url)])).stdout, 'PNG');
  }
});

test('the pictures of a suspended account are not served', async () => {
  const { dave } = await makeCast(server, 'dave');
  const media = await kept(dave, await drawn('jpg'));
  assert.equal((await get(media.url)).status, 200);
  assert.equal((await server.cli('account', 'suspend', 'dave')).code, 0);
  assert.equal((await get(media.url)).status, 404);
  assert.equal((await server.cli('account', 'unsuspend', 'dave')).code, 0);
  assert.equal((await get(media.url)).status, 200);
});

test('six people can upload at once', async () => {
  const files = await Promise.all(Array.from({ length: 6 }, () => drawn('jpg', '640x480')));
  const all = await Promise.all(files.map((file) => kept(olga, file)));
  assert.equal(new Set(all.map((media) => media.url)).size, 6);
});

test('a full quota is said, and nothing is kept', async () => {
  const small = await startServer({ set: { 'accounts.quota': '40K' } });
  try {
    const { alice: poor } = await makeCast(small, 'alice');
    const bytes = await readFile(await drawn('png', '200x200', '+noise', 'Random'));
    const answer = await poor.request('POST', '/api/v2/media', form(bytes));
    assert.equal(answer.status, 422);
    assert.match(answer.body.error, /space for media is full/);
  } finally {
    await small.remove();
  }
});

test('nothing is kept on a disk that is nearly full; all else goes on', { skip: store !== 'files' }, async () => {
  const full = await startServer({ set: { 'media.free_floor': '900000G' } });
  try {
    const { alice: writer } = await makeCast(full, 'alice');
    const answer = await upload(writer, await readFile(await drawn('png', '20x20')));
    assert.equal(answer.status, 503);
    assert.ok(answer.headers.get('retry-after'));
    await writer.posts('words still fit');
  } finally {
    await full.remove();
  }
});
