// `freehold doctor` and the owner's route: whom the network depends on, by parties that are there, that are away, and that are about to end.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually, makeCast } from '../cast/cast.mjs';
import { Visitor } from '../cast/visitor.mjs';
import { Standby, cleanUp } from '../harness/standby.mjs';
import { startMailServer } from '../harness/mail_server.mjs';
import { makeModem, startGateway } from '../harness/sms_gateway.mjs';
import { binary, database, freePort, startServer } from '../harness/server.mjs';

const run = promisify(execFile);
const day = (from_now) => new Date(Date.now() + from_now * 86400_000).toISOString().slice(0, 10);

// The command on settings of its own, without a server: { code, out, findings by party }.
async function doctor(dataDir, settings) {
  const args = ['doctor', '--data', dataDir, ...Object.entries(settings).flatMap(([key, value]) => [value].flat().flatMap((one) => ['--set', `${key}=${one}`]))];
  const ask = (more) => run(binary, [...args, ...more]).then(({ stdout }) => ({ code: 0, stdout }), ({ code, stdout, stderr }) => ({ code, stdout, stderr }));
  const [text, json] = [await ask([]), await ask(['--json'])];
  assert.equal(text.code, json.code);
  const { status, findings } = JSON.parse(json.stdout);
  assert.equal({ fine: 0, care: 1, broken: 3 }[status], json.code);
  return { code: json.code, text: text.stdout, of: (party) => findings.filter((f) => f.party === party), findings };
}
const brief = (findings) => findings.map(({ severity, saying }) => `${severity} ${saying}`);

async function certificate(dir, name, days) {
  const file = (end) => path.join(dir, `${name}.${end}`);
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', String(days), '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', file('key'), '-out', file('pem')]);
  return { 'server.tls_cert': file('pem'), 'server.tls_key': file('key') };
}

// Only openssl's small authority takes days of the past.
async function endedCertificate(dir) {
  const file = (name) => path.join(dir, `ended.${name}`);
  await writeFile(file('conf'), `[ca]\ndefault_ca=c\n[c]\ndatabase=${file('db')}\nserial=${file('serial')}\nnew_certs_dir=${dir}\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n`);
  await Promise.all([writeFile(file('db'), ''), writeFile(file('serial'), '01')]);
  await run('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=localhost', '-keyout', file('key'), '-out', file('csr')]);
  await run('openssl', ['ca', '-batch', '-selfsign', '-config', file('conf'), '-keyfile', file('key'), '-in', file('csr'), '-startdate', '20200101000000Z', '-enddate', '20200201000000Z', '-out', file('pem'), '-notext']);
  return { 'server.tls_cert': file('pem'), 'server.tls_key': file('key') };
}

describe('the doctor without a server', () => {
  let dir, one, two;
  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'freehold-doctor-'));
    one = await startMailServer({ user: 'one', password: 'of one' });
    two = await startMailServer({ user: 'two', password: 'of two' });
  });
  after(async () => {
    await Promise.all([one.remove(), two.remove(), rm(dir, { recursive: true, force: true })]);
  });
  const data = () => mkdtemp(path.join(dir, 'data-'));

  test('reads well in 80 columns, says of each party what stops and what to do, and shows no secret', async () => {
    const { text, code } = await doctor(await data(), { 'mail.route': ['smtp://us:secretword@127.0.0.1:9', 'sendmail:/nowhere/sendmail'], 'server.domain': 'freehold.invalid' });
    assert.equal(code, 3);
    for (const line of text.split('\n')) assert.ok([...line].length <= 80, line);
    for (const title of ['Name service (DNS)', 'Registrar of the domain', 'Public address', 'Database', 'Store of pictures and films', 'Mail', 'Text messages', 'Time']) {
      const block = text.split('\n\n').find((part) => part.startsWith(`${title}\n`));
      assert.match(block, /\n {2}(well|TO DO|GONE) .*\n( {10}.*\n)*( {2}(TO DO|GONE) .*\n( {10}.*\n)*)* {2}if gone \w/, title);
      assert.match(block, /\n {2}today {3}\w/, title);
    }
    assert.ok(!text.includes('secretword'));
  });

  test('names a name that leads nowhere, and one that leads somewhere', async () => {
    assert.deepEqual(brief((await doctor(await data(), { 'server.domain': 'freehold.invalid' })).of('dns')), ['broken silent']);
    const [found] = (await doctor(await data(), { 'server.domain': 'localhost' })).of('dns');
    assert.equal(found.saying, 'leads');
    assert.match(found.what, /127\.0\.0\.1|::1/);
    assert.deepEqual(brief((await doctor(await data(), {})).of('dns')), ['care no_domain']);
  });

  test('counts the days of the domain', async () => {
    const of = async (settings) => brief((await doctor(await data(), { 'server.domain': 'localhost', ...settings })).of('registrar'));
    assert.deepEqual(await of({}), ['care not_told']);
    assert.deepEqual(await of({ 'server.registrar': 'R', 'server.registered_until': day(400) }), ['fine held']);
    assert.deepEqual(await of({ 'server.registrar': 'R', 'server.registered_until': day(20) }), ['care held_short']);
    assert.deepEqual(await of({ 'server.registrar': 'R', 'server.registered_until': day(-3) }), ['broken held_over']);
    const { stderr } = await run(binary, ['doctor', '--data', dir, '--set', 'server.registered_until=31.5.2028']).catch((error) => error);
    assert.match(stderr, /must be a day as 2027-05-31/);
  });

  test('counts the days of the certificate', async () => {
    const of = async (settings) => (await doctor(await data(), settings)).of('certificate')[0];
    const long = await of(await certificate(dir, 'long', 90));
    assert.deepEqual([long.saying, long.severity, long.n], ['good', 'fine', 89]);
    const soon = await of(await certificate(dir, 'soon', 5));
    assert.deepEqual([soon.saying, soon.severity, soon.n], ['ends', 'care', 4]);
    const over = await of(await endedCertificate(dir));
    assert.deepEqual([over.saying, over.severity], ['ended', 'broken']);
    assert.ok(over.n > 365, String(over.n));
    await writeFile(path.join(dir, 'none.pem'), 'no certificate');
    assert.equal((await of({ 'server.tls_cert': path.join(dir, 'none.pem'), 'server.tls_key': path.join(dir, 'none.pem') })).saying, 'unreadable');
  });

  test('asks each mail route, log-in and all, without a mail', async () => {
    const ca = path.join(dir, 'ca.pem');
    const { readFile } = await import('node:fs/promises');
    await writeFile(ca, (await readFile(one.ca, 'utf8')) + (await readFile(two.ca, 'utf8')));
    const of = async (...routes) => brief((await doctor(await data(), { 'mail.ca_file': ca, 'mail.route': routes })).of('mail'));
    assert.deepEqual(await of(one.wholeRoute, two.wholeRoute), ['fine answers', 'fine answers']);
    assert.deepEqual(await of(one.wholeRoute), ['care one_route']);
    assert.deepEqual(await of(one.wholeRoute.replace('of%20one', 'wrong'), two.wholeRoute), ['care route_silent', 'fine answers']);
    await one.stop();
    assert.deepEqual(await of(one.wholeRoute, two.wholeRoute), ['care route_silent', 'fine answers']);
    assert.deepEqual(await of(one.wholeRoute), ['broken silent']);
    await one.start();
    assert.deepEqual([one.taken.length, two.taken.length], [0, 0]);
    assert.deepEqual(brief((await doctor(await data(), {})).of('mail')), ['care no_route']);
    assert.deepEqual(brief((await doctor(await data(), { 'registrations.confirm': 'none' })).of('mail')), ['fine not_needed']);
  });

  test('waits five seconds for what never answers, and then goes on', async () => {
    const held = new Set();
    const hole = createServer((socket) => held.add(socket.on('error', () => {})));
    await new Promise((resolve) => hole.listen(0, '127.0.0.1', resolve));
    const at = `127.0.0.1:${hole.address().port}`;
    await writeFile(path.join(dir, 'keys'), 'key\nsecret\n');
    try {
      const began = Date.now();
      const { stdout, code } = await run(binary, ['doctor', '--json', '--data', await data(), '--set', `mail.route=smtp://${at}`, '--set', `media.store=s3://${at}/bucket?tls=no&keys=${dir}/keys`, '--set', `server.base_url=http://${at}`]).catch((error) => error);
      assert.ok(Date.now() - began < 9000, `${Date.now() - began} ms`);
      assert.equal(code, 3);
      const { findings } = JSON.parse(stdout);
      assert.deepEqual(brief(findings.filter(({ party }) => ['address', 'store', 'mail'].includes(party))), ['care unsure', 'broken silent', 'broken silent']);
    } finally {
      for (const socket of held) socket.destroy();
      await new Promise((resolve) => hole.close(resolve));
    }
  });

  test('says so when it is the database that is gone', async () => {
    const { code, of, text } = await doctor(await data(), { 'database.url': `postgres://us:secretword@127.0.0.1:${await freePort()}/none` });
    assert.equal(code, 3);
    assert.deepEqual(brief(of('database')), ['broken silent']);
    assert.match(text, /PostgreSQL at 127\.0\.0\.1 does not answer/);
    assert.ok(!text.includes('secretword'));
  });

  test('asks each way for text messages, sends nothing, and shows no key', async () => {
    const gateway = await startGateway({ token: 'secretword' }), modem = await makeModem();
    const routes = [gateway.route, await gateway.request(dir), modem.route, 'https://127.0.0.1:9/secretword/send?to={to}&text={text}'];
    const ask = async (of) => {
      const { of: party, text, findings } = await doctor(await data(), { 'sms.route': of });
      assert.ok(!text.includes('secretword') && !JSON.stringify(findings).includes('secretword'));
      return brief(party('sms'));
    };
    assert.deepEqual(await ask(routes), ['fine answers', 'fine answers', 'fine answers', 'care sms_silent']);
    assert.deepEqual(await ask([]), ['fine no_sms']);
    assert.deepEqual(await ask([modem.route]), ['care one_route']);
    await Promise.all([gateway.stop(), modem.unplug()]);
    assert.deepEqual(await ask(routes), ['broken silent', 'broken silent', 'broken silent', 'broken silent']);
    assert.deepEqual([gateway.taken, await modem.taken()], [[], []]);
    await modem.remove();
  });

  test('has a usage line, and 2 for what is misspelt', async () => {
    const wrong = await run(binary, ['doctor', '--jason', '--data', dir]).catch((error) => error);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /usage: freehold doctor \[--json\]/);
  });
});

describe('the doctor beside a server', () => {
  let server, cast;
  before(async () => {
    const port = await freePort();
    server = await startServer({ port, set: { 'server.base_url': `http://127.0.0.1:${port}`, 'mail.route': 'sendmail:/bin/true' } });
    cast = await makeCast(server, 'olga', 'mona', 'alice');
  });
  after(() => server.remove());

  test('runs in it, and sees the public address and the database answer', async () => {
    const { code, stdout } = await server.cli('doctor', '--json');
    assert.equal(code, 1);
    const of = (party) => JSON.parse(stdout).findings.filter((f) => f.party === party);
    assert.deepEqual(brief(of('address')), ['fine answers']);
    assert.deepEqual(brief(of('database')), [database === 'postgres' ? 'fine answers' : 'fine inside']);
    assert.deepEqual(brief(of('mail')), ['care one_route']);
  });

  test('tells the owner the same over the API, and nobody else', async () => {
    const olga = new Visitor(server);
    await olga.logIn('olga', cast.olga.password);
    const { status, body } = await olga.own('GET', 'dependencies');
    assert.equal(status, 200);
    const same = JSON.parse((await server.cli('doctor', '--json')).stdout);
    assert.deepEqual(body, same);
    for (const name of ['mona', 'alice']) {
      const other = new Visitor(server);
      await other.logIn(name, cast[name].password);
      assert.equal((await other.own('GET', 'dependencies')).status, 403);
    }
    assert.equal((await new Visitor(server).own('GET', 'dependencies')).status, 401);
  });
});

test('backups, standbys and the last drill are told of: none, sound, late, silent', async (t) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'freehold-doctor-copies-'));
  const key = path.join(dir, 'key'), place = path.join(dir, 'place');
  await run(binary, ['backup', 'key', key]);
  const server = await startServer({ set: { 'backup.to': place, 'backup.key': key, 'backup.every': '10s', 'backup.keep': '', 'backup.verify': '10s' } });
  t.after(async () => {
    await cleanUp();
    await server.remove();
    await rm(dir, { recursive: true, force: true });
  });
  await makeCast(server, 'alice');
  const of = async (party) => JSON.parse((await server.cli('doctor', '--json')).stdout).findings.filter((f) => f.party === party);
  const said = async (party) => brief(await of(party));
  const settles = (party, wanted, ms = 40_000) => eventually(() => said(party), (now) => JSON.stringify(now) === JSON.stringify(wanted), ms);
  assert.deepEqual(await said('standby'), ['fine no_standby']);
  assert.deepEqual(await said('rehearsal'), ['care never_rehearsed']);
  await settles('backup', ['fine backup_made', 'fine backup_read']);
  assert.equal((await of('backup'))[0].name, place);
  await rename(place, `${place}.aside`);
  await writeFile(place, 'no folder');
  await settles('backup', ['broken no_place', 'fine backup_made', 'fine backup_read']);
  await rm(place);
  await rename(`${place}.aside`, place);
  await settles('backup', ['fine backup_made', 'fine backup_read']);

  const standby = await Standby.make(server, 'sqlite');
  await standby.join();
  await standby.current();
  await settles('standby', ['fine follows', 'care no_lease']);
  await standby.stop();
  await server.stop();
  const long = Date.now() - 5 * 3600_000;
  await server.sql(`UPDATE local_state SET value = '${long}' WHERE key IN ('backup.made', 'backup.unsound')`);
  await server.sql(`INSERT INTO local_state (key, value) VALUES ('backup.unsound', '${long}')`);
  await server.sql(`UPDATE standby SET heard_at = ${long}`);
  await server.sql(`INSERT INTO site (key, value) VALUES ('drill', '{"at":"2025-01-02T03:04:05.678Z","ok":true}')`);
  assert.deepEqual(await said('backup'), ['care backup_old', 'broken backup_unsound']);
  await rm(place, { recursive: true });
  assert.deepEqual(await said('backup'), ['broken no_place', 'care backup_old', 'broken backup_unsound']);
  assert.deepEqual(await said('standby'), ['care standby_silent', 'care no_lease']);
  assert.deepEqual(await said('rehearsal'), ['care rehearsed_long_ago']);
  assert.equal((await of('standby'))[0].n, 300);
});
