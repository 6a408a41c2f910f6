// `freehold drill`: leaving is rehearsed beside the running network, which stays as it is.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually, makeCast } from '../cast/cast.mjs';
import { rowsOf } from '../harness/backups.mjs';
import { drawing, noise } from '../harness/drawings.mjs';
import { binary, startServer, store } from '../harness/server.mjs';

const run = promisify(execFile);
const cleanup = [];
after(async () => {
  for (const undo of cleanup.reverse()) await undo();
});
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function network(set = {}) {
  const server = await startServer({ set });
  cleanup.push(() => server.remove());
  return server;
}

async function picture(person, seed) {
  const form = new FormData();
  form.append('file', new Blob([await drawing('png', ...noise('300x200', seed))]), 'a.png');
  const answer = await person.post('/api/v2/media', form);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return person.posts(`picture ${seed}`, { media_ids: [answer.body.id] });
}

// Words to the running server, as the command line sends them (net/admin.h).
function tell(server, ...words) {
  const number = (n) => Buffer.from([n >> 24, n >> 16, n >> 8, n].map((b) => b & 255));
  return new Promise((resolve, reject) => {
    const socket = connect(path.join(server.dataDir, 'admin.sock'));
    const parts = [];
    socket.on('data', (part) => parts.push(part)).on('error', reject);
    socket.on('end', () => {
      const all = Buffer.concat(parts);
      resolve({ status: all.readUInt32BE(0), text: all.subarray(8, 8 + all.readUInt32BE(4)).toString() });
    });
    socket.write(Buffer.concat([number(words.length), ...words.flatMap((word) => [number(word.length), Buffer.from(word)])]));
  });
}

const leftOvers = async (server) => (await readdir(server.dataDir)).filter((name) => name.startsWith('drill'));
const note = async (server) => JSON.parse(await server.sql("SELECT value FROM site WHERE key = 'drill'"));
const number = (text, pattern) => Number(pattern.exec(text)?.[1] ?? NaN);

test('a drill copies, opens and tries the network, says how long it took, notes it, and leaves no trace but the note', async () => {
  const server = await network();
  const { alice, bob, olga } = await makeCast(server, 'alice', 'bob', 'olga');
  await bob.follows(alice);
  assert.deepEqual((await olga.get('/api/freehold/v1/drill')).body, { at: null });
  for (let i = 0; i < 3; i++) await picture(alice, i);
  for (let i = 0; i < 10; i++) await alice.posts(`post ${i}`, { visibility: i % 3 ? 'public' : 'private' });
  const quiet = async () => {
    const rows = await rowsOf(server.dataDir, server.databaseUrl);
    rows.site = rows.site.filter((row) => !row.includes(Buffer.from('drill').toString('hex').toUpperCase()));
    for (const table of ['job', 'idempotency']) delete rows[table];
    return rows;
  };
  await sleep(1000);
  const before = await quiet();
  const said = await server.cli('drill');
  assert.equal(said.code, 0, said.stdout + said.stderr);
  assert.match(said.stdout, /^This network can leave\./);
  assert.ok(number(said.stdout, /copied +(\d+) rows/) > 30, said.stdout);
  assert.ok(number(said.stdout, /(\d+) files \(/) >= 3);
  assert.match(said.stdout, /opened +answers after \d+\.\d s, takes a new post after \d+\.\d s/);
  assert.match(said.stdout, /compared +\d+ rows drawn at random: 0 missing, 0 changed; 3 account, 13 status, 3 media, \d+ token/);
  assert.match(said.stdout, /tried +[1-9]\d* posts, \d+ pictures and films, log-in and home timeline/);
  assert.match(said.stdout, /in a network namespace that reaches nobody/);
  assert.deepEqual(await quiet(), before, 'the network is what it was');
  const noted = await note(server);
  assert.equal(noted.ok, true);
  assert.equal(noted.why, '');
  assert.ok(noted.logged_in && noted.apart && noted.compared > 10 && noted.missing === 0 && noted.changed === 0);
  assert.ok(Date.now() - Date.parse(noted.at) < 60_000);
  assert.deepEqual(await leftOvers(server), []);
  assert.match((await server.cli('standby', 'list')).stdout, /^No machine keeps a copy/);
  assert.equal(await server.sql("SELECT count(*) FROM site WHERE key = 'epoch'"), '0');
  await alice.posts('it goes on');
});

test('while people write, delete and log in, nothing is missing in the copy; settings of the environment do not reach it, nor does it need namespaces', async () => {
  const server = await network();
  const { alice, bob } = await makeCast(server, 'alice', 'bob', 'olga');
  const writing = { on: true };
  const writer = (async () => {
    while (writing.on) {
      const made = await alice.posts('busy');
      if (Math.random() < 0.3) await alice.request('DELETE', `/api/v1/statuses/${made.id}`);
      else await bob.post(`/api/v1/statuses/${made.id}/favourite`);
    }
  })();
  await sleep(500);
  const env = { ...process.env, FREEHOLD_DATABASE_URL: server.databaseUrl ?? `sqlite:${path.join(server.dataDir, 'freehold.db')}` };
  const without = 'echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all "$@"';
  const { stdout } = await run('unshare', ['-r', 'sh', '-c', without, 'sh', binary, 'drill', '--data', server.dataDir], { env });
  writing.on = false;
  await writer;
  assert.match(stdout, /: 0 missing, 0 changed;/);
  assert.match(stdout, /on loopback: the kernel gives no network namespace here/);
  assert.equal((await alice.posts('still here')).content, '<p>still here</p>');
});

test('a file that the network has lost makes the drill fail, and the note says why', { skip: store !== 'files' && 'looks into the folder of files' }, async () => {
  const server = await network();
  const { alice } = await makeCast(server, 'alice', 'olga');
  await picture(alice, 1);
  await rm(path.join(server.dataDir, 'media'), { recursive: true });
  const said = await server.cli('drill');
  assert.equal(said.code, 1);
  assert.match(said.stderr, /^freehold: the drill failed: a picture or film was answered with 404\n$/);
  const noted = await note(server);
  assert.equal(noted.ok, false);
  assert.equal(noted.why, 'a picture or film was answered with 404');
  assert.deepEqual(await leftOvers(server), []);
});

test('a drill that is killed leaves the network writing, although it has a lease, and the next one clears up; Ctrl-C clears up itself', async () => {
  const server = await network({ 'standby.lease': '2s' });
  const { alice } = await makeCast(server, 'alice', 'olga');
  const begin = () => spawn(binary, ['drill', ...server.args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const joined = (but) => eventually(() => server.sql("SELECT name FROM standby WHERE key_hash IS NOT NULL AND name LIKE 'drill.%'"), (name) => name && name !== but, 60_000);
  const killed = begin();
  const first = await joined();
  killed.kill('SIGKILL');
  await sleep(3000);
  await alice.posts('written without a standby');
  await server.stop();
  await server.start();
  await alice.posts('and after a restart');

  const stopped = begin();
  let text = '';
  stopped.stderr.on('data', (data) => (text += data));
  await joined(first);
  assert.equal((await leftOvers(server)).length, 1, 'what the killed one left is gone');
  stopped.kill('SIGINT');
  assert.equal(await new Promise((resolve) => stopped.on('exit', resolve)), 1);
  assert.match(text, /interrupted; the network is as it was, and nothing of the copy is left/);
  assert.equal(await server.sql('SELECT count(*) FROM standby'), '0');
  assert.equal((await server.cli('drill')).code, 0);
  assert.deepEqual(await leftOvers(server), []);
  await alice.posts('and after a drill');
});

test('nothing can be handed over to a rehearsal; what cannot work is refused', async () => {
  const server = await network();
  const { alice } = await makeCast(server, 'alice', 'olga');
  const begun = await tell(server, 'drill', '--begin');
  assert.equal(begun.status, 0, begun.text);
  const [, token] = /^token (\S+)$/m.exec(begun.text);
  const ask = (where, secret) => server.fetch(`/api/freehold/standby/${where}`, { method: 'POST', headers: { 'Freehold-Standby': secret, 'Freehold-Nonce': 'n' } });
  const [key] = /[\w-]{43}/.exec(await (await ask('join', token)).text());
  const handed = await ask('handover', key);
  assert.equal(handed.status, 403);
  assert.match((await handed.json()).error, /of a rehearsal: nothing is handed over/);
  await alice.posts('it is open');
  assert.equal((await tell(server, 'drill', '--note', 'no object')).status, 1);
  assert.match((await server.cli('standby', 'invite', 'drill.mine')).stderr, /names that begin with drill\. are those of rehearsals/);
  assert.equal((await server.cli('drill', '--fast')).code, 2);
  const nowhere = await server.cli('drill', '--scratch', '/no/such/folder');
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /^freehold: \/no\/such\/folder cannot be opened: No such file/);
  await server.stop();
  assert.match((await server.cli('drill')).stderr, /no network runs on /);
  await server.start();
});

test('by the clock: it is made by itself, the owner and the metrics see how it went, and a stop ends it', async () => {
  const server = await network({ 'drill.every': '1h' });
  const { olga, alice } = await makeCast(server, 'olga', 'alice');
  await alice.posts('one');
  assert.equal((await alice.get('/api/freehold/v1/drill')).status, 403);
  assert.equal((await server.fetch('/api/freehold/v1/drill')).status, 401);
  const last = await eventually(async () => (await olga.get('/api/freehold/v1/drill')).body, ({ at }) => at, 60_000);
  assert.equal(last.ok, true, last.why);
  assert.ok(last.open_seconds > 0 && last.write_seconds >= last.open_seconds && last.posts_read > 0);
  const metrics = await eventually(async () => (await server.fetch('/metrics')).text(), (text) => /^freehold_drill_failed 0$/m.test(text));
  assert.equal(number(metrics, /^freehold_drill_seconds (\d+)$/m), Math.floor(Date.parse(last.at) / 1000));
  assert.equal(number(metrics, /^freehold_drill_lost_rows (\d+)$/m), 0);
  assert.ok(number(metrics, /^freehold_drill_open_milliseconds (\d+)$/m) > 0);
  await sleep(3000);
  assert.equal((await olga.get('/api/freehold/v1/drill')).body.at, last.at, 'once an hour');

  await server.stop();
  await server.sql("DELETE FROM site WHERE key = 'drill'");
  await server.start();
  await eventually(() => leftOvers(server), (names) => names.length === 1, 30_000);
  const began = Date.now();
  await server.stop();
  assert.ok(Date.now() - began < 10_000);
  assert.deepEqual(await leftOvers(server), []);
  await server.start();
});
