// Guessing passwords gets slower and slower, per account and per address.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeApp, makeCast, makePerson } from '../cast/cast.mjs';
import { Visitor } from '../cast/visitor.mjs';
import { startServer } from '../harness/server.mjs';

let server, cast;
before(async () => {
  server = await startServer({ set: { 'server.trusted_proxies': '127.0.0.1' } });
  cast = await makeCast(server, 'alice', 'bob');
});
after(() => server.remove());

const from = (address) => new Visitor(server, { 'X-Forwarded-For': address });
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('after a few wrong passwords an account does not listen for a while, not even to the right one', async () => {
  const statuses = [];
  for (let i = 0; i < 7; i++) statuses.push((await from(`192.0.2.${i}`).logIn('alice', 'wrong')).status);
  assert.deepEqual(statuses.slice(0, 5), [401, 401, 401, 401, 401]);
  assert.equal(statuses[5], 429);
  const refused = await from('192.0.2.50').logIn('alice', cast.alice.password);
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) >= 1);
  assert.match(refused.body.error, /try again in \d+ second/);
  assert.equal((await from('192.0.2.51').logIn('bob', cast.bob.password)).status, 200, 'others are not affected');
  await wait(Number(refused.headers.get('retry-after')) * 1000 + 100);
  assert.equal((await from('192.0.2.50').logIn('alice', cast.alice.password)).status, 200);
});

test('each further wrong one doubles the wait', async () => {
  const dora = await makePerson(server, cast.app, 'dora');
  for (let i = 0; i < 5; i++) await from(`198.51.100.${i}`).logIn('dora', 'wrong');
  const first = Number((await from('198.51.100.9').logIn('dora', 'wrong')).headers.get('retry-after'));
  await wait(first * 1000 + 100);
  assert.equal((await from('198.51.100.9').logIn('dora', 'wrong')).status, 401);
  const second = Number((await from('198.51.100.9').logIn('dora', 'wrong')).headers.get('retry-after'));
  assert.ok(second > first, `${first} then ${second}`);
  assert.ok(dora.password);
});

test('who is logged in from an address keeps getting in from there', async () => {
  const emma = await makePerson(server, cast.app, 'emma');
  assert.equal((await from('203.0.113.5').logIn('emma', emma.password)).status, 200);
  for (let i = 0; i < 8; i++) await from(`203.0.113.${100 + i}`).logIn('emma', 'wrong');
  assert.equal((await from('203.0.113.200').logIn('emma', emma.password)).status, 429);
  assert.equal((await from('203.0.113.5').logIn('emma', emma.password)).status, 200);
});

test('unknown names are throttled like known ones: nobody can tell them apart', async () => {
  const statuses = [];
  for (let i = 0; i < 7; i++) statuses.push((await from(`192.0.2.${100 + i}`).logIn('nobody_at_all', 'wrong')).status);
  assert.equal(statuses[0], 401);
  assert.equal(statuses.at(-1), 429);
});

test('one address that tries many names is slowed down', async () => {
  const statuses = [];
  for (let i = 0; i < 22; i++) statuses.push((await from('192.0.2.222').logIn(`name_${i}`, 'wrong')).status);
  assert.equal(statuses[0], 401);
  assert.equal(statuses.at(-1), 429);
});

test('the pages and the password grant count too', async () => {
  const fritz = await makePerson(server, cast.app, 'fritz');
  const app = await makeApp(server);
  const grant = (password, address) =>
    server.fetch('/oauth/token', { method: 'POST', headers: { 'X-Forwarded-For': address }, body: new URLSearchParams({ grant_type: 'password', client_id: app.client_id, client_secret: app.client_secret, username: 'fritz', password, scope: 'read' }) });
  for (let i = 0; i < 5; i++) assert.equal((await grant('wrong', `198.51.100.${50 + i}`)).status, 400);
  assert.equal((await grant(fritz.password, '198.51.100.60')).status, 429);
});

test('many hashes at once are worked off in turn and none is lost', async () => {
  const busy = await startServer({ set: { 'accounts.argon_at_once': '1', 'accounts.argon_memory': '8M' } });
  try {
    const { gerd } = await makeCast(busy, 'gerd').catch(() => ({}));
    const person = gerd ?? (await makeCast(busy, 'alice')).alice;
    const answers = await Promise.all(Array.from({ length: 20 }, () => new Visitor(busy).logIn(person.name, person.password)));
    assert.ok(answers.every((a) => a.status === 200), JSON.stringify(answers.map((a) => a.status)));
  } finally {
    await busy.remove();
  }
});
