// What is made of pictures: sizes that make sense, upright, in sRGB, bare.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { makeCast } from '../cast/cast.mjs';
import { draw } from '../harness/drawings.mjs';
import { form } from '../harness/films.mjs';
import { startServer } from '../harness/server.mjs';

const run = promisify(execFile);
let server, alice, olga, dir;

before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-sizes-'));
  server = await startServer();
  ({ alice, olga } = await makeCast(server, 'alice', 'olga'));
});
after(async () => {
  await server?.remove();
  await rm(dir, { recursive: true, force: true });
});

let drawn = 0;
const convert = (type, ...args) => draw(path.join(dir, `drawn${++drawn}.${type}`), '-seed', String(drawn), ...args);
// A picture without hard edges, as photos are.
const cloud = (type, size, ...more) => convert(type, '-size', size, 'plasma:fractal', '-blur', '0x2', ...more);

async function take(file) {
  const answer = await alice.request('POST', '/api/v2/media', form(await readFile(file)));
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

async function fetched(url) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200, url);
  return { type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
}

let saved = 0;
async function save(url) {
  const file = path.join(dir, `saved${++saved}${path.extname(url)}`);
  await writeFile(file, (await fetched(url)).bytes);
  return file;
}

const facts = async (url) => (await run('identify', ['-format', '%m %w %h', await save(url)])).stdout;
// A pixel's red, green, blue, alpha, at a share of width and height.
async function pixel(url, x, y) {
  const { stdout } = await run('convert', [await save(url), '-alpha', 'set', '-depth', '8', '-format', `%[fx:int(255*p{w*${x},h*${y}}.r)] %[fx:int(255*p{w*${x},h*${y}}.g)] %[fx:int(255*p{w*${x},h*${y}}.b)] %[fx:int(255*p{w*${x},h*${y}}.a)]`, 'info:']);
  return stdout.split(' ').map(Number);
}
const brief = (media) => (media.freehold?.sizes ?? []).map(({ type, width, url }) => `${url.split('/media/')[1].replace(/^[0-9a-f]{32}/, '')} ${type} ${width}`);

test('a photo has sizes for thumbnail, feed and full view: WebP for all who take it, JPEG for old clients', async () => {
  const media = await take(await cloud('jpg', '2400x1600'));
  assert.deepEqual(brief(media), [
    '.jpg image/jpeg 2400',
    '/full.webp image/webp 2400',
    '/feed.webp image/webp 1280',
    '/feed.jpg image/jpeg 1280',
    '/thumb.webp image/webp 640',
    '/preview.jpg image/jpeg 640',
  ]);
  const whole = (await fetched(media.url)).bytes.length;
  for (const { url, type, width, height } of media.freehold.sizes) {
    const { type: served, bytes } = await fetched(url);
    assert.equal(served, type);
    assert.equal(await facts(url), `${type === 'image/webp' ? 'WEBP' : 'JPEG'} ${width} ${height}`);
    assert.ok(url === media.url || bytes.length < whole, `${url} has ${bytes.length} bytes, the picture ${whole}`);
    assert.ok(Math.abs(width / height - 1.5) < 0.01);
  }
  assert.deepEqual([media.freehold.hls, media.freehold.processing, media.freehold.error], [null, null, null]);
  assert.equal(media.freehold.sizes[0].url, media.url);
});

test('no size is larger than its source, and a small picture has few', async () => {
  assert.deepEqual(brief(await take(await cloud('jpg', '1400x900'))), ['.jpg image/jpeg 1400', '/full.webp image/webp 1400', '/thumb.webp image/webp 640', '/preview.jpg image/jpeg 640']);
  assert.deepEqual(brief(await take(await cloud('jpg', '500x400'))), ['.jpg image/jpeg 500', '/full.webp image/webp 500']);
  const flat = await take(await convert('png', '-size', '700x500', 'xc:navy'));
  assert.equal(flat.freehold, null, 'a flat PNG is smaller than any other file of it');
  assert.equal(flat.preview_url, flat.url);
  const wide = await take(await convert('jpg', '-size', '6000x1000', 'gradient:red-blue'));
  assert.deepEqual([wide.meta.original.width, wide.meta.original.height], [4096, 683]);
  assert.ok(wide.freehold.sizes.every(({ width }) => width <= 4096));
});

test('a see-through picture stays so in every size, and its preview is a PNG', async () => {
  const media = await take(await convert('png', '-size', '1800x1200', 'radial-gradient:red-none'));
  assert.ok(media.preview_url.endsWith('/preview.png'));
  assert.deepEqual(media.freehold.sizes.map(({ type }) => type), ['image/png', 'image/webp', 'image/webp', 'image/png']);
  for (const { url } of media.freehold.sizes) assert.ok((await pixel(url, 0.02, 0.02))[3] < 40, url);
});

test('address and preview are of types that old clients show', async () => {
  const lossy = await take(await cloud('webp', '900x600', '-quality', '80'));
  assert.match(lossy.url, /\.jpg$/);
  const lossless = await take(await cloud('webp', '900x600', '-define', 'webp:lossless=true'));
  assert.match(lossless.url, /\.png$/);
  for (const { url, preview_url: preview } of [lossy, lossless]) for (const address of [url, preview]) assert.match(address, /\.(jpg|png)$/);
});

test('with the post the addresses of all sizes die', async () => {
  const media = await take(await cloud('jpg', '2000x1400'));
  const post = await alice.posts('look', { media_ids: [media.id] });
  assert.deepEqual(post.media_attachments[0].freehold, media.freehold);
  const page = await (await fetch(`${server.url}/@alice/${post.id}`)).text();
  assert.match(page, /<picture><source type="image\/webp" srcset="[^"]*\/full\.webp 2000w, [^"]*\/feed\.webp 1280w, [^"]*\/thumb\.webp 640w" sizes="[^"]+">/);
  assert.match(page, /<img [^>]*srcset="[^"]*\/feed\.jpg 1280w, [^"]*\/preview\.jpg 640w, [^"]*\.jpg 2000w"/);
  assert.equal((await alice.request('DELETE', `/api/v1/statuses/${post.id}`)).status, 200);
  for (const { url } of media.freehold.sizes) assert.equal((await fetch(url)).status, 404, url);
});

// Red above left, green above right, blue below left, white below right, as it should be seen; and how it lies in the file.
const lies = { 1: [], 2: ['-flop'], 3: ['-rotate', '180'], 4: ['-flip'], 5: ['-transpose'], 6: ['-rotate', '-90'], 7: ['-transverse'], 8: ['-rotate', '90'] };
for (const type of ['jpg', 'png', 'webp']) {
  test(`a picture is upright, whichever of the eight ways it lies in its file (${type})`, async () => {
    for (const [orientation, how] of Object.entries(lies)) {
      const file = await convert(type, '(', '-size', '90x60', 'xc:red', 'xc:lime', '+append', ')', '(', '-size', '90x60', 'xc:blue', 'xc:white', '+append', ')', '-append', ...how, '-quality', '90');
      await run('exiftool', ['-q', '-overwrite_original', '-n', `-EXIF:Orientation=${orientation}`, file]);
      const media = await take(file);
      assert.deepEqual([media.meta.original.width, media.meta.original.height], [180, 120], `orientation ${orientation}`);
      for (const url of new Set([media.url, ...(media.freehold?.sizes ?? []).map((size) => size.url)])) {
        const seen = await run('convert', [await save(url), '-depth', '8', '-resize', '2x2!', 'rgb:-'], { encoding: 'buffer' });
        assert.equal([...seen.stdout].map((v) => (v > 128 ? 1 : 0)).join(''), '100010001111', `orientation ${orientation}, ${url}`);
      }
    }
  });
}

test('a HEIF file lies as its own properties say, whatever its Exif says', async () => {
  for (const type of ['avif', 'heic']) {
    const file = await convert(type, '-size', '180x120', 'xc:teal');
    await run('exiftool', ['-q', '-overwrite_original', '-n', '-EXIF:Orientation=6', file]);
    const { original } = (await take(file)).meta;
    assert.deepEqual([original.width, original.height], [180, 120], type);
  }
});

test('a picture taken before there were sizes keeps its preview', async () => {
  const media = await take(await cloud('jpg', '1200x900'));
  const meta = JSON.stringify({ original: { width: 1200, height: 900 }, small: { width: 640, height: 480 }, focus: { x: 0, y: 0 }, blurhash: media.blurhash });
  await server.sql(`UPDATE media SET meta = '${meta}', preview_blob = (SELECT blob FROM media_file WHERE media_id = media.id AND name = 'thumb.webp') WHERE id = ${media.id}`);
  const old = (await alice.get(`/api/v1/media/${media.id}`)).body;
  assert.equal(old.preview_url, media.url.replace(/\.jpg$/, '.small.webp'));
  assert.equal(old.freehold, null);
  assert.equal(await facts(old.preview_url), 'WEBP 640 480');
});

const near = (a, b, by = 14) => a.every((v, i) => Math.abs(v - b[i]) <= by);

test('colours of wide and foreign profiles become sRGB', async () => {
  const profiles = { cmyk: '/usr/share/color/icc/ghostscript/default_cmyk.icc', p3: path.join(dir, 'p3.icc') };
  // The same colour said in another space: with its profile it must come out as it was.
  await writeFile(profiles.p3, p3Profile());
  const p3 = await take(await convert('jpg', '-size', '60x60', 'xc:rgb(200,100,50)', '-profile', profiles.p3, '-quality', '95'));
  // rgb(200,100,50) of Display P3 is about rgb(213,95,36) of sRGB.
  assert.ok(near((await pixel(p3.url, 0.5, 0.5)).slice(0, 3), [213, 95, 36]), String(await pixel(p3.url, 0.5, 0.5)));
  const cmyk = await take(await convert('jpg', '-size', '60x60', 'xc:rgb(200,30,30)', '-colorspace', 'CMYK', '-quality', '95'));
  const [red, green] = await pixel(cmyk.url, 0.5, 0.5);
  assert.ok(red > 150 && green < 110, `${red} ${green}`);
});

// A matrix profile of Display P3's primaries with sRGB's curve (ICC.1:2010 §7, §8.3), the least that makes one.
function p3Profile() {
  const fixed = (v) => Math.round(v * 65536);
  const xyz = (x, y, z) => {
    const b = Buffer.alloc(20);
    b.write('XYZ ', 0, 'latin1');
    [x, y, z].forEach((v, i) => b.writeInt32BE(fixed(v), 8 + 4 * i));
    return b;
  };
  const text = (s) => {
    const b = Buffer.alloc(28 + 2 * s.length);
    b.write('mluc', 0, 'latin1');
    [1, 12].forEach((v, i) => b.writeUInt32BE(v, 8 + 4 * i));
    b.write('enUS', 16, 'latin1');
    b.writeUInt32BE(2 * s.length, 20);
    b.writeUInt32BE(28, 24);
    [...s].forEach((c, i) => b.writeUInt16BE(c.charCodeAt(0), 28 + 2 * i));
    return b;
  };
  const curve = Buffer.alloc(32);
  curve.write('para', 0, 'latin1');
  curve.writeUInt16BE(3, 8);
  [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].forEach((v, i) => curve.writeInt32BE(fixed(v), 12 + 4 * i));
  const tags = [
    ['desc', text('Wide')], ['cprt', text('None')], ['wtpt', xyz(0.9642, 1, 0.8249)],
    ['rXYZ', xyz(0.5151, 0.2412, -0.0011)], ['gXYZ', xyz(0.292, 0.6922, 0.0419)], ['bXYZ', xyz(0.1571, 0.0666, 0.7841)],
    ['rTRC', curve], ['gTRC', curve], ['bTRC', curve],
  ];
  const table = Buffer.alloc(4 + 12 * tags.length), bodies = [];
  table.writeUInt32BE(tags.length, 0);
  let at = 128 + table.length;
  tags.forEach(([name, body], i) => {
    const padded = Buffer.concat([body, Buffer.alloc(-body.length & 3)]);
    table.write(name, 4 + 12 * i, 'latin1');
    table.writeUInt32BE(at, 8 + 12 * i);
    table.writeUInt32BE(body.length, 12 + 12 * i);
    bodies.push(padded);
    at += padded.length;
  });
  const head = Buffer.alloc(128);
  head.writeUInt32BE(at, 0);
  head.writeUInt32BE(0x04300000, 8);
  head.write('mntrRGB XYZ ', 12, 'latin1');
  head.write('acsp', 36, 'latin1');
  [0.9642, 1, 0.8249].forEach((v, i) => head.writeInt32BE(fixed(v), 68 + 4 * i));
  return Buffer.concat([head, table, ...bodies]);
}

test('16 bits, palettes, greys, one bit, progressive and interlaced files are taken as they look', async () => {
  const colour = ['-size', '90x90', 'xc:rgb(180,90,40)'];
  for (const [name, file, expected] of [
    ['16 bits', await convert('png', ...colour, '-depth', '16'), [180, 90, 40, 255]],
    ['a palette', await convert('png', ...colour, '-type', 'Palette'), [180, 90, 40, 255]],
    ['a palette with a see-through colour', await convert('png', '-size', '90x90', 'xc:none', '-type', 'PaletteAlpha'), null],
    ['grey', await convert('png', '-size', '90x90', 'xc:gray(50%)', '-colorspace', 'Gray'), [127, 127, 127, 255]],
    ['grey JPEG', await convert('jpg', '-size', '90x90', 'xc:gray(50%)', '-colorspace', 'Gray'), [127, 127, 127, 255]],
    ['one bit', await convert('png', '-size', '90x90', 'xc:white', '-type', 'Bilevel'), [255, 255, 255, 255]],
    ['progressive', await convert('jpg', ...colour, '-interlace', 'JPEG', '-quality', '95'), [180, 90, 40, 255]],
    ['interlaced', await convert('png', ...colour, '-interlace', 'PNG'), [180, 90, 40, 255]],
    ['AVIF of 10 bits', await convert('avif', ...colour, '-depth', '10', '-quality', '90'), [180, 90, 40, 255]],
    ['GIF', await convert('gif', ...colour), [180, 90, 40, 255]],
  ]) {
    const media = await take(file);
    const seen = await pixel(media.url, 0.5, 0.5);
    if (expected) assert.ok(near(seen, expected), `${name}: ${seen}`);
    else assert.equal(seen[3], 0, name);
  }
});

const setPicture = async (name, file) => {
  const body = new FormData();
  body.append(name, new Blob([await readFile(file)]), 'x');
  const answer = await alice.request('PATCH', '/api/v1/accounts/update_credentials', body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
};

test('avatars and headers have a small file, a fraction of their bytes', async () => {
  const { avatar, freehold } = await setPicture('avatar', await cloud('jpg', '900x700'));
  assert.equal(await facts(freehold.avatar_small), 'WEBP 144 144');
  const large = (await fetched(avatar)).bytes.length, small = (await fetched(freehold.avatar_small)).bytes.length;
  assert.ok(small * 3 < large, `${small} of ${large} bytes`);
  const after = await setPicture('header', await cloud('jpg', '1800x700'));
  assert.equal(await facts(after.freehold.header_small), 'WEBP 750 250');
  assert.equal(after.freehold.avatar_small, freehold.avatar_small);
  await setPicture('avatar', await cloud('jpg', '500x500'));
  for (const url of [avatar, freehold.avatar_small]) assert.equal((await fetch(url)).status, 404);
});

test('where a small file would not be smaller, its address gives the picture itself', async () => {
  const { avatar, freehold } = await setPicture('avatar', await convert('png', '-size', '2x2', 'xc:navy'));
  const itself = await fetched(avatar), small = await fetched(freehold.avatar_small);
  assert.ok(small.bytes.length <= itself.bytes.length);
  assert.match(small.type, /^image\/(png|webp)$/);
  const stem = /[0-9a-f]{32}/.exec((await take(await cloud('jpg', '100x100'))).url)[0];
  assert.equal((await fetch(`${server.url}/media/${stem}/small.webp`)).status, 404, 'an attachment has none');
});

test('no metadata is in any file of avatars, headers and emoji', async () => {
  const mark = async (file) => {
    await run('exiftool', ['-q', '-overwrite_original', '-GPSLatitude=52.5163', '-GPSLatitudeRef=N', '-GPSLongitude=13.3777', '-GPSLongitudeRef=E', '-Make=SecretCam', '-XMP:Creator=SecretAuthor', file]);
    return file;
  };
  const { avatar, freehold: first } = await setPicture('avatar', await mark(await cloud('jpg', '700x700')));
  const { header, freehold } = await setPicture('header', await mark(await cloud('png', '1600x600')));
  const files = await Promise.all([avatar, first.avatar_small, header, freehold.header_small].map(save));
  const body = new FormData();
  body.append('shortcode', 'secret');
  body.append('file', new Blob([await readFile(await mark(await cloud('png', '200x200')))]), 'e.png');
  const emoji = await olga.request('POST', '/api/freehold/v1/emojis', body);
  assert.equal(emoji.status, 200, JSON.stringify(emoji.body));
  files.push(await save(emoji.body.emoji.url));
  const { stdout } = await run('exiftool', ['-j', '-G1', ...files]);
  assert.equal(JSON.parse(stdout).length, 5);
  assert.doesNotMatch(stdout, /GPS|Secret|XMP|"IFD0|"ExifIFD/);
});
