// A version older on one side. build/tests/next/freehold-next is the same program with one migration more: columns with a default, and a table.
import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, before, test } from 'node:test';
import { eventually, makeCast, Person } from '../cast/cast.mjs';
import { assertCaughtUp, sleep, startWriters } from '../harness/chaos.mjs';
import { startLine } from '../harness/cutter.mjs';
import { binary, database } from '../harness/server.mjs';
import { Standby, assertSame, cleanUp, dump, kinds, makeOrigin } from '../harness/standby.mjs';

afterEach(cleanUp);
const next = path.join(path.dirname(binary), 'tests/next/freehold-next');
before(() => access(next));

// What a standby that is too old is told, in one line.
const older = /the origin answered 409: This network runs Freehold \d+\.\d+\.\d+ \(schema 9999\), the standby \d+\.\d+\.\d+ \(schema \d+\): put the newer one there, and it goes on where it was/;

async function upgrade(server) {
  await server.stop();
  server.program = next;
  await server.start();
}
const moods = (side) => dump(side.databaseUrl, side.dataDir, 'SELECT username, mood FROM account');
const weights = (side) => dump(side.databaseUrl, side.dataDir, 'SELECT id, weight FROM status');

// Somebody whose row has what only the newer version knows: written past the change log, then changed by it.
async function isGlad(server, person) {
  await server.stop();
  await server.sql(`UPDATE account SET mood = 'glad' WHERE username = '${person.name}'`);
  await server.start();
  assert.equal((await person.request('PATCH', '/api/v1/accounts/update_credentials', { display_name: 'Glad' })).status, 200);
}

for (const kind of kinds) {
  test(`${database} → ${kind}: a newer standby copies and follows an older network, goes on when that is renewed, takes over, and the old home has to be renewed to come back`, async () => {
    const origin = await makeOrigin();
    const { alice, bob } = await makeCast(origin, 'alice', 'bob');
    await alice.posts('before');
    const standby = await Standby.make(origin, kind);
    standby.program = next;
    await standby.join();
    await standby.current();
    await bob.posts('followed');
    await assertCaughtUp(origin, standby, []);
    assert.deepEqual(await moods(standby), ['alice|even', 'bob|even']);
    assert.ok((await weights(standby)).every((row) => row.endsWith('|7')));

    const said = await standby.cli('promote');
    assert.equal(said.code, 0, said.stderr);
    const home = new Person(standby, alice.name, alice.password, alice.token);
    const post = await eventually(() => home.post('/api/v1/statuses', { status: 'in the new home' }).catch(() => ({})), ({ status }) => status === 200, 10_000);
    assert.equal((await home.get('/api/v1/timelines/home')).body[0].id, post.body.id);

    await origin.stop();
    const token = /--token (\S+)/.exec((await standby.cli('standby', 'invite', 'old-home')).stdout)[1];
    const old = await Standby.of(origin, standby);
    const refused = await old.cli('demote', '--from', standby.url, '--token', token);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, older);
    old.program = next;
    const demoted = await old.cli('demote', '--from', standby.url, '--token', token);
    assert.equal(demoted.code, 0, demoted.stderr);
    old.start();
    await old.current();
    await home.posts('and back');
    await assertCaughtUp(standby, old, []);
    assert.deepEqual(await weights(old), await weights(standby));
    await old.stop();
    await standby.stop();
  });

  test(`${database} → ${kind}: an older standby of a newer network is refused in one line, keeps what it has and its invitation, and goes on once it is renewed`, async () => {
    const origin = await makeOrigin();
    const { alice, bob } = await makeCast(origin, 'alice', 'bob');
    const standby = await Standby.make(origin, kind);
    await standby.join();
    await standby.current();
    await standby.stop();
    await alice.posts('before it was renewed'); // in the shape of then
    await upgrade(origin);
    await isGlad(origin, bob);
    await alice.posts('since');

    const before = await dump(standby.databaseUrl, standby.dataDir, 'SELECT id FROM status');
    standby.log = '';
    standby.start();
    await eventually(() => standby.log, (log) => log.split(older).length > 2, 10_000);
    assert.equal(standby.log.split('\n').find((line) => older.test(line)).split(older).length, 2);
    assert.deepEqual(await dump(standby.databaseUrl, standby.dataDir, 'SELECT id FROM status'), before);
    await standby.stop();
    standby.program = next;
    standby.start();
    await standby.current();
    await eventually(() => moods(standby).then((all) => all.includes('bob|glad')), Boolean, 10_000);
    await assertCaughtUp(origin, standby, []);
    assert.deepEqual(await weights(standby), await weights(origin));
    await standby.stop();

    const second = await Standby.make(origin, kind);
    const token = await second.invite('second');
    second.start('--from', origin.url, '--token', token);
    assert.equal((await second.ended).code, 1);
    assert.match(second.log, older);
    second.program = next;
    second.start('--from', origin.url, '--token', token);
    await second.current();
    await assertSame(origin, second);
    assert.deepEqual(await moods(second), ['alice|even', 'bob|glad']);
    await second.stop();
  });

  test(`${database} → ${kind}: network and standby are renewed one after the other, in either order and while it is copied, and it has everything`, async (t) => {
    const origin = await makeOrigin();
    await origin.stop();
    const sown = await origin.cli('sow', '--accounts', '300', '--follows', '3000', '--posts', '5000', '--seed', '7');
    assert.equal(sown.code, 0, sown.stderr);
    await origin.start();
    const { alice, bob } = await makeCast(origin, 'alice', 'bob');
    const line = await startLine(origin.port);
    t.after(() => line.stop());

    // The standby first, then the network, in the middle of the copy.
    line.far({ delay: 0, rate: 48 * 1024 });
    const first = await Standby.make(origin, kind);
    first.program = next;
    first.start('--from', line.url, '--token', await first.invite('first'));
    // The network first, while the standby is away.
    const second = await Standby.make(origin, kind);
    second.start('--from', origin.url, '--token', await second.invite('second'));
    await second.current();
    await second.stop();
    const writers = startWriters([alice]);
    await sleep(300);
    assert.equal((await first.metrics()).loaded, 0, 'it was still being copied');
    await upgrade(origin);
    line.far({ delay: 0, rate: 0 });
    await isGlad(origin, bob);
    await sleep(200);
    await writers.stop();
    second.program = next;
    second.start();
    for (const standby of [first, second]) {
      await standby.current();
      await eventually(() => moods(standby).then((all) => all.includes('bob|glad')), Boolean, 10_000);
      await assertCaughtUp(origin, standby, writers.acknowledged);
      assert.deepEqual(await weights(standby), await weights(origin));
      await standby.stop();
    }
  });
}
