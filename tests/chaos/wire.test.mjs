// A network and its standby in two places, each a network namespace of its own, and the wire between them: slow, pulled out, or swallowing everything.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { assertCaughtUp, assertKept, lagOf, random, seed, sleep, startWriters, tryPost } from '../harness/chaos.mjs';
import { database } from '../harness/server.mjs';
import { cleanUp, cleanup, kinds, picture } from '../harness/standby.mjs';
import { canSlow, networkAndStandby } from '../harness/two_places.mjs';

afterEach(cleanUp);

async function joined(kind, set) {
  const made = await networkAndStandby(kind, set);
  const { alice, bob, carol } = await makeCast(made.origin, 'alice', 'bob', 'carol');
  await made.standby.join(made.from);
  await made.standby.current();
  return { ...made, people: [alice, bob, carol] };
}

for (const kind of kinds) {
  test(`${database} → ${kind}: over a wire of 6 KiB/s it follows, tells its lag honestly and takes over (network namespaces; skipped where the kernel cannot slow a wire)`, { skip: !canSlow() }, async () => {
    const { origin, standby, wire, people } = await joined(kind);
    wire.slow(6 * 1024);
    const posts = [], seen = [];
    let on = true, refused = 0;
    cleanup.push(() => (on = false));
    const writers = people.map(async (person) => {
      for (let n = 0; on; n++) {
        const post = await tryPost(origin, person, `number ${n} of ${person.name}, which cannot be packed: ${randomBytes(150).toString('base64')}`);
        if (post.id) posts.push(post);
        else refused++;
        await sleep(40);
      }
    });
    const until = Date.now() + 20_000;
    while (seen.filter(({ behind }) => behind > 0.5).length < 5) {
      assert.ok(Date.now() < until, `the wire keeps it behind: ${JSON.stringify(seen)}`);
      await sleep(100);
      seen.push(await lagOf(standby, posts.map(({ id }) => id)));
    }
    assert.equal(refused, 0, 'a standby that is behind keeps nobody from writing');
    const promoted = await standby.cli('promote');
    on = false;
    await Promise.all(writers);
    assert.equal(promoted.code, 0, promoted.stderr + standby.log);
    await assertKept(standby, posts);
    await standby.stop();
    await origin.stop();
  });

  test(`${database} → ${kind}: a wire that is pulled out and that swallows everything, again and again while people write, is caught up with (network namespaces; seed ${seed})`, async () => {
    const { origin, standby, wire, people } = await joined(kind);
    const writers = startWriters(people);
    for (let round = 0; round < 6; round++) {
      await sleep(50 + random(250));
      if (round % 3 === 2) await picture(people[0]);
      const [stop, go] = random(2) ? [wire.pull, wire.plug] : [wire.swallow, wire.spit];
      stop();
      await sleep(50 + random(1500));
      go();
    }
    await writers.stop();
    assert.ok(writers.acknowledged.length > 20);
    assert.equal(writers.refused, 0, 'a standby that is away keeps nobody from writing');
    await assertCaughtUp(origin, standby, writers.acknowledged, 30_000);
    await standby.current();
    await standby.stop();
    await origin.stop();
  });

  test(`${database} → ${kind}: when the wire swallows everything and both places live, a lease keeps the two from writing at once, and the old home stays closed when it hears again (network namespaces)`, async () => {
    const { origin, standby, wire, people } = await joined(kind, { 'standby.lease': '2s' });
    const old = startWriters(people);
    await sleep(500);
    wire.swallow();
    const swallowed = Date.now();
    await eventually(() => old.refused, (n) => n > 3, 10_000);
    assert.ok(Date.now() - swallowed < 4000, 'the lease is over');
    const last = old.posts.at(-1).ended;
    const promoted = await standby.cli('promote', '--force');
    assert.equal(promoted.code, 0, promoted.stderr);
    const first = await eventually(() => tryPost(standby, people[0], 'the first in the new home'), ({ id }) => id, 10_000);
    await sleep(1000);
    await old.stop();
    assert.ok(old.posts.at(-1).ended === last && last < first.began, 'never two that can be written');
    const told = Date.parse(/(\d{4}-\d\d-\d\dT[\d:.]+Z)/.exec(promoted.stdout)[1]);
    await assertKept(standby, old.posts.filter(({ id }) => Number(BigInt(id) >> 16n) < told - 1000));
    wire.spit();
    await eventually(() => origin.log, (log) => log.includes('another copy has become the network'), 20_000);
    assert.equal((await tryPost(origin, people[0], 'too late')).status, 503);
    await standby.stop();
    await origin.stop();
  });
}
