// A standby that answers what everybody may read, while it follows. Both engines on either side, as in standby.test.mjs.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { eventually, logIn, makeCast, Person } from '../cast/cast.mjs';
import { startHttpLine } from '../harness/http_line.mjs';
import { noise } from '../harness/load.mjs';
import { Standby, assertSame, cleanUp, dump, kinds, makeOrigin } from '../harness/standby.mjs';

afterEach(cleanUp);
const SOON = 2000;

// What a visitor gets there.
const ask = async (standby, where, options = {}) => {
  const answer = await standby.fetch(where, options);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: (answer.headers.get('content-type') ?? '').includes('json') ? JSON.parse(text) : text };
};
const ids = async (standby, where) => (await ask(standby, where)).body.map((s) => s.id);

function assertRefused(answer, origin, what) {
  assert.equal(answer.status, 503, what);
  assert.ok(Number(answer.headers.get('retry-after')) > 0, what);
  assert.match(answer.body.error, /^This is a copy of .*, read only: log in there$/, what);
  assert.ok(answer.body.error.includes(origin.url), what);
}

for (const kind of kinds) {
  const engines = `${process.env.TEST_DATABASE ?? 'sqlite'} → ${kind}`;

  test(`${engines}: public reads are answered and follow the origin, all else is refused, and promoted it is the network`, async () => {
    const origin = await makeOrigin();
    const { app, alice, bob, carol, mona } = await makeCast(origin, 'alice', 'bob', 'carol', 'mona');
    await bob.follows(alice);
    const form = new FormData();
    form.append('file', new Blob([noise(64)], { type: 'image/png' }), 'noise.png');
    const media = (await alice.post('/api/v2/media', form)).body;
    const shown = await alice.posts('seen by all #open', { media_ids: [media.id] });
    const hidden = [await alice.posts('for followers #open', { visibility: 'private' }), await alice.posts('@bob in private #open', { visibility: 'direct' })];
    const address = new URL(shown.media_attachments[0].url).pathname;

    // nothing before it is whole
    const standby = await Standby.make(origin, kind, { set: { 'server.metrics_from': '127.0.0.1' } });
    const line = await startHttpLine(origin, (where, body) => (where.includes('/rows') ? null : body));
    standby.start('--serve-reads', '--from', line.url, '--token', await standby.invite());
    await eventually(() => ask(standby, '/health').catch(() => ({})), ({ text }) => text === 'OK, a standby\n');
    for (const where of ['/api/v1/timelines/public', '/@alice', '/about']) {
      const early = await ask(standby, where);
      assert.equal(early.status, 503);
      assert.match(early.body.error, /^This is a copy of http:\/\/127\.0\.0\.1:\d+, and not whole yet: ask there$/);
      assert.equal(early.headers.get('freehold-standby-lag'), null);
    }
    line.change = (where, body) => body;
    await standby.current();
    await eventually(() => ask(standby, '/health'), ({ text }) => text === 'OK, a standby that answers public reads\n');
    assert.equal((await standby.metrics()).serves_reads, 1);
    const home = { url: line.url };

    // public reads, each with its age
    for (const where of [`/api/v1/statuses/${shown.id}`, '/api/v1/accounts/lookup?acct=alice', '/api/v1/timelines/public', '/api/v1/timelines/tag/open', `/api/v1/accounts/${await alice.id()}/statuses`, `/api/v1/statuses/${shown.id}/context`, '/api/v2/instance', '/api/v1/directory', '/.well-known/webfinger?resource=acct:alice@' + new URL(origin.url).host, '/@alice', `/@alice/${shown.id}`, '/@alice.atom', '/tags/open', '/', '/about', address]) {
      const answer = await ask(standby, where);
      assert.equal(answer.status, 200, `${where}: ${answer.text.slice(0, 300)}`);
      assert.match(answer.headers.get('freehold-standby-lag'), /^[0-3]$/, where);
      assert.deepEqual(answer.headers.getSetCookie(), []);
      assert.ok(!answer.text.includes('for followers') && !answer.text.includes('in private'), where);
      if (answer.text.startsWith('<!doctype')) assert.ok(!answer.text.includes('<script'), `${where}: nobody can log in`);
    }
    assert.equal((await standby.fetch('/@alice', { method: 'HEAD' })).status, 200);
    assert.equal((await ask(standby, '/api/v1/statuses/1')).status, 404);
    assert.equal((await ask(standby, '/@nobody')).status, 404);

    // what is not for all is there for nobody, whatever is shown
    const cookie = `freehold_session=${'x'.repeat(43)}`;
    for (const { id } of hidden) {
      assert.equal((await ask(standby, `/api/v1/statuses/${id}`)).status, 404);
      assert.equal((await ask(standby, `/api/v1/statuses/${id}`, { headers: { Cookie: cookie } })).status, 404);
      assertRefused(await ask(standby, `/api/v1/statuses/${id}`, { headers: { Authorization: `Bearer ${alice.token}` } }), home);
      assert.equal((await ask(standby, `/@alice/${id}`)).status, 404);
      for (const list of ['/api/v1/timelines/public', '/api/v1/timelines/tag/open', `/api/v1/accounts/${await alice.id()}/statuses`]) assert.ok(!(await ids(standby, list)).includes(id));
    }
    const bearer = { Authorization: `Bearer ${alice.token}` };
    for (const where of ['/api/v1/timelines/home', '/api/v1/notifications', '/api/v1/accounts/verify_credentials', '/api/freehold/v1/session', '/api/v1/streaming/public', '/api/v2/search?q=seen', '/api/v1/markers', '/api/freehold/v1/site', '/oauth/authorize?client_id=x', '/login', '/nothing/here/at/all', '/api/freehold/standby/start', '/api/freehold/standby/rows?table=member', '/api/v1/admin/accounts'])
      for (const headers of [{}, bearer, { Cookie: cookie }]) assertRefused(await ask(standby, where, { headers }), home, where);
    assertRefused(await ask(standby, '/api/v1/timelines/public', { headers: bearer }), home);
    for (const [method, where] of [['POST', '/api/v1/statuses'], ['DELETE', `/api/v1/statuses/${shown.id}`], ['POST', '/oauth/token'], ['POST', '/api/v1/apps'], ['POST', '/api/freehold/v1/session'], ['POST', '/api/freehold/v1/signup'], ['PUT', `/api/v1/statuses/${shown.id}`], ['PATCH', '/api/v1/accounts/update_credentials'], ['POST', '/api/v2/media'], ['POST', '/api/freehold/uploads'], ['POST', '/api/freehold/standby/join'], ['POST', '/api/freehold/standby/handover'], ['POST', '/api/freehold/standby/epoch']])
      for (const headers of [{}, bearer]) assertRefused(await ask(standby, where, { method, headers, body: new URLSearchParams({ status: 'x' }) }), home, where);
    const page = await ask(standby, '/login', { headers: { Accept: 'text/html', 'Accept-Language': 'de' } });
    assert.equal(page.status, 503);
    assert.ok(page.text.includes('Eine Kopie, nur zum Lesen') && page.text.includes(home.url));
    assert.equal((await standby.fetch('/api/v1/statuses', { method: 'OPTIONS', headers: { Origin: 'https://example.org' } })).status, 204);

    // it follows: what was looked at before changes as well
    const there = (where) => () => ids(standby, where);
    const made = await alice.posts('made while it follows #open');
    for (const list of ['/api/v1/timelines/public', '/api/v1/timelines/tag/open', `/api/v1/accounts/${await alice.id()}/statuses`]) await eventually(there(list), (all) => all.includes(made.id), SOON);
    await eventually(() => ask(standby, '/@alice'), ({ text }) => text.includes('made while it follows'), SOON);
    await bob.post(`/api/v1/statuses/${made.id}/favourite`);
    await bob.post(`/api/v1/statuses/${made.id}/reblog`);
    await eventually(() => ask(standby, `/api/v1/statuses/${made.id}`), ({ body }) => body.favourites_count === 1 && body.reblogs_count === 1, SOON);
    const bobs = async () => (await ask(standby, `/api/v1/accounts/${await bob.id()}`)).body;
    await eventually(bobs, (a) => a.statuses_count === 1, SOON);
    await alice.request('PUT', `/api/v1/statuses/${made.id}`, { status: 'changed while it follows #open' });
    await eventually(() => ask(standby, `/api/v1/statuses/${made.id}`), ({ body }) => body.content?.includes('changed'), SOON);
    await alice.request('DELETE', `/api/v1/statuses/${made.id}`);
    await eventually(() => ask(standby, `/api/v1/statuses/${made.id}`), ({ status }) => status === 404, SOON);
    await eventually(bobs, (a) => a.statuses_count === 0, SOON);
    for (const list of ['/api/v1/timelines/public', '/api/v1/timelines/tag/open', `/api/v1/accounts/${await alice.id()}/statuses`]) assert.ok(!(await ids(standby, list)).includes(made.id));
    for (const where of ['/@alice', '/tags/open', '/@alice.atom']) assert.ok(!(await ask(standby, where)).text.includes('while it follows'), where);
    await alice.request('DELETE', `/api/v1/statuses/${shown.id}`);
    await eventually(() => ask(standby, address), ({ status }) => status === 404, SOON);
    await carol.request('PATCH', '/api/v1/accounts/update_credentials', { display_name: 'Carol of old' });
    const carols = await carol.posts('about to vanish #open');
    await eventually(() => ask(standby, '/@carol'), ({ text }) => text.includes('Carol of old') && text.includes('about to vanish'), SOON);
    await eventually(there('/api/v1/timelines/tag/open'), (all) => all.includes(carols.id), SOON);
    assert.equal((await mona.post(`/api/v1/admin/accounts/${await carol.id()}/action`, { type: 'suspend' })).status, 200);
    await eventually(() => ask(standby, `/api/v1/statuses/${carols.id}`), ({ status }) => status === 404, SOON);
    for (const list of ['/api/v1/timelines/public', '/api/v1/timelines/tag/open']) assert.ok(!(await ids(standby, list)).includes(carols.id));
    assert.ok(!(await ask(standby, '/@carol')).text.includes('about to vanish'));

    // it wrote nothing of its own
    await eventually(() => assertSame(origin, standby).then(() => true, () => false), Boolean, 5000).catch(() => {});
    await assertSame(origin, standby);
    assert.deepEqual(await dump(standby.databaseUrl, standby.dataDir, 'SELECT DISTINCT a FROM journal WHERE a = 0'), ['']);
    for (const question of ['SELECT id, last_used_at FROM token', 'SELECT id, kind, a FROM job']) assert.deepEqual(await dump(standby.databaseUrl, standby.dataDir, question), await dump(origin.databaseUrl, origin.dataDir, question));

    // the origin is gone: reads go on, through a restart as well, and tell their age
    const last = await bob.posts('the last words');
    await eventually(there('/api/v1/timelines/public'), (all) => all.includes(last.id), SOON);
    await origin.stop('SIGKILL');
    assert.ok((await ids(standby, '/api/v1/timelines/public')).includes(last.id));
    await eventually(() => ask(standby, '/api/v1/timelines/public'), ({ status, headers }) => status === 200 && Number(headers.get('freehold-standby-lag')) >= 2, 5000);
    await standby.stop();
    standby.set['standby.serve_reads'] = 'yes';
    standby.start();
    await eventually(() => ask(standby, '/health').catch(() => ({})), ({ text }) => text?.includes('answers public reads'), 10_000);
    assert.ok((await ids(standby, '/api/v1/timelines/public')).includes(last.id));
    assertRefused(await ask(standby, '/api/v1/timelines/home', { headers: bearer }), home);

    // promoted it opens entirely
    assert.equal((await standby.cli('promote', '--force')).code, 0);
    const promoted = new Person(standby, 'alice', alice.password, alice.token);
    await eventually(() => promoted.post('/api/v1/statuses', { status: 'home' }).catch(() => ({})), ({ status }) => status === 200, 5000);
    assert.equal((await promoted.get('/api/v1/timelines/home')).status, 200);
    assert.ok((await logIn(standby, app, 'bob', bob.password)).length > 20);
    const open = await ask(standby, '/@alice');
    assert.equal(open.headers.get('freehold-standby-lag'), null);
    assert.ok(open.text.includes('<script'));
    assert.equal((await ask(standby, '/health')).text, 'OK\n');
    await standby.stop();
  });
}

test('without the setting a standby answers no reads', async () => {
  const origin = await makeOrigin();
  const { alice } = await makeCast(origin, 'alice');
  const post = await alice.posts('not here');
  const standby = await Standby.make(origin, 'sqlite');
  await standby.join();
  await standby.current();
  for (const where of [`/api/v1/statuses/${post.id}`, '/@alice', '/about']) {
    const answer = await ask(standby, where);
    assert.equal(answer.status, 503);
    assert.match(answer.body.error, /^This is a standby of .*, which is where to ask$/);
  }
  assert.equal((await standby.metrics()).serves_reads, 0);
  assert.equal((await standby.cli('standby', 'list', '--serve-reads')).code, 2);
  await standby.stop();
  await origin.stop();
});
