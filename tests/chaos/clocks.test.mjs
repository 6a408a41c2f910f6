// A clock that is off by an hour on one side: nothing that one machine tells another is judged by the other's clock.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { eventually, makeCast, Person } from '../cast/cast.mjs';
import { Visitor } from '../cast/visitor.mjs';
import { assertKept, sleep, startWriters, tryPost } from '../harness/chaos.mjs';
import { makeClock } from '../harness/clock.mjs';
import { startLine } from '../harness/cutter.mjs';
import { database, freePort } from '../harness/server.mjs';
import { Standby, assertSame, cleanUp, cleanup, dump, kinds, makeOrigin } from '../harness/standby.mjs';

afterEach(cleanUp);
const hour = 3600_000;

const at = (home, person) => new Person(home, person.name, person.password, person.token);
const bigger = (id, all) => all.every((other) => BigInt(id) > BigInt(other));
const idsOf = (home, table) => dump(home.databaseUrl, home.dataDir, `SELECT id FROM ${table}`);

// By its own clock, and with nothing left that the other's could have changed.
async function assertCurrent(standby) {
  await standby.current();
  await eventually(() => standby.metrics(), (m) => m.silence_seconds < 1);
  for (let i = 0; i < 3; i++) {
    const { lag_seconds: lag, silence_seconds: silence } = await standby.metrics();
    assert.ok(lag >= 0 && lag < 3 && silence >= 0 && silence < 3, `${lag} ${silence}`);
    await sleep(100);
  }
}

// In the new home everything that is made has an id above all that was made in the old one, and clients that ask for what is newer get it.
async function assertAbove(home, { alice, bob }, before) {
  const [writer, friend] = [at(home, alice), at(home, bob)];
  const post = await eventually(() => writer.post('/api/v1/statuses', { status: 'the first in the new home' }).catch(() => ({})), ({ status }) => status === 200, 10_000);
  assert.ok(bigger(post.body.id, before.statuses), post.body.id);
  await friend.post(`/api/v1/statuses/${post.body.id}/favourite`);
  const last = before.notifications.reduce((a, b) => (BigInt(a) > BigInt(b) ? a : b));
  const news = await eventually(() => writer.get(`/api/v1/notifications?since_id=${last}`), ({ body }) => body.length > 0, 10_000);
  assert.ok(bigger(news.body.at(-1).id, before.notifications));
  const newer = await friend.get(`/api/v1/timelines/home?limit=1`);
  assert.equal(newer.body[0].id, post.body.id);
  const favourites = await friend.get('/api/v1/favourites?limit=1');
  assert.equal(favourites.body[0].id, post.body.id, 'the newest favourite is the first');
}

for (const kind of kinds) {
  for (const [how, offset] of [['ahead', hour], ['behind', -hour]])
    test(`${database} → ${kind} and back: a standby whose clock is an hour ${how} follows, tells its lag, takes over and gives back, and all goes on in order`, async (t) => {
      const clock = await makeClock(offset);
      cleanup.push(() => clock.remove());
      const nobody = await freePort();
      const origin = await makeOrigin({ 'standby.lease': '3s', 'mail.route': `smtp://127.0.0.1:${nobody}` });
      const { alice, bob } = await makeCast(origin, 'alice', 'bob');
      await bob.follows(alice);
      const line = await startLine(origin.port);
      t.after(() => line.stop());

      const standby = await Standby.make(origin, kind, { set: { 'mail.route': `smtp://127.0.0.1:${nobody}` } });
      standby.program = clock.program;
      await standby.join(line.url); // the invitation is good for an hour, by the clock of who gave it
      await assertCurrent(standby);

      // Its lag is honest while the line is cut, and where it was started anew meanwhile.
      line.cut();
      await sleep(1200);
      const away = await standby.metrics();
      assert.ok(away.lag_seconds > 1 && away.lag_seconds < 60, `${away.lag_seconds}`);
      await standby.stop();
      standby.start();
      const anew = await eventually(() => standby.metrics().catch(() => ({})), (m) => m.lag_seconds !== undefined);
      assert.ok(anew.lag_seconds > 1 && anew.lag_seconds < 60, `${anew.lag_seconds}`);
      assert.equal(anew.silence_seconds, undefined);
      line.mend();
      await assertCurrent(standby);

      // A mail waits that nobody takes, and the last that happens is a favourite.
      assert.equal((await new Visitor(origin).own('POST', 'password/forgot', { email: bob.email })).status, 200);
      await sleep(3500); // the lease is over, if it is not renewed
      const liked = await alice.posts('liked');
      await eventually(() => bob.get('/api/v1/timelines/home'), ({ body }) => body[0]?.id === liked.id);
      await bob.post(`/api/v1/statuses/${liked.id}/favourite`);
      await eventually(() => alice.get('/api/v1/notifications'), ({ body }) => body.some((n) => n.type === 'favourite'));
      const before = { statuses: await idsOf(origin, 'status'), notifications: await idsOf(origin, 'notification') };

      const said = await standby.cli('promote');
      assert.equal(said.code, 0, said.stderr);
      await assertAbove(standby, { alice, bob }, before);
      assert.equal((await alice.post('/api/v1/statuses', { status: 'too late' })).status, 503);
      const [waits] = await dump(standby.databaseUrl, standby.dataDir, "SELECT run_at FROM job WHERE kind = 'mail'");
      assert.ok(Number(waits) - (Date.now() + offset) < 15 * 60_000, 'a mail waits no longer than it would have');
      await origin.stop();

      // Back, as the other is gone at once: its T is of its own clock.
      const invited = await standby.cli('standby', 'invite', 'old-home');
      const old = await Standby.of(origin, standby);
      const demoted = await old.cli('demote', '--from', standby.url, '--token', /--token (\S+)/.exec(invited.stdout)[1]);
      assert.equal(demoted.code, 0, demoted.stderr);
      old.start();
      await assertCurrent(old);
      await eventually(() => assertSame(standby, old).then(() => true, () => false), Boolean, 10_000).catch(() => {});
      await assertSame(standby, old);
      const writers = startWriters([alice, bob], [standby]);
      await eventually(() => writers.posts.length, (n) => n > 20, 20_000);
      await sleep(1000);
      await standby.stop('SIGKILL');
      await writers.stop();
      const forced = await old.cli('promote', '--force');
      assert.equal(forced.code, 0, forced.stderr);
      const [, told] = /acknowledged before (\S+) is here, by the clock of the old home/.exec(forced.stdout);
      const through = Date.parse(told) - offset; // by ours
      assert.ok(Math.abs(Date.now() - through) < 60_000, told);
      await eventually(async () => (await tryPost(old, alice, 'at home')).status, (status) => status === 200, 10_000);
      const zero = Date.now() - performance.now();
      const sure = writers.posts.filter(({ ended }) => zero + ended < through);
      assert.ok(sure.length > 10, `${sure.length}`);
      await assertKept(old, sure);
      await assertAbove(old, { alice, bob }, { statuses: await idsOf(standby, 'status'), notifications: await idsOf(standby, 'notification') });
      await old.stop();
    });
}
