// Roles: who gives them to whom, and that there is always an owner. And the members whose address waits for its confirmation.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { logIn, makeCast, makePerson } from '../cast/cast.mjs';
import { Visitor, goodSignUp } from '../cast/visitor.mjs';
import { startServer } from '../harness/server.mjs';

let server, cast;
before(async () => {
  server = await startServer({ set: { 'registrations.mode': 'open', 'registrations.confirm': 'email' } });
  cast = await makeCast(server, 'olga', 'mona', 'alice', 'bob', 'dave');
  cast.adam = await makePerson(server, cast.app, 'adam', { role: 'admin' });
});
after(() => server.remove());

const A = '/api/v1/admin/accounts';
const give = async (who, to, role) => who.post(`${A}/${await to.id()}/role`, { role });
const roleOf = async (who) => (await who.get('/api/freehold/v1/session')).body.role;
const log = async () => (await cast.olga.get('/api/freehold/v1/audit?limit=40')).body.map((line) => `${line.actor?.username} ${line.action} ${line.target_label} ${line.text}`);

test('users and moderators give no roles, nor do tokens without the scope', async () => {
  for (const who of [cast.alice, cast.mona]) assert.equal((await give(who, cast.bob, 'moderator')).status, 403, who.name);
  assert.equal((await give(cast.mona, cast.mona, 'owner')).status, 403);
  assert.equal((await server.fetch(`${A}/${await cast.bob.id()}/role`, { method: 'POST' })).status, 401);
  const weak = await logIn(server, cast.app, 'olga', cast.olga.password, 'read write admin:read');
  assert.equal((await server.fetch(`${A}/${await cast.bob.id()}/role?role=admin`, { method: 'POST', headers: { Authorization: `Bearer ${weak}` } })).status, 403);
  assert.equal(await roleOf(cast.bob), 'user');
});

test('a browser must send its CSRF token to give one', async () => {
  const olga = new Visitor(server);
  await olga.logIn('olga', cast.olga.password);
  olga.csrf = null;
  assert.equal((await olga.request('POST', `${A}/${await cast.bob.id()}/role`, { role: 'moderator' })).status, 403);
});

test('an owner gives every role, it holds from the next answer on, and the log tells', async () => {
  for (const [role, name, mayModerate] of [['moderator', 'Moderator', 200], ['admin', 'Admin', 200], ['owner', 'Owner', 200], ['user', '', 403]]) {
    const answer = await give(cast.olga, cast.bob, role);
    assert.equal(answer.status, 200, role);
    assert.equal(answer.body.role.name, name);
    assert.equal(await roleOf(cast.bob), role);
    assert.equal((await cast.bob.get(A)).status, mayModerate, role);
    assert.ok((await log()).includes(`olga role bob ${role}`), role);
  }
});

test('an admin makes moderators of users and users of moderators, no more', async () => {
  assert.equal((await give(cast.adam, cast.bob, 'moderator')).status, 200);
  assert.equal((await give(cast.adam, cast.bob, 'user')).status, 200);
  for (const role of ['admin', 'owner']) {
    assert.equal((await give(cast.adam, cast.bob, role)).status, 403, role);
    assert.equal((await give(cast.adam, cast.adam, role)).status, 403, `${role} of oneself`);
  }
  const second = await makePerson(server, cast.app, 'ada', { role: 'admin' });
  for (const above of [second, cast.olga]) assert.equal((await give(cast.adam, above, 'user')).status, 403, above.name);
  assert.deepEqual([await roleOf(cast.bob), await roleOf(second), await roleOf(cast.olga)], ['user', 'admin', 'owner']);
});

test('what is no role, and nobody, is refused', async () => {
  for (const role of ['', 'king', 'Owner', '3']) assert.equal((await give(cast.olga, cast.bob, role)).status, 422, role);
  assert.equal((await cast.olga.post(`${A}/1/role`, { role: 'user' })).status, 404);
});

test('the last owner who can log in stays one', async () => {
  const only = await give(cast.olga, cast.olga, 'user');
  assert.equal(only.status, 409);
  assert.match(only.body.error, /only owner/);
  assert.equal((await give(cast.olga, cast.alice, 'owner')).status, 200);
  assert.equal((await server.cli('account', 'suspend', 'alice')).code, 0);
  assert.equal((await give(cast.olga, cast.olga, 'user')).status, 409, 'the other one cannot log in');
  assert.equal((await server.cli('account', 'unsuspend', 'alice')).code, 0);
  assert.equal((await give(cast.olga, cast.olga, 'user')).status, 200, 'stepping down beside another one');
  assert.equal((await give(cast.olga, cast.olga, 'owner')).status, 403, 'and that is that');
  assert.equal((await give(cast.alice, cast.olga, 'owner')).status, 200);
  assert.equal((await give(cast.olga, cast.alice, 'user')).status, 200, 'owners decide about each other');
});

test('two owners who take each other’s role away at once leave one', async () => {
  for (let round = 0; round < 8; round++) {
    assert.equal((await give(cast.olga, cast.alice, 'owner')).status, 200);
    const answers = await Promise.all([give(cast.olga, cast.alice, 'user'), give(cast.alice, cast.olga, 'user')]);
    const roles = [await roleOf(cast.olga), await roleOf(cast.alice)];
    assert.deepEqual(roles.sort(), ['owner', 'user'], JSON.stringify(answers.map((a) => a.body)));
    assert.deepEqual(answers.map((a) => a.status === 200).sort(), [false, true]);
    if ((await roleOf(cast.olga)) === 'user') {
      await give(cast.alice, cast.olga, 'owner');
      await give(cast.olga, cast.alice, 'user');
    }
  }
});

test('who cannot log in gets no role', async () => {
  const joined = await new Visitor(server).own('POST', 'signup', goodSignUp('una'));
  assert.equal(joined.body.state, 'unconfirmed');
  const [una] = (await cast.mona.get(`${A}?unconfirmed=true`)).body;
  assert.deepEqual([una.username, una.confirmed], ['una', false]);
  assert.equal((await cast.olga.post(`${A}/${una.id}/role`, { role: 'moderator' })).status, 409);
  await cast.dave.id();
  assert.equal((await server.cli('account', 'suspend', 'dave')).code, 0);
  assert.equal((await give(cast.olga, cast.dave, 'moderator')).status, 409);
  assert.equal((await server.cli('account', 'role', 'dave', 'moderator')).code, 1);
  assert.equal((await give(cast.olga, cast.mona, 'user')).status, 200);
  assert.equal((await give(cast.olga, cast.mona, 'moderator')).status, 200);
});

test('an address confirmed by hand lets its member in, and the log tells who did it', async () => {
  const newcomer = new Visitor(server);
  await newcomer.own('POST', 'signup', goodSignUp('hanna'));
  assert.equal((await newcomer.logIn('hanna', 'a long password')).status, 403);
  const waiting = (await cast.mona.get(`${A}?unconfirmed=true`)).body;
  const { id } = waiting.find((a) => a.username === 'hanna');
  assert.equal((await cast.bob.post(`${A}/${id}/confirm`)).status, 403);
  assert.equal((await cast.mona.post(`${A}/${id}/confirm`)).body.confirmed, true);
  assert.equal((await newcomer.logIn('hanna', 'a long password')).status, 200);
  assert.ok((await log()).some((line) => line.startsWith('mona confirm hanna@example.org')));
  assert.ok(!(await cast.mona.get(`${A}?unconfirmed=true`)).body.some((a) => a.username === 'hanna'));
});
