// What the network says about itself, and its owner about it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRestAPIClient } from 'masto';
import { makeCast } from '../cast/cast.mjs';
import { Visitor } from '../cast/visitor.mjs';
import { startServer } from '../harness/server.mjs';

let server, cast, olga;
before(async () => {
  server = await startServer();
  cast = await makeCast(server, 'olga', 'mona', 'alice');
  olga = new Visitor(server);
  await olga.logIn('olga', cast.olga.password);
});
after(() => server.remove());

const get = async (where) => (await server.fetch(where)).json();

test('version 2 declares what clients ask for', async () => {
  const instance = await createRestAPIClient({ url: server.url }).v2.instance.fetch();
  assert.equal(instance.domain, new URL(server.url).host);
  assert.match(instance.version, /^4\.5\.0 \(compatible; Freehold /);
  assert.equal(instance.configuration.statuses.maxCharacters, 500);
  assert.equal(instance.configuration.urls.streaming, server.url.replace('http', 'ws'));
  assert.equal(instance.registrations.enabled, true);
  assert.equal(instance.registrations.approvalRequired, true);
  assert.equal(instance.contact.account.username, 'olga');
  const raw = await get('/api/v2/instance');
  for (const key of ['domain', 'title', 'version', 'source_url', 'description', 'usage', 'thumbnail', 'icon', 'languages', 'configuration', 'registrations', 'api_versions', 'contact', 'rules']) assert.ok(key in raw, key);
  for (const key of ['accounts', 'statuses', 'media_attachments', 'polls', 'translation', 'urls', 'vapid', 'timelines_access']) assert.ok(key in raw.configuration, key);
});

test('version 1 has what old clients need', async () => {
  const instance = await get('/api/v1/instance');
  for (const key of ['uri', 'title', 'short_description', 'description', 'email', 'version', 'urls', 'stats', 'thumbnail', 'languages', 'registrations', 'approval_required', 'invites_enabled', 'configuration', 'contact_account', 'rules']) assert.ok(key in instance, key);
  assert.equal(instance.stats.user_count, 3);
});

test('the owner changes the texts, rules and mode, and everybody reads them', async () => {
  const changed = await olga.own('PATCH', 'site', {
    title: 'The Orchard',
    description: 'A place for <growers>',
    extended_description: 'Long\n\ntext',
    contact_email: 'owner@example.org',
    registrations: 'invite',
    rules: [{ text: 'Be kind', hint: 'Really' }, { text: 'No ads', hint: '' }],
  });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  const [kind, ads] = changed.body.rules;
  const reordered = await olga.own('PATCH', 'site', { rules: [{ id: ads.id, text: 'No advertising', hint: '' }, kind] });
  assert.deepEqual(reordered.body.rules.map((r) => r.id), [ads.id, kind.id]);
  assert.deepEqual((await get('/api/v1/instance/rules')).map((r) => r.text), ['No advertising', 'Be kind']);
  const instance = await get('/api/v2/instance');
  assert.equal(instance.title, 'The Orchard');
  assert.equal(instance.registrations.enabled, false);
  const about = await get('/api/v1/instance/extended_description');
  assert.match(about.content, /<p>Long<\/p>/);
  assert.ok(Date.parse(about.updated_at));
  assert.equal((await new Visitor(server).look()).site.registrations, 'invite');
});

test('wrong texts are refused field by field', async () => {
  const answer = await olga.own('PATCH', 'site', { title: ' ', contact_email: 'nonsense', registrations: 'sometimes', rules: [{ text: '' }] });
  assert.equal(answer.status, 422);
  assert.deepEqual(Object.keys(answer.body.details).sort(), ['contact_email', 'registrations', 'rules', 'title']);
});

test('only admins change the site, and the log tells who did', async () => {
  const mona = new Visitor(server);
  await mona.logIn('mona', cast.mona.password);
  assert.equal((await mona.own('PATCH', 'site', { title: 'Mine' })).status, 403);
  assert.equal((await mona.own('GET', 'site')).status, 403);
  const log = (await mona.own('GET', 'audit')).body;
  assert.equal(log[0].action, 'site_change');
  assert.equal(log[0].actor.username, 'olga');
  const alice = new Visitor(server);
  await alice.logIn('alice', cast.alice.password);
  assert.equal((await alice.own('GET', 'audit')).status, 403);
  assert.equal((await server.fetch('/api/freehold/v1/audit')).status, 401);
});

test('there is a privacy policy before anybody writes one, in the language of who reads', async () => {
  const german = await server.fetch('/api/v1/instance/privacy_policy', { headers: { 'Accept-Language': 'de' } });
  assert.match((await german.json()).content, /<p>Nichts wird verkauft/);
  assert.match((await get('/api/v1/instance/privacy_policy')).content, /<p>/);
  await olga.own('PATCH', 'site', { privacy_policy: 'We keep nothing.' });
  assert.match((await get('/api/v1/instance/privacy_policy')).content, /We keep nothing/);
});

test('webfinger, host-meta and nodeinfo answer', async () => {
  const host = new URL(server.url).host;
  const finger = await server.fetch(`/.well-known/webfinger?resource=acct:Alice@${host}`);
  assert.match(finger.headers.get('content-type'), /^application\/jrd\+json/);
  assert.equal((await finger.json()).subject, `acct:alice@${host}`);
  for (const resource of [`acct:nobody@${host}`, 'acct:alice@elsewhere.example', 'nonsense']) assert.equal((await server.fetch(`/.well-known/webfinger?resource=${resource}`)).status, 404);
  assert.equal((await server.fetch('/.well-known/webfinger')).status, 400);
  assert.equal((await get(`/.well-known/webfinger?resource=${encodeURIComponent(`${server.url}/@alice`)}`)).subject, `acct:alice@${host}`);
  assert.match(await (await server.fetch('/.well-known/host-meta')).text(), /lrdd/);
  const links = await get('/.well-known/nodeinfo');
  const info = await (await fetch(links.links[0].href)).json();
  assert.equal(info.software.name, 'freehold');
  const { users, localPosts } = info.usage; // counted now and then, so who logged in just before may be missing
  assert.ok(users.total === 3 && users.activeMonth >= 1 && users.activeMonth <= 3 && localPosts === 0, JSON.stringify(info.usage));
});

test('lists that are empty here are empty lists', async () => {
  for (const where of ['/api/v1/custom_emojis', '/api/v1/instance/peers', '/api/v1/instance/activity', '/api/v1/instance/domain_blocks']) assert.deepEqual(await get(where), [], where);
});
