// The portable archive: a whole network in one file, which another judge finds as documented, and a network again elsewhere.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import Ajv from 'ajv/dist/2020.js';
import { eventually, logIn, makeCast } from '../cast/cast.mjs';
import { drawing, noise } from '../harness/drawings.mjs';
import { database, root, startServer } from '../harness/server.mjs';

const run = promisify(execFile);
const servers = [];
let dir, server, cast, picture, post, direct, files = 0;

async function fresh(options = {}) {
  const made = await startServer(options);
  servers.push(made);
  return made;
}

before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-archive-'));
  server = await fresh();
  cast = await makeCast(server, 'olga', 'alice', 'bob', 'carol');
  await fill();
});
after(async () => {
  for (const one of servers) await one.remove();
  await rm(dir, { recursive: true, force: true });
});

async function upload(who, size) {
  const body = new FormData();
  body.append('file', new Blob([await drawing('png', ...noise(size, ++files))]), 'noise.png');
  body.append('description', 'noise "and" more\n');
  const answer = await who.request('POST', '/api/v2/media', body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

async function fill() {
  const { olga, alice, bob, carol } = cast;
  picture = await upload(alice, '1600x1400'); // several MB: not kept in memory
  const small = await upload(alice, '40x40');
  post = await alice.posts('Grüße, 🌉 "quoted" \\ and a tab\t#Brücke @bob', { media_ids: [picture.id, small.id], spoiler_text: 'hm' });
  direct = await bob.posts('@alice only for you', { visibility: 'direct' });
  const poll = await bob.posts('which?', { poll: { options: ['a', 'b'], expires_in: 3600 } });
  await alice.post(`/api/v1/polls/${poll.id}/votes`, { choices: [1] });
  await alice.follows(bob);
  await bob.follows(carol);
  await bob.post(`/api/v1/statuses/${post.id}/favourite`);
  await bob.post(`/api/v1/statuses/${post.id}/reblog`);
  await bob.post(`/api/v1/statuses/${post.id}/bookmark`);
  await bob.posts('an answer', { in_reply_to_id: post.id });
  await alice.request('PUT', `/api/v1/statuses/${poll.id}`, { status: 'not mine' });
  await bob.request('PUT', `/api/v1/statuses/${direct.id}`, { status: '@alice only for you, edited' });
  await alice.post('/api/v1/lists', { title: 'friends' });
  await alice.post('/api/v2/filters', { title: 'no', context: ['home'], keywords_attributes: [{ keyword: 'x' }] });
  await alice.post(`/api/v1/accounts/${await bob.id()}/note`, { comment: 'nice' });
  await alice.post(`/api/v1/accounts/${await carol.id()}/block`);
  await bob.post('/api/v1/reports', { account_id: await carol.id(), comment: 'hm' });
  await olga.request('PATCH', '/api/freehold/v1/site', { title: 'Old Bridge', rules: [{ text: 'Be kind', hint: '' }] });
}

const archive = () => path.join(dir, `a${++files}.tar.zst`);
async function exported(from, ...more) {
  const file = archive();
  const done = await from.cli('export', file, ...more);
  assert.equal(done.code, 0, done.stderr);
  return file;
}
async function unpacked(file) {
  const to = `${file}.d`;
  await mkdir(to);
  await run('tar', ['-I', 'zstd', '-xf', file, '-C', to]);
  return to;
}
async function lines(folder, table) {
  const parts = await readdir(path.join(folder, 'tables', table)).catch(() => []);
  const texts = await Promise.all(parts.sort().filter((name) => name.endsWith('.ndjson')).map((name) => readFile(path.join(folder, 'tables', table, name), 'utf8')));
  return texts.join('').split('\n').slice(0, -1);
}
// Rows in an order that does not depend on the engine.
async function contents(file) {
  const folder = await unpacked(file);
  const all = {};
  for (const table of await readdir(path.join(folder, 'tables'))) all[table] = (await lines(folder, table)).sort();
  return all;
}
const passphrase = async (text) => {
  const file = path.join(dir, `k${++files}`);
  await writeFile(file, text);
  return file;
};
const digest = async (url) => createHash('sha256').update(Buffer.from(await (await fetch(url)).arrayBuffer())).digest('hex');

// Into a network that has nothing yet, which is stopped; of the other engine when there is one.
async function target(other = false) {
  const made = await fresh(other && database === 'postgres' ? { databaseUrl: '' } : {});
  await made.stop();
  return made;
}

test('a foreign validator finds every line as docs/archive.schema.json says, and nothing of a table is left out unsaid', async () => {
  const folder = await unpacked(await exported(server));
  const schema = JSON.parse(await readFile(path.join(root, 'docs/archive.schema.json'), 'utf8'));
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
  ajv.addSchema(schema, 'archive');
  const judge = (name) => ajv.getSchema(`archive#/$defs/${name}`);
  const check = (name, text) => assert.ok(judge(name)(JSON.parse(text)), `${name}: ${text.slice(0, 300)}: ${ajv.errorsText(judge(name).errors)}`);
  const manifest = await readFile(path.join(folder, 'freehold.json'), 'utf8');
  check('_manifest', manifest);
  check('_end', await readFile(path.join(folder, 'end.json'), 'utf8'));
  const end = JSON.parse(await readFile(path.join(folder, 'end.json'), 'utf8'));
  let rows = 0;
  for (const table of await readdir(path.join(folder, 'tables'))) {
    const all = await lines(folder, table);
    for (const line of all) check(table, line);
    assert.equal(all.length, end.rows[table], table);
    rows += all.length;
  }
  assert.ok(rows > 60, `${rows}`);
  assert.equal((await readdir(path.join(folder, 'media'))).length, end.media);
  assert.ok(end.media >= 2 && end.media_missing === 0);
  const secret = ['token', 'once', 'invite', 'phone'];
  assert.deepEqual(Object.keys(schema.$defs).filter((name) => !name.startsWith('_') && !secret.includes(name)), Object.keys(JSON.parse(manifest).tables).sort());
  assert.equal(judge('status')({ id: 1 }), false);
});

test('without --with-secrets no credential is in it', async () => {
  const file = await exported(server);
  const { stdout } = await run('zstd', ['-dc', file], { encoding: 'latin1', maxBuffer: 1 << 28 });
  const hashes = await server.sql("SELECT password_hash FROM member WHERE password_hash IS NOT NULL");
  const secret = await server.sql("SELECT value FROM site WHERE key = 'secret'");
  const hex = database === 'postgres' ? "encode(HASH, 'hex')" : 'lower(hex(HASH))';
  const tokens = await server.sql(`SELECT ${hex.replace('HASH', 'hash')} FROM token`);
  const apps = await server.sql(`SELECT ${hex.replace('HASH', 'secret_hash')} FROM app`);
  const all = [hashes, secret, tokens, apps].flatMap((text) => text.split('\n'));
  assert.ok(all.length >= 10 && all.every((one) => one.length >= 32));
  for (const one of all) assert.equal(stdout.includes(one), false, one);
  assert.equal(stdout.includes('argon2'), false);
  assert.ok(stdout.includes('alice@example.org'));
});

test('an imported network has every row and every picture under its old address, and people get in with new passwords', async () => {
  const file = await exported(server);
  const was = await contents(file);
  let from = file, to;
  for (const other of database === 'postgres' ? [true, false] : [false]) {
    to = await target(other);
    const done = await to.cli('import', from);
    assert.equal(done.code, 0, done.stderr);
    from = await exported(to);
    const now = await contents(from);
    for (const table of Object.keys(was)) if (!['media', 'media_file', 'blob', 'job'].includes(table)) assert.deepEqual(now[table], was[table], table);
    assert.deepEqual(Object.keys(now), Object.keys(was));
    assert.equal(now.media.length, was.media.length);
    for (const job of was.job) assert.ok(now.job.includes(job), job); // beside those that the empty network had made itself
    const check = await to.cli('media', 'check');
    assert.equal(check.code, 0, check.stdout + check.stderr);
  }
  await to.start();
  const mine = `${to.url}/api/v1/statuses/${post.id}`;
  const shown = await (await fetch(mine)).json();
  assert.equal(shown.content.replaceAll(to.url, server.url), post.content);
  assert.equal(shown.favourites_count, 1);
  for (const [i, attachment] of post.media_attachments.entries()) {
    assert.equal(new URL(shown.media_attachments[i].url).pathname, new URL(attachment.url).pathname);
    assert.equal(await digest(shown.media_attachments[i].url), await digest(attachment.url));
  }
  assert.equal((await fetch(`${to.url}/api/v1/statuses/${direct.id}`)).status, 404);
  const again = await makeAppOf(to);
  const made = await to.cli('account', 'reset-password', 'alice');
  const password = /New password: (\S+)/.exec(made.stdout)?.[1];
  const token = await logIn(to, again, 'alice', password);
  const home = await (await to.fetch('/api/v1/timelines/home', { headers: { Authorization: `Bearer ${token}` } })).json();
  assert.ok(home.some((one) => (one.reblog ?? one).id === post.id));
  const seen = await to.fetch(`/api/v1/statuses/${direct.id}`, { headers: { Authorization: `Bearer ${token}` } });
  assert.match((await seen.json()).content, /edited/);
  const found = async () => (await (await to.fetch('/api/v2/search?q=bob&type=accounts', { headers: { Authorization: `Bearer ${token}` } })).json()).accounts;
  await eventually(found, (accounts) => accounts.length === 1);
  const old = await to.fetch('/api/v1/timelines/home', { headers: { Authorization: `Bearer ${cast.alice.token}` } });
  assert.equal(old.status, 401);
});

async function makeAppOf(to) {
  const { makeApp } = await import('../cast/cast.mjs');
  return makeApp(to);
}

test('with secrets, sealed, sessions and passwords stay good; a wrong passphrase opens nothing', async () => {
  const key = await passphrase('correct horse battery staple\n');
  const file = await exported(server, '--with-secrets', '--key', key);
  const names = (await run('tar', ['-I', 'zstd', '-tf', file])).stdout.split('\n');
  for (const table of ['member', 'token', 'app', 'site']) assert.ok(names.includes(`tables/${table}/000001.sealed`), table);
  const { stdout } = await run('zstd', ['-dc', file], { encoding: 'latin1', maxBuffer: 1 << 28 });
  assert.equal(stdout.includes('argon2id$'), false);
  assert.equal(stdout.includes('alice@example.org'), false);
  const to = await target(true);
  const none = await to.cli('import', file);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /--key/);
  const wrong = await to.cli('import', file, '--key', await passphrase('correct horse battery stable\n'));
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /tables\/\w+\/000001\.sealed: it cannot be opened: the passphrase is another one, or it is damaged/);
  assert.equal(await to.sql('SELECT count(*) FROM account'), '0');
  const done = await to.cli('import', file, '--key', key);
  assert.equal(done.code, 0, done.stderr);
  await to.start();
  const home = await to.fetch('/api/v1/timelines/home', { headers: { Authorization: `Bearer ${cast.alice.token}` } });
  assert.equal(home.status, 200);
  await logIn(to, cast.app, 'bob', cast.bob.password);
  const check = await to.cli('media', 'check');
  assert.equal(check.code, 0, check.stdout + check.stderr);
  assert.equal(await to.sql("SELECT value FROM site WHERE key = 'secret'"), await server.sql("SELECT value FROM site WHERE key = 'secret'"));
});

test('a short passphrase, a file that is there, and a folder with a network in it are refused', async () => {
  const short = await server.cli('export', archive(), '--with-secrets', '--key', await passphrase('short'));
  assert.match(short.stderr, /at least 12/);
  const file = await exported(server);
  const before = await readFile(file);
  const twice = await server.cli('export', file);
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /is there already/);
  assert.ok(before.equals(await readFile(file)));
  const busy = await server.cli('import', file);
  assert.equal(busy.code, 1);
  assert.match(busy.stderr, /in use by another freehold/);
  const to = await target();
  assert.equal((await to.cli('import', file)).code, 0);
  const again = await to.cli('import', file);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /there is a network in this data folder already/);
});

test('damaged, foreign and hostile archives are refused with the place named, and nothing is written', async () => {
  const good = await exported(server);
  const folder = await unpacked(good);
  const to = await target();
  const pack = async (change, order) => {
    const copy = path.join(dir, `h${++files}`);
    await run('cp', ['-r', folder, copy]);
    await change(copy);
    const file = `${copy}.tar.zst`;
    const names = order ?? ['freehold.json', 'media', 'tables', 'end.json'];
    await run('tar', ['-I', 'zstd', '-cf', file, '-C', copy, ...names]);
    return file;
  };
  const edit = (name, from, into) => async (copy) => {
    const text = await readFile(path.join(copy, name), 'utf8');
    assert.ok(text.includes(from), `${name} has no ${from}`);
    await writeFile(path.join(copy, name), text.replace(from, into));
  };
  const bytes = await readFile(good);
  const cut = archive(), flipped = archive(), foreign = archive(), empty = archive();
  await writeFile(cut, bytes.subarray(0, bytes.length >> 1));
  await writeFile(flipped, Buffer.concat([bytes.subarray(0, 3000), Buffer.from([bytes[3000] ^ 1]), bytes.subarray(3001)]));
  await writeFile(foreign, await readFile(path.join(root, 'README.md')));
  await writeFile(empty, '');
  const status = 'tables/status/000001.ndjson';
  const cases = [
    [cut, /ends too early/],
    [flipped, /damaged|corrupt|checksum|sum/i],
    [foreign, /damaged|no archive/],
    [empty, /no archive/],
    [await pack(() => {}, ['media', 'tables', 'end.json']), /freehold\.json does not stand first/],
    [await pack(() => {}, ['freehold.json', 'media', 'tables']), /end\.json is missing/],
    [await pack(() => {}), /end\.json: the archive was changed or damaged/],
    [await pack(edit('freehold.json', '"version":1', '"version":2')), /use a newer freehold/],
    [await pack(edit('freehold.json', '"status":[', '"statuses":[')), /the table statuses is not known here/],
    [await pack(edit('freehold.json', '"author_id"', '"writer_id"')), /has no column writer_id/],
    [await pack(edit(status, '"author_id":"', '"author_id":"x')), /^freehold: tables\/status\/000001\.ndjson, line 1: author_id cannot be what it is/m],
    [await pack(edit(status, '{"id"', '{"extra":1,"id"')), /line 1: it has a member that the manifest does not name/],
    [await pack(edit(status, '{"id"', '["id"')), /line 1: it is no JSON/],
    [await pack(edit(status, ',"edited_at":null}', '}')), /line \d+: edited_at is missing/],
    [await pack(async (copy) => writeFile(path.join(copy, 'tables/status/000002.exe'), 'x')), /000002\.exe: it does not belong here/],
    [await pack(async (copy) => writeFile(path.join(copy, 'tables/passwd'), 'x')), /tables\/passwd: it does not belong here/],
    [await pack(async (copy) => writeFile(path.join(copy, 'media/../evil'), 'x'), ['freehold.json', 'media', 'evil', 'tables', 'end.json']), /evil: it does not belong here/],
  ];
  const count = async () => (await to.sql('SELECT count(*) FROM account')) + (await to.sql('SELECT count(*) FROM status')) + (await to.sql('SELECT count(*) FROM blob'));
  for (const [file, why] of cases) {
    const refused = await to.cli('import', file);
    assert.equal(refused.code, 1, `${file}: ${why}`);
    assert.match(refused.stderr, why);
    assert.equal(await count(), '000');
  }
  // A line of 100 MB that compresses to nothing.
  const bomb = await pack(async (copy) => writeFile(path.join(copy, status), Buffer.alloc(100 << 20, 0x20)));
  const refused = await to.cli('import', bomb);
  assert.match(refused.stderr, /tables\/status\/000001\.ndjson: it is too long/);
  assert.equal((await to.cli('import', good)).code, 0);
});
