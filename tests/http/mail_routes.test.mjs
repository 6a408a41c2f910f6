// Several ways for mail: taken away one after another while people sign up, until none is left, and given back.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../cast/cast.mjs';
import { Visitor, goodSignUp } from '../cast/visitor.mjs';
import { startMailServer } from '../harness/mail_server.mjs';
import { freePort, startServer } from '../harness/server.mjs';

const SENDMAIL = '#!/bin/sh\ncd "$(dirname "$0")"\ntest -e broken && exit 75\nfor to; do :; done\ncat >"taken-$to-$$"\n';

describe('three mail routes, the last of them this machine’s own, while people sign up', { timeout: 240_000 }, () => {
  let first, second, dir, server;
  const joined = []; // names, in the order in which they were answered
  let writing, writers;

  before(async () => {
    first = await startMailServer({ user: 'one', password: 'p@ss:w/rd of one' });
    second = await startMailServer({ user: 'two', password: 'of two' });
    dir = await mkdtemp(path.join(tmpdir(), 'freehold-routes-'));
    await writeFile(path.join(dir, 'sendmail'), SENDMAIL, { mode: 0o700 });
    await writeFile(path.join(dir, 'ca.pem'), (await readFile(first.ca, 'utf8')) + (await readFile(second.ca, 'utf8')));
    const dataDir = await mkdtemp(path.join(tmpdir(), 'freehold-test-'));
    await writeFile(path.join(dataDir, 'freehold.conf'), `[mail]\nroute = ${first.wholeRoute}\nroute = ${second.wholeRoute}\nroute = sendmail:${dir}/sendmail\n`);
    const port = await freePort();
    server = await startServer({
      port,
      dataDir,
      set: { 'registrations.mode': 'open', 'registrations.confirm': 'email', 'server.domain': 'social.example', 'server.base_url': `http://127.0.0.1:${port}`, 'mail.ca_file': path.join(dir, 'ca.pem') },
    });
    writing = true;
    writers = Array.from({ length: 4 }, async (_, w) => {
      for (let i = 0; writing; i++) {
        const name = `p${w}_${i}`;
        const { status, body } = await new Visitor(server).own('POST', 'signup', goodSignUp(name));
        assert.deepEqual([status, body], [200, { state: 'unconfirmed' }]);
        joined.push(name);
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    });
  });

  after(async () => {
    writing = false;
    await Promise.allSettled(writers);
    await server.remove();
    await Promise.all([first.remove(), second.remove(), rm(dir, { recursive: true, force: true })]);
  });

  const own = async () => {
    const { readdir } = await import('node:fs/promises');
    const files = (await readdir(dir)).filter((file) => file.startsWith('taken-'));
    return Promise.all(files.map(async (file) => ({ to: [file.split('-')[1]], token: /\?token=(\S+)/.exec(await readFile(path.join(dir, file), 'utf8'))?.[1] })));
  };
  const all = async () => [...first.taken, ...second.taken, ...(await own())];
  const metric = async (line) => Number(new RegExp(`^freehold_${line} (\\d+)$`, 'm').exec(await (await server.fetch('/metrics')).text())?.[1]);
  const state = (position) => metric(`mail_route_state\\{position="${position}",route="[^"]*"\\}`);
  const logIn = (name) => new Visitor(server).logIn(name, 'a long password');
  const site = async () => (await new Visitor(server).look()).site;
  const nobodyIsIn = async () => {
    for (const name of joined.slice(-3)) {
      const { status, body } = await logIn(name);
      assert.deepEqual([status, body.reason], [403, 'unconfirmed']);
    }
    assert.equal(await server.sql('SELECT count(*) FROM member WHERE flags % 2 = 1'), '0', 'nobody is confirmed');
  };

  test('all mails take the first route while it answers', async () => {
    await eventually(() => first.taken.length, (n) => n >= 40, 40_000);
    assert.deepEqual([second.taken.length, (await own()).length], [0, 0]);
    assert.equal(first.taken[0].user, 'one');
    assert.equal(await state(1), 0);
    assert.equal((await site()).mail_delayed, false);
    await nobodyIsIn();
  });

  test('when it refuses everything they take the second, and the first is not asked for each of them', async () => {
    first.sick = true;
    const before = second.taken.length;
    await eventually(() => second.taken.length, (n) => n >= before + 40, 40_000);
    await eventually(() => state(1), (s) => s === 2);
    const failed = await metric('mail_failed_total\\{position="1",route="[^"]*"\\}');
    assert.ok(failed >= 2 && failed <= 6, `${failed} mails were tried on a route that was away`);
    assert.equal((await site()).mail_delayed, false);
    await nobodyIsIn();
  });

  test('when the second is gone too they take the machine’s own', async () => {
    await second.stop();
    const before = (await own()).length;
    await eventually(async () => (await own()).length, (n) => n >= before + 40, 40_000);
    assert.equal(await state(2), 2);
    await nobodyIsIn();
  });

  test('when none is left sign-ups wait, nobody gets in, and everybody is told', async () => {
    await writeFile(path.join(dir, 'broken'), '');
    await eventually(async () => [await state(1), await state(2), await state(3)].every((s) => s > 0), (away) => away, 20_000);
    const waiting = await metric('mail_waiting');
    await eventually(() => metric('mail_waiting'), (n) => n > waiting + 40, 20_000);
    await eventually(site, ({ mail_delayed }) => mail_delayed === true);
    const { body } = await logIn(joined.at(-1));
    assert.match(body.error, /cannot send mail at the moment/);
    await nobodyIsIn();
    const { code, stdout } = await server.cli('doctor', '--json');
    assert.equal(code, 3);
    const mail = JSON.parse(stdout).findings.filter(({ party }) => party === 'mail');
    assert.ok(mail.find(({ saying }) => saying === 'mails_wait').n > 10, JSON.stringify(mail));
    assert.equal((await new Visitor(server).own('POST', 'confirm', { token: 'guessed' })).status, 410);
    assert.equal(Number(await server.sql("SELECT count(*) FROM job WHERE kind = 'mail' AND buried_at IS NOT NULL")), 0);
  });

  test('a start in between loses none of them', async () => {
    writing = false;
    await Promise.all(writers);
    const before = Number(await server.sql("SELECT count(*) FROM job WHERE kind = 'mail'"));
    assert.ok(before > 10);
    await server.stop();
    await server.start();
    await eventually(async () => [await state(1), await state(2), await state(3)].every((s) => s > 0), (away) => away, 60_000);
    assert.equal(Number(await server.sql("SELECT count(*) FROM job WHERE kind = 'mail'")), before);
    assert.equal((await site()).mail_delayed, true);
    await nobodyIsIn();
  });

  test('when one route is back each of them gets a mail, and that lets them in', async () => {
    await second.start();
    await eventually(() => server.sql("SELECT count(*) FROM job WHERE kind = 'mail'"), (n) => n === '0', 90_000);
    assert.equal((await site()).mail_delayed, false);
    const mails = await all();
    for (const name of joined) assert.ok(mails.some(({ to }) => to.includes(`${name}@example.org`)), `${name} got no mail`);
    const last = joined.at(-1);
    const { token } = mails.findLast(({ to }) => to.includes(`${last}@example.org`));
    assert.deepEqual((await new Visitor(server).own('POST', 'confirm', { token })).body, { state: 'active' });
    assert.equal((await logIn(last)).status, 200);
    for (const secret of ['p@ss:w/rd', 'p%40ss', 'of two', token]) assert.ok(!server.log.includes(secret), `${secret} is in the log`);
    assert.ok(!(await (await server.fetch('/metrics')).text()).includes('p%40ss'));
  });

  test('the settings are shown in order, a line each, without their passwords', async () => {
    const { stdout } = await server.cli('config');
    assert.deepEqual(stdout.split('[mail]')[1].split('\n[')[0].match(/^route = .*$/gm), [
      `route = smtp://one:***@127.0.0.1:${first.port}`,
      `route = smtp://two:***@127.0.0.1:${second.port}`,
      `route = sendmail:${dir}/sendmail`,
    ]);
  });
});

test('a route that cannot be used ends the start with one line, which does not show its password', async () => {
  await assert.rejects(startServer({ set: { 'mail.route': 'smtp://us:secretword@mail.example/x' } }), (error) => {
    assert.match(error.message, /mail\.route cannot be used: smtp:\/\/us@mail\.example\/x/);
    assert.ok(!error.message.includes('secretword'));
    return true;
  });
});
