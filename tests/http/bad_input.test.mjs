// Nonsense of every kind on every route there is, as the owner, who may reach every handler: always an answer below 500, and below /api
// an error that says what was wrong. What each route says in particular is tested where the route is.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, cast, routes, ids, cookie;
const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

before(async () => {
  server = await startServer({ set: { 'registrations.mode': 'open' } });
  cast = await makeCast(server);
  const post = await cast.alice.posts('A post to be asked about in strange ways');
  ids = [await cast.alice.id(), post.id];
  routes = (await server.cli('routes')).stdout.trim().split('\n').map((line) => line.split(/\s+/)).map(([method, path]) => ({ method, path })).filter((route) => !logsOut(route));
  const session = await server.fetch('/api/freehold/v1/session', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login: 'olga', password: cast.olga.password }),
  });
  cookie = { Cookie: session.headers.get('set-cookie').split(';')[0], 'X-CSRF-Token': (await session.json()).csrf_token };
});
after(async () => {
  agent.destroy();
  await server.remove();
});

// A stream is cut as soon as it has begun.
function ask(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const request = http.request({ host: '127.0.0.1', port: server.port, agent, method, path, headers: { ...headers, ...length } }, (response) => {
      let text = '';
      if (/event-stream/.test(response.headers['content-type'] ?? '')) {
        response.destroy();
        resolve({ status: response.statusCode, text, type: 'text/event-stream' });
        return;
      }
      response.on('data', (data) => (text += data));
      response.on('end', () => resolve({ status: response.statusCode, text, type: response.headers['content-type'] ?? '' }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function check(method, path, headers, body) {
  const said = `${method} ${path.slice(0, 300)} ${(body ?? '').slice(0, 200)}`;
  const { status, text, type } = await ask(method, path, headers, body).catch((error) => assert.fail(`${said}: ${error}`));
  assert.ok(status < 500, `${said}: ${status} ${text.slice(0, 300)}`);
  if (status < 400 || !/^\/(api|oauth\/(token|revoke))/.test(path)) return;
  assert.match(type, /json/, `${said}: ${status} ${type}`);
  assert.equal(typeof JSON.parse(text).error, 'string', `${said}: ${text.slice(0, 300)}`);
}

// In parcels, so that one bad answer is seen soon and the server has something to do.
async function all(checks) {
  for (let i = 0; i < checks.length; i += 16) await Promise.all(checks.slice(i, i + 16).map((run) => run()));
}

// Ends the session that all other requests are made with.
const logsOut = ({ method, path }) => method === 'DELETE' && path === '/api/freehold/v1/session';
const filled = (path, value) => path.replace(/:\w+/g, value).replace('*', value);
const who = (path) => (/^\/api\/freehold\//.test(path) ? cookie : { Authorization: `Bearer ${cast.olga.token}` });
const safe = () => routes.filter(({ method }) => method === 'GET');
const unsafe = () => routes.filter(({ method }) => method !== 'GET');

const names = `status media_ids poll options expires_in multiple visibility in_reply_to_id language scheduled_at spoiler_text sensitive media_attributes
  title replies_policy exclusive account_ids id ids choices keywords_attributes context phrase whole_word filter_action status_id comment rule_ids category
  status_ids forward display_name note fields_attributes source locked bot discoverable focus description duration notifications reblogs notify languages
  home username email password agreement locale reason token invite client_name redirect_uris scopes website grant_type client_id client_secret code
  redirect_uri scope response_type ip severity domain type text report_id action_taken q resolve offset limit max_id since_id min_id acct acct list tag stream only_media
  exclude_replies pinned tagged any none local remote types exclude_types account_id with_suspended order following url format login current
  max_uses theme expand_media registrations rules contact_email extended_description subscription data policy`.split(/\s+/);

const values = [null, true, -1, 0, 1e308, 9007199254740993, '', 'x', '-1', '99999999999999999999999', '1e3', '\u202e\u0301🏳️‍🌈', 'x'.repeat(600), '../../etc/passwd',
  "'; DROP TABLE status; --", '<script>', [], [null], [[]], ['', 'x', {}], {}, { a: { b: [] } }, [{}], [{ keyword: 1 }]];

test('ids that are none are answered on every route', async () => {
  const strange = ['0', '-1', 'abc', '99999999999999999999999999', '1e9', '%20', '%E2%82%AC', '%2e%2e%2f', '%27', 'a'.repeat(3000), '@', '@nobody@nowhere.example', '1.json'];
  await all(routes.flatMap(({ method, path }) => (/[:*]/.test(path) ? strange.map((id) => () => check(method, filled(path, id), who(path), method === 'GET' ? undefined : '')) : [])));
});

test('escapes and bytes that are no text are answered on every route', async () => {
  const broken = ['%', '%zz', '%00', '%ff', '%c0%af', '%ed%a0%80'];
  await all(routes.flatMap(({ method, path }) => broken.flatMap((bytes) => [
    ...(/[:*]/.test(path) ? [() => check(method, filled(path, bytes), who(path))] : []),
    () => check(method, `${filled(path, '1')}?limit=${bytes}&${bytes}=1`, who(path)),
  ])));
});

test('queries of any kind are answered on every route that reads', async () => {
  await all(safe().flatMap(({ method, path }) => values.flatMap((value) => {
    const text = encodeURIComponent(typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, 60);
    return [...ids, 'x'].slice(0, /[:*]/.test(path) ? 3 : 1).flatMap((id) => [
      () => check(method, `${filled(path, id)}?${names.map((name) => `${name}=${text}`).join('&')}`, who(path)),
      () => check(method, `${filled(path, id)}?${names.map((name) => `${name}[]=${text}&${name}[]=1`).join('&')}`, who(path)),
      () => check(method, `${filled(path, id)}?${names.map((name) => `${name}[a][]=${text}`).join('&')}`, who(path)),
    ]);
  })));
});

test('JSON of any kind is answered on every route that changes something', async () => {
  await all(unsafe().flatMap(({ method, path }) => values.flatMap((value) =>
    [...ids, 'x'].slice(0, /[:*]/.test(path) ? 3 : 1).map((id) => () =>
      check(method, filled(path, id), { ...who(path), 'Content-Type': 'application/json' }, JSON.stringify(Object.fromEntries(names.map((name) => [name, value]))))),
  )));
});

test('one odd parameter at a time is answered where posts, lists, filters and profiles are written', async () => {
  const writes = [['POST', '/api/v1/statuses'], ['PUT', `/api/v1/statuses/${ids[1]}`], ['POST', '/api/v1/lists'], ['POST', '/api/v2/filters'], ['POST', '/api/v1/filters'],
    ['PATCH', '/api/v1/accounts/update_credentials'], ['POST', '/api/v1/reports'], ['POST', '/api/v1/accounts'], ['POST', '/api/v1/apps'], ['POST', '/oauth/token'],
    ['POST', '/api/v1/markers'], ['POST', `/api/v1/accounts/${ids[0]}/mute`], ['POST', `/api/v1/accounts/${ids[0]}/follow`]];
  const good = { status: 'A text', title: 'A title', phrase: 'word', context: ['home'], account_id: ids[0], poll: { options: ['a', 'b'], expires_in: 300 } };
  await all(writes.flatMap(([method, path]) => names.flatMap((name) => [null, -1, 1e308, '', '-1', 'x'.repeat(600), [[]], { a: { b: [] } }].map((value) => () =>
    check(method, path, { ...who(path), 'Content-Type': 'application/json' }, JSON.stringify({ ...good, [name]: value }))))));
});

test('bodies that are not what they say are answered on every route that changes something', async () => {
  const json = 'application/json', form = 'application/x-www-form-urlencoded', multipart = 'multipart/form-data; boundary=XX';
  const bodies = [[json, '{'], [json, '[]'], [json, 'null'], [json, '{"a":"\\u0000"}'], [json, '{"a":"\\ud800"}'], [json, '{"a":'.repeat(5000)], [json, '['.repeat(50000)],
    [json, `{"a":1${'0'.repeat(5000)}}`], [form, 'a=%zz'], [form, 'a[=1'], [form, '[]=1'], [form, `${'a[]'.repeat(100)}=1`], [form, 'a=1&'.repeat(5000)],
    [form, 'status=x&status[a]=1&status[]=2'], ['text/plain', 'hello'], ['', 'hello'], [multipart, '--XX\r\n'], [multipart, '--YY--'],
    [multipart, '--XX\r\nContent-Disposition: form-data\r\n\r\n\r\n--XX--\r\n'], ['multipart/form-data', '--XX--'],
    [multipart, '--XX\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--XX--\r\n'],
    [multipart, '--XX\r\nContent-Disposition: form-data; name="avatar"; filename="a.png"\r\n\r\nGIF89a\r\n--XX--\r\n']];
  await all(unsafe().flatMap(({ method, path }) => bodies.flatMap(([type, body]) =>
    [ids[1]].map((id) => () => check(method, filled(path, id), { ...who(path), ...(type ? { 'Content-Type': type } : {}) }, body)))));
});

test('strange headers are answered', async () => {
  const strange = { Authorization: ['Bearer', 'Bearer ', `Bearer ${'x'.repeat(5000)}`, 'Basic !!!', 'Bearer \xff'], Cookie: ['=', ';;;', 'freehold_session', `freehold_session=${'x'.repeat(5000)}`, 'freehold_session="'],
    'Accept-Encoding': [';', 'gzip;q=x', ','.repeat(1000)], Accept: ['x', '*/*;q=9', ','.repeat(1000)], Range: ['bytes=--', 'bytes=9999999999999999999-'], 'If-None-Match': ['"', 'W/'],
    'Idempotency-Key': ['', 'x'.repeat(5000)], Origin: ['null', 'x'], 'Content-Type': ['x', 'multipart/form-data; boundary="'], 'Accept-Language': ['x'.repeat(1000)], 'X-CSRF-Token': ['x'] };
  const paths = ['/', '/@alice', '/health', '/api/v1/timelines/public', '/api/v2/instance', '/api/freehold/v1/session', '/oauth/authorize'];
  await all(Object.entries(strange).flatMap(([name, all]) => all.flatMap((value) => paths.flatMap((path) => [
    () => check('GET', path, { [name]: value }),
    () => check('POST', '/api/v1/statuses', { Authorization: `Bearer ${cast.alice.token}`, 'Content-Type': 'application/json', [name]: value }, '{"status":"x"}'),
  ]))));
});

test('after all that, the server is well', async () => {
  assert.equal((await server.fetch('/health')).status, 200);
});
