// A network that was Elgg: its dump becomes an archive, which freehold import takes. What is broken is refused with its line.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import Ajv from 'ajv/dist/2020.js';
import { root, startServer } from '../harness/server.mjs';

const run = promisify(execFile);
const born = 1262304000; // 2010-01-01
let dir;
before(async () => (dir = await mkdtemp(path.join(tmpdir(), 'freehold-elgg-'))));
after(() => rm(dir, { recursive: true, force: true }));

const columns = {
  elgg_entities: ['guid', 'type', 'subtype', 'owner_guid', 'container_guid', 'access_id', 'time_created', 'time_updated', 'last_action', 'enabled'],
  elgg_metadata: ['id', 'entity_guid', 'name', 'value', 'value_type', 'time_created', 'enabled'],
  elgg_annotations: ['id', 'entity_guid', 'name', 'value', 'value_type', 'owner_guid', 'access_id', 'time_created', 'enabled'],
  elgg_entity_relationships: ['id', 'guid_one', 'relationship', 'guid_two', 'time_created'],
  elgg_private_settings: ['id', 'entity_guid', 'name', 'value'],
};
const quote = (v) => (typeof v === 'number' ? String(v) : v === null ? 'NULL' : `'${v.replace(/[\\'"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\0', '\\0')}'`);

// As mysqldump writes it. how: complete (with the columns' names), apart (each row on a line of its own, as newer MariaDB does).
function makeDump(rows, { complete = false, apart = false } = {}) {
  let text = "-- MySQL dump 10.19\n/*!40101 SET NAMES utf8mb4 */;\n";
  for (const [table, names] of Object.entries(columns)) {
    text += `DROP TABLE IF EXISTS \`${table}\`;\nCREATE TABLE \`${table}\` (\n${names.map((n) => `  \`${n}\` text,\n`).join('')}  PRIMARY KEY (\`${names[0]}\`)\n) ENGINE=InnoDB;\nLOCK TABLES \`${table}\` WRITE;\n`;
    const all = (rows[table] ?? []).map((row) => `(${row.map(quote).join(',')})`);
    if (all.length) text += `INSERT INTO \`${table}\`${complete ? ` (${names.map((n) => `\`${n}\``).join(', ')})` : ''} VALUES${apart ? '\n' : ' '}${all.join(apart ? ',\n' : ',')};\n`;
    text += 'UNLOCK TABLES;\n';
  }
  return text;
}

function elgg() {
  const rows = { elgg_entities: [], elgg_metadata: [], elgg_annotations: [], elgg_entity_relationships: [], elgg_private_settings: [[1, 1, 'x', "'); INSERT INTO `elgg_entities` VALUES (1"]] };
  const entity = (guid, type, subtype, owner, container, access_id, words, enabled = 'yes') => {
    rows.elgg_entities.push([guid, type, subtype, owner, container, access_id, born + guid, born + guid, born + guid, enabled]);
    for (const [name, value] of Object.entries(words)) rows.elgg_metadata.push([rows.elgg_metadata.length + 1, guid, name, value, 'text', born, 'yes']);
  };
  entity(40, 'user', 'user', 0, 0, 2, { username: 'ann.o\'neil', name: 'Ann "😀" O\'Neil', email: 'ann@example.org', validated: '1', admin: 'yes', briefdescription: '<b>Hi</b> &amp; bye', password_hash: '$2y$10$secretsecret' });
  entity(41, 'user', 'user', 0, 0, 2, { username: 'admin', name: 'Bert', email: 'bert@example.org', validated: '1' });
  entity(42, 'user', 'user', 0, 0, 2, { username: '../../etc/passwd', name: 'Eve', email: 'eve@example.org', validated: '1', banned: 'yes' });
  entity(44, 'user', 'user', 0, 0, 2, { username: 'unproven', name: 'Un', email: 'un@example.org', validated: '0' });
  entity(43, 'user', 'user', 0, 0, 2, { username: 'nomail', name: 'No', email: '' });
  entity(50, 'object', 'blog', 40, 40, 2, { title: 'It\'s \\ "quoted"', description: '<p>Grüße 🌉,\nnew line</p><script>alert(1)</script><p>NUL:\0.</p>', status: 'published' });
  entity(51, 'object', 'bookmarks', 41, 41, 2, { title: 'A place', address: 'https://example.org/?a=1&b=2', description: '' });
  entity(52, 'object', 'bookmarks', 41, 41, 2, { title: 'A trap', address: 'javascript:alert(1)', description: '' });
  entity(53, 'object', 'comment', 41, 50, 2, { description: 'An answer' });
  entity(54, 'object', 'thewire', 41, 41, 2, { description: 'on the wire' });
  entity(55, 'object', 'thewire', 40, 40, 2, { description: 'an answer on it' });
  entity(56, 'object', 'blog', 40, 40, 0, { title: 'Mine alone', description: 'secret', status: 'published' });
  entity(57, 'object', 'blog', 40, 40, 2, { title: 'Not ready', description: 'draft', status: 'draft' });
  entity(58, 'object', 'blog', 40, 40, 2, { title: 'Deleted', description: 'gone' }, 'no');
  entity(60, 'group', 'group', 40, 40, 2, { name: 'A group' });
  entity(61, 'object', 'file', 40, 40, 2, { title: 'x' });
  rows.elgg_entity_relationships.push([1, 41, 'friend', 40, born + 70], [2, 40, 'friend', 999, born], [3, 55, 'parent', 54, born], [4, 41, 'member', 60, born]);
  rows.elgg_annotations.push([1, 50, 'likes', 'likes', 'text', 41, 2, born + 80, 'yes'], [2, 50, 'other', 'x', 'text', 41, 2, born, 'yes'], [3, 777, 'likes', 'likes', 'text', 41, 2, born, 'yes']);
  return rows;
}

async function convert(text, name = 'made') {
  const [from, to] = [path.join(dir, `${name}.sql`), path.join(dir, `${name}.tar.zst`)];
  await writeFile(from, text);
  const said = await run(path.join(root, 'tools/elgg-to-archive'), [from, to]).then((s) => ({ code: 0, ...s }), (error) => error);
  return { ...said, file: to };
}

for (const [words, how] of [['a row after the other', {}], ['columns named', { complete: true }], ['each row on a line of its own', { apart: true }]]) {
  test(`an Elgg network becomes ours, with its dates, answers, likes and followers (${words})`, async () => {
    const made = await convert(makeDump(elgg(), how), `good${Object.keys(how)}`);
    assert.equal(made.code, 0, made.stderr);
    for (const words of [/4 people, 8 posts, 1 likes and 1 friends/, /"ann\.o'neil" is called ann_o_neil now/, /'admin' is called admin_ now/, /left out: 1 × entities of the kind group/, /left out: 1 × entities of the kind object file/, /left out: 1 × people without/, /2 × posts only their writers see/, /was an administrator/, /Passwords were not taken/]) assert.match(made.stdout, words);
    assert.doesNotMatch(made.stdout, /secretsecret/);
    const server = await startServer();
    try {
      await server.stop();
      const taken = await server.cli('import', made.file);
      assert.equal(taken.code, 0, taken.stderr);
      await server.start();
      const get = async (where) => (await server.fetch(where)).json();
      const ann = await get('/api/v1/accounts/lookup?acct=ann_o_neil');
      assert.deepEqual([ann.display_name, ann.followers_count, ann.note], ['Ann "😀" O\'Neil', 1, '<p>Hi &amp; bye</p>']);
      const posts = await get(`/api/v1/accounts/${ann.id}/statuses`);
      assert.deepEqual(posts.map((p) => p.created_at), ['2010-01-01T00:00:55.000Z', '2010-01-01T00:00:50.000Z']);
      assert.deepEqual([posts[1].favourites_count, posts[1].replies_count, posts[1].visibility], [1, 1, 'public']);
      assert.match(posts[1].content, /It(&#39;|\u0027)s \\ (&quot;|")quoted/);
      assert.match(posts[1].content, /Grüße 🌉/);
      assert.doesNotMatch(posts[1].content, /alert/);
      const context = await get(`/api/v1/statuses/${posts[1].id}/context`);
      assert.match(context.descendants[0].content, /An answer/);
      assert.equal((await server.fetch('/api/v1/accounts/lookup?acct=unproven')).status, 404, 'who was never confirmed is not shown');
      assert.equal((await server.fetch('/api/v1/accounts/lookup?acct=nomail')).status, 404);
      const bert = await get('/api/v1/accounts/lookup?acct=admin_');
      const others = await get(`/api/v1/accounts/${bert.id}/statuses`);
      assert.ok(others.some((p) => p.content.includes('https://example.org/?a=1')));
      assert.ok(!others.some((p) => p.content.includes('javascript:')));
      assert.equal(posts[0].in_reply_to_account_id, bert.id);
      assert.equal(await server.stop(), undefined);
      assert.match((await server.cli('account', 'list')).stdout, /______etc_passwd/);
    } finally {
      await server.remove();
    }
  });
}

test('a broken dump is refused with the line named, and no archive is left', async () => {
  const good = makeDump(elgg());
  const line = (words) => good.slice(0, good.indexOf(words)).split('\n').length;
  const entities = line('INSERT INTO `elgg_entities`');
  const of = (n, change) => good.split('\n').map((l, i) => (i + 1 === n ? change(l) : l)).join('\n');
  for (const [name, text, says] of [
    ['cut', of(entities, (l) => l.slice(0, 300)), new RegExp(`line ${entities} of the dump`)],
    ['short', of(entities, (l) => l.replace("(40,'user',", '(40,')), new RegExp(`line ${entities} of the dump: a row has 9 values for 10 columns`)],
    ['word', of(entities, (l) => l.replace('(40,', '(forty,')), new RegExp(`line ${entities} of the dump: a value cannot be read`)],
    ['huge', of(entities, (l) => l.replace('(40,', '(99999999999999999999,')), new RegExp(`line ${entities} of the dump: guid is out of range`)],
    ['nameless', good.replace('CREATE TABLE `elgg_entities`', 'CREATE TABLE `other`'), /there is no CREATE TABLE before it/],
    ['ends', good.slice(0, good.indexOf(');', good.indexOf('INSERT INTO `elgg_metadata`'))), /of the dump/],
  ]) {
    const made = await convert(text, name);
    assert.equal(made.code, 1, name);
    assert.match(made.stderr, says, name);
    assert.doesNotMatch(made.stderr, /Traceback/);
    await assert.rejects(access(made.file), name);
  }
  const bytes = Buffer.concat([Buffer.from(good.slice(0, good.indexOf('Bert'))), Buffer.from([0xff]), Buffer.from(good.slice(good.indexOf('Bert')))]);
  const made = await convert(bytes, 'bytes');
  assert.match(made.stderr, /line \d+ of the dump: .*utf-8/);
});

test('every line of the archive is as the schema says', async () => {
  const made = await convert(makeDump(elgg()), 'judged');
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
  ajv.addSchema(JSON.parse(await readFile(path.join(root, 'docs/archive.schema.json'))), 'archive');
  let judged = 0;
  for (const entry of (await run('tar', ['-I', 'zstd', '-tf', made.file])).stdout.trim().split('\n')) {
    const text = (await run('tar', ['-I', 'zstd', '-xOf', made.file, entry])).stdout;
    const name = entry.startsWith('tables/') ? entry.split('/')[1] : `_${entry === 'freehold.json' ? 'manifest' : 'end'}`;
    const judge = ajv.getSchema(`archive#/$defs/${name}`);
    for (const line of text.trim().split('\n')) assert.ok(++judged && judge(JSON.parse(line)), `${name}: ${line}: ${ajv.errorsText(judge.errors)}`);
  }
  assert.ok(judged > 20);
});
