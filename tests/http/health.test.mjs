import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { binary, freePort, startServer } from '../harness/server.mjs';

const run = promisify(execFile);

let server;
before(async () => (server = await startServer()));
after(() => server.remove());

test('the server says that it is well', async () => {
  const response = await server.fetch('/health');
  assert.equal(response.status, 200);
  assert.equal(await response.text(), 'OK\n');
});

test('metrics are for listed addresses only, and never for a forwarded request', async () => {
  const own = await server.fetch('/metrics');
  assert.equal(own.status, 200);
  assert.match(await own.text(), /^freehold_requests_total\{class="2xx"\} \d+$/m);
  for (const name of ['X-Forwarded-For', 'X-Forwarded-Port', 'Forwarded', 'Via', 'X-Real-IP', 'X-Client-IP', 'X-Cluster-Client-IP', 'True-Client-IP', 'CF-Connecting-IP', 'Fastly-Client-IP']) {
    assert.equal((await server.fetch('/metrics', { headers: { [name]: '127.0.0.1' } })).status, 404, name);
  }
});

test('an unknown path and a wrong method are said so in JSON', async () => {
  const unknown = await server.fetch('/api/v1/nothing');
  assert.equal(unknown.status, 404);
  assert.deepEqual(await unknown.json(), { error: 'Record not found' });
  const wrong = await server.fetch('/health', { method: 'DELETE' });
  assert.equal(wrong.status, 405);
  assert.match(wrong.headers.get('allow'), /GET/);
});

test('a second server on the same data folder ends with one clear line', async () => {
  const second = await server.cli('serve', '--listen', '127.0.0.1:0');
  assert.equal(second.code, 1);
  assert.match(second.stderr, /^freehold: the data folder .* is in use by another freehold\n$/);
});

test('an unknown or impossible setting stops the start with one clear line', async () => {
  const unknown = await server.cli('config', '--set', 'server.colour=red');
  assert.deepEqual([unknown.code, unknown.stderr], [1, 'freehold: --set: there is no setting server.colour\n']);
  const impossible = await server.cli('config', '--set', 'limits.enabled=perhaps');
  assert.deepEqual([impossible.code, impossible.stderr], [1, 'freehold: --set: limits.enabled must be yes or no, not "perhaps"\n']);
  for (const [name, value] of [
    ['server.metrics_from', '127.0.0.1, monitor.example'],
    ['server.trusted_proxies', 'front.example'],
    ['server.domain', 'two words'],
    ['server.domain', 'https://example.org'],
    ['server.base_url', 'example.org'],
    ['server.base_url', 'https://example.org/below'],
    ['mail.route', 'post.example'],
  ]) {
    const { code, stderr } = await server.cli('serve', '--set', `${name}=${value}`);
    assert.equal(code, 1, `${name}=${value}`);
    assert.match(stderr, new RegExp(`^freehold: ${name.replace('.', '\\.')} [^\n]+\n$`));
  }
});

test('a database that is not there ends the start with one clear line', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'freehold-test-'));
  const ended = await run(binary, ['serve', '--data', dataDir, '--set', `database.url=postgres://nobody@127.0.0.1:${await freePort()}/none`]).catch((error) => error);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /^freehold: [^\n]*PostgreSQL[^\n]+\n$/);
  await rm(dataDir, { recursive: true, force: true });
});

test('listening on every address, the server says that it needs a name', async () => {
  const everywhere = await startServer({ set: { 'server.domain': '0.0.0.0:8080' } });
  await everywhere.remove();
  assert.match(everywhere.log, /would name 0\.0\.0\.0:8080, which leads nowhere: set server\.domain/);
  assert.doesNotMatch(server.log, /leads nowhere/);
});

test('usage errors exit with 2 and show the usage', async () => {
  const none = await server.cli('serv');
  assert.equal(none.code, 2);
  assert.match(none.stderr, /there is no command serv/);
});

test('systemd is told when the server is ready', async () => {
  const script = `
import os, socket, subprocess, sys, tempfile
folder = tempfile.mkdtemp()
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(folder + '/notify'); s.settimeout(20)
p = subprocess.Popen(sys.argv[1:] + ['--data', folder + '/data'], env={**os.environ, 'NOTIFY_SOCKET': folder + '/notify'}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
first = s.recv(100).decode(); p.terminate(); second = s.recv(100).decode(); p.wait()
print(first, second)`;
  const { stdout } = await run('python3', ['-c', script, binary, 'serve', '--listen', '127.0.0.1:0']);
  assert.equal(stdout.trim(), 'READY=1 STOPPING=1');
});
