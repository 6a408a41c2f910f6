// One's own account as apps see and change it: masto and megalodon, forms and JSON.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice, bob;
before(async () => {
  server = await startServer();
  ({ alice, bob } = await makeCast(server, 'alice', 'bob'));
});
after(() => server.remove());

const change = (body, person = alice) => person.request('PATCH', '/api/v1/accounts/update_credentials', body);

test('verify_credentials has every key of the entity', async () => {
  const { body } = await alice.get('/api/v1/accounts/verify_credentials');
  for (const key of ['id', 'username', 'acct', 'display_name', 'locked', 'bot', 'discoverable', 'indexable', 'hide_collections', 'group', 'created_at', 'note', 'url', 'uri', 'avatar', 'avatar_static', 'header', 'header_static', 'followers_count', 'following_count', 'statuses_count', 'last_status_at', 'emojis', 'fields', 'roles', 'source', 'role'])
    assert.ok(key in body, key);
  for (const key of ['privacy', 'sensitive', 'language', 'note', 'fields', 'follow_requests_count']) assert.ok(key in body.source, key);
});

test('masto changes the profile, and others see it at once', async () => {
  const changed = await alice.masto.v1.accounts.updateCredentials({
    displayName: 'Alice A.',
    note: 'I write\n\nabout #gardens',
    locked: true,
    bot: false,
    discoverable: true,
    fieldsAttributes: [{ name: 'Home', value: 'https://alice.example' }, { name: 'Pronouns', value: 'she' }],
  });
  assert.equal(changed.displayName, 'Alice A.');
  assert.equal(changed.locked, true);
  assert.equal(changed.source.note, 'I write\n\nabout #gardens');
  const seen = (await bob.get(`/api/v1/accounts/${await alice.id()}`)).body;
  assert.equal(seen.display_name, 'Alice A.');
  assert.match(seen.note, /<p>I write<\/p>/);
  assert.equal(seen.fields[1].name, 'Pronouns');
  assert.match(seen.fields[0].value, /href="https:\/\/alice\.example"/);
  assert.equal(seen.source, undefined);
});

test('megalodon changes it too', async () => {
  const { data } = await alice.megalodon.updateCredentials({ display_name: 'Alice M.', note: 'short' });
  assert.equal(data.display_name, 'Alice M.');
});

test('forms send fields by position, and switch things off', async () => {
  const form = new URLSearchParams();
  form.set('locked', 'false');
  form.set('fields_attributes[0][name]', 'One');
  form.set('fields_attributes[0][value]', '1');
  form.set('fields_attributes[1][name]', '');
  form.set('fields_attributes[1][value]', '');
  form.set('source[privacy]', 'unlisted');
  form.set('source[sensitive]', 'true');
  form.set('source[language]', 'de');
  const { status, body } = await change(form);
  assert.equal(status, 200);
  assert.equal(body.locked, false);
  assert.deepEqual(body.fields.map((f) => f.name), ['One']);
  assert.deepEqual([body.source.privacy, body.source.sensitive, body.source.language], ['unlisted', true, 'de']);
  const preferences = (await alice.get('/api/v1/preferences')).body;
  assert.equal(preferences['posting:default:visibility'], 'unlisted');
  assert.equal(preferences['posting:default:sensitive'], true);
  assert.equal(preferences['posting:default:language'], 'de');
  const post = await alice.posts('quietly');
  assert.equal(post.visibility, 'unlisted');
});

test('what is not sent stays, what is sent empty goes', async () => {
  await change({ display_name: 'Name', note: 'Note' });
  assert.equal((await change({ bot: true })).body.display_name, 'Name');
  const { body } = await change({ display_name: '', fields_attributes: [] });
  assert.equal(body.display_name, '');
  assert.equal(body.source.note, 'Note');
  assert.deepEqual(body.fields, []);
});

test('what is too long or impossible is refused, and nothing changes', async () => {
  await change({ display_name: 'Before' });
  for (const body of [{ display_name: 'x'.repeat(31) }, { note: 'x'.repeat(501) }, { source: { privacy: 'secret' } }, { source: { language: 'no language' } }, { fields_attributes: Array.from({ length: 5 }, () => ({ name: 'a', value: 'b' })) }, { fields_attributes: [{ name: 'x'.repeat(300), value: 'y' }] }, { locked: 'perhaps' }, { fields_attributes: 'text' }, { source: 'text' }]) {
    const answer = await change(body);
    assert.equal(answer.status, 422, JSON.stringify(body));
    assert.match(answer.body.error, /^Validation failed/);
  }
  assert.equal((await alice.get('/api/v1/accounts/verify_credentials')).body.display_name, 'Before');
});

test('30 emoji are 30 characters, whatever they are made of', async () => {
  assert.equal((await change({ display_name: '👩‍👩‍👧'.repeat(30) })).status, 200);
  assert.equal((await change({ display_name: '👩‍👩‍👧'.repeat(31) })).status, 422);
});

test('markup and control characters in a profile stay text', async () => {
  const { body } = await change({ display_name: '<script>x</script>', note: '<img src=x onerror=alert(1)>', fields_attributes: [{ name: '<b>', value: '<i>' }] });
  assert.equal(body.display_name, '<script>x</script>');
  assert.ok(!body.note.includes('<img'));
  assert.ok(!body.fields[0].value.includes('<i>'));
  assert.equal((await change({ display_name: 'two\nlines' })).body.display_name, 'two lines');
});

const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

test('an avatar is uploaded, replaced and removed; the old address dies', async () => {
  const upload = async () => {
    const form = new FormData();
    form.set('avatar', new Blob([pixel], { type: 'image/png' }), 'me.png');
    return change(form);
  };
  const first = await upload();
  assert.equal(first.status, 200, JSON.stringify(first.body));
  const picture = await fetch(first.body.avatar);
  assert.equal(picture.status, 200);
  assert.match(picture.headers.get('content-type'), /^image\//);
  const second = await upload();
  assert.notEqual(second.body.avatar, first.body.avatar);
  assert.equal((await fetch(first.body.avatar)).status, 404);
  const { body } = await alice.request('DELETE', '/api/v1/profile/avatar');
  assert.match(body.avatar, /\/avatars\//);
  assert.equal((await fetch(second.body.avatar)).status, 404);
  assert.equal((await alice.request('DELETE', '/api/v1/profile/header')).status, 200);
});

test('something that is no picture is refused as avatar', async () => {
  const form = new FormData();
  form.set('avatar', new Blob(['nonsense'], { type: 'image/png' }), 'me.png');
  assert.equal((await change(form)).status, 422);
});

test('lookup finds by handle, in any case, ours with and without the domain', async () => {
  const id = await alice.id();
  const domain = new URL(server.url).host;
  for (const acct of ['alice', '@alice', 'ALICE', `alice@${domain}`, `@Alice@${domain}`]) assert.equal((await bob.get(`/api/v1/accounts/lookup?acct=${encodeURIComponent(acct)}`)).body.id, id, acct);
  for (const acct of ['nobody', 'alice@elsewhere.example', '', '@', 'alice@']) {
    const answer = await bob.get(`/api/v1/accounts/lookup?acct=${encodeURIComponent(acct)}`);
    if (acct !== 'alice@') assert.equal(answer.status, 404, acct);
  }
});

test('the directory holds those who want to be found', async () => {
  await change({ discoverable: true });
  await change({ discoverable: false }, bob);
  const names = async (query = '') => (await (await server.fetch(`/api/v1/directory${query}`)).json()).map((a) => a.username);
  assert.deepEqual(await names(), ['alice']);
  await change({ discoverable: true }, bob);
  assert.deepEqual(await names('?order=new'), ['bob', 'alice']);
  assert.deepEqual(await names('?order=new&offset=1'), ['alice']);
  assert.deepEqual(await names('?order=new&limit=1'), ['bob']);
  assert.equal((await server.fetch('/api/v1/directory?offset=-1')).status, 422);
});
