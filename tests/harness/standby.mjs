// Standbys of a server of the harness, each with its own data folder and, for 'postgres', its own database in the cluster that TEST_PG names.
//
//   const standby = await Standby.make(origin, 'postgres'); await standby.join(); await standby.current(); await standby.cli('promote'); …; await cleanUp();
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../cast/cast.mjs';
import { binary, freePort, startServer } from './server.mjs';

const run = promisify(execFile);

// The engines of standbys, each in turn, as far as there is a PostgreSQL.
export const kinds = process.env.TEST_STANDBY ? [process.env.TEST_STANDBY] : process.env.TEST_PG ? ['sqlite', 'postgres'] : ['sqlite'];

// What is undone at the end, the last first.
export const cleanup = [];
export async function cleanUp() {
  for (const undo of cleanup.splice(0).reverse()) await undo();
}

let count = 0;
export async function freshUrl(kind) {
  if (kind !== 'postgres') return null;
  const name = `standby_${process.pid}_${++count}`;
  await run('psql', ['-qX', '-d', process.env.TEST_PG, '-c', `CREATE DATABASE ${name}`]);
  const url = new URL(process.env.TEST_PG);
  url.pathname = `/${name}`;
  return url.href;
}

export async function makeOrigin(set = {}, options = {}) {
  const origin = await startServer({ set, ...options });
  cleanup.push(() => origin.remove());
  return origin;
}

// Like a server of the harness once it was promoted. set: settings of its own; wrap: a command that runs it, as nice; program: another one.
export class Standby {
  program = binary;

  static async make(origin, kind, { set = {}, wrap = [] } = {}) {
    const s = new Standby();
    Object.assign(s, { origin, set, wrap });
    s.dataDir = await mkdtemp(path.join(tmpdir(), 'freehold-standby-'));
    s.databaseUrl = await freshUrl(kind);
    s.port = await freePort();
    s.url = `http://127.0.0.1:${s.port}`;
    s.log = '';
    cleanup.push(() => rm(s.dataDir, { recursive: true, force: true }));
    cleanup.push(() => s.stop('SIGKILL'));
    return s;
  }

  get args() {
    const set = { 'server.domain': new URL(this.origin.url).host, 'limits.enabled': 'no', 'oauth.password_grant': 'yes', 'registrations.confirm': 'none', 'accounts.argon_memory': '64K', 'accounts.argon_passes': '1', 'server.stop_grace': '2s', ...(this.databaseUrl ? { 'database.url': this.databaseUrl } : {}), ...this.set };
    return ['--data', this.dataDir, ...Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`])];
  }

  // The old home's data folder, which shall keep a copy now.
  static async of(server, origin) {
    const s = new Standby();
    Object.assign(s, { origin, set: {}, wrap: [], dataDir: server.dataDir, databaseUrl: server.databaseUrl, port: await freePort(), log: '' });
    s.url = `http://127.0.0.1:${s.port}`;
    cleanup.push(() => s.stop('SIGKILL'));
    return s;
  }

  async invite(name = 'other-home') {
    const said = await this.origin.cli('standby', 'invite', name);
    assert.equal(said.code, 0, said.stderr);
    return /--token (\S+)/.exec(said.stdout)[1];
  }

  start(...more) {
    const [program, ...args] = [...this.wrap, this.program, 'standby', '--listen', `127.0.0.1:${this.port}`, ...more, ...this.args];
    this.child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const child = this.child;
    this.ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (this.log += data));
  }

  async join(url = this.origin.url) {
    this.start('--from', url, '--token', await this.invite());
  }

  async metrics() {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Object.fromEntries([...text.matchAll(/^freehold_standby_(\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]));
  }

  async current() {
    return eventually(async () => {
      try {
        return await this.metrics();
      } catch {
        return {};
      }
    }, (m) => m.loaded === 1 && m.media_whole === 1 && m.lag_seconds < 2, 30_000).catch((error) => {
      throw new Error(`${error.message}\n${this.log.slice(-4000)}`);
    });
  }

  async cli(...args) {
    try {
      const { stdout, stderr } = await run(this.program, [...args, ...this.args]);
      return { code: 0, stdout, stderr };
    } catch (error) {
      return { code: error.code, stdout: error.stdout ?? '', stderr: error.stderr ?? String(error) };
    }
  }

  fetch(where, options = {}) {
    return fetch(this.url + where, { redirect: 'manual', ...options });
  }

  async stop(signal = 'SIGTERM') {
    if (!this.child) return;
    this.child.kill(signal);
    const end = await this.ended;
    this.child = null;
    if (signal === 'SIGTERM') assert.equal(end.code, 0, this.log.slice(-4000));
  }
}

// Rows of a database, sorted. enter: the command that leads to where its folder is seen.
export async function dump(databaseUrl, dataDir, text, enter = []) {
  const { stdout } = databaseUrl?.startsWith('postgres') ? await run('psql', ['-qXAt', '-F', '|', '-d', databaseUrl, '-c', text], { maxBuffer: 1 << 28 }) : await run('env', [...enter, 'sqlite3', '-cmd', '.timeout 5000', path.join(dataDir, 'freehold.db'), text], { maxBuffer: 1 << 28 });
  return stdout.trim().split('\n').sort();
}

// Name and SHA-256 of every blob in a data folder.
export async function blobsIn(folder) {
  const names = [];
  for (const entry of await readdir(path.join(folder, 'media'), { withFileTypes: true, recursive: true }).catch(() => []))
    if (entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name)) names.push(`${entry.name} ${createHash('sha256').update(await readFile(path.join(entry.parentPath ?? entry.path, entry.name))).digest('hex')}`);
  return names.sort();
}

// What people made, from the databases themselves.
export const questions = [
  "SELECT id, author_id, flags, coalesce(text, '-'), coalesce(reply_to_id, 0), coalesce(boost_of_id, 0) FROM status",
  'SELECT id, username, coalesce(display_name, \'-\'), flags FROM account',
  'SELECT account_id, email, password_hash, role, flags FROM member',
  'SELECT account_id, target_id, id, flags FROM follow',
  'SELECT account_id, status_id FROM favourite',
  'SELECT status_id, replies, boosts, favourites FROM status_count',
  'SELECT id, key, size, state FROM media',
  'SELECT id, account_id, kind, from_id FROM notification',
  "SELECT key, value FROM site WHERE key <> 'epoch'",
];
export async function assertSame(origin, standby) {
  for (const question of questions) assert.deepEqual(await dump(standby.databaseUrl, standby.dataDir, question, standby.enter), await dump(origin.databaseUrl, origin.dataDir, question, origin.enter), question);
}

// The smallest PNG there is.
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
export async function picture(person) {
  const form = new FormData();
  form.append('file', new Blob([png]), 'a.png');
  const answer = await person.post('/api/v2/media', form);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}
