// Starts the real program on a fresh data folder and a free port of loopback, and ends it by its process id.
//
//   const server = await startServer({ set: { 'registrations.mode': 'open' } });
//   await server.fetch('/health'); await server.cli('account', 'list'); await server.stop();
//
// TEST_DATABASE is sqlite (default) or postgres; for postgres TEST_PG is the address of a cluster in which each server gets a database of its own.
// TEST_STORE=s3 keeps the media of each server in a bucket of its own in the store that TEST_S3 names, and what it fetched in another.
// TEST_BINARY is the program to test (default build/freehold).
import { spawn, execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.TEST_BINARY ?? path.join(root, 'build/freehold');
export const store = process.env.TEST_STORE ?? 'files';
export const database = process.env.TEST_DATABASE ?? 'sqlite';

// Below those that the kernel gives to whoever connects somewhere: it stays free until the server is started, and while it is stopped.
export async function freePort() {
  for (;;) {
    const port = 12000 + Math.floor(Math.random() * 20000);
    const probe = createServer();
    const free = await new Promise((resolve) => probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)));
    await new Promise((resolve) => probe.close(resolve));
    if (free) return port;
  }
}

let databases = 0;
export async function freshDatabase() {
  if (database !== 'postgres') return null;
  const admin = process.env.TEST_PG;
  if (!admin) throw new Error('TEST_DATABASE=postgres needs TEST_PG, the address of a cluster (tests/pg starts one)');
  const name = `freehold_${process.pid}_${++databases}`;
  await run('psql', ['-qX', '-d', admin, '-c', `CREATE DATABASE ${name}`]);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.href;
}

// Settings that make tests quick and let them log in; a test says what it wants otherwise.
const quick = {
  'limits.enabled': 'no',
  'oauth.password_grant': 'yes',
  'registrations.confirm': 'none',
  'accounts.argon_memory': '64K',
  'accounts.argon_passes': '1',
  'server.stop_grace': '2s',
};

function environment() {
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (name.startsWith('FREEHOLD_')) delete env[name];
  env.ASAN_OPTIONS ??= 'abort_on_error=1:detect_leaks=1';
  env.UBSAN_OPTIONS ??= 'halt_on_error=1:print_stacktrace=1';
  env.TSAN_OPTIONS ??= 'halt_on_error=0:exitcode=66';
  return env;
}

export class Server {
  constructor(options) {
    Object.assign(this, options);
    this.log = '';
  }

  get args() {
    const set = { ...quick, ...(this.databaseUrl ? { 'database.url': this.databaseUrl } : {}), ...this.set };
    return ['--data', this.dataDir, ...Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`])];
  }

  // Resolves when /health answers; rejects with the log when the program ends first.
  async start() {
    this.child = spawn(this.program, ['serve', '--listen', `127.0.0.1:${this.port}`, ...this.args, ...this.serveArgs], {
      env: { ...environment(), ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = new Promise((resolve) => this.child.on('exit', (code, signal) => resolve({ code, signal })));
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (data) => (this.log += data));
    let over = null;
    this.ended.then((end) => (over = end));
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      if (over) throw new Error(`the server ended at its start (${over.code ?? over.signal}):\n${this.log}`);
      try {
        const health = await fetch(`${this.url}/health`);
        await health.arrayBuffer();
        if (health.ok) return this;
      } catch {
        // not listening yet
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`the server did not answer within 30 s:\n${this.log}`);
  }

  fetch(where, options = {}) {
    return fetch(this.url + where, { redirect: 'manual', ...options });
  }

  // Runs a command of the program on this server's data folder; never rejects: { code, stdout, stderr }.
  async cli(...args) {
    try {
      const { stdout, stderr } = await run(binary, [...args, ...this.args], { env: environment() });
      return { code: 0, stdout, stderr };
    } catch (error) {
      return { code: error.code, stdout: error.stdout ?? '', stderr: error.stderr ?? String(error) };
    }
  }

  // Rows of the database itself, columns joined by "|". Statements that change rows are for a server that is stopped.
  async sql(text) {
    const { stdout } = this.databaseUrl
      ? await run('psql', ['-qXAt', '-d', this.databaseUrl, '-c', 'SET session_replication_role = replica', '-c', text])
      : await run('sqlite3', ['-cmd', '.timeout 5000', path.join(this.dataDir, 'freehold.db'), text]);
    return stdout.trim();
  }

  // SIGTERM and wait; a sanitizer's report or a crash is an error.
  async stop(signal = 'SIGTERM') {
    if (!this.child) return;
    this.child.kill(signal);
    const end = await this.ended;
    this.child = null;
    if (signal === 'SIGTERM' && end.code !== 0) throw new Error(`the server ended badly (${end.code ?? end.signal}):\n${this.log.slice(-8000)}`);
    if (/ERROR: AddressSanitizer|runtime error:|WARNING: ThreadSanitizer|LeakSanitizer/.test(this.log)) throw new Error(`a sanitizer complains:\n${this.log.slice(-8000)}`);
  }

  async remove() {
    try {
      await this.stop();
    } finally {
      await rm(this.dataDir, { recursive: true, force: true });
    }
  }
}

// set: settings by name; serveArgs: more arguments of serve; env: more environment; databaseUrl and dataDir to share those of another server;
// program: another binary.
export async function startServer({ set = {}, serveArgs = [], env = {}, databaseUrl, dataDir, port, program = binary } = {}) {
  const { startCeph } = await import('./s3.mjs');
  const ceph = store === 's3' && !set['media.store'] ? await startCeph() : undefined;
  const bucket = await ceph?.bucket(), fetched = await ceph?.bucket();
  const chosen = port ?? (await freePort());
  const server = new Server({
    set: { ...bucket?.settings(), ...(fetched && { 'media.remote_store': fetched.settings()['media.store'] }), ...set },
    bucket,
    fetched,
    serveArgs,
    env,
    program,
    port: chosen,
    url: `http://127.0.0.1:${chosen}`,
    dataDir: dataDir ?? (await mkdtemp(path.join(tmpdir(), 'freehold-test-'))),
    databaseUrl: databaseUrl ?? (await freshDatabase()),
  });
  try {
    return await server.start();
  } catch (error) {
    server.child?.kill('SIGKILL');
    await rm(server.dataDir, { recursive: true, force: true });
    throw error;
  }
}
