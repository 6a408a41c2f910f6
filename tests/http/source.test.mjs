// The program hands out its own source (AGPL, section 13): from itself, whole, and good for building it again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { root, startServer } from '../harness/server.mjs';

const run = promisify(execFile);
let server, folder, archive, names;
before(async () => {
  server = await startServer();
  folder = await mkdtemp(path.join(tmpdir(), 'freehold-source-'));
});
after(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const listed = async (file) => (await run('tar', ['-tzf', file], { maxBuffer: 1 << 24 })).stdout.trim().split('\n');
const html = (where, language = 'en') => server.fetch(where, { headers: { Accept: 'text/html', 'Accept-Language': language } });

test('every page and the API lead to the source', async () => {
  assert.equal((await (await server.fetch('/api/v2/instance')).json()).source_url, `${server.url}/source`);
  assert.match(await (await html('/about')).text(), /<a href="\/source">Source code<\/a>/);
  for (const [language, words] of [['en', 'exactly as it runs here'], ['de', 'genau so, wie es hier läuft']]) {
    const page = await html('/source', language);
    const text = await page.text();
    assert.equal(page.status, 200);
    assert.ok(text.includes(words) && !text.includes('<script'), language);
    archive = /href="(\/source\/freehold-[\d.]+\.tar\.gz)"/.exec(text)[1];
  }
});

test('the archive holds all that the program is made of, and nothing else', async () => {
  const answer = await server.fetch(archive);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/gzip');
  assert.equal(answer.headers.get('content-encoding'), null);
  assert.equal((await server.fetch(archive, { headers: { 'If-None-Match': answer.headers.get('etag') } })).status, 304);
  await writeFile(path.join(folder, 'source.tar.gz'), Buffer.from(await answer.arrayBuffer()));
  names = await listed(path.join(folder, 'source.tar.gz'));
  const top = path.basename(archive, '.tar.gz');
  for (const name of ['LICENSE', 'README.md', 'run', 'test', 'meson.build', 'tools/build', 'src/freehold.c', 'src/store/schema/0001.sql', 'src/web/pack/source.py', 'src/ops/demo/pictures/moon.jpg', 'ui/package-lock.json', 'ui/src/app.tsx', 'tests/http/source.test.mjs', 'docs/operate.md'])
    assert.ok(names.includes(`${top}/${name}`), name);
  assert.ok(names.length > 800, String(names.length));
  assert.deepEqual(names.filter((name) => !name.startsWith(`${top}/`)), []);
  assert.deepEqual(names.filter((name) => /\/(node_modules|\.git|data|dist|build[^/]*|screenshots|__pycache__)\//.test(name)), []);
});

test('from it the same archive can be made without git, and Meson finds every file', async () => {
  await run('tar', ['-xzf', 'source.tar.gz'], { cwd: folder });
  const tree = path.join(folder, path.basename(archive, '.tar.gz'));
  for (const name of ['LICENSE', 'src/freehold.c', 'run']) assert.deepEqual(await readFile(path.join(tree, name)), await readFile(path.join(root, name)), name);
  const version = /freehold-([\d.]+)\.tar/.exec(archive)[1];
  await run('python3', ['src/web/pack/source.py', '.', version, path.join(folder, 'a.c'), path.join(folder, 'again.tar.gz'), path.join(folder, 'a.d')], { cwd: tree });
  assert.deepEqual(await readFile(path.join(folder, 'again.tar.gz')), await readFile(path.join(folder, 'source.tar.gz')));
  await run('meson', ['setup', 'build'], { cwd: tree });
});

test('who publishes the source elsewhere says where', async () => {
  const elsewhere = await startServer({ set: { 'site.source_url': 'https://code.example/ours' } });
  try {
    assert.equal((await (await elsewhere.fetch('/api/v2/instance')).json()).source_url, 'https://code.example/ours');
    const page = await elsewhere.fetch('/source');
    assert.deepEqual([page.status, page.headers.get('location')], [302, 'https://code.example/ours']);
    assert.equal((await elsewhere.fetch(archive)).status, 404);
  } finally {
    await elsewhere.remove();
  }
});
