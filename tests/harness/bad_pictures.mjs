// Pictures that want to do harm, made here: badPictures() gives [{ name, bytes, type, expect, as }].
//
//   expect  'refused': 422 with a reason; 'clean': taken, and what is served is a picture and nothing else; 'either': one of the two
//   type    what the client says it is
//   as      'avatar': sent as one, since as an attachment it would be a film
//
// By hand: node tests/harness/bad_pictures.mjs FOLDER writes them there.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { clouds, drawing, film } from './drawings.mjs';

const script = '<script>alert(document.domain)</script>';
const page = `<!DOCTYPE html><html><body>${script}</body></html>`;

// ── PNG ──

const be32 = (n) => {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(n >>> 0);
  return b;
};
const crcs = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let i = 0; i < 8; i++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
const crc32 = (bytes) => ~bytes.reduce((crc, byte) => crcs[(crc ^ byte) & 255] ^ (crc >>> 8), ~0);
function chunk(name, data = Buffer.alloc(0), { length = data.length, crc } = {}) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  return Buffer.concat([be32(length), body, be32(crc ?? crc32(body))]);
}
const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const ihdr = (width, height, { depth = 8, colour = 0 } = {}) => chunk('IHDR', Buffer.concat([be32(width), be32(height), Buffer.from([depth, colour, 0, 0, 0])]));
// Rows of zeros, whatever their number: deflate makes little of them.
const zeros = (width, height) => zlib.deflateSync(Buffer.alloc((width + 1) * height), { level: 9 });
const png = (...chunks) => Buffer.concat([signature, ...chunks]);
const plainPng = (width, height, ...more) => png(ihdr(width, height), ...more, chunk('IDAT', zeros(width, height)), chunk('IEND'));

function pngs() {
  const good = zeros(20, 20);
  return [
    ['a header of 50,000 × 50,000', png(ihdr(50000, 50000), chunk('IDAT', good), chunk('IEND')), 'refused'],
    ['a header of 2,147,483,647 × 1', png(ihdr(0x7fffffff, 1), chunk('IDAT', good), chunk('IEND')), 'refused'],
    ['a header of 0 × 0', png(ihdr(0, 0), chunk('IDAT', good), chunk('IEND')), 'refused'],
    ['1 × 1,000,000, really', plainPng(1, 1_000_000), 'refused'],
    ['1,000,000 × 1, really', plainPng(1_000_000, 1), 'refused'],
    ['1 × 30,000, really', plainPng(1, 30_000), 'either'],
    ['49 million pixels in 48 KB', plainPng(7000, 7000), 'clean'],
    ['a profile that unpacks to 200 MB', plainPng(20, 20, chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), zlib.deflateSync(Buffer.alloc(200 << 20))]))), 'either'],
    ['a text that unpacks to 200 MB', plainPng(20, 20, chunk('zTXt', Buffer.concat([Buffer.from('x\0\0'), zlib.deflateSync(Buffer.alloc(200 << 20))]))), 'either'],
    ['8 MB of text', plainPng(20, 20, chunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), Buffer.alloc(8 << 20, 'x')]))), 'either'],
    ['100,000 empty texts', plainPng(20, 20, Buffer.concat(Array(100_000).fill(chunk('tEXt', Buffer.from('a\0'))))), 'either'],
    ['a script in a text', plainPng(20, 20, chunk('tEXt', Buffer.from(`Comment\0${script}`))), 'clean'],
    ['a script behind the end', Buffer.concat([plainPng(20, 20), Buffer.from(page)]), 'clean'],
    ['a chunk of 4 GB', png(ihdr(20, 20), chunk('tEXt', Buffer.from('x'), { length: 0xffffffff }), chunk('IDAT', good), chunk('IEND')), 'refused'],
    ['a wrong checksum', png(ihdr(20, 20), chunk('IDAT', good, { crc: 1 }), chunk('IEND')), 'refused'],
    ['no pixels', png(ihdr(20, 20), chunk('IEND')), 'refused'],
    ['pixels for half of it', png(ihdr(20, 20), chunk('IDAT', zeros(20, 10)), chunk('IEND')), 'refused'],
    ['two headers', png(ihdr(20, 20), ihdr(9000, 9000), chunk('IDAT', good), chunk('IEND')), 'either'],
    ['a palette picture without a palette', png(ihdr(20, 20, { colour: 3 }), chunk('IDAT', good), chunk('IEND')), 'refused'],
    ['an impossible depth', png(ihdr(20, 20, { depth: 77 }), chunk('IDAT', good), chunk('IEND')), 'refused'],
    ['an animation that says it has 4,294,967,295 frames', plainPng(20, 20, chunk('acTL', Buffer.concat([be32(0xffffffff), be32(0)]))), 'either'],
    ['nothing but a signature', signature, 'refused'],
  ].map(([name, bytes, expect]) => ({ name: `PNG: ${name}`, bytes, type: 'image/png', expect }));
}

// ── JPEG ──

const segment = (marker, data) => {
  const b = Buffer.alloc(4);
  b.writeUInt16BE(0xff00 | marker, 0);
  b.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([b, data]);
};
const withSegments = (jpeg, ...segments) => Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

// Where the frame header begins.
function frameAt(jpeg) {
  let at = 2;
  while ((jpeg[at + 1] & 0xf0) !== 0xc0 || [0xc4, 0xc8, 0xcc].includes(jpeg[at + 1])) at += 2 + jpeg.readUInt16BE(at + 2);
  return at;
}
function changed(bytes, at, ...values) {
  const copy = Buffer.from(bytes);
  copy.set(values, at);
  return copy;
}

function jpegs(jpeg, progressive) {
  const frame = frameAt(jpeg);
  const lastScan = progressive.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = progressive.subarray(lastScan, progressive.length - 2);
  const zip = Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\0\0', 'latin1'), Buffer.alloc(16), Buffer.from(`index.html${page}`)]);
  return [
    ['a ZIP file behind the end', Buffer.concat([jpeg, zip]), 'clean'],
    ['a page in a comment at its very beginning', withSegments(jpeg, segment(0xfe, Buffer.from(page))), 'clean'],
    ['a script in its Exif', withSegments(jpeg, segment(0xe1, Buffer.from(`Exif\0\0II*\0\x08\0\0\0\0\0${script}`))), 'clean'],
    ['14 MB of metadata in segments', withSegments(jpeg, ...Array.from({ length: 220 }, () => segment(0xe1, Buffer.alloc(65000, 'x')))), 'either'],
    ['a profile in 255 pieces', withSegments(jpeg, ...Array.from({ length: 255 }, (_, i) => segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.from([i + 1, 255]), Buffer.alloc(2000)])))), 'either'],
    ['Exif that points into itself for ever', withSegments(jpeg, segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0II*\0\x08\0\0\0', 'latin1'), Buffer.from([1, 0, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0])]))), 'either'],
    ['a header of 65,500 × 65,500', changed(jpeg, frame + 5, 0xff, 0xdc, 0xff, 0xdc), 'refused'],
    ['a header of 0 × 0', changed(jpeg, frame + 5, 0, 0, 0, 0), 'refused'],
    ['255 components', changed(jpeg, frame + 9, 255), 'refused'],
    ['a thousand scans more', Buffer.concat([progressive.subarray(0, -2), ...Array.from({ length: 1000 }, () => scan), Buffer.from([0xff, 0xd9])]), 'either'],
    ['nothing but its beginning', Buffer.from([0xff, 0xd8, 0xff]), 'refused'],
    ['a segment that ends beyond the file', Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0xff, 0xff]), Buffer.from('short')]), 'refused'],
  ].map(([name, bytes, expect]) => ({ name: `JPEG: ${name}`, bytes, type: 'image/jpeg', expect }));
}

// ── GIF ──

function gif({ width = 4, height = 4, frames = 1, loops = null, comment = null, codeSize = 2 } = {}) {
  const size = Buffer.alloc(4);
  size.writeUInt16LE(width, 0);
  size.writeUInt16LE(height, 2);
  const parts = [Buffer.from('GIF89a'), size, Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255])];
  if (loops !== null) parts.push(Buffer.concat([Buffer.from([0x21, 0xff, 11]), Buffer.from('NETSCAPE2.0'), Buffer.from([3, 1, loops & 255, loops >> 8, 0])]));
  if (comment) parts.push(Buffer.from([0x21, 0xfe, comment.length]), Buffer.from(comment), Buffer.from([0]));
  const frame = Buffer.concat([Buffer.from([0x21, 0xf9, 4, 0, 1, 0, 0, 0, 0x2c, 0, 0, 0, 0]), size, Buffer.from([0, codeSize, 2, 0x4c, 0x01, 0])]);
  for (let i = 0; i < frames; i++) parts.push(frame);
  return Buffer.concat([...parts, Buffer.from([0x3b])]);
}

function gifs(one) {
  return [
    ['a page that begins as one', Buffer.from(`GIF89a/*${page}*/=1;alert(1)`), 'refused'],
    ['a page behind the end', Buffer.concat([one, Buffer.from(page)]), 'clean'],
    ['a script in a comment', Buffer.concat([one.subarray(0, -1), Buffer.from([0x21, 0xfe, script.length]), Buffer.from(script), Buffer.from([0, 0x3b])]), 'clean'],
    ['a screen of 65,535 × 65,535', gif({ width: 65535, height: 65535 }), 'refused'],
    ['an impossible code size', gif({ codeSize: 200 }), 'refused'],
    ['an animation without end', gif({ frames: 3, loops: 0 }), 'either', 'avatar'],
    ['5,000 frames', gif({ frames: 5000, loops: 0 }), 'either', 'avatar'],
    ['250,000 frames', gif({ frames: 250_000, loops: 65535 }), 'either', 'avatar'],
    ['nothing but its beginning', Buffer.from('GIF89a'), 'refused'],
  ].map(([name, bytes, expect, as]) => ({ name: `GIF: ${name}`, bytes, type: 'image/gif', expect, as }));
}

// ── WebP, HEIF ──

function webps(webp, animated) {
  const huge = Buffer.concat([Buffer.from('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0', 'latin1'), Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])]);
  return [
    ['a page behind the end', Buffer.concat([webp, Buffer.from(page)]), 'either'],
    ['a canvas of 16,777,216 × 16,777,216', huge, 'refused'],
    ['a length beyond the file', changed(webp, 4, 0xff, 0xff, 0xff, 0x7f), 'refused'],
    ['a chunk beyond the file', changed(webp, 16, 0xff, 0xff, 0xff, 0x7f), 'refused'],
    ['an animation of 300 frames', animated, 'either', 'avatar'],
    ['nothing but its beginning', Buffer.from('RIFF\x04\0\0\0WEBP', 'latin1'), 'refused'],
  ].map(([name, bytes, expect, as]) => ({ name: `WebP: ${name}`, bytes, type: 'image/webp', expect, as }));
}

function heifs(avif) {
  const at = avif.indexOf('ispe');
  return [
    ['a header of 60,000 × 60,000', changed(avif, at + 8, 0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60), 'refused'],
    ['a box beyond the file', changed(avif, avif.indexOf('meta') - 4, 0x7f, 0xff, 0xff, 0xff), 'refused'],
    ['a box of no length', changed(avif, avif.indexOf('iprp') - 4, 0, 0, 0, 1), 'refused'],
    ['nothing but its beginning', avif.subarray(0, 32), 'refused'],
    ['a page behind the end', Buffer.concat([avif, Buffer.from(page)]), 'either'],
  ].map(([name, bytes, expect]) => ({ name: `AVIF: ${name}`, bytes, type: 'image/avif', expect }));
}

// ── what is no picture of ours at all ──

function strangers(jpeg, others) {
  const svg = (inside, head = '') => Buffer.from(`${head}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">${inside}</svg>`);
  const texts = [
    ['an SVG with a script', 'image/svg+xml', svg(script)],
    ['an SVG that reads a file', 'image/svg+xml', svg('<image xlink:href="file:///etc/passwd" width="9" height="9"/>')],
    ['an SVG that asks a host', 'image/svg+xml', svg('<image xlink:href="http://127.0.0.1:9/x.png" width="9" height="9"/>')],
    ['an SVG with an entity from a file', 'image/svg+xml', svg('<text>&x;</text>', '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>')],
    ['an SVG that says it is a PNG', 'image/png', svg(script)],
    ['a packed SVG', 'image/svg+xml', zlib.gzipSync(svg(script))],
    ['a page that says it is a JPEG', 'image/jpeg', Buffer.from(page)],
    ['a page after blanks that says it is a GIF', 'image/gif', Buffer.from(`\n\n   ${page}`)],
    ['a list of drawing commands that fetches', 'image/x-mvg', Buffer.from("push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://127.0.0.1/x.png\"|ls \"-la)'\npop graphic-context\n")],
    ['a conjure script', 'image/x-msl', Buffer.from('<?xml version="1.0"?><image><read filename="file:///etc/passwd"/></image>')],
    ['PostScript', 'image/png', Buffer.from('%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file pop\n')],
    ['a PDF', 'image/jpeg', Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n')],
    ['a ZIP file', 'image/png', Buffer.from('PK\x05\x06' + '\0'.repeat(18), 'latin1')],
    ['a program', 'image/png', Buffer.from('\x7fELF\x02\x01\x01' + '\0'.repeat(57), 'latin1')],
    ['one byte', 'image/png', Buffer.from('x')],
    ['zeros', 'image/png', Buffer.alloc(100_000)],
  ].map(([name, type, bytes]) => ({ name: `no picture: ${name}`, bytes, type, expect: 'refused' }));
  const formats = Object.entries(others).map(([ending, bytes]) => ({ name: `a ${ending.toUpperCase()} file`, bytes, type: 'image/jpeg', expect: 'refused' }));
  return [...texts, ...formats, { name: 'a JPEG that says it is a PNG', bytes: jpeg, type: 'image/png', expect: 'clean' }, { name: 'a JPEG that says it is a page', bytes: jpeg, type: 'text/html', expect: 'clean' }];
}

// Cut off at several places. GIF and WebP cannot be told to be cut within their last few bytes.
function cuts(whole) {
  return Object.entries(whole).flatMap(([kind, bytes]) =>
    [0.02, 0.3, 0.6, 0.9].map((share) => ({ name: `${kind.toUpperCase()}: cut off after ${share * 100} %`, bytes: bytes.subarray(0, Math.floor(bytes.length * share)), type: `image/${kind}`, expect: 'refused' })),
  );
}

export async function badPictures() {
  const cloud = clouds('240x180', 5);
  const jpeg = await drawing('jpg', ...cloud);
  const progressive = await drawing('jpg', ...clouds('1200x900', 5, '-interlace', 'JPEG'));
  const webp = await drawing('webp', ...cloud);
  const avif = await drawing('avif', ...cloud);
  const heic = await drawing('heic', ...cloud);
  const still = await drawing('gif', ...cloud);
  const pngFile = await drawing('png', ...cloud);
  const animated = await readFile(await film('webp', '-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=10', '-loop', '0'));
  const others = {};
  for (const ending of ['bmp', 'tiff', 'psd', 'ico', 'pcx', 'ppm', 'tga', 'xpm']) others[ending] = await drawing(ending, ...clouds('20x20', 5));
  return [
    ...pngs(),
    ...jpegs(jpeg, progressive),
    ...gifs(still),
    ...webps(webp, animated),
    ...heifs(avif),
    ...strangers(jpeg, others),
    ...cuts({ jpeg, png: pngFile, gif: still, webp, avif, heic }),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? (console.error('usage: node tests/harness/bad_pictures.mjs FOLDER'), process.exit(2));
  await mkdir(folder, { recursive: true });
  let n = 0;
  for (const { name, bytes, expect } of await badPictures()) await writeFile(path.join(folder, `${String(++n).padStart(3, '0')} ${expect} ${name.replaceAll(/[^\w .,-]/g, '')}`), bytes);
}
