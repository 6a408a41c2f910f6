// Deleting a post that very many people boosted, favoured and kept: it is gone with the answer, and no transaction is long.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

const MANY = 8000;
let server, alice, bob, carol, dave;
before(async () => {
  server = await startServer();
  ({ alice, bob, carol, dave } = await makeCast(server, 'alice', 'bob', 'carol', 'dave'));
  await dave.follows(bob);
});
after(() => server.remove());

const tables = {
  status: 'boost_of_id',
  favourite: 'status_id',
  bookmark: 'status_id',
  poll: 'status_id',
  poll_count: 'status_id',
  poll_vote: 'status_id',
  notification: 'status_id',
  filter_status: 'status_id',
  status_count: 'status_id',
  status_tag: 'status_id',
  mention: 'status_id',
};
const left = async (id) => {
  const rows = {};
  for (const [table, column] of Object.entries(tables)) rows[table] = Number(await server.sql(`SELECT count(*) FROM ${table} WHERE ${column} = ${id}`));
  rows.posts = Number(await server.sql(`SELECT count(*) FROM status WHERE id = ${id}`));
  return rows;
};
const total = (rows) => Object.values(rows).reduce((sum, n) => sum + n, 0);

// A post with a poll, and what bob and dave did with it.
async function popular() {
  const post = await alice.posts('#everybody likes this, @carol', { poll: { options: ['yes', 'no'], expires_in: 3600 } });
  const boost = (await bob.post(`/api/v1/statuses/${post.id}/reblog`)).body;
  for (const act of ['favourite', 'bookmark']) assert.equal((await bob.post(`/api/v1/statuses/${post.id}/${act}`)).status, 200);
  await bob.post(`/api/v1/polls/${post.poll.id}/votes`, { choices: [0] });
  const filter = { title: 'f', context: ['public'], keywords_attributes: [{ keyword: 'nothing' }] };
  const made = (await dave.post('/api/v2/filters', filter)).body;
  assert.equal((await dave.post(`/api/v2/filters/${made.id}/statuses`, { status_id: post.id })).status, 200);
  await eventually(async () => (await dave.get('/api/v1/timelines/home')).body.map((s) => s.id), (ids) => ids.includes(boost.id));
  await eventually(async () => (await alice.get('/api/v1/notifications')).body.filter((n) => n.status?.id === post.id).length, (n) => n === 2);
  return { post, boost };
}

// Made people, whose ids are small numbers, do the same while the server is stopped.
async function andManyMore(post) {
  const n = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})`;
  const author = post.account.id;
  const fill = (into, values) => server.sql(`${n} INSERT INTO ${into} SELECT ${values} FROM n`);
  if (!Number(await server.sql('SELECT count(*) FROM account WHERE id = 1'))) {
    await fill('account (id, username, flags, changed_at)', "i, 'made' || i, 0, 1");
    await fill('account_count (account_id, statuses, followers, following, last_status_at)', 'i, 0, 0, 0, 0');
  }
  await server.sql(`UPDATE account_count SET statuses = statuses + 1 WHERE account_id <= ${MANY}`);
  await fill('status (id, author_id, flags, thread_id, boost_of_id, boost_author_id)', `${post.id} + i, i, 512, ${post.id} + i, ${post.id}, ${author}`);
  await fill('favourite (account_id, status_id, id)', `i, ${post.id}, ${post.id} + i`);
  await fill('bookmark (account_id, status_id, id)', `i, ${post.id}, ${post.id} + i`);
  await fill('poll_vote (status_id, account_id, choice)', `${post.id}, i, 1`);
  await fill('notification (id, account_id, kind, from_id, status_id, source_seq)', `${post.id} + i, ${author}, 2, i, ${post.id}, -i`);
}

async function isGone({ post, boost }) {
  assert.equal((await server.fetch(`/api/v1/statuses/${post.id}`)).status, 404);
  assert.equal((await server.fetch(`/@alice/${post.id}`)).status, 404);
  assert.equal((await dave.get(`/api/v1/statuses/${boost.id}`)).status, 404);
  assert.equal((await dave.get(`/api/v1/statuses/${post.id}/reblogged_by`)).status, 404);
  const lists = {
    home: (await dave.get('/api/v1/timelines/home')).body,
    'the booster\'s own home': (await bob.get('/api/v1/timelines/home')).body,
    profile: (await dave.get(`/api/v1/accounts/${await bob.id()}/statuses`)).body,
    'a made booster\'s profile': (await dave.get('/api/v1/accounts/7/statuses')).body,
    hashtag: (await dave.get('/api/v1/timelines/tag/everybody')).body,
    favourites: (await bob.get('/api/v1/favourites')).body,
    bookmarks: (await bob.get('/api/v1/bookmarks')).body,
    notifications: (await alice.get('/api/v1/notifications?types[]=reblog&types[]=favourite')).body,
    'those of who was named': (await carol.get('/api/v1/notifications')).body,
  };
  for (const [name, list] of Object.entries(lists)) assert.deepEqual(list, [], name);
}

test('it is gone with the answer; what many did with it follows in short transactions', async () => {
  const made = await popular();
  await server.stop();
  await andManyMore(made.post);
  const before = Number(await server.sql('SELECT max(seq) FROM journal'));
  await server.start();
  assert.equal((await dave.get('/api/v1/accounts/7/statuses')).body.length, 1, 'shown while the post is there');
  assert.equal((await alice.request('DELETE', `/api/v1/statuses/${made.post.id}`)).status, 200);
  await isGone(made);
  await eventually(() => left(made.post.id), (rows) => total(rows) === 0, 60_000);
  await isGone(made);
  const longest = Number(await server.sql(`SELECT max(n) FROM (SELECT count(*) AS n FROM change WHERE seq > ${before} GROUP BY seq) t`));
  assert.ok(longest > 250 && longest < 2500, `rows changed by the longest transaction: ${longest}`);
  assert.equal((await dave.get('/api/v1/accounts/7')).body.statuses_count, 0);
  assert.equal(Number(await server.sql(`SELECT count(*) FROM account_count WHERE account_id <= ${MANY} AND statuses <> 0`)), 0);
  await eventually(() => server.sql("SELECT count(*) FROM job WHERE kind = 'status_purge'"), (n) => n === '0');
});

test('a crash in between hides nothing less, and the rest goes after the next start', async () => {
  const made = await popular();
  await server.stop();
  await andManyMore(made.post);
  await server.start();
  assert.equal((await alice.request('DELETE', `/api/v1/statuses/${made.post.id}`)).status, 200);
  await server.stop('SIGKILL');
  const rest = await left(made.post.id);
  assert.ok(rest.status > 0 && rest.posts === 0, 'the post is gone, boosts are left');
  await server.start();
  await isGone(made);
  await eventually(() => left(made.post.id), (rows) => total(rows) === 0, 60_000);
  await isGone(made);
});

test('a reply that is deleted leaves no words in the index, and no counter of a post that is gone', async () => {
  const first = await alice.posts('a question');
  const reply = await bob.posts('@alice an answer', { in_reply_to_id: first.id });
  const words = (id) => server.sql(`SELECT count(*) FROM status_search WHERE ${server.databaseUrl ? 'status_id' : 'rowid'} = ${id}`);
  await eventually(() => words(reply.id), (n) => n === '1');
  await alice.request('DELETE', `/api/v1/statuses/${first.id}`);
  await bob.request('DELETE', `/api/v1/statuses/${reply.id}`);
  await eventually(() => words(reply.id), (n) => n === '0');
  for (const { id } of [first, reply]) assert.equal(total(await left(id)), 0);
});
