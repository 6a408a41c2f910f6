// A stop that something stands in the way of: it is over in time all the same.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice;

before(async () => {
  server = await startServer({ set: { 'server.stop_grace': '1s' } });
  ({ alice } = await makeCast(server, 'alice'));
});
after(() => server.remove());

// Somebody else keeps what every post needs, until its input ends.
async function hold() {
  const holding = server.databaseUrl ? spawn('psql', ['-qXAt', '-d', server.databaseUrl]) : spawn('sqlite3', [path.join(server.dataDir, 'freehold.db')]);
  holding.stdin.write(server.databaseUrl ? "BEGIN; LOCK TABLE status IN ACCESS EXCLUSIVE MODE; SELECT 'held';\n" : ".timeout 5000\nBEGIN IMMEDIATE; SELECT 'held';\n");
  const [said] = await once(holding.stdout, 'data');
  assert.match(String(said), /held/);
  return holding;
}

test('a worker that is stuck is left when the time to stop is over, and what was acknowledged is there after the next start', async () => {
  const kept = await alice.posts('said before');
  const holding = await hold();
  const stuck = alice.post('/api/v1/statuses', { status: 'said too late' }).catch((error) => error);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const began = Date.now();
  await server.stop('SIGTERM');
  const took = Date.now() - began;
  holding.stdin.end();
  await once(holding, 'exit');
  await stuck;
  assert.ok(took < 4000, `the stop took ${took} ms`);
  assert.match(server.log, /something was still running when the time to stop was over/);
  await server.start();
  assert.equal((await alice.get(`/api/v1/statuses/${kept.id}`)).status, 200);
});
