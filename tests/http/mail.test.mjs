// Mail by a real mail server, and by sendmail: what arrives and how, and what happens while it cannot.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../cast/cast.mjs';
import { Visitor, goodSignUp } from '../cast/visitor.mjs';
import { startMailServer } from '../harness/mail_server.mjs';
import { freePort, startServer } from '../harness/server.mjs';

const PASSWORD = 'the mail server\'s own password';

// A site whose mails go by `route`; the file with the password may be changed while it runs.
async function site(route, more = {}) {
  const port = await freePort();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'freehold-test-'));
  const passwordFile = path.join(dataDir, 'mail-password');
  await writeFile(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  const server = await startServer({
    port,
    dataDir,
    set: {
      'registrations.mode': 'open',
      'registrations.confirm': 'email',
      'server.domain': 'social.example',
      'server.base_url': `http://127.0.0.1:${port}`,
      'mail.route': route,
      'mail.password_file': passwordFile,
      ...more,
    },
  });
  server.passwordFile = passwordFile;
  return server;
}

const signUp = (server, name) => new Visitor(server).own('POST', 'signup', goodSignUp(name));
const logIn = async (server, name, password = 'a long password') => (await new Visitor(server).logIn(name, password)).status;
const confirm = async (server, token) => (await new Visitor(server).own('POST', 'confirm', { token })).body;
// Of the mails that wait the one that was tried most.
const waiting = async (server) => {
  const [tries, error] = (await server.sql("SELECT tries, coalesce(error, '') FROM job WHERE kind = 'mail' ORDER BY tries DESC LIMIT 1")).split('|');
  return { tries: Number(tries), error };
};

// Lets the waiting mail be tried at once.
async function hurry(server) {
  await server.stop();
  await server.sql("UPDATE job SET run_at = 0 WHERE kind = 'mail'");
  await server.start();
}

function assertNoSecrets(server, ...secrets) {
  for (const secret of [PASSWORD, Buffer.from(PASSWORD).toString('base64'), ...secrets]) assert.ok(!server.log.includes(secret), 'a secret is in the log');
}

describe('a mail server', () => {
  let mails, server;
  before(async () => {
    mails = await startMailServer({ user: 'site', password: PASSWORD });
    server = await site(mails.route, { 'mail.ca_file': mails.ca });
  });
  after(async () => {
    await server.remove();
    await mails.remove();
  });

  test('gets what lets a person in, over TLS and after a log-in, from the site to that person', async () => {
    assert.deepEqual((await signUp(server, 'anna')).body, { state: 'unconfirmed' });
    const mail = await mails.brings('anna@example.org');
    const { secure, user, helo, from, to } = mail;
    assert.deepEqual({ secure, user, helo, from, to }, { secure: true, user: 'site', helo: 'social.example', from: 'freehold@social.example', to: ['anna@example.org'] });
    assert.match(mail.text, /^From: .*<freehold@social\.example>$/m);
    assert.match(mail.text, /^To: <anna@example\.org>$/m);
    assert.match(mail.text, /^Message-ID: <\d+@social\.example>$/m);
    assert.match(mail.text, /^Date: /m);
    assert.equal(await logIn(server, 'anna'), 403);
    assert.deepEqual(await confirm(server, mail.token), { state: 'active' });
    assert.equal(await logIn(server, 'anna'), 200);
    assertNoSecrets(server, mail.token);
  });

  test('gets the link for a new password, and for a new address, which only then changes', async () => {
    await new Visitor(server).own('POST', 'password/forgot', { email: 'anna@example.org' });
    const reset = await mails.brings('anna@example.org', /\/reset\?token=/);
    assert.equal((await new Visitor(server).own('POST', 'password/reset', { token: reset.token, password: 'quite another one' })).status, 200);
    await mails.brings('anna@example.org', /password of your account was changed/);

    const anna = new Visitor(server);
    assert.equal((await anna.logIn('anna', 'quite another one')).status, 200);
    await anna.own('POST', 'email/change', { email: 'anna@new.example', password: 'quite another one' });
    await mails.brings('anna@example.org', /wants to use anna@new\.example/);
    const change = await mails.brings('anna@new.example', /\/confirm\?token=/);
    assert.equal((await anna.look()).email, 'anna@example.org');
    assert.deepEqual(await confirm(server, change.token), { state: 'active' });
    assert.equal((await anna.look()).email, 'anna@new.example');
    assertNoSecrets(server, reset.token, change.token);
  });

  test('that refuses the password gets the mail once it is right', async () => {
    await writeFile(server.passwordFile, 'not the password');
    await signUp(server, 'berta');
    const { error } = await eventually(() => waiting(server), ({ tries }) => tries === 1);
    assert.match(error, /mail not sent/);
    assert.ok(mails.refused > 0);
    assert.equal(await logIn(server, 'berta'), 403, 'nobody is let in meanwhile');
    await writeFile(server.passwordFile, PASSWORD);
    await hurry(server);
    const mail = await mails.brings('berta@example.org');
    assert.equal(mails.to('berta@example.org').length, 1);
    assert.deepEqual(await confirm(server, mail.token), { state: 'active' });
    assert.ok(!error.includes('not the password') && !server.log.includes('not the password'));
    assertNoSecrets(server, mail.token);
  });

  test('that is away gets the mail when it is back, by itself', async () => {
    await mails.stop();
    await signUp(server, 'clara');
    await new Visitor(server).own('POST', 'password/forgot', { email: 'anna@new.example' });
    await eventually(() => waiting(server), ({ tries }) => tries === 1);
    assert.equal(Number(await server.sql("SELECT count(*) FROM job WHERE kind = 'mail'")), 2);
    assert.equal(await logIn(server, 'clara'), 403);
    await mails.start();
    const mail = await mails.brings('clara@example.org', /./, 30_000);
    await mails.brings('anna@new.example', /\/reset\?token=/, 30_000);
    await eventually(() => server.sql("SELECT count(*) FROM job WHERE kind = 'mail'"), (n) => n === '0');
    assert.equal(mails.to('clara@example.org').length, 1);
    assert.deepEqual(await confirm(server, mail.token), { state: 'active' });
    assertNoSecrets(server, mail.token);
  });
});

test('a mail server that cannot prove who it is hears no password and gets no mail', async () => {
  const mails = await startMailServer({ user: 'site', password: PASSWORD });
  const other = await startMailServer({ user: 'site', password: PASSWORD });
  const server = await site(mails.route, { 'mail.ca_file': other.ca });
  try {
    await signUp(server, 'doris');
    const { error } = await eventually(() => waiting(server), ({ tries }) => tries === 1);
    assert.match(error, /certificate/i);
    assert.deepEqual([mails.taken.length, mails.refused], [0, 0]);
    assert.equal(await logIn(server, 'doris'), 403);
    await server.stop();
    server.set['mail.ca_file'] = mails.ca;
    await server.sql("UPDATE job SET run_at = 0 WHERE kind = 'mail'");
    await server.start();
    await mails.brings('doris@example.org');
  } finally {
    await server.remove();
    await mails.remove();
    await other.remove();
  }
});

test('sendmail gets the mail on its standard input; it is asked where an earlier route fails, and again where it fails itself', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'freehold-sendmail-'));
  const at = (name) => path.join(dir, name);
  await writeFile(at('sendmail'), '#!/bin/sh\ncd "$(dirname "$0")"\ntest -e broken && exit 75\necho "$@" >>args\ncat >>mails\n', { mode: 0o700 });
  await writeFile(at('broken'), '');
  const server = await site(`smtp://127.0.0.1:${await freePort()}, sendmail:${at('sendmail')}`);
  const mails = () => readFile(at('mails'), 'utf8').catch(() => '');
  try {
    await signUp(server, 'emma');
    const { error } = await eventually(() => waiting(server), ({ tries }) => tries === 1);
    assert.match(error, /ended with 75/);
    assert.equal(await logIn(server, 'emma'), 403);
    await rm(at('broken'));
    await hurry(server);
    const text = await eventually(mails, (all) => all.includes('?token='));
    assert.equal(await readFile(at('args'), 'utf8'), '-i -f freehold@social.example -- emma@example.org\n');
    assert.ok(!text.includes('\r'));
    const token = /\?token=(\S+)/.exec(text)[1];
    assert.deepEqual(await confirm(server, token), { state: 'active' });
    assertNoSecrets(server, token);
  } finally {
    await server.remove();
    await rm(dir, { recursive: true, force: true });
  }
});
