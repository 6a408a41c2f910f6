// Joining: the four modes, what a form may say, confirmation, the first run.
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { eventually, makeApp, makeCast } from '../cast/cast.mjs';
import { Visitor, goodSignUp, mailTo, mailsTo } from '../cast/visitor.mjs';
import { startServer } from '../harness/server.mjs';

const signUp = (server, form) => new Visitor(server).own('POST', 'signup', form);
const codes = (answer, field) => (answer.body.details?.[field] ?? []).map((problem) => problem.error);

describe('open registration without confirmation', () => {
  let server;
  before(async () => (server = await startServer({ set: { 'registrations.mode': 'open' } })));
  after(() => server.remove());

  test('who signs up is in at once, with a session', async () => {
    const visitor = new Visitor(server);
    const answer = await visitor.own('POST', 'signup', goodSignUp('anna'));
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, { state: 'active' });
    const session = await visitor.look();
    assert.equal(session.account.username, 'anna');
    assert.equal(session.email, 'anna@example.org');
    assert.equal(session.role, 'user');
  });

  test('everything that is wrong is said at once, field by field', async () => {
    const answer = await signUp(server, { username: 'bad name!', email: 'nonsense', password: 'short', agreement: false });
    assert.equal(answer.status, 422);
    assert.match(answer.body.error, /^Validation failed: /);
    assert.deepEqual(codes(answer, 'username'), ['ERR_INVALID']);
    assert.deepEqual(codes(answer, 'email'), ['ERR_INVALID']);
    assert.deepEqual(codes(answer, 'password'), ['ERR_TOO_SHORT']);
    assert.deepEqual(codes(answer, 'agreement'), ['ERR_ACCEPTED']);
    for (const problems of Object.values(answer.body.details)) for (const problem of problems) assert.ok(problem.description);
  });

  test('a name and an address are taken in any case', async () => {
    await signUp(server, goodSignUp('berta'));
    const answer = await signUp(server, goodSignUp('BERTA', { email: 'Berta@Example.ORG' }));
    assert.equal(answer.status, 422);
    assert.deepEqual(codes(answer, 'username'), ['ERR_TAKEN']);
    assert.deepEqual(codes(answer, 'email'), ['ERR_TAKEN']);
  });

  test('reserved, empty and overlong names are refused', async () => {
    assert.deepEqual(codes(await signUp(server, goodSignUp('Admin')), 'username'), ['ERR_RESERVED']);
    assert.deepEqual(codes(await signUp(server, goodSignUp('')), 'username'), ['ERR_BLANK']);
    assert.deepEqual(codes(await signUp(server, goodSignUp('x'.repeat(31))), 'username'), ['ERR_TOO_LONG']);
  });

  test('a password is not one’s own name or address', async () => {
    assert.deepEqual(codes(await signUp(server, goodSignUp('clemens_maria', { password: 'Clemens_Maria' })), 'password'), ['ERR_INVALID']);
    assert.deepEqual(codes(await signUp(server, goodSignUp('clemens', { password: 'clemens@example.org' })), 'password'), ['ERR_INVALID']);
  });

  test('addresses are checked, foreign domains made ASCII', async () => {
    for (const email of ['a@b@c', '@example.org', 'a@', 'a b@example.org', 'a@exa mple.org', '.a@example.org', 'a..b@example.org', 'a\nb@example.org', `${'a'.repeat(65)}@example.org`])
      assert.deepEqual(codes(await signUp(server, goodSignUp('dora', { email })), 'email'), ['ERR_INVALID'], email);
    assert.equal((await signUp(server, goodSignUp('dora', { email: 'dora@bücher.example' }))).status, 200);
    assert.deepEqual(codes(await signUp(server, goodSignUp('dora2', { email: 'dora@xn--bcher-kva.example' })), 'email'), ['ERR_TAKEN']);
  });

  test('of many who ask for one name at once, one gets it', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => signUp(server, goodSignUp('emil', { email: `emil${i}@example.org` }))));
    assert.deepEqual(answers.map((a) => a.status).sort(), [200, 422, 422, 422, 422, 422, 422, 422]);
    const losers = answers.filter((a) => a.status === 422);
    assert.ok(losers.every((a) => codes(a, 'username')[0] === 'ERR_TAKEN'), JSON.stringify(losers.map((a) => a.body)));
  });

  test('malformed bodies are a 4xx that says why', async () => {
    for (const body of ['{', '[]', '"x"', '{"username": {"a": 1}}', '{"username":["x"]}', '\u0000']) {
      const answer = await server.fetch('/api/freehold/v1/signup', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      assert.ok(answer.status >= 400 && answer.status < 500, body);
      assert.ok((await answer.json()).error);
    }
  });
});

describe('registration by approval, with confirmation by mail', () => {
  let server, cast;
  before(async () => {
    server = await startServer({ set: { 'registrations.confirm': 'email' } });
    cast = await makeCast(server, 'olga', 'mona', 'alice');
  });
  after(() => server.remove());

  test('a reason is asked for', async () => {
    const answer = await signUp(server, goodSignUp('frieda', { reason: ' ' }));
    assert.deepEqual(codes(answer, 'reason'), ['ERR_BLANK']);
  });

  test('from the form to the first log-in: confirm by mail, approve by a moderator', async () => {
    const visitor = new Visitor(server);
    assert.deepEqual((await visitor.own('POST', 'signup', goodSignUp('gustav'))).body, { state: 'unconfirmed' });
    let refused = await visitor.logIn('gustav', 'a long password');
    assert.equal(refused.status, 403);
    assert.equal(refused.body.reason, 'unconfirmed');

    const mail = await mailTo(server, 'gustav@example.org');
    assert.match(mail.text, /Subject: Confirm your e-mail address/);
    assert.equal((await stat(mail.file)).mode & 0o777, 0o600);
    await eventually(() => server.log, (log) => log.includes(mail.file)); // it names the file
    assert.ok(!server.log.includes(mail.token), 'and not what is in it');
    assert.deepEqual((await visitor.own('POST', 'confirm', { token: mail.token })).body, { state: 'pending' });
    assert.equal((await visitor.own('POST', 'confirm', { token: mail.token })).status, 410, 'a link works once');
    refused = await visitor.logIn('gustav@example.org', 'a long password');
    assert.equal(refused.body.reason, 'pending');

    const { body: waiting } = await cast.mona.get('/api/v1/admin/accounts?pending=true');
    const gustav = waiting.find((account) => account.username === 'gustav');
    assert.equal(gustav.invite_request, 'I like it here');
    assert.equal(gustav.confirmed, true);
    assert.equal(gustav.approved, false);
    assert.equal(gustav.account.username, 'gustav');
    assert.equal((await cast.alice.get(`/api/v1/accounts/${gustav.id}`)).status, 404, 'nobody else sees who waits');
    assert.equal((await cast.alice.get('/api/v1/accounts/lookup?acct=gustav')).status, 404);

    assert.equal((await cast.mona.post(`/api/v1/admin/accounts/${gustav.id}/approve`)).body.approved, true);
    assert.equal((await visitor.logIn('@Gustav', 'a long password')).status, 200);
    assert.equal((await cast.alice.get(`/api/v1/accounts/${gustav.id}`)).status, 200);
    await mailTo(server, 'gustav@example.org', /approved/);
  });

  test('who is turned away is gone, and the address is free again', async () => {
    await signUp(server, goodSignUp('harald'));
    const [harald] = (await cast.mona.get('/api/v1/admin/accounts?pending=true&username=harald')).body.filter((a) => a.username === 'harald');
    assert.equal((await cast.mona.post(`/api/v1/admin/accounts/${harald.id}/reject`)).status, 200);
    assert.equal((await cast.mona.get('/api/v1/admin/accounts?pending=true')).body.some((a) => a.username === 'harald'), false);
    assert.equal((await signUp(server, goodSignUp('harald2', { email: 'harald@example.org' }))).status, 200);
  });

  test('a confirmation is sent again on request, and nobody learns who is known', async () => {
    await signUp(server, goodSignUp('ida'));
    await mailTo(server, 'ida@example.org');
    for (const email of ['ida@example.org', 'nobody@example.org']) assert.deepEqual((await new Visitor(server).own('POST', 'confirm/resend', { email })).body, {});
    const deadline = Date.now() + 5000;
    while ((await mailsTo(server, 'ida@example.org')).length < 2 && Date.now() < deadline) await new Promise((r) => setTimeout(r, 50));
    assert.equal((await mailsTo(server, 'ida@example.org')).length, 2);
    assert.equal((await mailsTo(server, 'nobody@example.org')).length, 0);
  });

  test('one mailbox cannot be flooded', async () => {
    await signUp(server, goodSignUp('jana'));
    for (let i = 0; i < 12; i++) await new Visitor(server).own('POST', 'confirm/resend', { email: 'jana@example.org' });
    await new Promise((r) => setTimeout(r, 1500));
    assert.ok((await mailsTo(server, 'jana@example.org')).length <= 4);
  });

  test('the owner confirms and approves by hand, on the command line and over the API', async () => {
    await signUp(server, goodSignUp('karl'));
    assert.equal((await server.cli('account', 'confirm', 'karl')).code, 0);
    assert.equal((await server.cli('account', 'approve', '@karl')).code, 0);
    assert.equal((await new Visitor(server).logIn('karl', 'a long password')).status, 200);

    await signUp(server, goodSignUp('lena'));
    const lena = (await cast.olga.get('/api/v1/admin/accounts?pending=true')).body.find((a) => a.username === 'lena');
    assert.equal((await cast.olga.post(`/api/v1/admin/accounts/${lena.id}/confirm`)).body.confirmed, true);
    assert.equal((await cast.olga.post(`/api/v1/admin/accounts/${lena.id}/approve`)).body.approved, true);
    assert.equal((await new Visitor(server).logIn('lena', 'a long password')).status, 200);
  });

  test('an invite lets somebody in without approval', async () => {
    const alice = new Visitor(server);
    await alice.logIn('alice', cast.alice.password);
    const invite = (await alice.own('POST', 'invites', { max_uses: 1, expires_in: 3600 })).body;
    assert.match(invite.url, /\/signup\?invite=/);
    assert.deepEqual((await signUp(server, goodSignUp('mara', { invite: invite.code, reason: '' }))).body, { state: 'unconfirmed' });
    const mail = await mailTo(server, 'mara@example.org');
    assert.deepEqual((await new Visitor(server).own('POST', 'confirm', { token: mail.token })).body, { state: 'active' });
  });

  test('a wrong, used or made-up link is 410', async () => {
    for (const token of ['', 'x', 'x'.repeat(43), 'x'.repeat(10000)]) assert.equal((await new Visitor(server).own('POST', 'confirm', { token })).status, 410);
  });
});

describe('registration by invite', () => {
  let server, alice;
  before(async () => {
    server = await startServer({ set: { 'registrations.mode': 'invite' } });
    const cast = await makeCast(server, 'alice');
    alice = new Visitor(server);
    await alice.logIn('alice', cast.alice.password);
  });
  after(() => server.remove());

  test('without an invite, or with a wrong one, nobody joins', async () => {
    assert.deepEqual(codes(await signUp(server, goodSignUp('nina')), 'invite'), ['ERR_BLANK']);
    assert.deepEqual(codes(await signUp(server, goodSignUp('nina', { invite: 'wrong' })), 'invite'), ['ERR_INVALID']);
  });

  test('an invite for three, used by many at once, lets in three', async () => {
    const invite = (await alice.own('POST', 'invites', { max_uses: 3, expires_in: null })).body;
    assert.equal(invite.expires_at, null);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => signUp(server, goodSignUp(`otto${i}`, { invite: invite.code }))));
    assert.equal(answers.filter((a) => a.status === 200).length, 3, JSON.stringify(answers.map((a) => a.body)));
    const [seen] = (await alice.own('GET', 'invites')).body;
    assert.equal(seen.uses, 3);
    assert.deepEqual(codes(await signUp(server, goodSignUp('otto_late', { invite: invite.code })), 'invite'), ['ERR_INVALID']);
  });

  test('a withdrawn invite is worth nothing', async () => {
    const invite = (await alice.own('POST', 'invites', { max_uses: null, expires_in: 60 })).body;
    assert.equal((await alice.own('DELETE', `invites/${invite.id}`)).status, 200);
    assert.equal((await alice.own('DELETE', `invites/${invite.id}`)).status, 404);
    assert.deepEqual(codes(await signUp(server, goodSignUp('paul', { invite: invite.code })), 'invite'), ['ERR_INVALID']);
  });

  test('nobody sees or withdraws the invites of others', async () => {
    const invite = (await alice.own('POST', 'invites', {})).body;
    const guest = new Visitor(server);
    await guest.own('POST', 'signup', goodSignUp('quirin', { invite: invite.code }));
    await guest.look();
    assert.deepEqual((await guest.own('GET', 'invites')).body, []);
    assert.equal((await guest.own('DELETE', `invites/${invite.id}`)).status, 404);
  });
});

describe('closed registration, and the first run', () => {
  let server;
  before(async () => (server = await startServer({ set: { 'registrations.mode': 'closed' } })));
  after(() => server.remove());

  const link = () => /\/setup\?token=(\S+)/.exec(server.log)[1];
  const setup = (token, name) =>
    new Visitor(server).own('POST', 'setup', { token, username: name, email: `${name}@example.org`, password: 'a long password', title: 'Our place', description: 'For us', registrations: 'open' });

  test('nobody joins, not even with a token of an app', async () => {
    assert.equal((await signUp(server, goodSignUp('rita'))).status, 403);
    const app = await makeApp(server);
    const token = await (await server.fetch('/oauth/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope: 'write' }) })).json();
    const answer = await server.fetch('/api/v1/accounts', { method: 'POST', headers: { Authorization: `Bearer ${token.access_token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(goodSignUp('rita')) });
    assert.equal(answer.status, 403);
  });

  test('the link on the console makes one owner, also when many open it at once', async () => {
    assert.equal((await new Visitor(server).look()).setup_needed, true);
    assert.equal((await setup('wrong', 'sepp')).status, 410);
    assert.equal((await setup(link(), 'no good name')).status, 422);
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => setup(link(), `sepp${i}`)));
    const winners = answers.filter((a) => a.status === 200);
    assert.equal(winners.length, 1, JSON.stringify(answers.map((a) => [a.status, a.body])));
    assert.ok(answers.every((a) => [200, 409, 410].includes(a.status)));
    assert.equal(winners[0].body.role, 'owner');
    assert.ok(winners[0].body.csrf_token);
    assert.equal(winners[0].body.site.title, 'Our place');
    assert.equal(winners[0].body.site.registrations, 'closed', 'what the configuration says holds');
    assert.equal((await setup(link(), 'late')).status, 409);
    assert.equal((await new Visitor(server).look()).setup_needed, false);
  });

  test('while there is an owner a start prints no link', async () => {
    await server.stop();
    server.log = '';
    await server.start();
    assert.doesNotMatch(server.log, /setup\?token/);
  });
});

describe('sign-up through an app', () => {
  let server, app, token;
  before(async () => {
    server = await startServer({ set: { 'registrations.mode': 'open', 'registrations.confirm': 'email' } });
    app = await makeApp(server);
    const answer = await server.fetch('/oauth/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope: 'read write' }) });
    token = (await answer.json()).access_token;
  });
  after(() => server.remove());

  const ask = (method, where, bearer, body) =>
    server.fetch(where, { method, headers: { Authorization: `Bearer ${bearer}`, ...(body ? { 'Content-Type': 'application/json' } : {}) }, body: body && JSON.stringify(body) });

  test('the app gets a token that works once the address is confirmed', async () => {
    const made = await (await ask('POST', '/api/v1/accounts', token, goodSignUp('tina'))).json();
    assert.equal(made.token_type, 'Bearer');
    assert.equal((await ask('GET', '/api/v1/accounts/verify_credentials', made.access_token)).status, 403);
    assert.equal((await ask('POST', '/api/v1/emails/confirmations', made.access_token, {})).status, 200);
    const old = await mailTo(server, 'tina@example.org');
    const moved = await ask('POST', '/api/v1/emails/confirmations', made.access_token, { email: 'tina@elsewhere.example' });
    assert.equal(moved.status, 200);
    assert.equal((await new Visitor(server).own('POST', 'confirm', { token: old.token })).status, 410, 'the first address is not it any more');
    const mail = await mailTo(server, 'tina@elsewhere.example');
    assert.equal((await new Visitor(server).own('POST', 'confirm', { token: mail.token })).status, 200);
    assert.equal((await (await ask('GET', '/api/v1/accounts/verify_credentials', made.access_token)).json()).username, 'tina');
    assert.equal((await ask('POST', '/api/v1/emails/confirmations', made.access_token, {})).status, 403);
  });

  test('a form that is wrong says what, as Mastodon does', async () => {
    const answer = await ask('POST', '/api/v1/accounts', token, { username: 'a b', email: '', password: '', agreement: false });
    assert.equal(answer.status, 422);
    const { details } = await answer.json();
    assert.deepEqual(Object.keys(details).sort(), ['agreement', 'email', 'password', 'username']);
    assert.deepEqual(details.email, [{ error: 'ERR_BLANK', description: "can't be blank" }]);
  });
});
