// Markers: how far somebody has read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice;
before(async () => {
  server = await startServer();
  ({ alice } = await makeCast(server, 'alice'));
});
after(() => server.remove());

test('without a marker there is nothing', async () => {
  assert.deepEqual((await alice.get('/api/v1/markers?timeline[]=home&timeline[]=notifications')).body, {});
});

test('a marker is kept and its version counts', async () => {
  const first = (await alice.post('/api/v1/markers', { home: { last_read_id: '103194548672408537' } })).body;
  assert.equal(first.home.last_read_id, '103194548672408537');
  assert.equal(first.home.version, 1);
  assert.ok(Date.parse(first.home.updated_at) > Date.now() - 60_000);
  assert.equal(first.notifications, undefined);
  const second = (await alice.post('/api/v1/markers', { home: { last_read_id: '103194548672408538' }, notifications: { last_read_id: '7' } })).body;
  assert.equal(second.home.version, 2);
  assert.equal(second.notifications.version, 1);
  assert.deepEqual((await alice.get('/api/v1/markers?timeline[]=home&timeline[]=notifications')).body, second);
  assert.deepEqual(Object.keys((await alice.get('/api/v1/markers?timeline[]=notifications')).body), ['notifications']);
});

test('forms work as well as JSON', async () => {
  const answer = await server.fetch('/api/v1/markers', {
    method: 'POST',
    headers: { Authorization: `Bearer ${alice.token}` },
    body: new URLSearchParams({ 'home[last_read_id]': '103194548672408539' }),
  });
  assert.equal((await answer.json()).home.last_read_id, '103194548672408539');
});

test('what is no id is refused with the reason', async () => {
  const answer = await alice.post('/api/v1/markers', { home: { last_read_id: 'yesterday' } });
  assert.equal(answer.status, 422);
  assert.match(answer.body.error, /home/);
});
