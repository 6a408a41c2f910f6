// A standby that was away until the journal did not reach back to it: it compares its rows with the origin's, range by range, and follows again.
// Both engines on either side, as in standby.test.mjs.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { assertCaughtUp, sleep, startWriters } from '../harness/chaos.mjs';
import { startLine } from '../harness/cutter.mjs';
import { startHttpLine } from '../harness/http_line.mjs';
import { Standby, assertSame, blobsIn, cleanUp, cleanup, dump, kinds, makeOrigin, picture } from '../harness/standby.mjs';

afterEach(cleanUp);

const database = process.env.TEST_DATABASE ?? 'sqlite';

async function makeTown(...more) {
  const origin = await makeOrigin();
  const cast = await makeCast(origin, 'alice', 'bob', 'carol', ...more);
  const { alice, bob } = cast;
  for (let i = 0; i < 12; i++) await Promise.all(Array.from({ length: 50 }, (_, n) => (n % 2 ? alice : bob).posts(`number ${i * 50 + n}`)));
  await picture(alice);
  return { origin, ...cast };
}

// What journal.keep does after a week, at once.
async function forgetJournal(origin) {
  await origin.stop();
  await origin.sql("DELETE FROM cursor WHERE name = 'trimmed'");
  await origin.sql("INSERT INTO cursor (name, xid, seq, at) SELECT 'trimmed', xid, seq, at FROM journal ORDER BY xid DESC, seq DESC LIMIT 1");
  for (const table of ['change', 'journal']) await origin.sql(`DELETE FROM ${table} WHERE seq < (SELECT max(seq) FROM journal)`);
  await origin.start();
}

// A standby that followed through a line that can be held, and is stopped.
async function makeAway(kind) {
  const town = await makeTown(), line = await startHttpLine(town.origin);
  const standby = await Standby.make(town.origin, kind);
  await standby.join(line.url);
  await standby.current();
  await standby.stop();
  return { ...town, line, standby };
}

for (const kind of kinds) {
  test(`${database} → ${kind}: where the journal does not reach back, what was made, changed and deleted meanwhile is found by comparing, and little else is sent`, async () => {
    const { origin, alice, bob, carol } = await makeTown();
    const kept = await alice.posts('kept as it is'), changed = await alice.posts('before'), gone = await bob.posts('to be deleted');
    const standby = await Standby.make(origin, kind);
    await standby.join();
    await standby.current();
    await standby.stop();
    await alice.request('PUT', `/api/v1/statuses/${changed.id}`, new URLSearchParams({ status: 'after' }));
    await bob.request('DELETE', `/api/v1/statuses/${gone.id}`);
    await carol.follows(alice);
    await carol.post(`/api/v1/statuses/${kept.id}/favourite`);
    await carol.posts('while you were away', { media_ids: [(await picture(carol)).id] });
    await forgetJournal(origin);
    standby.start();
    await eventually(() => standby.log, (log) => log.includes('it follows again'), 30_000);
    await standby.current();
    await assertSame(origin, standby);
    const { compared_rows: compared, differing_rows: differing } = await standby.metrics();
    assert.ok(compared > 600, `${compared} rows were compared`);
    assert.ok(differing > 5 && differing < 150, `${differing} rows differed`);
    assert.match(standby.log, /journal does not reach back to what is here: all rows are compared/);
    assert.deepEqual(await blobsIn(standby.dataDir), await blobsIn(origin.dataDir));
    assert.deepEqual(await dump(standby.databaseUrl, standby.dataDir, `SELECT text FROM status WHERE id IN (${changed.id}, ${gone.id})`), ['after']);
    await alice.posts('and on it goes');
    await eventually(() => assertSame(origin, standby).then(() => true, () => false), (same) => same, 5000);
  });

  test(`${database} → ${kind}: what comparing changed is what public reads show from then on`, async () => {
    const { origin, alice, bob, carol, mona } = await makeTown('mona');
    const changed = await alice.posts('before #there'), gone = await bob.posts('to be deleted #there'), banned = await carol.posts('of somebody suspended #there');
    const line = await startLine(origin.port);
    cleanup.push(() => line.stop());
    const standby = await Standby.make(origin, kind);
    standby.start('--serve-reads', '--from', line.url, '--token', await standby.invite());
    await standby.current();
    const places = ['/api/v1/timelines/public', '/api/v1/timelines/tag/there', '/@alice', '/@bob', '/@carol', ...[changed, gone, banned].map(({ id }) => `/api/v1/statuses/${id}`)];
    const all = async () => (await Promise.all(places.map(async (where) => (await standby.fetch(where)).text()))).join('\n');
    await eventually(all, (text) => text.split('before').length > 3 && text.split('to be deleted').length > 3 && text.split('somebody suspended').length > 3, 10_000);
    line.cut();
    await alice.request('PUT', `/api/v1/statuses/${changed.id}`, new URLSearchParams({ status: 'after #there' }));
    await bob.request('DELETE', `/api/v1/statuses/${gone.id}`);
    assert.equal((await mona.post(`/api/v1/admin/accounts/${await carol.id()}/action`, { type: 'suspend' })).status, 200);
    await forgetJournal(origin);
    line.mend();
    await eventually(() => standby.log, (log) => log.includes('it follows again'), 30_000);
    const text = await eventually(all, (shown) => shown.includes('after'), 2000);
    for (const words of ['before', 'to be deleted', 'somebody suspended']) assert.ok(!text.includes(words), words);
    const fresh = await alice.posts('and on it goes #there');
    await eventually(all, (shown) => shown.includes(fresh.id), 5000);
    await standby.stop();
  });

  test(`${database} → ${kind}: while it compares people write on, either side is killed, the link breaks; in the end all is there once`, async () => {
    const { origin, standby, line, alice, bob } = await makeAway(kind);
    await alice.posts('while you were away');
    await forgetJournal(origin);
    const writers = startWriters([alice, bob]);
    line.hold('/standby/ranges', 4);
    standby.start();
    await eventually(() => line.waiting, (n) => n > 0, 20_000);
    assert.match((await standby.cli('standby', 'status')).stdout, /^compared \d+$/m);
    await standby.stop('SIGKILL');
    line.open();
    line.hold('/standby/ranges', 9);
    standby.start();
    await eventually(() => line.waiting, (n) => n > 0, 20_000);
    await origin.stop('SIGKILL');
    line.open();
    await origin.start();
    await eventually(() => standby.log, (log) => log.includes('it follows again'), 30_000);
    await sleep(300);
    await writers.stop();
    assert.ok(writers.acknowledged.length > 0);
    await assertCaughtUp(origin, standby, writers.acknowledged, 20_000);
    const said = await standby.cli('promote');
    assert.equal(said.code, 0, said.stderr);
  });

  test(`${database} → ${kind}: when the origin goes for ever while rows are compared, the copy that opens is the one from before, whole`, async () => {
    const { origin, standby, line, alice, bob } = await makeAway(kind);
    const before = await dump(standby.databaseUrl, standby.dataDir, 'SELECT id, text FROM status');
    for (let i = 0; i < 10; i++) await alice.posts(`lost with the origin ${i}`);
    await forgetJournal(origin);
    line.hold('/standby/ranges', 25);
    standby.start();
    await eventually(() => line.waiting, (n) => n > 0, 20_000);
    await origin.stop('SIGKILL');
    line.open();
    const said = await standby.cli('promote', '--force');
    assert.equal(said.code, 0, said.stderr + standby.log);
    assert.deepEqual(await dump(standby.databaseUrl, standby.dataDir, 'SELECT id, text FROM status'), before);
    await eventually(async () => (await standby.fetch('/api/v1/statuses', { method: 'POST', headers: { Authorization: `Bearer ${bob.token}` }, body: new URLSearchParams({ status: 'we are still here' }) }).catch(() => ({}))).status, (status) => status === 200, 10_000);
  });

  test(`${database} → ${kind}: rows that were loaded there without images are found by comparing, and read here`, async () => {
    const origin = await makeOrigin();
    const standby = await Standby.make(origin, kind, { set: { 'standby.serve_reads': 'yes' } });
    const latest = async () => (await (await standby.fetch('/api/v1/timelines/public?local=true')).json()).length;
    await standby.join();
    await standby.current();
    await eventually(latest, (n) => n === 0);
    await origin.stop();
    const sown = await origin.cli('sow', '--accounts', '40', '--follows', '200', '--posts', '900', '--seed', '7');
    assert.equal(sown.code, 0, sown.stderr);
    await origin.start();
    await eventually(() => standby.log, (log) => log.includes('it follows again'), 30_000);
    await standby.current();
    for (const table of ['status', 'account', 'follow', 'mention', 'status_count']) {
      const count = (side) => dump(side.databaseUrl, side.dataDir, `SELECT count(*) FROM ${table}`);
      assert.deepEqual(await count(standby), await count(origin), table);
    }
    await assertSame(origin, standby);
    assert.match(standby.log, /rows were loaded at the origin that its journal does not have/);
    assert.equal(await latest(), 20);
  });
}
