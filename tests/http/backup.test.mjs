// freehold backup and restore: what comes back is what was there, on either engine; a place that is not to be trusted is not.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeCast, Person } from '../cast/cast.mjs';
import { filesOf, freehold, rowsOf } from '../harness/backups.mjs';
import { drawing, noise } from '../harness/drawings.mjs';
import { database, freshDatabase, root, startServer, store } from '../harness/server.mjs';

let dir, key, server, alice, bob, picture;
const servers = [];
let made = 0;
const fresh = (name) => path.join(dir, `${++made}-${name}`);

async function upload(who, size, seed) {
  const body = new FormData();
  body.append('file', new Blob([await drawing('png', ...noise(size, seed))]), 'picture.png');
  const answer = await who.request('POST', '/api/v2/media', body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-backup-'));
  key = path.join(dir, 'key');
  assert.equal((await freehold('backup', 'key', key)).code, 0);
  server = await startServer({ set: { 'server.domain': 'kept.example' } });
  ({ alice, bob } = await makeCast(server, 'olga', 'alice', 'bob', 'carol'));
  await alice.follows(bob);
  picture = await upload(alice, '1700x1500', 1); // larger than one chunk of a backup
  const small = await upload(alice, '64x64', 2);
  await alice.posts('with pictures \u{1F408} "quoted" \\ and\nlines', { media_ids: [picture.id, small.id] });
  for (let i = 0; i < 40; i++) {
    const post = await bob.posts(`post ${i} #cats`);
    if (i % 3 === 0) await alice.post(`/api/v1/statuses/${post.id}/favourite`);
  }
  await alice.posts('a poll', { poll: { options: ['one', 'two'], expires_in: 3600 } });
});
after(async () => {
  for (const one of servers) await one.remove();
  await server.remove();
  await rm(dir, { recursive: true, force: true });
});

async function succeeds(...args) {
  const done = await freehold(...args);
  assert.equal(done.code, 0, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}
async function fails(pattern, ...args) {
  const done = await freehold(...args);
  assert.equal(done.code, 1, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
  assert.match(done.stderr, pattern);
}
const backup = async (to, ...more) => {
  const done = await server.cli('backup', to, '--key', key, ...more);
  assert.equal(done.code, 0, done.stdout + done.stderr);
  return done.stdout;
};
const restore = (from, data, ...more) => succeeds('restore', from, '--key', key, '--data', data, ...more);
const mediaOf = (data) => filesOf(path.join(data, 'media'));

test('a network comes back row by row and byte by byte, and its tokens are good', async () => {
  const to = fresh('place'), data = fresh('data');
  await backup(to);
  const url = await freshDatabase();
  await server.stop();
  let rows, media;
  try {
    assert.match(await backup(to), /^Backup 2: /); // by the command itself, while no server runs
    rows = await rowsOf(server.dataDir, server.databaseUrl);
    if (store === 'files') media = await mediaOf(server.dataDir);
  } finally {
    await server.start();
  }
  assert.ok(rows.status.length >= 42 && rows.token.length && rows.media_file.length, 'there is something to compare');
  assert.match(await restore(to, data, ...(url ? ['--set', `database.url=${url}`] : [])), /^Backup 2, /);
  assert.deepEqual(await rowsOf(data, url), rows);
  if (media) assert.deepEqual(await mediaOf(data), media);

  const elsewhere = await startServer({ dataDir: data, databaseUrl: url ?? undefined, set: { 'server.domain': 'kept.example', 'media.store': 'files:media' } });
  servers.push(elsewhere);
  const same = new Person(elsewhere, 'alice', alice.password, alice.token);
  const mine = await same.get(`/api/v1/accounts/${await alice.id()}/statuses`);
  assert.equal(mine.status, 200);
  const posted = mine.body.find((s) => s.media_attachments.length === 2);
  const there = new URL(posted.media_attachments[0].url).pathname;
  const bytes = async (from) => Buffer.from(await (await from.fetch(there)).arrayBuffer());
  assert.ok((await bytes(elsewhere)).equals(await bytes(server)));
  assert.equal((await same.posts('life goes on')).content.includes('life goes on'), true);
});

test('from one engine to the other and back it is the same network', async (t) => {
  if (database !== 'postgres') return t.skip('needs both engines');
  const to = fresh('place'), data = fresh('data'), back = fresh('place'), again = fresh('data');
  await server.stop();
  let rows;
  try {
    await backup(to);
    rows = await rowsOf(server.dataDir, server.databaseUrl);
  } finally {
    await server.start();
  }
  await restore(to, data); // into SQLite
  assert.deepEqual(await rowsOf(data, null), rows);
  await succeeds('backup', back, '--key', key, '--data', data);
  const url = await freshDatabase();
  await restore(back, again, '--set', `database.url=${url}`);
  assert.deepEqual(await rowsOf(again, url), rows);
});

test('what did not change is neither read nor sent again', async () => {
  const to = fresh('place');
  await backup(to);
  await server.stop();
  try {
    await backup(to);
    assert.match(await backup(to), /: 0 of \d+ tables read \(0 rows\), \d+ blobs, 0 of them new; 0 objects sent/);
  } finally {
    await server.start();
  }
  await alice.posts('one more');
  const sent = /(\d+) of \d+ tables read .* (\d+) of them new; (\d+) objects sent/.exec(await backup(to));
  assert.ok(Number(sent[1]) > 0 && Number(sent[1]) < 30, `${sent[1]} tables were read`);
  assert.equal(sent[2], '0', 'no picture is sent again');
});

test('a backup made while people write is consistent, and the running server makes it', async () => {
  const to = fresh('place'), data = fresh('data');
  let writing = true;
  const writers = [alice, bob].map(async (who) => {
    for (let i = 0; writing; i++) {
      const file = i % 4 === 0 ? await upload(who, '40x40', 1000 + i) : null;
      const post = await who.posts(`while it runs ${i}`, file ? { media_ids: [file.id] } : {});
      if (i % 3 === 0) assert.equal((await who.request('DELETE', `/api/v1/statuses/${post.id}`)).status, 200);
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  try {
    await backup(to);
  } finally {
    writing = false;
    await Promise.all(writers);
  }
  await restore(to, data);
  const rows = await rowsOf(data, null);
  const files = await mediaOf(data);
  for (const blob of rows.blob) {
    const [hash, , uses] = blob.split(' ').map((hex) => hex);
    if (Buffer.from(uses, 'hex').toString() > '0') assert.ok(Object.keys(files).some((f) => f.endsWith(hash.toLowerCase())), 'a blob that is named is there');
  }
  assert.match(await succeeds('backup', 'verify', to, '--key', key, '--scratch', dir), /is whole/);
  assert.deepEqual((await readdir(dir)).filter((name) => name.startsWith('freehold-verify')), [], 'the scratch place is gone');
});

test('the wrong key, no key, a damaged one and a place without a backup say so', async () => {
  const to = fresh('place'), other = fresh('key'), damaged = fresh('key'), data = fresh('data');
  await backup(to);
  await succeeds('backup', 'key', other);
  await fails(/there is a file/, 'backup', 'key', other);
  assert.equal((await stat(other)).mode & 0o777, 0o600);
  const text = await readFile(key, 'utf8');
  await writeFile(damaged, text.replace(/\n(.)/, (_, c) => `\n${c === '0' ? '1' : '0'}`));
  await fails(/wrong key/, 'restore', to, '--key', other, '--data', data);
  await fails(/wrong key/, 'backup', 'verify', to, '--key', other);
  await fails(/wrong key/, 'backup', 'list', to, '--key', other);
  await fails(/a digit is wrong/, 'restore', to, '--key', damaged, '--data', data);
  await fails(/no key file/, 'restore', to, '--key', path.join(root, 'README.md'), '--data', data);
  await fails(/there is no backup/, 'restore', fresh('nothing'), '--key', key, '--data', data);
  await assert.rejects(stat(data), 'nothing was made');
  const done = await server.cli('backup', to, '--key', other);
  assert.equal(done.code, 1);
  assert.match(done.stderr, /wrong key/);
});

test('a folder or a database that is not empty is left alone', async () => {
  const to = fresh('place'), data = fresh('data');
  await backup(to);
  await mkdir(data);
  await writeFile(path.join(data, 'letter'), 'mine');
  await fails(/is not empty: there is letter/, 'restore', to, '--key', key, '--data', data);
  assert.deepEqual(await readdir(data), ['letter']);
  if (server.databaseUrl) {
    const into = fresh('data');
    await fails(/the database is not empty/, 'restore', to, '--key', key, '--data', into, '--set', `database.url=${server.databaseUrl}`);
  }
});

// Objects of a place by what they are: the head, manifests (with a common beginning and a small number), all others.
async function objectsOf(to) {
  const names = Object.keys(await filesOf(to)).sort();
  const manifests = names.filter((name) => /0{13}[0-9a-f]{3}$/.test(name));
  return { names, manifests, others: names.filter((name) => !manifests.includes(name)) };
}

test('whatever object of a place is changed, cut or missing, it is noticed and named, and nothing half restored is served', async () => {
  const sound = fresh('place');
  await backup(sound);
  const { names, manifests } = await objectsOf(sound);
  assert.equal(manifests.length, 1);
  const harms = {
    changed: async (file) => {
      const bytes = await readFile(file);
      bytes[bytes.length >> 1] ^= 1;
      await writeFile(file, bytes);
    },
    cut: async (file) => writeFile(file, (await readFile(file)).subarray(0, -1)),
    emptied: (file) => writeFile(file, ''),
    missing: (file) => rm(file),
    exchanged: async (file, to) => cp(path.join(to, names.find((other) => !file.endsWith(other) && !manifests.includes(other))), file),
  };
  const picked = names.filter((name, i) => manifests.includes(name) || i % 12 === 0);
  for (const [how, harm] of Object.entries(harms)) {
    for (const name of how === 'changed' ? names.filter((other, i) => picked.includes(other) || i % 3 === 0) : picked) {
      const to = fresh('place');
      await cp(sound, to, { recursive: true });
      await harm(path.join(to, name), to);
      const done = await freehold('backup', 'verify', to, '--key', key, '--scratch', dir);
      assert.equal(done.code, 1, `${name} ${how}: ${done.stdout}`);
      const hex = path.basename(name);
      assert.ok(done.stderr.includes(hex) || /head of the backup|wrong key|there is no (whole )?backup/.test(done.stderr), `${name} ${how}: ${done.stderr}`);
      await rm(to, { recursive: true });
    }
  }
  const to = fresh('place'), data = fresh('data');
  await cp(sound, to, { recursive: true });
  await harms.changed(path.join(to, manifests[0]));
  await fails(/manifest 1\) was changed or cut short/, 'restore', to, '--key', key, '--data', data);
  await assert.rejects(stat(data), 'nothing is written before the manifests were looked at');
});

test('a restore that met a damaged object is not served, and goes on when the object is back', async () => {
  const to = fresh('place'), data = fresh('data');
  await backup(to);
  const { others } = await objectsOf(to);
  const large = (await Promise.all(others.map(async (name) => [name, (await stat(path.join(to, name))).size]))).sort((a, b) => b[1] - a[1])[0][0];
  await cp(path.join(to, large), path.join(dir, 'aside'));
  await writeFile(path.join(to, large), 'FHB1 nonsense');
  await fails(/is damaged: the object [0-9a-f]{64} \(.*blob\)/, 'restore', to, '--key', key, '--data', data);
  await fails(/was not finished/, 'account', 'list', '--data', data);
  await cp(path.join(dir, 'aside'), path.join(to, large));
  await restore(to, data);
  assert.equal((await freehold('account', 'list', '--data', data)).code, 0);
});

test('a place that lost its newest backup, or an older one, is noticed', async () => {
  const to = fresh('place');
  for (let i = 0; i < 3; i++) await backup(to);
  const { manifests } = await objectsOf(to);
  assert.equal(manifests.length, 3);
  const aside = fresh('place');
  await cp(to, aside, { recursive: true });

  await rm(path.join(to, manifests[2]));
  const done = await server.cli('backup', to, '--key', key);
  assert.equal(done.code, 1);
  assert.match(done.stderr, /has lost backups: number 3 was written, and the newest there is older/);
  await fails(/has lost those up to 3/, 'restore', to, '--key', key, '--data', fresh('data'), '--expect', '3');
  assert.match(await backup(to, '--after-loss'), /^Backup 4: /);
  assert.match(await succeeds('backup', 'verify', to, '--key', key, '--scratch', dir), /^Backup 4 is whole/);
  assert.match(await backup(to), /^Backup 5: /);

  await rm(to, { recursive: true });
  const gone = await server.cli('backup', to, '--key', key);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /are gone: there were some/);
  await assert.rejects(stat(to), 'nothing is begun anew unasked');
  assert.match(await backup(to, '--after-loss'), /^Backup 1: /);

  await rm(path.join(aside, manifests[1]));
  await fails(/has lost backups: number 2 is not there/, 'backup', 'list', aside, '--key', key);
  await fails(/has lost backups: number 2 is not there/, 'restore', aside, '--key', key, '--data', fresh('data'));
  await cp(path.join(aside, manifests[0]), path.join(aside, manifests[1]));
  await fails(/was changed or cut short/, 'backup', 'list', aside, '--key', key);
});

test("a place with another network's backups is not mixed with ours", async () => {
  const to = fresh('place'), data = fresh('data');
  await backup(to);
  await succeeds('account', 'create', 'zoe', '--email', 'zoe@example.org', '--data', data, '--set', 'accounts.argon_memory=64K', '--set', 'accounts.argon_passes=1');
  await fails(/of another network/, 'backup', to, '--key', key, '--data', data);
});

test('--at takes the newest backup from before a time; none is an error', async () => {
  const to = fresh('place'), data = fresh('data');
  await backup(to);
  const first = (await rowsOfRestored(to)).status.length;
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const between = new Date(Date.now() - 1000).toISOString().replace(/\.\d+Z/, 'Z');
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await alice.posts('later than that');
  await backup(to);
  assert.match(await restore(to, data, '--at', between), /^Backup 1, /);
  assert.equal((await rowsOf(data, null)).status.length, first);
  assert.equal((await rowsOfRestored(to)).status.length, first + 1);
  await fails(/no backup from before that time/, 'restore', to, '--key', key, '--data', fresh('data'), '--at', '2001-01-01');
});
async function rowsOfRestored(to) {
  const data = fresh('data');
  await restore(to, data);
  return rowsOf(data, null);
}

test('what the rule does not keep goes, and what is kept can still be restored', async () => {
  const to = fresh('place');
  await backup(to);
  const extra = await upload(alice, '300x300', 77);
  await backup(to);
  assert.equal((await alice.request('DELETE', `/api/v1/media/${extra.id}`)).status, 200);
  const old = new Date(Date.now() - 7200_000);
  for (const name of Object.keys(await filesOf(to))) await utimes(path.join(to, name), old, old);
  const before = Object.keys(await filesOf(to)).length;
  const said = await backup(to, '--keep', 'daily=1');
  assert.match(said, /2 older backups are not kept any more; [1-9]\d* objects were removed/);
  assert.ok(Object.keys(await filesOf(to)).length < before + 12);
  assert.match(await succeeds('backup', 'list', to, '--key', key), /^number.*\n +3 .*\n$/);
  assert.match(await succeeds('backup', 'verify', to, '--key', key, '--scratch', dir), /^Backup 3 is whole/);
  await backup(to, '--keep', 'log=1h');
  assert.match(await succeeds('backup', 'list', to, '--key', key), /\n +3 .*\n +4 .*\n$/);
  const wrong = await server.cli('backup', to, '--key', key, '--keep', 'daily=x');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /does not understand "daily=x"/);
});

test('the settings have backups made and verified; a place that is away is warned of within ten seconds', async () => {
  const to = fresh('place');
  const own = await startServer({ set: { 'backup.to': to, 'backup.key': key, 'backup.every': '10s', 'backup.verify': '7d', 'media.store': 'files:media' } });
  servers.push(own);
  const metric = async (name) => Number(new RegExp(`^freehold_${name} (\\d+)$`, 'm').exec(await (await own.fetch('/metrics')).text())?.[1]);
  await makeCast(own, 'alice');
  await eventually(() => metric('backup_number'), (n) => n >= 2, 30_000);
  await eventually(() => metric('backup_verified_seconds'), (s) => s > 0, 20_000);
  assert.equal(await metric('backup_unsound'), 0);
  assert.equal(await metric('backup_reachable'), 1);
  const aside = fresh('aside');
  await rename(to, aside);
  await eventually(() => metric('backup_reachable'), (n) => n === 0, 10_000);
  assert.match(own.log, /backup: .* does not answer: .*are gone/);
  await rename(aside, to);
  await eventually(() => metric('backup_reachable'), (n) => n === 1, 10_000);
  const number = await metric('backup_number');
  await eventually(() => metric('backup_number'), (n) => n > number, 30_000);
  assert.match(await succeeds('backup', 'verify', to, '--key', key, '--scratch', dir), /is whole/);
});

test('a setting for backups that cannot be used ends the start with one line', async () => {
  for (const [set, said] of [
    [['backup.to=/nowhere'], /backup\.key is missing/],
    [['backup.to=/nowhere', 'backup.key=/none'], /key file .* cannot be read/],
    [['backup.to=/nowhere', `backup.key=${key}`, 'backup.keep=weekly=x'], /backup\.keep takes .* "weekly=x"/],
  ]) {
    const done = await freehold('serve', '--data', fresh('data'), '--listen', '127.0.0.1:0', ...set.flatMap((one) => ['--set', one]));
    assert.equal(done.code, 1);
    assert.match(done.stderr, said);
  }
});

// A server that ships its log to a place; a probe of its metrics.
async function shipping(to, more = {}) {
  const own = await startServer({ set: { 'backup.to': to, 'backup.key': key, 'backup.every': '1d', 'backup.verify': '0', 'media.store': 'files:media', ...more } });
  servers.push(own);
  own.metric = async (name) => Number(new RegExp(`^freehold_${name} (\\d+)$`, 'm').exec(await (await own.fetch('/metrics')).text())?.[1]);
  Object.assign(own, await makeCast(own, 'alice'));
  await eventually(() => own.metric('backup_log_seconds'), (n) => n > 0, 20_000);
  return own;
}
// Numbered objects that are no manifests; there are more of them.
async function segmentsOf(to) {
  const { manifests: numbered } = await objectsOf(to);
  const kinds = Object.values(Object.groupBy(numbered, (name) => path.basename(name).slice(0, 48)));
  return kinds.sort((a, b) => b.length - a.length)[0];
}
const statusTexts = (rows) => rows.status.join(' ');
const hexOf = (text) => Buffer.from(text).toString('hex').toUpperCase();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('what was acknowledged is in the place five seconds later, kill -9 or not, with its pictures; a restore has it', async () => {
  const to = fresh('place'), data = fresh('data');
  const own = await shipping(to);
  const picture = await upload(own.alice, '300x200', 500);
  await own.alice.posts('shipped with a picture', { media_ids: [picture.id] });
  const gone = await own.alice.posts('shipped and deleted');
  await own.alice.request('DELETE', `/api/v1/statuses/${gone.id}`);
  await sleep(5000);
  await own.stop('SIGKILL');
  assert.match(await restore(to, data), /and the log up to/);
  const rows = await rowsOf(data, null);
  assert.ok(statusTexts(rows).includes(hexOf('shipped with a picture')));
  assert.ok(!statusTexts(rows).includes(hexOf('shipped and deleted')));
  const files = await mediaOf(data);
  for (const file of rows.media_file) {
    const [blob] = file.split(' ');
    assert.ok(Object.keys(files).some((name) => name.endsWith(blob.toLowerCase())));
  }
  const expected = await rowsOf(own.dataDir, own.databaseUrl);
  for (const table of ['account', 'member', 'token', 'status', 'media', 'media_file', 'blob', 'app']) assert.deepEqual(rows[table], expected[table], table);
  assert.match(await succeeds('backup', 'verify', to, '--key', key, '--scratch', dir), /is whole/);
});

test('--at brings back any second within the log', async () => {
  const to = fresh('place');
  const own = await shipping(to);
  const times = [];
  for (let i = 0; i < 3; i++) {
    await own.alice.posts(`second ${i}`);
    await sleep(1100);
    times.push(new Date(Date.now() - 1000).toISOString().replace(/\.\d+Z/, 'Z'));
    await sleep(1100);
  }
  await sleep(5000);
  for (let i = 0; i < 3; i++) {
    const data = fresh('data');
    await restore(to, data, '--at', times[i]);
    const texts = statusTexts(await rowsOf(data, null));
    for (let k = 0; k < 3; k++) assert.equal(texts.includes(hexOf(`second ${k}`)), k <= i, `at ${i} post ${k}`);
  }
});

test('the log goes on after a restart and a place that was away; a lost segment is noticed', async () => {
  const to = fresh('place'), data = fresh('data'), aside = fresh('aside');
  const own = await shipping(to);
  await own.alice.posts('before the restart');
  await sleep(4500);
  const first = await own.metric('backup_log_segment');
  await own.stop();
  await own.start();
  await own.alice.posts('after the restart');
  await eventually(() => own.metric('backup_log_segment'), (n) => n > first, 10_000);
  await rename(to, aside);
  await own.alice.posts('while it was away');
  await eventually(() => own.metric('backup_reachable'), (n) => n === 0, 10_000);
  await rename(aside, to);
  await eventually(() => own.metric('backup_reachable'), (n) => n === 1, 10_000);
  await sleep(5000);
  await restore(to, data);
  const texts = statusTexts(await rowsOf(data, null));
  for (const text of ['before the restart', 'after the restart', 'while it was away']) assert.ok(texts.includes(hexOf(text)), text);
  assert.equal(await own.metric('backup_number'), 0, 'no second backup was needed for it');
  await own.stop();

  const segments = await segmentsOf(to);
  assert.ok(segments.length >= 3, `${segments.length} segments`);
  await rm(path.join(to, segments[1]));
  await fails(/log has lost segment/, 'restore', to, '--key', key, '--data', fresh('data'));
  await fails(/log has lost segment/, 'backup', 'verify', to, '--key', key, '--scratch', dir);
});

test('the log before the span that is kept goes, and what is left joins', async () => {
  const to = fresh('place'), data = fresh('data');
  const own = await shipping(to, { 'backup.every': '1d' });
  for (let i = 0; i < 3; i++) {
    await own.alice.posts(`in the log ${i}`);
    await sleep(3500);
  }
  await own.stop();
  const before = await segmentsOf(to);
  assert.ok(before.length >= 3);
  const old = new Date(Date.now() - 2 * 3600_000);
  for (const name of before.slice(0, 2)) await utimes(path.join(to, name), old, old);
  for (let i = 0; i < 2; i++) {
    await sleep(1100);
    const done = await own.cli('backup', to, '--key', key, '--keep', 'log=1s');
    assert.equal(done.code, 0, done.stderr);
  }
  const left = Object.keys(await filesOf(to));
  assert.deepEqual(before.filter((name) => left.includes(name)), before.slice(2));
  assert.match(await succeeds('backup', 'verify', to, '--key', key, '--scratch', dir), /^Backup 3 is whole/);
  await own.start();
  await own.alice.posts('after that');
  await sleep(5500);
  await restore(to, data);
  assert.ok(statusTexts(await rowsOf(data, null)).includes(hexOf('after that')));
});
