// What must survive: kill -9 among 64 writers, a full disk, a database that is stopped and started. Nothing acknowledged is lost, trouble is
// answered with 503 and Retry-After, reads go on where they can, and everything recovers by itself.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { database, root, startServer } from '../harness/server.mjs';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
let state = seed;
const random = (n) => ((state = (state * 1103515245 + 12345) % 2147483648), Math.floor((state / 2147483648) * n));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const WRITERS = 64;
const rounds = 2;

// Posts as fast as the server answers until it is gone; collects what was acknowledged.
async function write(person, posted, over) {
  for (let n = 0; !over(); n++) {
    try {
      const answer = await person.post('/api/v1/statuses', { status: `post ${n} among many, written while it is dangerous` });
      if (answer.status === 200) posted.push(answer.body.id);
    } catch {
      return; // the connection died with the server: not acknowledged
    }
  }
}

test(`kill -9 among ${WRITERS} writers loses no acknowledged post (seed ${seed})`, async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  const { alice, bob, carol } = await makeCast(server);
  for (let round = 0; round < rounds; round++) {
    const posted = [];
    let killed = false;
    const writers = Array.from({ length: WRITERS }, (_, i) => write([alice, bob, carol][i % 3], posted, () => killed));
    await sleep(100 + random(900));
    killed = true;
    server.child.kill('SIGKILL');
    await server.ended;
    await Promise.all(writers);
    assert.ok(posted.length > 0);
    await server.start();
    for (const id of posted) {
      const answer = await server.fetch(`/api/v1/statuses/${id}`);
      assert.equal(answer.status, 200, `post ${id} of ${posted.length} was acknowledged and is gone`);
      await answer.arrayBuffer();
    }
    t.diagnostic(`${posted.length} posts had been acknowledged`);
  }
});

async function assertUnavailable(answer) {
  assert.equal(answer.status, 503, JSON.stringify(answer.body));
  assert.ok(answer.headers.get('retry-after'));
  assert.equal(typeof answer.body.error, 'string');
}

test('a full disk: writes are answered with 503, reads go on, and it recovers by itself', { skip: database !== 'sqlite' }, async (t) => {
  const server = await startServer();
  t.after(() => server.remove());
  const { alice } = await makeCast(server);
  const before = await alice.posts('before the disk was full');
  const size = statSync(path.join(server.dataDir, 'freehold.db-wal')).size;
  const limit = (bytes) => execFileSync('prlimit', ['--pid', String(server.child.pid), `--fsize=${bytes}:`]);
  limit(size + 20000);
  let answer;
  for (let n = 0; n < 200; n++) {
    answer = await alice.post('/api/v1/statuses', { status: `a post of some length that fills the last of the disk, number ${n}` });
    if (answer.status !== 200) break;
  }
  await assertUnavailable(answer);
  await assertUnavailable(await alice.post('/api/v1/statuses', { status: 'still full' }));
  assert.equal((await alice.get(`/api/v1/statuses/${before.id}`)).status, 200);
  assert.equal((await alice.get('/api/v1/timelines/home')).status, 200);
  limit('unlimited');
  assert.equal((await alice.post('/api/v1/statuses', { status: 'after the disk was full' })).status, 200);
});

// A cluster of its own, which this test may stop: resolves to its address and to pg_ctl.
async function ownCluster(t) {
  const child = spawn(path.join(root, 'tests/pg'), ['sh', '-c', 'echo "$TEST_PG $TEST_PG_DATA $TEST_PG_BIN"; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(async () => {
    child.stdin.end();
    await new Promise((resolve) => child.on('exit', resolve));
  });
  const line = await new Promise((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim())));
  const [url, data, bin] = line.split(' ');
  const as = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  const control = (how) => {
    const [command, ...args] = [...as, `${bin}/pg_ctl`, '-D', data, '-s', '-w', '-m', 'immediate', '-l', path.join(path.dirname(data), 'log'), how];
    execFileSync(command, args, { cwd: '/', stdio: 'ignore' });
  };
  return { url, control };
}

test('PostgreSQL is stopped and started: 503 while it is gone, and it recovers by itself', { skip: database !== 'postgres' }, async (t) => {
  const { url, control } = await ownCluster(t);
  const server = await startServer({ databaseUrl: url });
  t.after(() => server.remove());
  const { alice } = await makeCast(server);
  const before = await alice.posts('before the database went away');
  control('stop');
  await assertUnavailable(await alice.post('/api/v1/statuses', { status: 'nobody keeps this' }));
  const page = await server.fetch('/@alice', { headers: { Accept: 'text/html', 'Accept-Language': 'de' } });
  assert.deepEqual([page.status, page.headers.get('content-type'), page.headers.get('retry-after')], [503, 'text/html; charset=utf-8', '5']);
  assert.match(await page.text(), /<html lang="de">[^]*gleich noch einmal/);
  control('start');
  assert.equal((await alice.post('/api/v1/statuses', { status: 'after it came back' })).status, 200);
  assert.equal((await alice.get(`/api/v1/statuses/${before.id}`)).status, 200);
  control('restart');
  assert.equal((await alice.post('/api/v1/statuses', { status: 'after a restart' })).status, 200);
});
