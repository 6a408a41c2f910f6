// What the gate does for every route: origins, limits, sessions, scopes, bodies.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { logIn, makeCast, makePerson } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, app;
before(async () => {
  server = await startServer();
  ({ alice, app } = await makeCast(server, 'alice'));
});
after(() => server.remove());

const origin = { Origin: 'https://elsewhere.example' };

test('the API may be read from other origins, without credentials', async () => {
  const answer = await server.fetch('/api/v2/instance', { headers: origin });
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  assert.equal(answer.headers.get('access-control-allow-credentials'), null);
  assert.match(answer.headers.get('access-control-expose-headers'), /Link/);
});

test('pictures say so to whoever asks, so that a browser that kept one may hand it to a script', async () => {
  const { avatar, header } = await alice.account();
  const image = new FormData();
  image.append('file', new Blob([Buffer.from('R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')], { type: 'image/gif' }), 'dot.gif');
  const media = (await alice.request('POST', '/api/v2/media', image)).body;
  for (const address of [avatar, header, media.url]) {
    const answer = await server.fetch(new URL(address).pathname);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*', address);
    assert.match(answer.headers.get('cache-control'), /immutable/);
  }
});

test('a preflight says which methods and headers there are', async () => {
  const answer = await server.fetch('/api/v1/statuses', { method: 'OPTIONS', headers: { ...origin, 'Access-Control-Request-Method': 'POST' } });
  assert.equal(answer.status, 204);
  assert.match(answer.headers.get('access-control-allow-methods'), /POST/);
  assert.match(answer.headers.get('access-control-allow-headers'), /\*, Authorization/);
});

test('errors carry the cross-origin header too, so that apps can read them', async () => {
  for (const where of ['/api/v1/nothing', '/api/v1/timelines/home']) {
    assert.equal((await server.fetch(where, { headers: origin })).headers.get('access-control-allow-origin'), '*', where);
  }
});

test('the page where people consent is for no other origin and in no frame', async () => {
  const answer = await server.fetch(`/oauth/authorize?response_type=code&client_id=${app.client_id}&redirect_uri=urn:ietf:wg:oauth:2.0:oob`, { headers: origin });
  assert.equal(answer.headers.get('access-control-allow-origin'), null);
  assert.match(answer.headers.get('content-security-policy'), /frame-ancestors 'none'/);
});

test('no token, a wrong token and a token that was never one are 401', async () => {
  for (const headers of [{}, { Authorization: 'Bearer nonsense' }, { Authorization: 'Bearer ' + 'x'.repeat(5000) }]) {
    const answer = await server.fetch('/api/v1/timelines/home', { headers });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate'), /^Bearer realm=/);
    assert.deepEqual(await answer.json(), { error: 'The access token is invalid' });
  }
});

test('a wrong token is refused where none would be needed, too', async () => {
  assert.equal((await server.fetch('/api/v1/timelines/public', { headers: { Authorization: 'Bearer nonsense' } })).status, 401);
});

test('a token acts within its scopes only', async () => {
  const reader = await logIn(server, app, 'alice', alice.password, 'read:statuses');
  const ask = (path, options) => server.fetch(path, { ...options, headers: { Authorization: `Bearer ${reader}` } });
  assert.equal((await ask('/api/v1/timelines/home')).status, 200);
  const refused = await ask('/api/v1/statuses', { method: 'POST', body: new URLSearchParams({ status: 'no' }) });
  assert.equal(refused.status, 403);
  assert.deepEqual(await refused.json(), { error: 'This action is outside the authorized scopes' });
  assert.equal((await ask('/api/v1/notifications')).status, 403);
});

test('a revoked token is refused by the very next request', async () => {
  const token = await logIn(server, app, 'alice', alice.password);
  const ask = () => server.fetch('/api/v1/accounts/verify_credentials', { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await ask()).status, 200);
  const revoked = await server.fetch('/oauth/revoke', {
    method: 'POST',
    body: new URLSearchParams({ token, client_id: app.client_id, client_secret: app.client_secret }),
  });
  assert.equal(revoked.status, 200);
  assert.equal((await ask()).status, 401);
});

test('a suspended account is refused by the very next request', async () => {
  const eve = await makePerson(server, app, 'eve');
  assert.equal((await eve.get('/api/v1/timelines/home')).status, 200);
  assert.equal((await server.cli('account', 'suspend', 'eve')).code, 0);
  assert.equal((await eve.get('/api/v1/timelines/home')).status, 403);
});

test('bodies that are malformed, of an unknown kind or too large are 4xx and say why', async () => {
  const send = async (body, type) => {
    const answer = await server.fetch('/api/v1/statuses', { method: 'POST', headers: { Authorization: `Bearer ${alice.token}`, 'Content-Type': type }, body });
    return [answer.status, (await answer.json()).error];
  };
  const cases = [
    ['{"status": ', 'application/json', 400],
    ['["status"]', 'application/json', 400],
    ['{"status": "\ud800"}', 'application/json', 422],
    ['status=%zz', 'application/x-www-form-urlencoded', 400],
    ['status=%ff%fe', 'application/x-www-form-urlencoded', 400],
    ['status: yes', 'text/yaml', 415],
    ['--x\r\nnothing', 'multipart/form-data; boundary=x', 400],
    ['x', 'multipart/form-data', 400],
    ['[' .repeat(100_000), 'application/json', 400],
    [`{"status":"${'x'.repeat(600_000)}"}`, 'application/json', 413],
  ];
  for (const [body, type, status] of cases) {
    const [got, error] = await send(body, type);
    assert.ok(got === status || (status === 422 && got === 200) || (status === 400 && got === 422), `${type} ${String(body).slice(0, 30)}: ${got} ${error}`);
    if (got >= 400) assert.ok(error.length > 5);
  }
});

test('ids, cursors and queries that are none are 4xx', async () => {
  for (const [path, status] of [
    ['/api/v1/statuses/abc', 404],
    ['/api/v1/statuses/99999999999999999999999', 404],
    ['/api/v1/statuses/-1', 404],
    ['/api/v1/timelines/home?max_id=abc', 422],
    ['/api/v1/timelines/home?limit=many', 422],
    ['/api/v1/timelines/home?max_id=%zz', 400],
    ['/api/v1/timelines/home?max_id=%00', 400],
    ['/api/v1/accounts/%ff', 400],
  ]) {
    const answer = await alice.get(path);
    assert.equal(answer.status, status, path);
    assert.ok(answer.body.error.length > 3, path);
  }
});

test('what is not there is not found, with a body too', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const answer = await alice.request(method, '/api/v1/statuses/1/translate', { lang: 'de' });
    assert.deepEqual([method, answer.status, answer.body], [method, 404, { error: 'Record not found' }]);
  }
  assert.equal((await alice.request('DELETE', '/api/v1/media/1', {})).status, 404);
});

test('a wrong method is told the right ones', async () => {
  const allowed = async (method, path) => (await server.fetch(path, { method })).headers.get('allow').split(', ').sort();
  assert.deepEqual(await allowed('PUT', '/api/v1/apps'), ['OPTIONS', 'POST']);
  assert.deepEqual(await allowed('POST', '/api/v1/timelines/home'), ['GET', 'HEAD', 'OPTIONS']);
  assert.deepEqual(await allowed('PATCH', '/api/v1/statuses/1'), ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT']);
});

test('limits are counted per account, shown in headers, and end in 429', async () => {
  const strict = await startServer({ set: { 'limits.enabled': 'yes' } });
  try {
    const { bob } = await makeCast(strict, 'bob');
    const first = await bob.get('/api/v1/preferences');
    assert.equal(first.headers.get('x-ratelimit-limit'), '300');
    assert.match(first.headers.get('x-ratelimit-reset'), /^\d{4}-\d\d-\d\dT/);
    const left = Number(first.headers.get('x-ratelimit-remaining'));
    for (let i = 0; i < left; i++) await bob.get('/api/v1/preferences');
    const refused = await bob.get('/api/v1/preferences');
    assert.equal(refused.status, 429);
    assert.deepEqual(refused.body, { error: 'Too many requests' });
    const wait = Number(refused.headers.get('retry-after'));
    assert.ok(Math.abs(Date.now() + wait * 1000 - Date.parse(refused.headers.get('x-ratelimit-reset'))) < 2500, `${wait} s is when asking is worth it again`);
  } finally {
    await strict.remove();
  }
});
