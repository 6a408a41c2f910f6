// Moderation: who may, on whom, and that it holds from the very next answer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeApp, logIn, makeCast, makePerson } from '../cast/cast.mjs';
import { Visitor, goodSignUp, mailTo } from '../cast/visitor.mjs';
import { startServer } from '../harness/server.mjs';

let server, cast;
before(async () => {
  server = await startServer({ set: { 'registrations.mode': 'open', 'server.trusted_proxies': '127.0.0.1' } });
  cast = await makeCast(server, 'olga', 'mona', 'alice', 'bob', 'dave');
});
after(() => server.remove());

const A = '/api/v1/admin/accounts';
const act = (moderator, target, type, more = {}) => moderator.post(`${A}/${target}/action`, { type, ...more });
const actions = async () => (await cast.olga.get('/api/freehold/v1/audit?limit=100')).body.map((line) => `${line.action} ${line.target_label}`);

test('nobody without the role and the scope gets in', async () => {
  const id = await cast.bob.id();
  for (const [method, where] of [['GET', A], ['GET', `${A}/${id}`], ['POST', `${A}/${id}/action`], ['GET', '/api/v1/admin/reports'], ['GET', '/api/v1/admin/ip_blocks'], ['POST', '/api/v1/admin/email_domain_blocks']]) {
    assert.equal((await cast.alice.request(method, where, method === 'POST' ? {} : undefined)).status, 403, where);
    assert.equal((await server.fetch(where, { method })).status, 401, where);
  }
  const weak = await logIn(server, cast.app, 'mona', cast.mona.password, 'read write');
  assert.equal((await server.fetch(A, { headers: { Authorization: `Bearer ${weak}` } })).status, 403);
});

test('masto lists and shows members with every key', async () => {
  const list = await cast.mona.masto.v1.admin.accounts.list({ local: true, limit: 50 });
  assert.deepEqual(list.map((a) => a.username).sort(), ['alice', 'bob', 'dave', 'mona', 'olga']);
  const { body } = await cast.mona.get(`${A}/${await cast.alice.id()}`);
  for (const key of ['id', 'username', 'domain', 'created_at', 'email', 'ip', 'role', 'confirmed', 'suspended', 'silenced', 'sensitized', 'disabled', 'approved', 'locale', 'invite_request', 'ips', 'account', 'created_by_application_id', 'invited_by_account_id']) assert.ok(key in body, key);
  assert.equal(body.email, 'alice@example.org');
  assert.equal(body.ips[0].ip, '127.0.0.1');
});

test('members are found by name, address, state and role; pages are linked', async () => {
  const names = async (query) => (await cast.mona.get(`${A}?${query}`)).body.map((a) => a.username);
  assert.deepEqual(await names('username=ALI'), ['alice']);
  assert.deepEqual(await names('email=bob@'), ['bob']);
  assert.deepEqual(await names('username=%25'), []);
  assert.deepEqual((await names('staff=true')).sort(), ['mona', 'olga']);
  assert.deepEqual((await (await cast.mona.get('/api/v2/admin/accounts?permissions=staff')).body.map((a) => a.username)).sort(), ['mona', 'olga']);
  assert.deepEqual(await names('remote=true'), []);
  assert.deepEqual(await names('ip=192.0.2.99'), []);
  const first = await cast.mona.get(`${A}?limit=2`);
  assert.equal(first.body.length, 2);
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link'))[1];
  const second = await cast.mona.get(next.slice(server.url.length));
  assert.equal(second.body.length, 2);
  assert.notEqual(second.body[0].id, first.body[1].id);
});

test('a warning reaches the person by mail', async () => {
  const answer = await act(cast.mona, await cast.alice.id(), 'none', { text: 'Please be kinder: ünïcode' });
  assert.deepEqual([answer.status, answer.body], [200, {}]);
  const mail = await mailTo(server, 'alice@example.org', /message from the moderators/i);
  assert.match(mail.text, /Please be kinder: =C3=BCn=C3=AFcode/);
  assert.ok((await actions()).includes('warn alice'));
});

test('suspended: invisible, unable to act, unable to log in; and back again', async () => {
  const id = await cast.dave.id();
  const post = await cast.dave.posts('still here');
  await cast.alice.follows(cast.dave);
  assert.equal((await act(cast.mona, id, 'suspend', { text: 'Enough' })).status, 200);
  assert.equal((await cast.dave.get('/api/v1/timelines/home')).status, 403);
  assert.equal((await cast.dave.post('/api/v1/statuses', { status: 'no' })).status, 403);
  assert.equal((await cast.bob.get(`/api/v1/accounts/${id}`)).status, 404);
  assert.equal((await cast.bob.get(`/api/v1/statuses/${post.id}`)).status, 404);
  assert.equal((await cast.alice.get('/api/v1/timelines/home')).body.some((s) => s.id === post.id), false);
  assert.equal((await cast.bob.get('/api/v1/timelines/public')).body.some((s) => s.id === post.id), false);
  assert.equal((await server.fetch(`/@dave`)).status, 404);
  const refused = await new Visitor(server).logIn('dave', cast.dave.password);
  assert.equal(refused.status, 403);
  assert.equal(refused.body.reason, 'suspended');
  assert.equal((await cast.mona.get(`${A}?suspended=true`)).body[0].username, 'dave');
  assert.equal((await cast.mona.post(`${A}/${id}/unsuspend`)).body.suspended, false);
  assert.equal((await cast.dave.get('/api/v1/timelines/home')).status, 200);
  assert.equal((await cast.bob.get(`/api/v1/statuses/${post.id}`)).status, 200);
  assert.ok((await actions()).includes('suspend dave'));
  assert.ok((await actions()).includes('unsuspend dave'));
});

test('limited, sensitive and disabled are done and undone', async () => {
  const id = await cast.dave.id();
  for (const [type, undo, key] of [['silence', 'unsilence', 'silenced'], ['sensitive', 'unsensitive', 'sensitized'], ['disable', 'enable', 'disabled']]) {
    assert.equal((await act(cast.mona, id, type)).status, 200, type);
    assert.equal((await cast.mona.get(`${A}/${id}`)).body[key], true, type);
    if (type === 'disable') assert.equal((await cast.dave.get('/api/v1/timelines/home')).status, 403);
    if (type === 'silence') assert.equal((await cast.bob.get(`/api/v1/accounts/${id}`)).body.limited, true);
    assert.equal((await cast.mona.post(`${A}/${id}/${undo}`)).body[key], false, undo);
  }
  assert.equal((await cast.dave.get('/api/v1/timelines/home')).status, 200);
  assert.equal((await act(cast.mona, id, 'explode')).status, 422);
});

test('nobody acts on themselves, on their own rank, or above', async () => {
  const { made: second } = { made: await makePerson(server, cast.app, 'martin', { role: 'moderator' }) };
  for (const target of [await cast.mona.id(), await cast.olga.id(), await second.id()]) {
    assert.equal((await act(cast.mona, target, 'suspend')).status, 403);
    assert.equal((await cast.mona.post(`${A}/${target}/confirm`)).status, 403);
  }
  assert.equal((await act(cast.olga, await second.id(), 'disable')).status, 200);
  assert.equal((await act(cast.mona, '1', 'suspend')).status, 404);
});

test('reports are worked through', async () => {
  const post = await cast.dave.posts('something bad');
  const report = await cast.alice.post('/api/v1/reports', { account_id: await cast.dave.id(), status_ids: [post.id], comment: 'look at this', category: 'spam' });
  assert.equal(report.status, 200);
  const R = `/api/v1/admin/reports/${report.body.id}`;
  const [open] = (await cast.mona.get('/api/v1/admin/reports')).body;
  assert.equal(open.id, report.body.id);
  for (const key of ['id', 'action_taken', 'action_taken_at', 'category', 'comment', 'forwarded', 'created_at', 'updated_at', 'account', 'target_account', 'assigned_account', 'action_taken_by_account', 'statuses', 'rules']) assert.ok(key in open, key);
  assert.equal(open.statuses[0].id, post.id);
  assert.equal(open.target_account.username, 'dave');
  assert.equal((await cast.mona.post(`${R}/assign_to_self`)).body.assigned_account.username, 'mona');
  assert.equal((await cast.mona.post(`${R}/unassign`)).body.assigned_account, null);
  assert.equal((await cast.mona.request('PUT', R, { category: 'violation' })).body.category, 'violation');
  const resolved = (await cast.mona.post(`${R}/resolve`)).body;
  assert.equal(resolved.action_taken, true);
  assert.equal(resolved.action_taken_by_account.username, 'mona');
  assert.deepEqual((await cast.mona.get('/api/v1/admin/reports')).body, []);
  assert.equal((await cast.mona.get('/api/v1/admin/reports?resolved=true')).body.length, 1);
  assert.equal((await cast.mona.post(`${R}/reopen`)).body.action_taken, false);
  await act(cast.mona, await cast.dave.id(), 'none', { report_id: report.body.id, text: 'Stop' });
  assert.equal((await cast.mona.get(R)).body.action_taken, true, 'an action settles its report');
  assert.equal((await cast.mona.get('/api/v1/admin/reports/1')).status, 404);
});

test('a moderator deletes somebody’s post, nobody else does', async () => {
  const post = await cast.dave.posts('gone soon');
  assert.equal((await cast.bob.request('DELETE', `/api/v1/statuses/${post.id}`)).status, 404);
  const weak = await logIn(server, cast.app, 'mona', cast.mona.password, 'read write');
  assert.equal((await server.fetch(`/api/v1/statuses/${post.id}`, { method: 'DELETE', headers: { Authorization: `Bearer ${weak}` } })).status, 404);
  assert.equal((await cast.mona.request('DELETE', `/api/v1/statuses/${post.id}`)).status, 200);
  assert.equal((await cast.dave.get(`/api/v1/statuses/${post.id}`)).status, 404);
  assert.ok((await actions()).includes('delete_status dave'));
});

test('a blocked mail domain, and those below it, cannot join', async () => {
  const made = await cast.mona.post('/api/v1/admin/email_domain_blocks', { domain: 'Throwaway.Example' });
  assert.equal(made.body.domain, 'throwaway.example');
  assert.equal((await cast.mona.post('/api/v1/admin/email_domain_blocks', { domain: 'throwaway.example' })).status, 422);
  for (const bad of ['', 'no domain', 'a@b', '-x.example']) assert.equal((await cast.mona.post('/api/v1/admin/email_domain_blocks', { domain: bad })).status, 422, bad);
  for (const email of ['x@throwaway.example', 'x@mail.THROWAWAY.example']) {
    const answer = await new Visitor(server).own('POST', 'signup', goodSignUp('xaver', { email }));
    assert.equal(answer.status, 422);
    assert.equal(answer.body.details.email[0].error, 'ERR_BLOCKED');
  }
  assert.equal((await new Visitor(server).own('POST', 'signup', goodSignUp('xaver', { email: 'x@notthrowaway.example' }))).status, 200);
  assert.equal((await cast.mona.get('/api/v1/admin/email_domain_blocks')).body.length, 1);
  assert.equal((await cast.mona.request('DELETE', `/api/v1/admin/email_domain_blocks/${made.body.id}`)).status, 200);
  assert.equal((await cast.mona.request('DELETE', `/api/v1/admin/email_domain_blocks/${made.body.id}`)).status, 404);
});

test('address ranges are held to at sign-up and at every request', async () => {
  const from = (address) => new Visitor(server, { 'X-Forwarded-For': address });
  const B = '/api/v1/admin/ip_blocks';
  const none = await cast.mona.post(B, { ip: '203.0.113.77/24', severity: 'no_access', comment: 'noise' });
  assert.equal(none.body.ip, '203.0.113.0/24');
  assert.equal((await from('203.0.113.9').request('GET', '/api/v2/instance')).status, 403);
  assert.equal((await from('203.0.114.9').request('GET', '/api/v2/instance')).status, 200);
  assert.equal((await from('::ffff:203.0.113.9').request('GET', '/api/v2/instance')).status, 403);
  const block = await cast.mona.post(B, { ip: '2001:db8::/32', severity: 'sign_up_block' });
  assert.equal((await from('2001:db8:1::1').own('POST', 'signup', goodSignUp('yara'))).status, 403);
  assert.equal((await from('2001:db8:1::1').logIn('bob', cast.bob.password)).status, 200);
  const changed = await cast.mona.request('PUT', `${B}/${block.body.id}`, { severity: 'sign_up_requires_approval' });
  assert.equal(changed.body.severity, 'sign_up_requires_approval');
  assert.deepEqual((await from('2001:db8:1::1').own('POST', 'signup', goodSignUp('yara'))).body, { state: 'pending' });
  assert.equal((await cast.mona.post(B, { ip: '127.0.0.0/8', severity: 'no_access' })).status, 422, 'one’s own address');
  for (const bad of ['', 'nonsense', '1.2.3.4/33', '2001:db8::/129', '1.2.3']) assert.equal((await cast.mona.post(B, { ip: bad, severity: 'no_access' })).status, 422, bad);
  assert.equal((await cast.mona.post(B, { ip: '192.0.2.1', severity: 'maybe' })).status, 422);
  assert.equal((await cast.mona.request('DELETE', `${B}/${none.body.id}`)).status, 200);
  assert.equal((await from('203.0.113.9').request('GET', '/api/v2/instance')).status, 200);
  const brief = await cast.mona.post(B, { ip: '198.51.100.1', severity: 'no_access', expires_in: 1 });
  assert.ok(brief.body.expires_at);
  assert.equal((await from('198.51.100.1').request('GET', '/api/v2/instance')).status, 403);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  assert.equal((await from('198.51.100.1').request('GET', '/api/v2/instance')).status, 200);
});

test('the command line suspends, changes roles and says so in the log', async () => {
  assert.equal((await server.cli('account', 'suspend', 'bob', 'from the console')).code, 0);
  assert.equal((await cast.bob.get('/api/v1/timelines/home')).status, 403);
  assert.equal((await server.cli('account', 'unsuspend', 'bob')).code, 0);
  assert.equal((await cast.bob.get('/api/v1/timelines/home')).status, 200);
  assert.equal((await server.cli('account', 'role', 'bob', 'moderator')).code, 0);
  const admin = await makeApp(server);
  const token = await logIn(server, admin, 'bob', cast.bob.password);
  assert.equal((await server.fetch(A, { headers: { Authorization: `Bearer ${token}` } })).status, 200);
  assert.equal((await server.cli('account', 'role', 'bob', 'user')).code, 0);
  assert.equal((await server.fetch(A, { headers: { Authorization: `Bearer ${token}` } })).status, 403, 'true of the next answer');
  const only = await server.cli('account', 'role', 'olga', 'user');
  assert.equal(only.code, 1);
  assert.match(only.stderr, /only owner/);
  const { stdout } = await server.cli('account', 'list');
  assert.match(stdout, /^olga +owner +active +olga@example\.org$/m);
  assert.equal((await server.cli('account', 'suspend', 'nobody')).code, 1);
  assert.equal((await server.cli('account', 'explode', 'bob')).code, 2);
  assert.equal((await server.cli('account')).code, 2);
  const log = (await cast.olga.get('/api/freehold/v1/audit')).body;
  assert.equal(log.find((line) => line.action === 'suspend' && line.target_label === 'bob').actor, null);
});

test('a moderator sees what was reported, also where it was meant for few', async () => {
  const post = await cast.dave.posts('@alice a threat', { visibility: 'direct' });
  const report = await cast.alice.post('/api/v1/reports', { account_id: await cast.dave.id(), status_ids: [post.id] });
  assert.equal(report.status, 200);
  const seen = (await cast.mona.get(`/api/v1/admin/reports/${report.body.id}`)).body;
  assert.equal(seen.statuses[0]?.id, post.id);
  assert.equal((await cast.mona.get(`/api/v1/statuses/${post.id}`)).status, 404, 'and only there');
  assert.equal((await cast.mona.request('DELETE', `/api/v1/statuses/${post.id}`)).status, 200);
});
