// Telephones: sign-up with a code, what may go wrong with one, and ways for text messages that are taken away one after another.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually, makeApp, makeCast } from '../cast/cast.mjs';
import { Visitor, goodSignUp, mailsTo } from '../cast/visitor.mjs';
import { makeModem, startGateway } from '../harness/sms_gateway.mjs';
import { freePort, startServer } from '../harness/server.mjs';

const PASSWORD = 'a long password';
const signUp = (server, name, phone, more) => new Visitor(server).own('POST', 'signup', goodSignUp(name, { phone, ...more }));
const codes = (answer, field) => (answer.body.details?.[field] ?? []).map((problem) => problem.error);
const typeCode = (server, name, code, visitor = new Visitor(server)) => visitor.own('POST', 'phone/confirm', { login: name, password: PASSWORD, code });
const askAgain = (server, name, phone) => new Visitor(server).own('POST', 'phone/code', { login: name, password: PASSWORD, phone });
const logIn = (server, name) => new Visitor(server).logIn(name, PASSWORD);
const isOut = async (server, name) => {
  const { status, body } = await logIn(server, name);
  assert.deepEqual([status, body.reason], [403, 'unconfirmed'], name);
};
const other = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const jobs = async (server) => Number(await server.sql("SELECT count(*) FROM job WHERE kind = 'sms'"));
const today = () => Math.floor(Date.now() / 86400_000);

describe('registrations.confirm = phone', { timeout: 240_000 }, () => {
  let server, gateway, cast, dir;
  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'freehold-sms-'));
    gateway = await startGateway({ token: 'secretword' });
    server = await startServer({
      set: { 'registrations.mode': 'open', 'registrations.confirm': 'phone', 'sms.route': await gateway.request(dir, 'Freehold-Expect: accepted\n'), 'sms.prefixes': '+49, +43', 'server.domain': 'social.example' },
    });
    cast = await makeCast(server, 'olga', 'mona');
  });
  after(async () => {
    await server.remove();
    await Promise.all([gateway.stop(), rm(dir, { recursive: true, force: true })]);
  });

  test('a code goes to the telephone, and typing it in lets its owner in', async () => {
    const visitor = new Visitor(server);
    assert.equal((await visitor.look()).site.confirm, 'phone');
    assert.deepEqual((await visitor.own('POST', 'signup', goodSignUp('anna', { phone: ' +49 (151) 1234-0001' }))).body, { state: 'unconfirmed' });
    const { to, text, code } = await gateway.brings('+4915112340001');
    assert.equal(to, '+4915112340001');
    assert.equal(text, `${code} is your code for social.example. It is valid for ten minutes.\n\n@social.example #${code}`);
    await isOut(server, 'anna');
    const { status, body } = await typeCode(server, 'anna', `${code.slice(0, 3)} ${code.slice(3)}`, visitor);
    assert.deepEqual([status, body], [200, { state: 'active' }]);
    assert.equal((await visitor.look()).account.username, 'anna', 'and is logged in');
    assert.equal((await logIn(server, 'anna')).status, 200);
    assert.equal((await typeCode(server, 'anna', code)).status, 410, 'a code works once');
    assert.equal((await mailsTo(server, 'anna@example.org')).length, 0, 'no mail asks for anything');
  });

  test('who speaks German gets it in German', async () => {
    await signUp(server, 'berta', '+4915112340002', { locale: 'de' });
    assert.match((await gateway.brings('+4915112340002')).text, /^\d{6} ist dein Code für social\.example\. Er gilt zehn Minuten\.\n/);
  });

  test('numbers that are none, of other countries, or taken are refused next to their field', async () => {
    for (const [phone, error] of [[undefined, 'ERR_BLANK'], ['', 'ERR_BLANK'], ['015112340003', 'ERR_INVALID'], ['+49 1511', 'ERR_INVALID'], ['+49x15112340003', 'ERR_INVALID'], ['+41791234567', 'ERR_BLOCKED'], ['+4915112340001', 'ERR_TAKEN']]) {
      const answer = await signUp(server, 'carla', phone);
      assert.equal(answer.status, 422, phone);
      assert.deepEqual(codes(answer, 'phone'), [error], phone);
    }
    assert.equal(await jobs(server), 0);
  });

  test('five wrong codes make it worthless, and another can be had', async () => {
    await signUp(server, 'dora', '+4915112340004');
    const { code } = await gateway.brings('+4915112340004');
    assert.equal((await new Visitor(server).own('POST', 'phone/confirm', { login: 'dora', password: 'not hers', code })).status, 401);
    for (let i = 0; i < 5; i++) {
      const answer = await typeCode(server, 'dora', other(code));
      assert.deepEqual([answer.status, codes(answer, 'code')], [422, ['ERR_INVALID']]);
    }
    assert.equal((await typeCode(server, 'dora', code)).status, 410, 'the right one is not good any more either');
    await isOut(server, 'dora');
    assert.deepEqual((await askAgain(server, 'dora', '+43 660 1234004')).body, {});
    const again = await gateway.brings('+436601234004');
    assert.equal((await typeCode(server, 'dora', code)).status, 422, 'the first one is not good for another number');
    assert.deepEqual((await typeCode(server, 'dora', again.code)).body, { state: 'active' });
    assert.equal((await askAgain(server, 'dora', '+436601234004')).status, 403, 'nothing is to be confirmed');
  });

  test('guesses made at the same time count one by one', async () => {
    await signUp(server, 'erna', '+4915112340005');
    const { code } = await gateway.brings('+4915112340005');
    const answers = await Promise.all(Array.from({ length: 12 }, () => typeCode(server, 'erna', other(code))));
    assert.equal(answers.filter(({ status }) => status === 422).length, 5, JSON.stringify(answers.map(({ status }) => status)));
    assert.equal((await typeCode(server, 'erna', code)).status, 410);
  });

  test('a code ends after ten minutes', async () => {
    await signUp(server, 'frida', '+4915112340006');
    const { code } = await gateway.brings('+4915112340006');
    const left = Number(await server.sql("SELECT code_until FROM phone JOIN account ON id = account_id WHERE username = 'frida'")) - Date.now();
    assert.ok(left > 580_000 && left <= 600_000, `${left} ms`);
    await server.stop();
    await server.sql("UPDATE phone SET code_until = code_until - 600000");
    await server.start();
    assert.equal((await typeCode(server, 'frida', code)).status, 410);
    await isOut(server, 'frida');
  });

  test('of two who wait for the same number one gets in', async () => {
    await signUp(server, 'greta', '+4915112340007');
    const first = await gateway.brings('+4915112340007');
    await signUp(server, 'hilde', '+4915112340007');
    const second = await gateway.brings('+4915112340007', 2);
    assert.deepEqual((await typeCode(server, 'greta', second.code)).status, 422, 'a code is good for its own account');
    const answers = await Promise.all([typeCode(server, 'greta', first.code), typeCode(server, 'hilde', second.code)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422], JSON.stringify(answers.map(({ body }) => body)));
    assert.deepEqual(codes(answers.find(({ status }) => status === 422), 'phone'), ['ERR_TAKEN']);
  });

  test('a number that the gateway refuses is given up, and its owner may give another', async () => {
    gateway.refuses.add('+4915112340008');
    await signUp(server, 'ida', '+4915112340008');
    await eventually(() => jobs(server), (n) => n === 0);
    assert.deepEqual(codes(await typeCode(server, 'ida', '000000'), 'phone'), ['ERR_UNREACHABLE']);
    assert.equal(Number(/^freehold_sms_route_state\{.*\} (\d)$/m.exec(await (await server.fetch('/metrics')).text())[1]), 0, 'the gateway is not away');
    await askAgain(server, 'ida', '+4915112340009');
    assert.deepEqual((await typeCode(server, 'ida', (await gateway.brings('+4915112340009')).code)).body, { state: 'active' });
  });

  test('nobody is flooded: neither a number nor an account gets more than three codes in a row', async () => {
    await signUp(server, 'jana', '+4915112340010');
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await askAgain(server, 'jana', '+4915112340010'));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 429, 429]);
    assert.ok(Number(answers[3].headers.get('retry-after')) > 30);
    assert.equal((await askAgain(server, 'jana', '+4915112340011')).status, 429, 'nor for another number');
    assert.deepEqual(codes(await signUp(server, 'jana2', '+4915112340010'), 'phone'), ['ERR_TOO_MANY']);
  });

  test('neither a link in a mail nor a new password takes the place of the code', async () => {
    await signUp(server, 'karla', '+4915112340012');
    await gateway.brings('+4915112340012');
    await new Visitor(server).own('POST', 'confirm/resend', { email: 'karla@example.org' });
    await new Visitor(server).own('POST', 'password/forgot', { email: 'karla@example.org' });
    const [reset] = await eventually(() => mailsTo(server, 'karla@example.org'), (mails) => mails.length > 0);
    assert.match(reset.text, /new password/i);
    assert.equal((await new Visitor(server).own('POST', 'password/reset', { token: reset.token, password: PASSWORD })).status, 200);
    await isOut(server, 'karla');
    assert.ok((await mailsTo(server, 'karla@example.org')).every(({ text }) => !/Confirm your/.test(text)));
  });

  test('who moderates lets somebody in by hand, and the code is worthless then', async () => {
    await signUp(server, 'lotte', '+4915112340013');
    const { code } = await gateway.brings('+4915112340013');
    assert.equal((await server.cli('account', 'confirm', 'lotte')).code, 0);
    assert.equal((await logIn(server, 'lotte')).status, 200);
    assert.equal((await typeCode(server, 'lotte', code)).status, 410);
    assert.equal((await signUp(server, 'lotte2', '+4915112340013')).status, 200, 'the number was never shown to be hers');
  });

  test('whoever deletes the account takes the number along', async () => {
    const visitor = new Visitor(server);
    await signUp(server, 'marie', '+4915112340014');
    await typeCode(server, 'marie', (await gateway.brings('+4915112340014')).code, visitor);
    await visitor.look();
    assert.deepEqual(codes(await signUp(server, 'marie2', '+4915112340014'), 'phone'), ['ERR_TAKEN']);
    assert.equal((await visitor.own('POST', 'account/delete', { password: PASSWORD })).status, 200);
    assert.equal((await signUp(server, 'marie2', '+4915112340014')).status, 200);
  });

  test('an app is told that the number is missing, as Mastodon tells such things, and its token works after the code', async () => {
    const app = await makeApp(server);
    const granted = await server.fetch('/oauth/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope: 'read write' }) });
    const { access_token } = await granted.json();
    const create = (form) => server.fetch('/api/v1/accounts', { method: 'POST', headers: { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(form) });
    const refused = await create(goodSignUp('nora'));
    assert.equal(refused.status, 422);
    const { error, details } = await refused.json();
    assert.equal(error, "Validation failed: Phone can't be blank");
    assert.deepEqual(details, { phone: [{ error: 'ERR_BLANK', description: "can't be blank" }] });
    const made = await (await create(goodSignUp('nora', { phone: '+4915112340015' }))).json();
    const check = () => server.fetch('/api/v1/accounts/verify_credentials', { headers: { Authorization: `Bearer ${made.access_token}` } });
    assert.equal((await check()).status, 403);
    const mail = await server.fetch('/api/v1/emails/confirmations', { method: 'POST', headers: { Authorization: `Bearer ${made.access_token}` } });
    assert.equal(mail.status, 403, 'no mail confirms it');
    await typeCode(server, 'nora', (await gateway.brings('+4915112340015')).code);
    assert.equal((await check()).status, 200);
  });

  test('an answer without what is expected is not taken for a success', async () => {
    gateway.says = 'credit exhausted';
    const before = gateway.taken.length;
    await signUp(server, 'olli', '+4915112340016');
    await eventually(() => gateway.taken.length, (n) => n > before);
    await isOut(server, 'olli');
    assert.equal(await jobs(server), 1, 'it is tried again');
    gateway.says = undefined;
    await eventually(() => jobs(server), (n) => n === 0, 60_000);
    assert.deepEqual((await typeCode(server, 'olli', gateway.to('+4915112340016').at(-1).code)).body, { state: 'active' });
  });

  test('neither numbers nor codes nor keys are in the log, and no number is in the database', async () => {
    assert.doesNotMatch(server.log, /secretword|151123400|15112340/);
    for (const { code } of gateway.taken) assert.ok(!new RegExp(`\\b${code}\\b`).test(server.log), code);
    assert.equal(await jobs(server), 0);
    for (const table of ['phone', 'once', 'job', 'member', 'site'])
      assert.doesNotMatch(await server.sql(`SELECT * FROM ${table}`), /15112340|\b49151/, table);
    assert.equal(await server.sql("SELECT count(*) FROM change WHERE image LIKE '%15112340%'"), '0', 'nor in its log');
    assert.ok(Number(await server.sql("SELECT count(*) FROM phone")) > 5);
    assert.match(await server.sql("SELECT value FROM site WHERE key = 'sms_sent'"), new RegExp(`^${today()} \\d+$`));
  });
});

describe('three ways for text messages, the last of them a modem, while people sign up', { timeout: 300_000 }, () => {
  let first, second, modem, dir, server, writing, writers;
  const joined = []; // [name, number], in the order in which they were answered

  before(async () => {
    first = await startGateway({ token: 'of the first' });
    second = await startGateway({ token: 'of the second' });
    modem = await makeModem();
    dir = await mkdtemp(path.join(tmpdir(), 'freehold-sms-'));
    const dataDir = await mkdtemp(path.join(tmpdir(), 'freehold-test-'));
    await writeFile(path.join(dataDir, 'freehold.conf'), `[sms]\nroute = ${first.route.replace('of the first', 'of%20the%20first')}\nroute = ${await second.request(dir)}\nroute = ${modem.route}\n`);
    const port = await freePort();
    server = await startServer({ port, dataDir, set: { 'registrations.mode': 'open', 'registrations.confirm': 'phone', 'server.domain': 'social.example', 'sms.per_day': 0, 'server.base_url': `http://127.0.0.1:${port}` } });
    writing = true;
    writers = Array.from({ length: 4 }, async (_, w) => {
      for (let i = 0; writing; i++) {
        const [name, number] = [`p${w}_${i}`, `+4915${w}${String(i).padStart(7, '0')}`];
        const { status, body } = await signUp(server, name, number);
        assert.deepEqual([status, body], [200, { state: 'unconfirmed' }]);
        joined.push([name, number]);
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    });
  });

  after(async () => {
    writing = false;
    await Promise.allSettled(writers);
    await server.remove();
    await Promise.all([first.stop(), second.stop(), modem.remove(), rm(dir, { recursive: true, force: true })]);
  });

  const all = async () => [...first.taken, ...second.taken, ...(await modem.taken())];
  const metric = async (line) => Number(new RegExp(`^freehold_${line} (\\d+)$`, 'm').exec(await (await server.fetch('/metrics')).text())?.[1]);
  const state = (position) => metric(`sms_route_state\\{position="${position}",route="[^"]*"\\}`);
  const site = async () => (await new Visitor(server).look()).site;
  const nobodyIsIn = async () => {
    for (const [name] of joined.slice(-3)) await isOut(server, name);
    assert.equal(await server.sql('SELECT count(*) FROM member WHERE flags % 2 = 1'), '0', 'nobody is confirmed');
  };

  test('all take the first route while it answers', async () => {
    await eventually(() => first.taken.length, (n) => n >= 25, 40_000);
    assert.deepEqual([second.taken.length, (await modem.taken()).length, await state(1)], [0, 0, 0]);
    assert.equal((await site()).sms_delayed, false);
    await nobodyIsIn();
  });

  test('when it fails they take the second, and the first is not asked for each of them', async () => {
    first.sick = true;
    const before = second.taken.length;
    await eventually(() => second.taken.length, (n) => n >= before + 25, 40_000);
    await eventually(() => state(1), (s) => s === 2);
    const failed = await metric('sms_failed_total\\{position="1",route="[^"]*"\\}');
    assert.ok(failed >= 2 && failed <= 8, `${failed} were tried on a route that was away`);
    await nobodyIsIn();
  });

  test('when the second is gone too they take the modem', async () => {
    await second.stop();
    const before = (await modem.taken()).length;
    await eventually(async () => (await modem.taken()).length, (n) => n >= before + 25, 60_000);
    assert.equal(await state(2), 2);
    await nobodyIsIn();
  });

  test('when none is left sign-ups wait, nobody gets in, and everybody is told', async () => {
    await modem.unplug();
    await eventually(async () => [await state(1), await state(2), await state(3)].every((s) => s > 0), (away) => away, 30_000);
    const waiting = await metric('sms_waiting');
    await eventually(() => metric('sms_waiting'), (n) => n > waiting + 25, 30_000);
    await eventually(site, ({ sms_delayed }) => sms_delayed === true);
    const { body } = await logIn(server, joined.at(-1)[0]);
    assert.match(body.error, /cannot send text messages at the moment/);
    await nobodyIsIn();
    for (const code of ['', '000000', 'x'.repeat(1000)]) assert.equal((await typeCode(server, joined.at(-1)[0], code)).status, 410);
    const { code, stdout } = await server.cli('doctor', '--json');
    assert.equal(code, 3);
    const findings = JSON.parse(stdout).findings.filter(({ party }) => party === 'sms');
    assert.ok(findings.find(({ saying }) => saying === 'sms_wait').n > 10, JSON.stringify(findings));
    assert.equal(await server.sql("SELECT count(*) FROM job WHERE kind = 'sms' AND buried_at IS NOT NULL"), '0');
  });

  test('the owner lets somebody in by hand', async () => {
    const [name] = joined.at(-1);
    assert.equal((await server.cli('account', 'confirm', name)).code, 0);
    assert.equal((await logIn(server, name)).status, 200);
    joined.splice(joined.findIndex(([other]) => other === name), 1);
  });

  test('a start in between loses none of them', async () => {
    writing = false;
    await Promise.all(writers);
    const before = await jobs(server);
    assert.ok(before > 10);
    await server.stop();
    await server.start();
    await eventually(async () => [await state(1), await state(2), await state(3)].every((s) => s > 0), (away) => away, 60_000);
    assert.equal(await jobs(server), before);
    assert.equal((await site()).sms_delayed, true);
  });

  test('when one route is back each of them gets one message, and its code lets them in', async () => {
    await second.start();
    await eventually(() => jobs(server), (n) => n === 0, 120_000);
    assert.equal((await site()).sms_delayed, false);
    const messages = await all();
    for (const [name, number] of joined) assert.equal(messages.filter(({ to }) => to === number).length, 1, `${name} ${number}`);
    for (const [name, number] of [joined[0], joined.at(-1), joined.at(-2)]) {
      const { code } = messages.find(({ to }) => to === number);
      const { status } = await typeCode(server, name, code);
      assert.equal(status, 200, `${name} ${code}`);
      assert.equal((await logIn(server, name)).status, 200);
    }
    for (const secret of ['of the first', 'of%20the%20first', 'of the second', joined[0][1]]) assert.ok(!server.log.includes(secret), `${secret} is in the log`);
    assert.ok(!(await (await server.fetch('/metrics')).text()).includes('of%20the'));
  });

  test('the settings are shown as far as the hosts', async () => {
    const { stdout } = await server.cli('config');
    assert.deepEqual(stdout.split('[sms]')[1].match(/^route = .*$/gm), [`route = http://127.0.0.1:${first.port}/***`, `route = ${await second.request(dir)}`, `route = ${modem.route}`]);
  });
});

test('past the day’s cap nobody more is sent a code, and who waits gets it when there is room again', async () => {
  const gateway = await startGateway();
  const server = await startServer({ set: { 'registrations.mode': 'open', 'registrations.confirm': 'phone', 'sms.route': gateway.route.replaceAll(' ', '%20'), 'sms.per_day': 3 } });
  for (const i of [1, 2]) await signUp(server, `q${i}`, `+4915112350000${i}`);
  await gateway.brings('+49151123500002');
  gateway.refuses.add('+49151123500003');
  await signUp(server, 'q3', '+49151123500003');
  await eventually(() => jobs(server), (n) => n === 0);
  assert.equal(await server.sql("SELECT value FROM site WHERE key = 'sms_sent'"), `${today()} 2`, 'what was refused costs nothing');
  await signUp(server, 'q4', '+49151123500004');
  await gateway.brings('+49151123500004');
  const full = await signUp(server, 'q5', '+49151123500005');
  assert.deepEqual([full.status, codes(full, 'phone')], [422, ['ERR_LIMIT']]);
  assert.equal((await new Visitor(server).look()).site.sms_delayed, true);
  const { stdout } = await server.cli('doctor', '--json');
  assert.ok(JSON.parse(stdout).findings.some(({ party, saying, n }) => party === 'sms' && saying === 'sms_capped' && n === 3));
  // Another day begins.
  await server.stop();
  await server.sql(`UPDATE site SET value = '${today() - 1} 3' WHERE key = 'sms_sent'`);
  await server.start();
  assert.equal((await signUp(server, 'q5', '+49151123500005')).status, 200);
  const { code } = await gateway.brings('+49151123500005');
  assert.equal((await typeCode(server, 'q5', code)).status, 200);
  await server.remove();
  await gateway.stop();
});

test('settings that could let nobody in, or make no sense, end the start with one line that shows no key', async () => {
  for (const [set, line] of [
    [{ 'registrations.confirm': 'phone' }, /registrations\.confirm = phone needs a way for text messages \(sms\.route\)/],
    [{ 'sms.route': 'https://gw.example/secretword?to={to}' }, /sms\.route cannot be used: https:\/\/gw\.example: it needs the blanks/],
    [{ 'sms.route': 'http://gw.example/secretword?to={to}&text={text}' }, /plain http goes to this machine or to a private address only/],
    [{ 'sms.route': 'pigeon' }, /sms\.route cannot be used: pigeon: a way for text messages is/],
    [{ 'sms.route': 'gammu:/nowhere/gammurc' }, /its file cannot be read/],
    [{ 'sms.prefixes': '49' }, /sms\.prefixes: a prefix is \+ and digits/],
  ])
    await assert.rejects(startServer({ set }), (error) => {
      assert.match(error.message, line);
      assert.ok(!error.message.includes('secretword'));
      return true;
    });
});
