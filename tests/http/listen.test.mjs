// Where a server says it is, when the system chose its port.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../cast/cast.mjs';
import { binary } from '../harness/server.mjs';

// Starts it with these options; → { said, base } once it says where it is.
async function serve(t, ...options) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'freehold-test-'));
  const child = spawn(binary, ['serve', '--data', dataDir, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
  t.after(async () => {
    child.kill();
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  });
  await eventually(() => said, (text) => /becomes the owner:\s+http\S+/.test(text), 15_000);
  return { said, base: /^ {4}(http\S+)\/$/m.exec(said)[1] };
}

for (const host of ['127.0.0.1', 'localhost', '[::1]'])
  test(`port 0 of ${host}: addresses name the port that it got`, async (t) => {
    const { said, base } = await serve(t, '--listen', `${host}:0`);
    const port = /listens on \S+:(\d+)/.exec(said)[1];
    assert.notEqual(port, '0');
    assert.equal(base, `http://${host}:${port}`);
    assert.match(said, new RegExp(`becomes the owner:\\s+${base.replaceAll(/[[\]]/g, '\\$&')}/`));
    const instance = await (await fetch(`${base}/api/v2/instance`)).json();
    assert.equal(instance.domain, `${host}:${port}`);
    assert.equal(instance.source_url, `${base}/source`);
    assert.equal(instance.configuration.urls.streaming, `ws://${host}:${port}`);
  });

test('a domain that is set stays what it is', async (t) => {
  const { said, base } = await serve(t, '--listen', '127.0.0.1:0', '--set', 'server.domain=social.example');
  assert.equal(base, 'https://social.example');
  const port = /listens on \S+:(\d+)/.exec(said)[1];
  const instance = await (await fetch(`http://127.0.0.1:${port}/api/v2/instance`)).json();
  assert.equal(instance.domain, 'social.example');
});
