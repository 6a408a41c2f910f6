// Letting apps in: registration, the pages, codes with PKCE, tokens, revocation, discovery.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import generator from 'megalodon';
import { logIn, makeApp, makeCast } from '../cast/cast.mjs';
import { Visitor } from '../cast/visitor.mjs';
import { startServer } from '../harness/server.mjs';

let server, cast;
before(async () => {
  server = await startServer();
  cast = await makeCast(server, 'alice', 'bob');
});
after(() => server.remove());

const OOB = 'urn:ietf:wg:oauth:2.0:oob';
const register = async (redirect_uris = OOB, scopes = 'read write', more = {}) =>
  (await server.fetch('/api/v1/apps', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ client_name: 'An app <b>', redirect_uris, scopes, ...more }) })).json();
const page = (app, more = {}) =>
  '/oauth/authorize?' + new URLSearchParams({ response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uris[0], scope: 'read', ...more });
const fields = (html, action) => {
  const form = html.split('<form ').find((part) => part.includes(`action="${action}"`));
  return Object.fromEntries([...form.split('</form>')[0].matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value.replaceAll('&amp;', '&')]));
};
const token = (form, headers = {}) => server.fetch('/oauth/token', { method: 'POST', headers, body: new URLSearchParams(form) });

// Goes through the pages as a person would; the redirect's Location, or the last page.
async function consent(app, more = {}, decision = 'allow', name = 'alice') {
  const visitor = new Visitor(server);
  let answer = await visitor.request('GET', page(app, more));
  answer = await visitor.request('POST', '/oauth/login', new URLSearchParams({ ...fields(answer.body, '/oauth/login'), login: name, password: cast[name].password }));
  assert.equal(answer.status, 303, answer.body);
  answer = await visitor.request('GET', answer.headers.get('location'));
  assert.equal(answer.status, 200, answer.body);
  return visitor.request('POST', '/oauth/authorize', new URLSearchParams({ ...fields(answer.body, '/oauth/authorize'), decision }));
}

test('apps register by JSON, form and multipart, with one or more addresses', async () => {
  const one = await register();
  assert.deepEqual(one.redirect_uris, [OOB]);
  assert.equal(one.redirect_uri, OOB);
  assert.deepEqual(one.scopes, ['read', 'write']);
  assert.equal(one.client_secret_expires_at, 0);
  const form = new URLSearchParams({ client_name: 'Form', redirect_uris: 'https://a.example/cb\nmyapp://done', scopes: 'read', website: 'https://a.example' });
  const two = await (await server.fetch('/api/v1/apps', { method: 'POST', body: form })).json();
  assert.deepEqual(two.redirect_uris, ['https://a.example/cb', 'myapp://done']);
  assert.equal(two.website, 'https://a.example');
  const parts = new FormData();
  parts.set('client_name', 'Parts');
  parts.append('redirect_uris[]', 'https://a.example/1');
  parts.append('redirect_uris[]', 'https://a.example/2');
  const three = await (await server.fetch('/api/v1/apps', { method: 'POST', body: parts })).json();
  assert.deepEqual(three.redirect_uris, ['https://a.example/1', 'https://a.example/2']);
  assert.deepEqual(three.scopes, ['read']);
});

test('an app without a name, an address or a known scope is refused', async () => {
  for (const form of [{ redirect_uris: OOB }, { client_name: 'x' }, { client_name: 'x', redirect_uris: 'no address' }, { client_name: 'x', redirect_uris: 'javascript:alert(1)' }, { client_name: 'x', redirect_uris: 'data:text/html,x' }, { client_name: 'x', redirect_uris: 'https://a.example/#fragment' }, { client_name: 'x', redirect_uris: OOB, scopes: 'everything' }, { client_name: 'x', redirect_uris: OOB, website: 'javascript:x' }]) {
    const answer = await server.fetch('/api/v1/apps', { method: 'POST', body: new URLSearchParams(form) });
    assert.equal(answer.status, 422, JSON.stringify(form));
    assert.match((await answer.json()).error, /^Validation failed/);
  }
});

test('the pages are plain, private, unframeable, and escape what the app calls itself', async () => {
  const app = await register('https://client.example:8443/cb');
  const answer = await server.fetch(page(app));
  assert.equal(answer.status, 200);
  const policy = answer.headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.match(policy, /form-action 'self' https:\/\/client\.example:8443(;|$)/);
  assert.equal(answer.headers.get('x-frame-options'), 'DENY');
  assert.match(answer.headers.get('cache-control'), /no-store/);
  assert.equal(answer.headers.get('access-control-allow-origin'), null);
  const html = await answer.text();
  assert.ok(html.includes('An app &lt;b&gt;') && !html.includes('<b>'));
  assert.ok(!html.includes('<script'));
  const german = await (await server.fetch(page(app, { lang: 'de' }))).text();
  assert.match(german, /Anmelden/);
});

test('out of band: log in, consent, copy the code, get a token that works', async () => {
  const app = await register();
  const shown = await consent(app);
  assert.equal(shown.status, 200);
  const code = /class="o-code">([^<]+)</.exec(shown.body)[1];
  const answer = await token({ grant_type: 'authorization_code', client_id: app.client_id, client_secret: app.client_secret, redirect_uri: OOB, code });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('cache-control').includes('no-store'), true);
  const body = await answer.json();
  assert.deepEqual({ type: body.token_type, scope: body.scope }, { type: 'Bearer', scope: 'read' });
  assert.ok(Math.abs(body.created_at - Date.now() / 1000) < 60);
  const me = await server.fetch('/api/v1/accounts/verify_credentials', { headers: { Authorization: `Bearer ${body.access_token}` } });
  assert.equal((await me.json()).username, 'alice');
  const writes = await server.fetch('/api/v1/statuses', { method: 'POST', headers: { Authorization: `Bearer ${body.access_token}` }, body: new URLSearchParams({ status: 'no' }) });
  assert.equal(writes.status, 403);
});

test('a custom scheme and a state come back in the redirect', async () => {
  const app = await register('myapp://oauth/done?from=here');
  const answer = await consent(app, { state: 'a b&c' });
  assert.equal(answer.status, 303);
  const to = new URL(answer.headers.get('location'));
  assert.equal(to.protocol, 'myapp:');
  assert.equal(to.searchParams.get('from'), 'here');
  assert.equal(to.searchParams.get('state'), 'a b&c');
  assert.ok(to.searchParams.get('code'));
});

test('who says no is sent back with access_denied and no code', async () => {
  const app = await register('https://client.example/cb');
  const to = new URL((await consent(app, { state: 's' }, 'deny')).headers.get('location'));
  assert.equal(to.searchParams.get('error'), 'access_denied');
  assert.equal(to.searchParams.get('state'), 's');
  assert.equal(to.searchParams.get('code'), null);
});

test('PKCE: only the one who began can end it', async () => {
  const app = await register('https://client.example/cb');
  const verifier = randomBytes(32).toString('base64url');
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  const begin = async () => new URL((await consent(app, { code_challenge, code_challenge_method: 'S256' })).headers.get('location')).searchParams.get('code');
  const end = (code, more) => token({ grant_type: 'authorization_code', client_id: app.client_id, client_secret: app.client_secret, redirect_uri: 'https://client.example/cb', code, ...more });
  assert.equal((await end(await begin(), { code_verifier: verifier })).status, 200);
  for (const more of [{}, { code_verifier: randomBytes(32).toString('base64url') }, { code_verifier: 'short' }]) {
    const code = await begin();
    const wrong = await end(code, more);
    assert.equal(wrong.status, 400);
    assert.equal((await wrong.json()).error, 'invalid_grant');
    assert.equal((await end(code, { code_verifier: verifier })).status, 400, 'the code is burnt');
  }
  for (const more of [{ code_challenge, code_challenge_method: 'plain' }, { code_challenge }, { code_challenge: 'short', code_challenge_method: 'S256' }]) {
    const answer = await server.fetch(page(app, more));
    assert.equal(answer.status, 303);
    assert.equal(new URL(answer.headers.get('location')).searchParams.get('error'), 'invalid_request');
  }
});

test('a code works once, for its app and its address', async () => {
  const app = await register('https://client.example/cb\nhttps://client.example/other'), other = await register('https://client.example/cb');
  const begin = async () => new URL((await consent(app)).headers.get('location')).searchParams.get('code');
  const end = (code, more = {}) => token({ grant_type: 'authorization_code', client_id: app.client_id, client_secret: app.client_secret, redirect_uri: 'https://client.example/cb', code, ...more });
  const code = await begin();
  const answers = await Promise.all(Array.from({ length: 6 }, () => end(code)));
  assert.deepEqual(answers.map((a) => a.status).sort(), [200, 400, 400, 400, 400, 400]);
  assert.equal((await end(await begin(), { redirect_uri: 'https://client.example/other' })).status, 400);
  assert.equal((await end(await begin(), { client_id: other.client_id, client_secret: other.client_secret })).status, 400);
  const wrong = await end(await begin(), { client_secret: 'wrong' });
  assert.equal(wrong.status, 401);
  assert.equal((await wrong.json()).error, 'invalid_client');
});

test('an address that is not registered is never redirected to', async () => {
  const app = await register('https://client.example/cb');
  for (const redirect_uri of ['https://evil.example/', 'https://client.example/cb/', 'https://client.example/cb?x=1', 'https://client.example.evil.example/cb', '', OOB]) {
    const answer = await server.fetch(page(app, { redirect_uri }));
    assert.equal(answer.status, 400, redirect_uri);
    assert.equal(answer.headers.get('location'), null);
  }
  assert.equal((await server.fetch(page({ client_id: 'unknown', redirect_uris: [OOB] }))).status, 400);
});

test('more scopes than the app registered are refused', async () => {
  const app = await register('https://client.example/cb', 'read:accounts');
  for (const scope of ['read', 'write', 'nonsense']) {
    const answer = await server.fetch(page(app, { scope }));
    assert.equal(new URL(answer.headers.get('location')).searchParams.get('error'), 'invalid_scope', scope);
  }
  const granted = await token({ grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope: 'write' });
  assert.equal(granted.status, 400);
  assert.equal((await granted.json()).error, 'invalid_scope');
});

test('the forms of the pages cannot be forged', async () => {
  const app = await register();
  const visitor = new Visitor(server);
  const first = await visitor.request('GET', page(app));
  const login = { ...fields(first.body, '/oauth/login'), login: 'alice', password: cast.alice.password };
  assert.equal((await visitor.request('POST', '/oauth/login', new URLSearchParams({ ...login, csrf: 'x' }))).status, 403);
  assert.equal((await new Visitor(server).request('POST', '/oauth/login', new URLSearchParams(login))).status, 403, 'another browser');
  const inside = await visitor.request('POST', '/oauth/login', new URLSearchParams(login));
  const asked = fields((await visitor.request('GET', inside.headers.get('location'))).body, '/oauth/authorize');
  assert.equal((await visitor.request('POST', '/oauth/authorize', new URLSearchParams({ ...asked, csrf: 'x', decision: 'allow' }))).status, 403);
  assert.equal((await visitor.request('POST', '/oauth/authorize', new URLSearchParams({ ...asked, decision: 'allow' }))).status, 200);
});

test('a wrong password on the page is said there, and stays out of the page', async () => {
  const app = await register();
  const visitor = new Visitor(server);
  const first = await visitor.request('GET', page(app));
  const answer = await visitor.request('POST', '/oauth/login', new URLSearchParams({ ...fields(first.body, '/oauth/login'), login: 'alice"><i>', password: 'my secret' }));
  assert.equal(answer.status, 401);
  assert.match(answer.body, /role="alert"/);
  assert.ok(answer.body.includes('alice&quot;&gt;&lt;i&gt;'));
  assert.ok(!answer.body.includes('my secret'));
});

test('who is logged in only consents, unless force_login asks again', async () => {
  const app = await register();
  const visitor = new Visitor(server);
  await visitor.logIn('bob', cast.bob.password);
  assert.match((await visitor.request('GET', page(app))).body, /@bob/);
  assert.match((await visitor.request('GET', page(app, { force_login: 'true' }))).body, /name="password"/);
});

test('an app by itself gets a token of its own', async () => {
  const app = await register();
  const basic = 'Basic ' + Buffer.from(`${app.client_id}:${app.client_secret}`).toString('base64');
  const answer = await token({ grant_type: 'client_credentials', scope: 'read' }, { Authorization: basic });
  assert.equal(answer.status, 200);
  const { access_token } = await answer.json();
  const ask = (where) => server.fetch(where, { headers: { Authorization: `Bearer ${access_token}` } });
  const verified = await (await ask('/api/v1/apps/verify_credentials')).json();
  assert.equal(verified.name, 'An app <b>');
  assert.equal(verified.client_secret, undefined);
  assert.equal((await ask('/api/v1/timelines/home')).status, 422);
  assert.equal((await ask('/api/v1/timelines/public')).status, 200);
});

test('unknown grants, missing parameters and wrong apps are told apart', async () => {
  const app = await register();
  const error = async (form, headers) => {
    const answer = await token(form, headers);
    return [answer.status, (await answer.json()).error];
  };
  const id = { client_id: app.client_id, client_secret: app.client_secret };
  assert.deepEqual(await error({ ...id }), [400, 'invalid_request']);
  assert.deepEqual(await error({ ...id, grant_type: 'refresh_token' }), [400, 'unsupported_grant_type']);
  assert.deepEqual(await error({ ...id, grant_type: 'authorization_code' }), [400, 'invalid_request']);
  assert.deepEqual(await error({ ...id, grant_type: 'authorization_code', code: 'x', redirect_uri: OOB }), [400, 'invalid_grant']);
  assert.deepEqual(await error({ ...id, client_secret: 'x', grant_type: 'client_credentials' }), [401, 'invalid_client']);
  assert.deepEqual(await error({ grant_type: 'client_credentials' }), [401, 'invalid_client']);
  assert.deepEqual(await error({ grant_type: 'client_credentials' }, { Authorization: 'Basic !!!' }), [401, 'invalid_client']);
});

test('the password grant exists only where it is switched on', async () => {
  const strict = await startServer({ set: { 'oauth.password_grant': 'no' } });
  try {
    const app = await makeApp(strict);
    await assert.rejects(logIn(strict, app, 'alice', 'x'), /unsupported_grant_type/);
  } finally {
    await strict.remove();
  }
  await assert.rejects(logIn(server, cast.app, 'alice', 'wrong'), /invalid_grant/);
  const metadata = await (await server.fetch('/.well-known/oauth-authorization-server')).json();
  assert.ok(!metadata.grant_types_supported.includes('password'));
});

test('revoking is idempotent, by its own app alone, and true of the next answer', async () => {
  const other = await register();
  const mine = await logIn(server, cast.app, 'alice', cast.alice.password);
  const revoke = (app, secret) => server.fetch('/oauth/revoke', { method: 'POST', body: new URLSearchParams({ client_id: app.client_id, client_secret: app.client_secret, token: secret }) });
  const ask = () => server.fetch('/api/v1/accounts/verify_credentials', { headers: { Authorization: `Bearer ${mine}` } });
  const foreign = await revoke(other, mine);
  assert.equal(foreign.status, 403);
  assert.equal((await foreign.json()).error, 'unauthorized_client');
  assert.equal((await ask()).status, 200);
  for (let i = 0; i < 2; i++) {
    const answer = await revoke(cast.app, mine);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), {});
    assert.equal((await ask()).status, 401);
  }
});

test('discovery names the addresses, and userinfo the person', async () => {
  const metadata = await (await server.fetch('/.well-known/oauth-authorization-server')).json();
  assert.equal(metadata.token_endpoint, `${server.url}/oauth/token`);
  assert.equal(metadata.app_registration_endpoint, `${server.url}/api/v1/apps`);
  assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
  assert.ok(metadata.scopes_supported.includes('profile'));
  const app = await makeApp(server, 'profile');
  const bearer = await logIn(server, app, 'alice', cast.alice.password);
  for (const method of ['GET', 'POST']) {
    const info = await (await server.fetch('/oauth/userinfo', { method, headers: { Authorization: `Bearer ${bearer}` } })).json();
    assert.equal(info.preferred_username, 'alice');
    assert.equal(info.profile, `${server.url}/@alice`);
    assert.ok(info.picture.startsWith(server.url));
  }
  const me = await server.fetch('/api/v1/accounts/verify_credentials', { headers: { Authorization: `Bearer ${bearer}` } });
  assert.equal(me.status, 200, 'profile is enough to know who it is');
});

test('megalodon registers, sends the person away and takes the code', async () => {
  const make = generator.default ?? generator;
  const client = make('mastodon', server.url);
  const data = await client.registerApp('Megalodon', { scopes: ['read', 'write'], redirect_uris: OOB });
  const where = new URL(data.url);
  const app = { client_id: data.client_id, redirect_uris: [OOB] };
  assert.equal(where.pathname, '/oauth/authorize');
  const code = /class="o-code">([^<]+)</.exec((await consent(app, { scope: 'read write' })).body)[1];
  const granted = await client.fetchAccessToken(data.client_id, data.client_secret, code, OOB);
  const mine = make('mastodon', server.url, granted.access_token ?? granted.accessToken);
  assert.equal((await mine.verifyAccountCredentials()).data.username, 'alice');
});

test('the page says what is wrong in the language of the reader', async () => {
  const app = await register();
  const visitor = new Visitor(server, { 'Accept-Language': 'de, en;q=0.5' });
  const made = await server.cli('account', 'create', 'berta', '--email', 'berta@example.org', '--confirmed');
  const tries = async (password, more = {}) => {
    const shown = await visitor.request('GET', page(app, more));
    return visitor.request('POST', '/oauth/login', new URLSearchParams({ ...fields(shown.body, '/oauth/login'), login: 'berta', password }));
  };
  const wrong = await tries('wrong');
  assert.match(wrong.body, /<html lang="de">/);
  assert.match(wrong.body, /Der Name oder das Passwort ist falsch\./);
  assert.equal((await server.cli('account', 'suspend', 'berta')).code, 0);
  const barred = await tries(/New password: (\S+)/.exec(made.stdout)[1]);
  assert.equal(barred.status, 403);
  assert.match(barred.body, /Du kannst dich hier nicht anmelden\./);
  assert.match((await tries('wrong', { lang: 'en' })).body, /The name or the password is wrong\./, 'the app may ask for another');
});
