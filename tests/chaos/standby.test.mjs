// A standby follows a network that runs elsewhere, and takes its place. Both engines on either side: TEST_DATABASE is the origin's,
// TEST_STANDBY the standby's (default: each in turn, as far as there is a PostgreSQL).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually, makeCast, Person } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';
import { startHttpLine } from '../harness/http_line.mjs';
import { noise } from '../harness/load.mjs';
import { openEvents } from '../harness/streams.mjs';
import { Standby, assertSame, blobsIn, cleanUp, cleanup, dump, kinds, makeOrigin, picture, questions } from '../harness/standby.mjs';

const run = promisify(execFile);
afterEach(cleanUp);

for (const kind of kinds) {
  test(`${process.env.TEST_DATABASE ?? 'sqlite'} → ${kind}: it copies, follows within a second, refuses writes, goes on after kill -9, and takes over with nothing lost`, async () => {
    const origin = await makeOrigin();
    const { alice, bob, carol } = await makeCast(origin, 'alice', 'bob', 'carol');
    await bob.follows(alice);
    const media = await picture(alice);
    const first = await alice.posts('"quoted" \\ ä 😀\nline', { media_ids: [media.id] });
    await bob.post(`/api/v1/statuses/${first.id}/favourite`);
    const standby = await Standby.make(origin, kind);
    await standby.join();
    await standby.current();
    await assertSame(origin, standby);
    assert.deepEqual(await blobsIn(standby.dataDir), await blobsIn(origin.dataDir));
    assert.ok((await blobsIn(origin.dataDir)).length > 0);

    // follows
    const made = await alice.posts('made while it follows');
    await eventually(() => dump(standby.databaseUrl, standby.dataDir, `SELECT text FROM status WHERE id = ${made.id}`), ([text]) => text === 'made while it follows', 1500);
    await alice.request('DELETE', `/api/v1/statuses/${made.id}`);
    await eventually(() => dump(standby.databaseUrl, standby.dataDir, `SELECT text FROM status WHERE id = ${made.id}`), ([text]) => !text, 3000);

    // refuses
    const refused = await standby.fetch('/api/v1/statuses', { method: 'POST', headers: { Authorization: `Bearer ${alice.token}` }, body: new URLSearchParams({ status: 'x' }) });
    assert.equal(refused.status, 503);
    assert.match((await refused.json()).error, /standby of http/);
    assert.match((await standby.cli('account', 'list')).stderr, /this is a standby of/);

    // kill -9, many times, while it follows
    let posted = 0;
    const writing = { on: true };
    const acknowledged = [];
    const writers = [alice, bob, carol].map(async (person) => {
      while (writing.on) {
        const answer = await person.post('/api/v1/statuses', { status: `number ${posted++}` }).catch(() => null);
        if (answer?.status === 200) acknowledged.push(answer.body.id);
        else await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    for (let i = 0; i < 6; i++) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
      await standby.stop('SIGKILL');
      standby.start();
    }
    await standby.current();

    // planned
    const began = Date.now();
    const said = await standby.cli('promote');
    assert.equal(said.code, 0, said.stderr + standby.log);
    assert.match(said.stdout, /This is the network now/);
    await eventually(async () => (await standby.fetch('/api/v1/statuses', { method: 'POST', headers: { Authorization: `Bearer ${alice.token}` }, body: new URLSearchParams({ status: 'the first in the new home' }) }).catch(() => ({}))).status, (status) => status === 200, 5000);
    const open = Date.now() - began;
    writing.on = false;
    await Promise.all(writers);
    const late = await bob.post('/api/v1/statuses', { status: 'too late' });
    assert.equal(late.status, 503);
    assert.match(late.body.error, /mov(ing|ed) to another machine/);
    assert.match((await origin.cli('account', 'create', 'late', '--email', 'late@example.org')).stderr, /mov(ing|ed) to another machine/);
    const there = new Set(await dump(standby.databaseUrl, standby.dataDir, 'SELECT id FROM status'));
    assert.deepEqual(acknowledged.filter((id) => !there.has(id)), []);
    assert.ok(acknowledged.length > 10);
    assert.ok(open < 4000, `open after ${open} ms`);

    // a session, a search and a picture in the new home
    const search = () => standby.fetch('/api/v2/search?q=quoted&type=statuses', { headers: { Authorization: `Bearer ${alice.token}` } }).then((r) => r.json());
    await eventually(search, (found) => found.statuses?.some((s) => s.id === first.id), 10_000);
    const shown = await (await standby.fetch(`/api/v1/statuses/${first.id}`)).json();
    const bytes = await standby.fetch(new URL(shown.media_attachments[0].url).pathname);
    assert.equal(bytes.status, 200);
    await origin.stop();
    await standby.stop();
  });

  test(`${process.env.TEST_DATABASE ?? 'sqlite'} → ${kind}: with the origin gone, a forced promote has all that was acknowledged before the time it names`, async () => {
    const origin = await makeOrigin();
    const { alice, bob } = await makeCast(origin, 'alice', 'bob');
    const standby = await Standby.make(origin, kind);
    await standby.join();
    await standby.current();
    const acknowledged = [];
    const writing = { on: true };
    const writers = [alice, bob].map(async (person) => {
      while (writing.on) {
        const answer = await person.post('/api/v1/statuses', { status: 'x' }).catch(() => null);
        if (answer?.status !== 200) break;
        acknowledged.push([answer.body.id, Date.now()]);
      }
    });
    await eventually(() => acknowledged.length, (n) => n > 20, 20_000);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await origin.stop('SIGKILL');
    writing.on = false;
    await Promise.all(writers);
    assert.equal((await standby.cli('promote', '--forced')).code, 2);
    const began = Date.now();
    const said = await standby.cli('promote', '--force');
    assert.equal(said.code, 0, said.stderr);
    const through = Date.parse(/acknowledged before (\S+) is here/.exec(said.stdout)[1]);
    await eventually(async () => (await standby.fetch('/api/v1/statuses', { method: 'POST', headers: { Authorization: `Bearer ${alice.token}` }, body: new URLSearchParams({ status: 'home' }) }).catch(() => ({}))).status, (status) => status === 200, 5000);
    assert.ok(Date.now() - began < 4000);
    const there = new Set(await dump(standby.databaseUrl, standby.dataDir, 'SELECT id FROM status'));
    assert.deepEqual(acknowledged.filter(([id, at]) => at < through && !there.has(id)), []);
    await standby.stop();
  });
}

test('tokens and keys: one use, none after it was revoked; plain http is for this machine; a folder in use is left alone', async () => {
  const origin = await makeOrigin();
  const { alice } = await makeCast(origin, 'alice');
  const standby = await Standby.make(origin, 'sqlite');
  const token = await standby.invite('one');
  assert.match((await origin.cli('standby', 'list')).stdout, /^one +invited, has not joined/);
  standby.start('--from', origin.url, '--token', token);
  await standby.current();
  assert.match((await origin.cli('standby', 'list')).stdout, /^one +heard of last/);
  const ask = (where, secret) => origin.fetch(`/api/freehold/standby/${where}`, { method: where === 'join' || where === 'handover' ? 'POST' : 'GET', headers: { 'Freehold-Standby': secret, 'Freehold-Nonce': 'n' } });
  assert.equal((await ask('join', token)).status, 401);
  for (const where of ['start', 'rows?table=member', 'changes?xid=0&seq=0', `blobs/${'0'.repeat(64)}`, 'handover']) assert.equal((await ask(where, 'guessed')).status, 401, where);
  assert.equal((await origin.fetch('/api/freehold/standby/rows?table=member')).status, 401);
  assert.equal((await alice.posts('still open')).content.length > 0, true);

  const second = await Standby.make(origin, 'sqlite');
  for (const [args, says] of [
    [['--from', origin.url, '--token', token], /was used/],
    [['--from', 'http://example.org', '--token', token], /https/],
    [['--from', 'http://127.0.0.1.example.org', '--token', token], /https/],
    [['--from', 'ftp://127.0.0.1', '--token', token], /https/],
    [[], /holds no standby/],
  ]) {
    second.log = '';
    second.start(...args);
    assert.equal((await second.ended).code, 1);
    assert.match(second.log, says);
  }
  second.child = null;
  assert.equal((await origin.cli('standby', 'revoke', 'one')).code, 0);
  await eventually(() => standby.log, (log) => /revoked/.test(log));
  await alice.posts('not for others');
  await standby.stop();
  assert.match((await standby.cli('serve')).stderr, /holds a standby of/);
  assert.match((await standby.cli('promote')).stderr, /no standby runs/);
  const mine = await origin.cli('promote');
  assert.match(mine.stderr, /holds no standby/);
});

const createPerson = (server, person) => new Person(server, person.name, person.password, person.token);
const write = (person) => person.post('/api/v1/statuses', { status: 'x' }).then((answer) => answer.status);

test('a forced promote does not wait for an origin that has fallen silent', async () => {
  const origin = await makeOrigin();
  const { alice } = await makeCast(origin, 'alice');
  const standby = await Standby.make(origin, 'sqlite');
  await standby.join();
  await standby.current();
  await new Promise((resolve) => setTimeout(resolve, 300)); // it waits for an entry
  origin.child.kill('SIGSTOP');
  const began = Date.now();
  assert.equal((await standby.cli('promote', '--force')).code, 0);
  await eventually(() => write(createPerson(standby, alice)).catch(() => 0), (status) => status === 200, 5000);
  assert.ok(Date.now() - began < 4000, `open after ${Date.now() - began} ms`);
  await origin.stop('SIGKILL');
  await standby.stop();
});

test('the origin ends its streams with a planned promote, and clients that come back to it are refused', async () => {
  const origin = await makeOrigin();
  const { alice } = await makeCast(origin, 'alice');
  const standby = await Standby.make(origin, 'sqlite');
  await standby.join();
  await standby.current();
  const stream = await openEvents(origin, 'user', alice.token);
  assert.equal((await standby.cli('promote')).code, 0);
  await stream.closes();
  await assert.rejects(openEvents(origin, 'user', alice.token), ({ status, body }) => status === 503 && /moving to another machine/.test(body));
  const there = await eventually(() => openEvents(standby, 'user', alice.token).catch(() => null));
  await createPerson(standby, alice).posts('heard in the new home');
  await there.gets(({ event, payload }) => event === 'update' && /heard in the new home/.test(payload.content));
  there.close();
  await standby.stop();
  await origin.stop();
});

test('a planned promote wants a certificate that people can use, and has closed nothing when there is none', async () => {
  const origin = await makeOrigin();
  const { alice } = await makeCast(origin, 'alice');
  const standby = await Standby.make(origin, 'sqlite');
  const at = (name) => path.join(standby.dataDir, name);
  const openssl = (...args) => run('openssl', args);
  const certificate = async (name, days) => {
    await writeFile(at('names'), `subjectAltName=${name}`);
    await openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=x', '-keyout', at('key.pem'), '-out', at('request.pem'));
    await openssl('x509', '-req', '-in', at('request.pem'), '-signkey', at('key.pem'), '-days', days, '-extfile', at('names'), '-out', at('cert.pem'));
  };
  standby.set = { 'server.tls_cert': at('cert.pem'), 'server.tls_key': at('key.pem') };
  await certificate('DNS:elsewhere.example', '2');
  await standby.join();
  await eventually(() => standby.log, (log) => /rows loaded/.test(log), 15_000);
  const refused = async (why) => {
    const said = await standby.cli('promote');
    assert.equal(said.code, 1, said.stdout);
    assert.match(said.stderr, why);
    assert.equal(await write(alice), 200);
  };
  await refused(/cert\.pem is not for 127\.0\.0\.1: nobody could come in/);
  await certificate('IP:127.0.0.1', '-1');
  await refused(/has ended/);
  const key = await readFile(at('key.pem'));
  await certificate('IP:127.0.0.1', '2');
  const good = await readFile(at('key.pem'));
  await writeFile(at('key.pem'), key);
  await refused(/does not hold the key/);
  await writeFile(at('key.pem'), good);
  const said = await standby.cli('promote');
  assert.equal(said.code, 0, said.stderr);
  assert.equal(await write(alice), 503);
  await standby.stop();
  await origin.stop();
});

test('after a forced promote an origin that lives steps down by itself, through a restart as well; a forged word changes nothing', async () => {
  const origin = await makeOrigin();
  const { alice } = await makeCast(origin, 'alice');
  const standby = await Standby.make(origin, 'sqlite');
  await standby.join();
  await standby.current();
  for (const word of ['9 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '9', 'x y', '']) {
    const answer = await origin.fetch('/api/freehold/standby/epoch', { method: 'POST', headers: { 'Freehold-Epoch': word } });
    assert.equal(answer.status, 401, word);
  }
  assert.equal(await write(alice), 200);
  await standby.current();
  assert.equal((await standby.cli('promote', '--force')).code, 0);
  await eventually(() => write(alice), (status) => status === 503, 10_000);
  await origin.stop();
  await origin.start();
  assert.equal(await write(alice), 503);
  assert.equal((await alice.get('/api/v1/timelines/home')).status, 200);
  await eventually(async () => (await standby.fetch('/api/v1/statuses', { method: 'POST', headers: { Authorization: `Bearer ${alice.token}` }, body: new URLSearchParams({ status: 'home' }) }).catch(() => ({}))).status, (status) => status === 200, 5000);
  await origin.stop();
  await standby.stop();
});

test('with a lease the origin writes nothing while it does not hear its standby, and after a restart not before it does', async () => {
  const origin = await makeOrigin({ 'standby.lease': '2s' });
  const { alice } = await makeCast(origin, 'alice');
  const standby = await Standby.make(origin, 'sqlite');
  await standby.join();
  await standby.current();
  assert.equal(await write(alice), 200);
  standby.child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 2600));
  const refused = await alice.post('/api/v1/statuses', { status: 'x' });
  assert.equal(refused.status, 503);
  assert.match(refused.body.error, /does not hear its standby/);
  assert.equal((await alice.get('/api/v1/timelines/home')).status, 200);
  await origin.stop();
  await origin.start();
  assert.equal(await write(alice), 503);
  standby.child.kill('SIGCONT');
  await eventually(() => write(alice), (status) => status === 200, 15_000);
  await standby.stop();
  await new Promise((resolve) => setTimeout(resolve, 2600));
  assert.equal(await write(alice), 503);
  assert.equal((await origin.cli('standby', 'revoke', 'other-home')).code, 0);
  assert.equal(await write(alice), 200);
});

for (const kind of kinds) {
  test(`${process.env.TEST_DATABASE ?? 'sqlite'} → ${kind} and back: the old home becomes the standby of the new one, keeps what it wrote on its own in a file, and takes over again`, async () => {
    const origin = await makeOrigin();
    const { alice, bob } = await makeCast(origin, 'alice', 'bob');
    const shared = await alice.posts('in both');
    const standby = await Standby.make(origin, kind);
    await standby.join();
    await standby.current();
    await standby.stop();
    const lost = await alice.posts('only in the old home');
    await alice.request('PUT', `/api/v1/statuses/${shared.id}`, { status: 'changed in the old home' });
    await bob.follows(alice);
    const parted = await standby.cli('promote', '--force');
    assert.equal(parted.code, 0, parted.stderr);
    const home = await startServer({ dataDir: standby.dataDir, databaseUrl: standby.databaseUrl ?? 'sqlite:freehold.db' });
    cleanup.push(() => home.stop('SIGKILL'));
    const token = (await home.cli('standby', 'invite', 'old-home')).stdout.match(/--token (\S+)/)[1];
    await eventually(() => write(alice), (status) => status === 503, 15_000);
    const again = createPerson(home, alice);
    await again.posts('first in the new home');
    await origin.stop();

    const wrong = await origin.cli('demote', '--from', home.url, '--token', 'guessed');
    assert.equal(wrong.code, 1);
    const old = await Standby.of(origin, home);
    const said = await old.cli('demote', '--from', home.url, '--token', token);
    assert.equal(said.code, 0, said.stderr);
    const [, entries, file] = /(\d+) entries .* kept in (\S+);/.exec(said.stdout);
    assert.ok(Number(entries) >= 3);
    const kept = await readFile(file, 'utf8');
    assert.match(kept, /only in the old home/);
    assert.match(kept, /changed in the old home/);
    old.start();
    await old.current();
    await again.posts('followed by the old home');
    await eventually(() => dump(old.databaseUrl, old.dataDir, 'SELECT text FROM status'), (all) => all.includes('followed by the old home'), 5000);
    await assertSame(home, old);
    assert.deepEqual(await dump(old.databaseUrl, old.dataDir, `SELECT id FROM status WHERE id = ${lost.id}`), ['']);
    assert.deepEqual(await dump(old.databaseUrl, old.dataDir, `SELECT text FROM status WHERE id = ${shared.id}`), ['in both']);

    const back = await old.cli('promote');
    assert.equal(back.code, 0, back.stderr);
    const homeAgain = createPerson(old, alice);
    await eventually(() => write(homeAgain).catch(() => 0), (status) => status === 200, 5000);
    assert.equal(await write(again), 503);
    await eventually(() => homeAgain.get('/api/v2/search?q=followed&type=statuses'), ({ body }) => body.statuses?.length === 1, 10_000);
    await home.stop();
    await old.stop();
  });
}

const everything = [...questions.slice(0, 7), 'SELECT tag_id, status_id FROM status_tag', 'SELECT status_id, account_id FROM mention', 'SELECT id, kind, account_id FROM token', 'SELECT account_id, statuses, followers, following FROM account_count'];

for (const kind of kinds) {
  test(`${process.env.TEST_DATABASE ?? 'sqlite'} → ${kind}: killed and cut off again and again while it copies, with writes going on, it ends with every row`, async () => {
    const origin = await makeOrigin();
    await origin.stop();
    const sown = await origin.cli('sow', '--accounts', '2000', '--follows', '40000', '--posts', '30000', '--seed', '4');
    assert.equal(sown.code, 0, sown.stderr);
    await origin.start();
    const { alice } = await makeCast(origin, 'alice');
    let cuts = 0;
    const line = await startHttpLine(origin, (where, body) => (where.includes('/rows') && Math.random() < 0.2 && ++cuts ? null : body));
    const standby = await Standby.make(origin, kind);
    await standby.join(line.url);
    await eventually(() => standby.log, (log) => log.includes('keeps a copy'), 15_000);
    const writing = { on: true };
    const writer = (async () => {
      for (let i = 0; writing.on; i++) {
        const made = await alice.posts(`number ${i} #tag${i % 7}`);
        if (i % 3 === 0) await alice.request('DELETE', `/api/v1/statuses/${made.id}`);
        if (i % 5 === 0) await alice.request('PUT', `/api/v1/statuses/${made.id}`, { status: 'changed' });
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    let kills = 0;
    for (; kills < 40; kills++) {
      // Longer each time: where all is slow, it gets somewhere too.
      await new Promise((resolve) => setTimeout(resolve, 100 + kills * 20 + Math.random() * 300));
      if ((await standby.metrics().catch(() => ({}))).loaded) break;
      await standby.stop('SIGKILL');
      standby.start();
    }
    line.change = (where, body) => body;
    await standby.current();
    writing.on = false;
    await writer;
    const head = (await dump(origin.databaseUrl, origin.dataDir, 'SELECT max(seq) FROM journal'))[0];
    await eventually(() => origin.cli('standby', 'list'), ({ stdout }) => Number(/has entry (\d+)/.exec(stdout)?.[1]) >= Number(head), 15_000);
    for (const question of everything) assert.deepEqual(await dump(standby.databaseUrl, standby.dataDir, question), await dump(origin.databaseUrl, origin.dataDir, question), question);
    assert.ok(kills > 1 && cuts > 0, `${kills} kills, ${cuts} cuts`);
    await standby.stop();
    await origin.stop();
  });
}

test('an answer that was changed, cut short or given before is refused whole, and what comes after it unharmed is taken', async () => {
  const origin = await makeOrigin();
  const { alice } = await makeCast(origin, 'alice');
  const line = await startHttpLine(origin);
  const standby = await Standby.make(origin, 'sqlite');
  await standby.join(line.url);
  await standby.current();
  const texts = () => dump(null, standby.dataDir, 'SELECT text FROM status ORDER BY id');
  let kept = null;
  const ways = {
    changed: (body) => Buffer.from(body.toString().replace('honest', 'wicked')),
    'cut short': (body) => body.subarray(0, body.length - 20),
    'cut at a line': (body) => Buffer.from(`${body.toString().split('\n').slice(0, -2).join('\n')}\n`),
    'given before': () => kept,
    nothing: () => Buffer.from(''),
    'another page': () => Buffer.from('<html>'),
  };
  for (const [how, way] of Object.entries(ways)) {
    const before = await texts();
    let tampered = 0;
    standby.log = '';
    line.change = (where, body) => {
      if (!where.includes('/changes') || (!body.includes('honest') && !tampered)) return body;
      tampered++;
      const worse = way(body);
      kept ??= body;
      return worse;
    };
    await alice.posts(`honest ${how}`);
    await eventually(() => tampered, (n) => n > 1);
    assert.deepEqual(await texts(), before, how);
    assert.match(standby.log, /refused/, how);
    line.change = (where, body) => body;
    await eventually(texts, (all) => all.includes(`honest ${how}`), 10_000);
  }
  await standby.stop();
});

const blobNames = async (standby) => new Set((await blobsIn(standby.dataDir)).map((line) => line.split(' ')[0]));
const hex = (side, text) => dump(side.databaseUrl, side.dataDir, text.replaceAll('HEX', side.databaseUrl?.startsWith('postgres') ? "encode(hash, 'hex')" : 'lower(hex(hash))'));

for (const kind of kinds) {
  test(`${process.env.TEST_DATABASE ?? 'sqlite'} → ${kind}: over a slow link faces come first, then media from the newest to the oldest, and what is uploaded meanwhile at once`, async () => {
    const origin = await makeOrigin();
    const { alice } = await makeCast(origin, 'alice');
    const upload = async (where, method, field) => {
      const form = new FormData();
      form.append(field, new Blob([noise(96)], { type: 'image/png' }), 'noise.png');
      const answer = await alice.request(method, where, form);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    };
    const names = async (of) => (await hex(origin, `SELECT DISTINCT HEX FROM (SELECT blob AS hash FROM media WHERE ${of} UNION SELECT f.blob FROM media_file f JOIN media m ON m.id = f.media_id WHERE ${of.replaceAll('id ', 'm.id ')}) AS named WHERE hash IS NOT NULL`)).filter(Boolean);
    await upload('/api/v1/accounts/update_credentials', 'PATCH', 'avatar');
    const faces = await names('kind >= 16');
    const pictures = [];
    for (let i = 0; i < 24; i++) pictures.push(await names(`id = ${(await upload('/api/v2/media', 'POST', 'file')).id}`));
    const [[bytes]] = [await dump(origin.databaseUrl, origin.dataDir, 'SELECT sum(size) FROM blob')];
    const standby = await Standby.make(origin, kind, { set: { 'standby.media_rate': String(Math.round(Number(bytes) / 20)) } });
    await standby.join();
    const share = async (some) => [await blobNames(standby)].map((there) => some.filter((name) => there.has(name)).length / some.length)[0];
    await eventually(() => share(pictures.slice(12).flat()), (part) => part > 0.5, 30_000);
    // stopped in the middle: whole to some point, nothing behind it
    await standby.stop('SIGKILL');
    assert.equal(await share(faces), 1);
    const parts = [];
    for (const some of pictures.toReversed()) parts.push(await share(some));
    const whole = parts.findIndex((part) => part < 1);
    assert.ok(whole >= 3, parts.join());
    assert.deepEqual(parts.slice(whole + 1), parts.slice(whole + 1).fill(0), parts.join());
    assert.ok(parts.at(-1) === 0);

    standby.start();
    await eventually(() => standby.metrics().catch(() => ({})), (m) => m.lag_seconds < 2, 15_000);
    const fresh = await names(`id = ${(await upload('/api/v2/media', 'POST', 'file')).id}`);
    await eventually(() => share(fresh), (part) => part === 1, 6000);
    assert.ok((await share(pictures[0])) === 0, 'the oldest came before');
    await standby.stop();
    standby.set = {};
    standby.start();
    await standby.current();
    assert.deepEqual(await blobsIn(standby.dataDir), await blobsIn(origin.dataDir));
    await standby.stop();
    await origin.stop();
  });
}
