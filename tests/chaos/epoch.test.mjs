// Which home of a network is the newest is on its answers, and one that sees a newer takes no more writes. Both engines, as in standby.test.mjs.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { eventually, makeCast, Person } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';
import { Standby, cleanUp, cleanup, kinds, makeOrigin } from '../harness/standby.mjs';

afterEach(cleanUp);
const HEADER = 'Freehold-Epoch';
const at = (home, person) => new Person(home, person.name, person.password, person.token);
const write = (person, headers) => person.post('/api/v1/statuses', { status: 'x' }, headers).then((answer) => answer.status);
const shown = async (home, where = '/api/v2/instance', options) => (await home.fetch(where, options)).headers.get(HEADER);

// A copy of the network that was opened although its origin is away, and its header.
async function openedElsewhere(origin, kind) {
  const standby = await Standby.make(origin, kind);
  await standby.join();
  await standby.current();
  await standby.stop();
  await origin.stop();
  assert.equal((await standby.cli('promote', '--force')).code, 0);
  const home = await startServer({ dataDir: standby.dataDir, databaseUrl: standby.databaseUrl ?? 'sqlite:freehold.db', set: { 'server.domain': standby.args.join(' ').match(/server\.domain=(\S+)/)[1] } });
  cleanup.push(() => home.stop('SIGKILL'));
  return home;
}

for (const kind of kinds) {
  test(`${process.env.TEST_DATABASE ?? 'sqlite'} → ${kind}: a new home says so on its answers, the old one closes when somebody shows it, and nothing else closes either`, async () => {
    const origin = await makeOrigin();
    const { alice } = await makeCast(origin, 'alice');
    for (const where of ['/api/v2/instance', '/api/v1/timelines/home', '/@alice', '/nothing']) assert.equal(await shown(origin, where), null);
    const second = await openedElsewhere(origin, kind);
    const word = await shown(second);
    assert.match(word, /^1 [\w-]{32}$/);
    for (const where of ['/api/v1/timelines/public', '/api/v1/timelines/home', '/@alice', '/about', '/api/v1/statuses/1']) assert.equal(await shown(second, where), word, where);
    assert.equal(await shown(second, '/api/v1/statuses', { method: 'POST' }), word);
    assert.match((await second.fetch('/api/v2/instance', { headers: { Origin: 'https://elsewhere.example' } })).headers.get('access-control-expose-headers'), /Freehold-Epoch/);

    // its own word, and one of a home before it, close nothing
    const third = await openedElsewhere(second, kind);
    const higher = await shown(third);
    assert.match(higher, /^2 [\w-]{32}$/);
    for (const header of [higher, word]) assert.equal(await write(at(third, alice), { [HEADER]: header }), 200);
    await third.stop(); // it tells nobody

    // the old home does not know, and takes no guess for it
    await second.start();
    const [, proof] = word.split(' ');
    const forged = [`2 ${proof}`, `3 ${higher.split(' ')[1]}`, `2 ${'A'.repeat(32)}`, `9223372036854775807 ${'A'.repeat(32)}`, '2', `02 ${proof}`, `-2 ${proof}`, `${higher}x`, higher.slice(0, -1), higher.replace(' ', '  '), '', 'x'.repeat(5000), word];
    for (const header of forged) {
      assert.equal(await write(at(second, alice), { [HEADER]: header }), 200, header.slice(0, 60));
      assert.equal((await second.fetch('/api/v1/timelines/public', { headers: { [HEADER]: header } })).status, 200, header.slice(0, 60));
    }
    assert.equal(await write(at(second, alice)), 200);

    // told by whoever reads there, once
    const read = await second.fetch('/api/v1/timelines/public', { headers: { [HEADER]: higher } });
    assert.equal(read.status, 200);
    const refused = await at(second, alice).post('/api/v1/statuses', { status: 'x' });
    assert.equal(refused.status, 503);
    assert.match(refused.body.error, /another machine/);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal((await at(second, alice).get('/api/v1/timelines/home')).status, 200);
    await second.stop();
    await second.start();
    assert.equal(await write(at(second, alice)), 503);
    await second.stop();

    // and the first one by a write itself, which is not taken
    await origin.start();
    assert.equal(await write(alice), 200);
    const before = await origin.sql('SELECT count(*) FROM status');
    assert.equal(await write(alice, { [HEADER]: word }), 503);
    assert.equal(await origin.sql('SELECT count(*) FROM status'), before);
    assert.match((await origin.cli('account', 'create', 'late', '--email', 'late@example.org')).stderr, /another machine/);
    await origin.stop();
  });
}

test('guesses are counted: after some from one address even the right word is not heard from there for a while', async () => {
  const origin = await makeOrigin({ 'limits.enabled': 'yes' });
  const { alice } = await makeCast(origin, 'alice');
  const home = await openedElsewhere(origin, 'sqlite');
  const word = await shown(home);
  await home.stop();
  await origin.start();
  for (let i = 0; i < 40; i++) await origin.fetch('/api/v1/timelines/public', { headers: { [HEADER]: `7 ${'A'.repeat(32)}` } });
  assert.equal(await write(alice, { [HEADER]: word }), 200);
  assert.equal(await write(alice, { [HEADER]: word, 'X-Forwarded-For': '192.0.2.7' }), 200, 'no front is trusted');
  await origin.stop();
  await origin.start();
  assert.equal(await write(alice, { [HEADER]: word }), 503);
  await eventually(() => write(alice), (status) => status === 503);
  await origin.stop();
});
