// The owner's route about copies elsewhere: backups with their history, standbys with what they do and how far they are behind, media on their way.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually, makeCast } from '../cast/cast.mjs';
import { Standby, cleanUp, picture } from '../harness/standby.mjs';
import { binary, startServer } from '../harness/server.mjs';

const run = promisify(execFile);
let server, dir, olga, alice;

before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'freehold-copies-'));
  await run(binary, ['backup', 'key', path.join(dir, 'key')]);
  server = await startServer({ set: { 'backup.to': path.join(dir, 'place'), 'backup.key': path.join(dir, 'key'), 'backup.every': '10s', 'backup.keep': '', 'backup.verify': '10s' } });
  ({ olga, alice } = await makeCast(server, 'olga', 'alice'));
});
after(async () => {
  await cleanUp();
  await server?.remove();
  await rm(dir, { recursive: true, force: true });
});

const copies = async () => (await olga.get('/api/freehold/v1/copies')).body;

test('it is for owners alone', async () => {
  assert.equal((await alice.get('/api/freehold/v1/copies')).status, 403);
  assert.equal((await server.fetch('/api/freehold/v1/copies')).status, 401);
});

test('each backup is a line of the history, with what it sent', async () => {
  await eventually(copies, ({ backup }) => backup.history.length > 0, 30_000);
  await alice.posts('a little more');
  const { backup, standbys, media_move: move } = await eventually(copies, ({ backup }) => backup.history.length >= 2 && backup.verified_at, 60_000);
  assert.equal(backup.to, path.join(dir, 'place'));
  assert.equal(backup.every_seconds, 10);
  assert.equal(backup.sound, true);
  assert.ok(Math.abs(Date.parse(backup.made_at) - Date.now()) < 60_000);
  const [first, second] = backup.history;
  assert.ok(first.bytes > 0 && second.bytes > 0 && first.seconds > 0, JSON.stringify(backup.history));
  assert.ok(Date.parse(second.at) > Date.parse(first.at));
  assert.deepEqual(standbys, []);
  assert.equal(move, null);
});

test('a standby is told of from its invitation to its revocation: what it does, and how far it is behind', async () => {
  const standby = await Standby.make(server, 'sqlite');
  const only = async () => (await copies()).standbys[0];
  const token = await standby.invite();
  assert.deepEqual(await only(), { name: 'other-home', joined: false, heard_at: null, doing: null, step: 0, steps: 0, behind_seconds: 0 });
  standby.start('--from', server.url, '--token', token);
  await standby.current();
  const follows = await eventually(only, ({ doing }) => doing === 'following', 10_000);
  assert.ok(follows.joined && follows.behind_seconds < 5 && Date.now() - Date.parse(follows.heard_at) < 10_000, JSON.stringify(follows));
  await standby.stop();
  await alice.posts('while it is away');
  const behind = await eventually(only, ({ behind_seconds: seconds }) => seconds > 1.5, 10_000);
  assert.equal(behind.doing, 'following');
  assert.equal((await server.cli('standby', 'revoke', 'other-home')).code, 0);
  assert.deepEqual((await copies()).standbys, []);
});

test('media that move to another store are counted on their way', async () => {
  for (let i = 0; i < 2; i++) await alice.posts('with a picture', { media_ids: [(await picture(alice)).id] });
  const to = `files:${path.join(dir, 'elsewhere')}`;
  const begun = await server.cli('media', 'migrate', '--to', to);
  assert.equal(begun.code, 0, begun.stderr);
  const over = await eventually(async () => (await copies()).media_move, (move) => move?.over, 40_000);
  assert.equal(over.to, to);
  assert.ok(over.moved > 0 && over.moved === over.found && over.all_found, JSON.stringify(over));
});
