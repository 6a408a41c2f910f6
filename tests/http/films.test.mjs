// Films and sounds: taken, made into what browsers play, served, and gone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually, makeCast } from '../cast/cast.mjs';
import { filesBelow, form, h264, keys, makeFolder, pictures, probe, ready, tone, upload } from '../harness/films.mjs';
import { startServer } from '../harness/server.mjs';
import { openEvents } from '../harness/streams.mjs';

const run = promisify(execFile);
let server, alice, bob, folder;

before(async () => {
  folder = await makeFolder();
  server = await startServer({ set: { 'media.film_priority': 'normal', 'media.film_preset': 'ultrafast' } });
  ({ alice, bob } = await makeCast(server, 'alice', 'bob'));
});
after(async () => {
  await server?.remove();
  await folder?.remove();
});

const textOf = async (url) => (await fetch(url)).text();

async function save(url) {
  const name = folder.at(path.basename(new URL(url).pathname));
  await writeFile(name, Buffer.from(await (await fetch(url)).arrayBuffer()));
  return name;
}

async function made(who, file, fields) {
  const answer = await upload(who, file, fields);
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  const done = await ready(who, answer.body.id);
  assert.equal(done.status, 200, JSON.stringify(done.body) + server.log.slice(-2000));
  return done.body;
}

const beside = (url, name) => new URL(name, url).href;

test('a film is taken at once and plays soon: renditions, poster, storyboard, fallback, blurhash, sizes', async () => {
  const file = await folder.film('mp4', ...pictures('1280x720', 6), ...tone(6), ...h264, '-g', '250', '-c:a', 'aac', '-shortest');
  const answer = await upload(alice, file, { type: 'video/mp4', description: 'A test card', focus: '0.5,0.5' });
  assert.equal(answer.status, 202);
  assert.equal(answer.body.type, 'video');
  assert.equal(answer.body.url, null);
  assert.equal(answer.body.preview_url, null);
  assert.deepEqual(answer.body.freehold.processing, { stage: 'waiting', percent: 0 });
  assert.ok([206, 200].includes((await alice.get(`/api/v1/media/${answer.body.id}`)).status));
  const { body: media } = await ready(alice, answer.body.id);
  assert.match(media.url, new RegExp(`^${server.url}/media/[0-9a-f]{32}/fallback\\.mp4$`));
  assert.equal(media.preview_url, beside(media.url, 'poster.webp'));
  assert.equal(media.description, 'A test card');
  assert.equal(media.meta.original.width, 1280);
  assert.equal(media.meta.original.height, 720);
  assert.equal(media.meta.original.frame_rate, '25/1');
  assert.ok(Math.abs(media.meta.original.duration - 6) < 0.1);
  assert.ok(media.meta.original.bitrate > 1000);
  assert.equal(media.meta.length, '0:00:06.00');
  assert.deepEqual(media.meta.focus, { x: 0.5, y: 0.5 });
  assert.match(media.blurhash, /^[0-9A-Za-z#$%*+,\-.:;=?@[\]^_{|}~]{28}$/);
  assert.deepEqual(media.freehold.error, null);

  const master = await textOf(media.freehold.hls);
  const names = [...master.matchAll(/^(\d+)\.m3u8$/gm)].map((match) => match[1]);
  assert.deepEqual(names, ['360', '480', '720']);
  assert.match(master, /RESOLUTION=640x360/);
  assert.match(master, /CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/);

  const fragments = [];
  for (const name of names) {
    const list = await textOf(beside(media.url, `${name}.m3u8`));
    assert.match(list, new RegExp(`#EXT-X-MAP:URI="${name}\\.mp4",BYTERANGE="\\d+@0"`));
    const lengths = [...list.matchAll(/#EXTINF:([\d.]+),/g)].map((match) => Number(match[1]));
    assert.ok(Math.abs(lengths.reduce((a, b) => a + b) - 6) < 0.2, list);
    for (const length of lengths) assert.ok(length <= 4.001, list);
    fragments.push(lengths.map((length) => length.toFixed(2)).join());
    const film = await probe(await save(beside(media.url, `${name}.mp4`)));
    assert.deepEqual(film.streams.map((stream) => stream.codec_name), ['h264', 'aac']);
    assert.equal(film.streams[0].height, Number(name));
  }
  assert.equal(new Set(fragments).size, 1, 'key frames are aligned');

  const fallback = await probe(await save(media.url));
  assert.equal(fallback.streams[0].height, 720);
  const bytes = await readFile(folder.at('fallback.mp4'));
  assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'), 'it plays while it loads');

  const { stdout } = await run('identify', ['-format', '%m %w %h', await save(media.preview_url)]);
  assert.equal(stdout, 'WEBP 1280 720');
  const map = await textOf(media.freehold.storyboard);
  assert.equal(map.match(/storyboard\.webp#xywh=/g).length, 6);
  assert.match(map, /00:00:05\.000 --> 00:00:06\.\d{3}\nstoryboard\.webp#xywh=800,0,160,90/);
  assert.equal((await run('identify', ['-format', '%m %w %h', await save(beside(media.url, 'storyboard.webp'))])).stdout, 'WEBP 960 90');
});

test('the source goes when all is made', async () => {
  const bytes = 'SourceMark'.repeat(50);
  const file = await folder.film('mkv', ...pictures('320x240', 2), ...h264, '-metadata', `comment=${bytes}`);
  const media = await made(bob, file);
  assert.equal(media.type, 'video');
  const master = await textOf(media.freehold.hls);
  assert.deepEqual([...master.matchAll(/^(\d+)\.m3u8$/gm)].map((match) => match[1]), ['240'], 'never upscaled');
  const holding = async () => {
    const texts = await Promise.all((await filesBelow(path.join(server.dataDir, 'media'))).map((name) => readFile(name).catch(() => '')));
    return texts.filter((text) => text.includes('SourceMark')).length;
  };
  await eventually(holding, (n) => n === 0, 15_000);
  assert.deepEqual(await filesBelow(path.join(server.dataDir, 'work')), []);
});

test('no metadata survives: not the place, the camera, the title, chapters, an encoder\'s name, a cover', async () => {
  const chapters = await folder.write('chapters.txt', ';FFMETADATA1\ntitle=SecretTitle\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=SecretChapter\n');
  const file = await folder.film(
    'mov', ...pictures('1280x720', 3), ...tone(3), '-i', chapters, '-map', '0', '-map', '1', '-map_metadata', '2', '-map_chapters', '2', ...h264, '-c:a', 'aac', '-b:v', '900k', '-g', '50',
    '-metadata', 'com.apple.quicktime.location.ISO6709=+52.5163+013.3777+035/', '-metadata', 'com.apple.quicktime.make=SecretCam', '-metadata', 'artist=SecretPerson', '-metadata:s:v', 'handler_name=SecretHandler', '-metadata:s:a', 'title=SecretTrack',
    '-metadata', 'creation_time=2020-01-02T03:04:05Z', '-movflags', 'use_metadata_tags',
  );
  await run('exiftool', ['-q', '-overwrite_original', '-GPSCoordinates=52.5163, 13.3777, 35', '-XMP:Creator=SecretXmp', file]);
  const source = await readFile(file);
  for (const secret of ['SecretCam', 'SecretTitle', 'SecretXmp', '+52.51']) assert.ok(source.includes(secret), secret);
  const media = await made(alice, file);
  const master = await textOf(media.freehold.hls);
  const names = [...master.matchAll(/^(\d+)\.m3u8$/gm)].map((match) => `${match[1]}.mp4`);
  for (const name of [...names, 'fallback.mp4', 'poster.webp', 'storyboard.webp']) {
    const saved = await save(beside(media.url, name));
    const bytes = await readFile(saved);
    for (const secret of ['Secret', 'x264', 'Lavf', 'Lavc', '+52.51', 'http://ns.adobe.com', 'Exif']) assert.ok(!bytes.includes(secret), `${secret} is in ${name}`);
    const tags = JSON.parse((await run('exiftool', ['-j', '-G', '-n', '-ee', saved])).stdout)[0];
    for (const [key, value] of Object.entries(tags)) {
      assert.ok(!/GPS|Location|Make|Model|Creator|Artist|Title|Comment|Chapter|Software|Encoder/i.test(key), `${name}: ${key}`);
      if (/(Create|Modify)Date/.test(key) && key.startsWith('QuickTime')) assert.match(String(value), /^0000:00:00/, `${name}: ${key}`);
    }
    if (name.endsWith('.mp4')) {
      const film = await probe(saved);
      assert.deepEqual(film.chapters, []);
      assert.ok(!film.streams.some((stream) => stream.codec_type === 'data' || stream.disposition.attached_pic));
    }
  }
});

test('a film that fits is kept as it is, and the others follow its key frames', async () => {
  const file = await folder.film('mp4', ...pictures('1280x720', 7, 30), ...tone(7), '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-b:v', '1500k', '-force_key_frames', '0,1.5,2.2,5', '-g', '300', '-sc_threshold', '0', '-c:a', 'aac');
  const media = await made(alice, file);
  const own = await save(beside(media.url, '720.mp4'));
  const frames = async (name) => (await run('ffmpeg', ['-v', 'error', '-i', name, '-map', '0:v', '-f', 'framemd5', '-'])).stdout.split('\n').filter((line) => /^0,/.test(line)).map((line) => line.split(',').at(-1).trim());
  assert.deepEqual(await frames(own), await frames(file), 'the same pictures, not encoded again');
  const times = (await keys(file)).map((time) => time.toFixed(1));
  for (const name of ['720.mp4', '480.mp4', '360.mp4']) assert.deepEqual((await keys(await save(beside(media.url, name)))).map((time) => time.toFixed(1)), times, name);
  assert.match(await textOf(media.freehold.hls), /CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2",RESOLUTION=1280x720/);
});

test('one whose key frames are too far apart is not kept as it is', async () => {
  const file = await folder.film('mp4', ...pictures('640x360', 10), ...h264, '-b:v', '300k', '-g', '1000', '-keyint_min', '1000', '-sc_threshold', '0');
  const media = await made(alice, file);
  const times = await keys(await save(beside(media.url, '360.mp4')));
  assert.equal(times.length, 3);
  assert.match(await textOf(media.freehold.hls), /CODECS="avc1\.[0-9a-f]{6}"/, 'no sound is said where there is none');
});

test('upright films stay upright, turned ones are turned', async () => {
  const upright = await made(alice, await folder.film('mp4', ...pictures('360x640', 1), ...h264));
  assert.deepEqual([upright.meta.width, upright.meta.height], [360, 640]);
  assert.equal((await probe(await save(beside(upright.url, '360.mp4')))).streams[0].height, 640);
  const flat = await folder.film('mp4', ...pictures('640x360', 1), ...h264);
  const turned = await folder.film('mp4', '-display_rotation', '90', '-i', flat, '-c', 'copy').catch(() => folder.film('mp4', '-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90'));
  const media = await made(alice, turned);
  assert.deepEqual([media.meta.width, media.meta.height], [360, 640]);
  const [stream] = (await probe(await save(beside(media.url, '360.mp4')))).streams;
  assert.deepEqual([stream.width, stream.height], [360, 640]);
  assert.ok(!stream.side_data_list?.some((side) => side.rotation));
});

test('what people\'s devices make is taken: odd sizes, no sound, other paces, 10 bits, interlaced, see-through, HDR', async () => {
  const odd = {
    'odd sizes': ['mp4', ...pictures('427x241', 1), '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv444p'],
    'variable pace': ['mkv', ...pictures('320x240', 2, 30), '-vf', "select='not(mod(n,3))+lt(n,20)'", '-vsync', 'vfr', ...h264],
    '10 bits': ['mkv', ...pictures('320x240', 1), '-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-x265-params', 'log-level=none'],
    interlaced: ['ts', ...pictures('320x240', 1), '-c:v', 'mpeg2video', '-flags', '+ildct+ilme', '-top', '1'],
    'see-through': ['webm', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:d=1,format=yuva420p', '-c:v', 'libvpx', '-auto-alt-ref', '0', '-deadline', 'realtime'],
    HDR: ['mp4', ...pictures('320x240', 1), '-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-x265-params', 'log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc', '-color_trc', 'smpte2084', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc'],
    'wide pixels': ['avi', ...pictures('320x240', 1), '-vf', 'setsar=2/1', '-c:v', 'mpeg4', '-q:v', '5'],
    'a high pace': ['mp4', ...pictures('320x240', 1, 120), ...h264],
  };
  for (const [name, args] of Object.entries(odd)) {
    const media = await made(alice, await folder.film(...args)).catch((error) => assert.fail(`${name}: ${error.message}`));
    const [stream] = (await probe(await save(media.url))).streams;
    assert.equal(stream.pix_fmt, 'yuv420p', name);
    assert.equal(stream.width % 2 + stream.height % 2, 0, name);
    assert.notEqual(stream.color_transfer, 'smpte2084', name);
    if (name === 'wide pixels') assert.deepEqual([media.meta.width, media.meta.height, stream.sample_aspect_ratio], [640, 240, '1:1']);
    if (name === 'a high pace') assert.equal(stream.avg_frame_rate, '60/1');
  }
});

test('sounds become sounds: any kind, without their cover', async () => {
  const cover = await folder.film('png', '-f', 'lavfi', '-i', 'color=red:s=64x64', '-frames:v', '1');
  const kinds = {
    mp3: ['mp3', ...tone(3), '-i', cover, '-map', '0', '-map', '1', '-c:v', 'png', '-disposition:v', 'attached_pic', '-metadata', 'title=SecretSong'],
    ogg: ['ogg', ...tone(3), '-c:a', 'libopus'],
    flac: ['flac', ...tone(3)],
    wav: ['wav', ...tone(3)],
    m4a: ['m4a', ...tone(3), '-c:a', 'aac'],
    aac: ['aac', ...tone(3), '-c:a', 'aac'],
  };
  for (const [name, args] of Object.entries(kinds)) {
    const media = await made(alice, await folder.film(...args), { type: 'audio/mpeg' });
    assert.equal(media.type, 'audio', name);
    assert.match(media.url, /\/fallback\.m4a$/);
    assert.equal(media.preview_url, null);
    assert.ok(Math.abs(media.meta.original.duration - 3) < 0.3, name);
    const saved = await save(media.url);
    const { streams } = await probe(saved);
    assert.deepEqual(streams.map((stream) => stream.codec_name), ['aac'], name);
    assert.ok(!(await readFile(saved)).includes('Secret'));
    assert.match(await textOf(media.freehold.hls), /CODECS="mp4a\.40\.2"\naudio\.m3u8/);
    assert.match(await textOf(beside(media.url, 'audio.m3u8')), /#EXT-X-MAP:URI="audio\.mp4"/);
  }
});

test('an animated WebP becomes a silent film of the same length', async () => {
  const file = folder.at('moving.webp');
  await run('convert', ['-size', '120x80', 'xc:red', 'xc:white', 'xc:blue', '-set', 'delay', '50', '-loop', '0', file]);
  const media = await made(alice, file, { type: 'image/webp' });
  assert.equal(media.type, 'gifv');
  assert.ok(Math.abs(media.meta.original.duration - 1.5) < 0.1, JSON.stringify(media.meta));
  const colours = [];
  for (const second of ['0', '0.4', '0.9']) {
    const frame = folder.at('frame.png');
    await run('ffmpeg', ['-v', 'error', '-y', '-ss', second, '-i', await save(media.url), '-frames:v', '1', frame]);
    const { stdout } = await run('convert', [frame, '-resize', '1x1!', '-format', '%[fx:r>0.6?1:0]%[fx:g>0.6?1:0]%[fx:b>0.6?1:0]', 'info:']);
    colours.push(stdout.trim());
  }
  assert.deepEqual(colours, ['100', '111', '001'], 'red, white, blue');
  assert.equal((await upload(alice, await folder.write('cut.webp', (await readFile(file)).subarray(0, 90)), { type: 'image/webp' })).status, 202);
});

test('an animated GIF becomes a silent film, a still one stays a picture', async () => {
  const media = await made(alice, await folder.film('gif', ...pictures('200x120', 1, 10)), { type: 'image/gif' });
  assert.equal(media.type, 'gifv');
  const { streams } = await probe(await save(media.url));
  assert.deepEqual(streams.map((stream) => stream.codec_name), ['h264']);
  const still = await upload(alice, await folder.film('gif', ...pictures('200x120', 1, 1), '-frames:v', '1'), { type: 'image/gif' });
  assert.equal(still.status, 200);
  assert.equal(still.body.type, 'image');
  assert.equal(still.body.freehold, null);
});

test('progress is told on the stream of the one who uploaded it, and nobody else\'s', async () => {
  const [mine, theirs] = await Promise.all([openEvents(server, 'user', alice.token), openEvents(server, 'user', bob.token)]);
  const media = await made(alice, await folder.film('mp4', ...pictures('640x360', 3), ...h264));
  const told = (event) => event.event === 'freehold.media' && event.payload.id === media.id;
  await mine.gets((event) => told(event) && event.payload.processing === null);
  const stages = mine.events.filter(told).map((event) => event.payload.processing?.stage);
  assert.ok(stages.includes('360p') && stages.includes('fallback'), stages.join());
  const percents = mine.events.filter(told).map((event) => event.payload.processing?.percent ?? 100);
  assert.deepEqual(percents, [...percents].sort((a, b) => a - b), 'it only goes up');
  assert.ok(!theirs.has(told));
  mine.close();
  theirs.close();
});

test('a film can be posted once it plays, and is served as long as its post is', async () => {
  const answer = await upload(alice, await folder.film('mp4', ...pictures('640x360', 2), ...h264), { description: 'waves' });
  const early = await alice.post('/api/v1/statuses', { status: 'too early', media_ids: [answer.body.id] });
  if (early.status !== 200) {
    assert.equal(early.status, 422);
    assert.match(early.body.error, /not finished processing/);
  }
  const { body: media } = await ready(alice, answer.body.id);
  const post = early.status === 200 ? early.body : await alice.posts('look', { media_ids: [media.id] });
  assert.equal(post.media_attachments[0].type, 'video');
  const seen = (await bob.get(`/api/v1/statuses/${post.id}`)).body.media_attachments[0];
  assert.equal(seen.url, media.url);
  const page = await textOf(`${server.url}/@alice/${post.id}`);
  assert.match(page, new RegExp(`<video controls playsinline preload="none" src="${media.url}"`));
  assert.equal((await alice.request('DELETE', `/api/v1/statuses/${post.id}`)).status, 200);
  for (const name of ['fallback.mp4', 'hls.m3u8', '360.m3u8', '360.mp4', 'poster.webp', 'storyboard.vtt']) assert.equal((await fetch(beside(media.url, name))).status, 404, name);
  const again = await alice.posts('again', { media_ids: [media.id] });
  assert.notEqual(again.media_attachments[0].url, media.url);
  assert.equal((await fetch(again.media_attachments[0].freehold.hls)).status, 200);
});

test('masto and megalodon upload films and wait for them', async () => {
  const bytes = await readFile(await folder.film('mp4', ...pictures('320x240', 1), ...h264));
  const media = await alice.masto.v2.media.create({ file: new Blob([bytes], { type: 'video/mp4' }), description: 'by masto' });
  assert.equal(media.type, 'video');
  assert.ok(media.url);
  const { data } = await bob.megalodon.getMedia((await ready(bob, (await upload(bob, await folder.film('mp4', ...pictures('320x240', 1), ...h264))).body.id)).body.id);
  assert.equal(data.type, 'video');
});

test('a film is served in ranges, its lists are asked for anew, its bytes never', async () => {
  const media = await made(alice, await folder.film('mp4', ...pictures('320x240', 1), ...h264));
  const part = await fetch(media.url, { headers: { Range: 'bytes=4-7' } });
  assert.equal(part.status, 206);
  assert.equal(await part.text(), 'ftyp');
  assert.equal(part.headers.get('content-type'), 'video/mp4');
  assert.match(part.headers.get('cache-control'), /immutable/);
  const list = await fetch(media.freehold.hls);
  assert.equal(list.headers.get('content-type'), 'application/vnd.apple.mpegurl');
  assert.equal(list.headers.get('cache-control'), 'public, no-cache');
  assert.equal((await fetch(media.freehold.hls, { headers: { 'If-None-Match': list.headers.get('etag') } })).status, 304);
});

test('captions are checked, cleaned, offered, replaced and taken back', async () => {
  const media = await made(alice, await folder.film('mp4', ...pictures('320x240', 3), ...tone(3), ...h264, '-c:a', 'aac'));
  const put = (who, language, text, headers = { 'Content-Type': 'text/vtt' }) =>
    server.fetch(`/api/v1/media/${media.id}/captions/${language}?label=${encodeURIComponent('Deutsch "Ü"')}`, { method: 'PUT', headers: { Authorization: `Bearer ${who.token}`, ...headers }, body: text });
  const text = 'WEBVTT - hello\n\nNOTE secret note\n\nSTYLE\n::cue { color: red }\n\n1\n00:00.500 --> 00:01.500 align:start line:90%\n<v Anna>Hallo <b>Welt</b> <script>x</script>\n\n00:00:02.000 --> 00:00:02.500\nzwei\nZeilen\n';
  const answer = await put(alice, 'de', text);
  assert.equal(answer.status, 200);
  const body = await answer.json();
  assert.deepEqual(body.freehold.captions, [{ language: 'de', label: 'Deutsch "Ü"', url: beside(media.url, 'captions-de.vtt') }]);
  const served = await fetch(body.freehold.captions[0].url);
  assert.match(served.headers.get('content-type'), /^text\/vtt/);
  assert.equal(await served.text(), 'WEBVTT\n\n00:00:00.500 --> 00:00:01.500 align:start line:90%\n<v Anna>Hallo <b>Welt</b> &lt;script&gt;x&lt;/script&gt;\n\n00:00:02.000 --> 00:00:02.500\nzwei\nZeilen\n');
  const master = await textOf(media.freehold.hls);
  assert.match(master, /#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="Deutsch Ü",LANGUAGE="de",.*URI="captions-de\.m3u8"/);
  assert.match(master, /#EXT-X-STREAM-INF:.*SUBTITLES="captions"\n/);
  assert.match(await textOf(beside(media.url, 'captions-de.m3u8')), /#EXTINF:3\.\d+,\ncaptions-de\.vtt\n/);

  const form = new FormData();
  form.append('file', new Blob(['WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n'], { type: 'text/vtt' }), 'en.vtt');
  assert.equal((await put(alice, 'en', form, {})).status, 200);
  assert.deepEqual((await alice.get(`/api/v1/media/${media.id}`)).body.freehold.captions.map((caption) => caption.language), ['de', 'en']);

  for (const [wrong, words] of [
    ['hello', /must begin with WEBVTT/],
    ['WEBVTT\n', /no cue/],
    ['WEBVTT\n\n00:02.000 --> 00:01.000\nx\n', /line 3 ends before/],
    ['WEBVTT\n\n00:02.000 -> 00:03.000\nx\n', /line/],
    ['WEBVTT\n\n00:01.000 --> 00:03.000 evil:1\nx\n', /setting/],
    [Buffer.from([0x57, 0x45, 0x42, 0x56, 0x54, 0x54, 10, 0xff]), /UTF-8/],
  ]) {
    const refused = await put(alice, 'fr', wrong);
    assert.equal(refused.status, 422);
    assert.match((await refused.json()).error, words);
  }
  assert.equal((await put(alice, '..%2fx', text)).status, 422);
  assert.equal((await put(bob, 'de', text)).status, 404);
  const gone = await alice.request('DELETE', `/api/v1/media/${media.id}/captions/de`);
  assert.deepEqual(gone.body.freehold.captions.map((caption) => caption.language), ['en']);
  assert.equal((await fetch(beside(media.url, 'captions-de.vtt'))).status, 404);
  assert.doesNotMatch(await textOf(media.freehold.hls), /"de"/);
});

test('with its row every byte of a film goes', async () => {
  const { alice: lone } = await makeCast(server, 'carol').then((cast) => ({ alice: cast.carol }));
  // What earlier tests deleted may be on its way out meanwhile.
  const there = async () => new Set(await filesBelow(path.join(server.dataDir, 'media')));
  const before = await there();
  const others = async () => [...(await there())].filter((name) => !before.has(name)).length;
  const media = await made(lone, await folder.film('mp4', ...pictures('240x180', 2), ...h264));
  assert.ok((await others()) > 0);
  assert.equal((await lone.request('DELETE', `/api/v1/media/${media.id}`)).status, 200);
  await eventually(others, (n) => n === 0, 30_000);
});

test('as AV1, when the owner says so', async () => {
  const modern = await startServer({ set: { 'media.film_priority': 'normal', 'media.film_codec': 'av1' } });
  try {
    const { alice: viewer } = await makeCast(modern, 'alice');
    const media = await made(viewer, await folder.film('mp4', ...pictures('640x480', 5, 10), ...tone(5), ...h264, '-c:a', 'aac'));
    assert.match(await textOf(media.freehold.hls), /CODECS="av01\.0\.\d\d[MH]\.08,mp4a\.40\.2",RESOLUTION=480x360/);
    const found = [];
    for (const name of ['360.mp4', '480.mp4']) {
      const saved = await save(beside(media.url, name));
      assert.equal((await probe(saved)).streams[0].codec_name, 'av1');
      found.push((await keys(saved)).map((time) => time.toFixed(2)).join());
    }
    assert.equal(found[0], found[1]);
    assert.equal(found[0], '0.00,4.00');
  } finally {
    await modern.remove();
  }
});
