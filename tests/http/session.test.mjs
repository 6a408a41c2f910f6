// Browser sessions: cookies, CSRF, the list of them, passwords and addresses.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { logIn, makeCast, makePerson } from '../cast/cast.mjs';
import { Visitor, mailTo, mailsTo } from '../cast/visitor.mjs';
import { startServer } from '../harness/server.mjs';

let server, cast;
before(async () => {
  server = await startServer({ set: { 'registrations.confirm': 'email' } });
  cast = await makeCast(server, 'alice', 'bob');
});
after(() => server.remove());

const person = async (name) => {
  const made = await makePerson(server, cast.app, name);
  const visitor = new Visitor(server);
  assert.equal((await visitor.logIn(name, made.password)).status, 200);
  return { made, visitor };
};

test('nobody is logged in at first', async () => {
  const session = await new Visitor(server).look();
  assert.equal(session.account, null);
  assert.equal(session.csrf_token, null);
  assert.equal(session.role, null);
  assert.equal(session.email, null);
  assert.equal(session.site.max_characters, 500);
});

test('the cookie is for this site alone and out of reach of scripts', async () => {
  const answer = await new Visitor(server).logIn('alice', cast.alice.password);
  const cookie = answer.headers.getSetCookie().find((c) => c.startsWith('freehold_session='));
  for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/']) assert.ok(cookie.includes(part), part);
  assert.ok(!cookie.includes('Secure'), 'on plain http a Secure cookie would be lost');
  assert.ok(!JSON.stringify(answer.body).includes(cookie.split(/[=;]/)[1]), 'the secret stands in no body');
});

test('behind a proxy that speaks https the cookie is Secure', async () => {
  const proxied = await startServer({ set: { 'server.base_url': 'https://example.org', 'server.domain': 'example.org' } });
  try {
    const { alice } = await makeCast(proxied, 'alice');
    const answer = await new Visitor(proxied).logIn('alice', alice.password);
    assert.match(answer.headers.getSetCookie()[0], /Secure/);
  } finally {
    await proxied.remove();
  }
});

test('name in any case, with or without @, and the e-mail address all log in', async () => {
  for (const login of ['alice', 'Alice', '@alice', ' alice ', 'alice@example.org', 'ALICE@example.org'])
    assert.equal((await new Visitor(server).logIn(login, cast.alice.password)).status, 200, login);
});

test('a wrong password and an unknown name answer alike', async () => {
  const wrong = await new Visitor(server).logIn('alice', 'wrong');
  const unknown = await new Visitor(server).logIn('nobody_here', 'wrong');
  assert.equal(wrong.status, 401);
  assert.equal(unknown.status, 401);
  assert.deepEqual(wrong.body, unknown.body);
});

test('with the cookie the whole API works, and writing asks for the CSRF token', async () => {
  const visitor = new Visitor(server);
  await visitor.logIn('alice', cast.alice.password);
  assert.equal((await visitor.request('GET', '/api/v1/timelines/home')).status, 200);
  const csrf = visitor.csrf;
  visitor.csrf = null;
  assert.equal((await visitor.request('POST', '/api/v1/statuses', { status: 'forged' })).status, 403);
  visitor.csrf = csrf.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'));
  assert.equal((await visitor.request('POST', '/api/v1/statuses', { status: 'forged' })).status, 403);
  visitor.csrf = csrf;
  assert.equal((await visitor.request('POST', '/api/v1/statuses', { status: 'mine' })).status, 200);
});

test('a CSRF token is good for its own session only', async () => {
  const one = new Visitor(server), other = new Visitor(server);
  await one.logIn('alice', cast.alice.password);
  await other.logIn('alice', cast.alice.password);
  other.csrf = one.csrf;
  assert.equal((await other.own('PATCH', 'settings', { theme: 'dark' })).status, 403);
});

test('a cookie’s secret is no access token, an access token no cookie', async () => {
  const visitor = new Visitor(server);
  await visitor.logIn('alice', cast.alice.password);
  const secret = visitor.cookies.get('freehold_session');
  const asToken = await server.fetch('/api/v1/accounts/verify_credentials', { headers: { Authorization: `Bearer ${secret}` } });
  assert.equal(asToken.status, 401);
  const asCookie = await server.fetch('/api/v1/accounts/verify_credentials', { headers: { Cookie: `freehold_session=${cast.alice.token}` } });
  assert.equal(asCookie.status, 401);
});

test('sessions are listed, told apart, and ended', async () => {
  const { made, visitor } = await person('lina');
  const phone = new Visitor(server, { 'User-Agent': 'a phone' });
  await phone.logIn('lina', made.password);
  const list = (await visitor.own('GET', 'sessions')).body;
  assert.equal(list.length, 3, 'two browsers and the token of the tests');
  assert.equal(list.filter((s) => s.current).length, 1);
  const app = list.find((s) => s.kind === 'app');
  assert.equal(app.app.name, 'Tests');
  assert.ok(app.scopes.includes('read'));
  const other = list.find((s) => s.agent === 'a phone');
  assert.equal(other.address, '127.0.0.1');
  assert.equal((await visitor.own('DELETE', `sessions/${other.id}`)).status, 200);
  assert.equal((await phone.look()).account, null, 'gone with the very next answer');
  assert.equal((await visitor.own('DELETE', `sessions/${app.id}`)).status, 200);
  assert.equal((await made.get('/api/v1/accounts/verify_credentials')).status, 401);
  assert.equal((await visitor.own('DELETE', `sessions/${app.id}`)).status, 404);
});

test('nobody ends the sessions of others', async () => {
  const { visitor } = await person('mia');
  const bob = new Visitor(server);
  await bob.logIn('bob', cast.bob.password);
  const [mine] = (await bob.own('GET', 'sessions')).body;
  assert.equal((await visitor.own('DELETE', `sessions/${mine.id}`)).status, 404);
  assert.ok((await bob.look()).account);
});

test('logging out ends the session on the server, too', async () => {
  const { visitor } = await person('nora');
  const secret = visitor.cookies.get('freehold_session');
  assert.equal((await visitor.own('DELETE', 'session')).status, 200);
  assert.equal(visitor.cookies.has('freehold_session'), false);
  assert.equal((await server.fetch('/api/v1/timelines/home', { headers: { Cookie: `freehold_session=${secret}` } })).status, 401);
});

test('a forgotten password is set anew by a mailed link, once, and ends all sessions', async () => {
  const { made, visitor } = await person('olaf');
  const token = made.token;
  for (const email of ['olaf@example.org', 'nobody@example.org']) assert.deepEqual((await new Visitor(server).own('POST', 'password/forgot', { email })).body, {});
  const mail = await mailTo(server, 'olaf@example.org', /\/reset\?token=/);
  const weak = await new Visitor(server).own('POST', 'password/reset', { token: mail.token, password: 'short' });
  assert.equal(weak.status, 422);
  assert.equal(weak.body.details.password[0].error, 'ERR_TOO_SHORT');
  const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => new Visitor(server).own('POST', 'password/reset', { token: mail.token, password: `another password ${i}` })));
  assert.equal(answers.filter((a) => a.status === 200).length, 1, JSON.stringify(answers.map((a) => a.body)));
  assert.ok(answers.every((a) => [200, 410].includes(a.status)));
  const chosen = answers.findIndex((a) => a.status === 200);
  assert.equal((await visitor.look()).account, null);
  assert.equal((await server.fetch('/api/v1/timelines/home', { headers: { Authorization: `Bearer ${token}` } })).status, 401);
  assert.equal((await new Visitor(server).logIn('olaf', made.password)).status, 401);
  assert.equal((await new Visitor(server).logIn('olaf', `another password ${chosen}`)).status, 200);
  await mailTo(server, 'olaf@example.org', /password of your account was changed/);
});

test('the password is changed with the current one, and ends all other sessions', async () => {
  const { made, visitor } = await person('petra');
  const other = new Visitor(server);
  await other.logIn('petra', made.password);
  assert.equal((await visitor.own('POST', 'password/change', { current: 'wrong', password: 'a new password' })).status, 403);
  assert.equal((await visitor.own('POST', 'password/change', { current: made.password, password: 'petra' })).status, 422);
  assert.equal((await visitor.own('POST', 'password/change', { current: made.password, password: 'a new password' })).status, 200);
  assert.ok((await visitor.look()).account, 'this one stays');
  assert.equal((await other.look()).account, null);
  assert.equal((await new Visitor(server).logIn('petra', 'a new password')).status, 200);
});

test('an address changes when the new one is confirmed, and the old one is told', async () => {
  const { made, visitor } = await person('rosa');
  assert.equal((await visitor.own('POST', 'email/change', { email: 'rosa@new.example', password: 'wrong' })).status, 403);
  const taken = await visitor.own('POST', 'email/change', { email: 'alice@example.org', password: made.password });
  assert.equal(taken.status, 422);
  assert.equal(taken.body.details.email[0].error, 'ERR_TAKEN');
  assert.deepEqual((await visitor.own('POST', 'email/change', { email: 'rosa@new.example', password: made.password })).body, { state: 'unconfirmed' });
  assert.equal((await visitor.look()).email, 'rosa@example.org');
  await mailTo(server, 'rosa@example.org', /rosa@new\.example/);
  const mail = await mailTo(server, 'rosa@new.example');
  assert.deepEqual((await new Visitor(server).own('POST', 'confirm', { token: mail.token })).body, { state: 'active' });
  assert.equal((await visitor.look()).email, 'rosa@new.example');
  assert.equal((await new Visitor(server).logIn('rosa@example.org', made.password)).status, 401);
});

test('an address that somebody else took meanwhile cannot be confirmed any more', async () => {
  const { made, visitor } = await person('stella');
  await visitor.own('POST', 'email/change', { email: 'contested@example.org', password: made.password });
  const mail = await mailTo(server, 'contested@example.org');
  await server.cli('account', 'create', 'quicker', '--email', 'contested@example.org', '--confirmed');
  assert.equal((await new Visitor(server).own('POST', 'confirm', { token: mail.token })).status, 410);
  assert.equal((await visitor.look()).email, 'stella@example.org');
});

test('settings are kept, and an impossible one is refused', async () => {
  const { visitor } = await person('tilda');
  assert.deepEqual((await visitor.own('GET', 'settings')).body, { theme: 'auto', locale: '', reduce_motion: false, expand_warnings: false, expand_media: 'default' });
  const changed = await visitor.own('PATCH', 'settings', { theme: 'dark', locale: 'de', reduce_motion: true });
  assert.deepEqual(changed.body, { theme: 'dark', locale: 'de', reduce_motion: true, expand_warnings: false, expand_media: 'default' });
  assert.equal((await visitor.own('PATCH', 'settings', { theme: 'pink' })).status, 422);
});

test('a password reset on the command line works at once', async () => {
  const { made, visitor } = await person('uwe');
  const { code, stdout } = await server.cli('account', 'reset-password', 'uwe');
  assert.equal(code, 0);
  const password = /New password: (\S+)/.exec(stdout)[1];
  assert.equal((await visitor.look()).account, null);
  assert.equal((await new Visitor(server).logIn('uwe', made.password)).status, 401);
  assert.equal((await new Visitor(server).logIn('uwe', password)).status, 200);
});

test('a token alone does not manage sessions', async () => {
  const token = await logIn(server, cast.app, 'bob', cast.bob.password);
  for (const route of ['sessions', 'invites']) assert.equal((await server.fetch(`/api/freehold/v1/${route}`, { headers: { Authorization: `Bearer ${token}` } })).status, 403);
  assert.equal((await mailsTo(server, 'bob@example.org')).length, 0);
});

test('no other site logs a browser in behind its back', async () => {
  for (const site of ['cross-site', 'same-site']) {
    const elsewhere = new Visitor(server, { 'Sec-Fetch-Site': site });
    assert.equal((await elsewhere.logIn('alice', cast.alice.password)).status, 403);
    assert.equal(elsewhere.cookies.size, 0);
  }
  assert.equal((await new Visitor(server, { 'Sec-Fetch-Site': 'same-origin' }).logIn('alice', cast.alice.password)).status, 200);
});
