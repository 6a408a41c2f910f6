// The notifier goes on where it was when its node dies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, makeCast, Person } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

test('a node killed after its answers makes each notification exactly once when it is back', async () => {
  const first = await startServer();
  const { alice, bob } = await makeCast(first, 'alice', 'bob');
  const posts = [];
  for (let round = 0; round < 5; round++) posts.push(...(await Promise.all([...Array(8).keys()].map((i) => bob.posts(`@alice ${round}.${i}`)))));
  await first.stop('SIGKILL');
  const second = await startServer({ dataDir: first.dataDir, databaseUrl: first.databaseUrl, port: first.port });
  const back = new Person(second, 'alice', alice.password, alice.token);
  const told = async () => (await back.get('/api/v1/notifications?types[]=mention&limit=80')).body.map((n) => n.status.id);
  // On PostgreSQL the dead node's lease has to end first.
  await eventually(told, (ids) => ids.length >= posts.length, 60_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual((await told()).sort(), posts.map((p) => p.id).sort());
  await second.remove();
});
