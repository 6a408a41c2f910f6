// Who may send a film: asked before its gigabytes are read.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server, alice;
before(async () => {
  server = await startServer({ set: { 'media.film_limit': '64M', 'accounts.quota': '48M' } });
  ({ alice } = await makeCast(server, 'alice'));
});
after(() => server?.remove());

// Sends a head that promises `length` bytes, and no body: what comes back, and whether the connection was ended.
function promise(length, headers = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1');
    let text = '';
    const lines = Object.entries({ Host: `127.0.0.1:${server.port}`, 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': length, ...headers });
    socket.on('data', (data) => {
      text += data;
      if (text.startsWith('HTTP/1.1 100')) done(false);
    });
    const timer = setTimeout(() => done(false), 1500);
    const done = (ended) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, ended });
    };
    socket.on('end', () => done(true));
    socket.on('error', reject);
    socket.write(`POST /api/v2/media HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  });
}

test('nobody in particular is refused before a byte of the body is read', async () => {
  for (const headers of [{}, { Authorization: 'Bearer wrong' }, { Authorization: 'Bearer wrong', Expect: '100-continue' }]) {
    const { text, ended } = await promise(30 * 1024 * 1024, headers);
    assert.match(text, /^HTTP\/1\.1 401 /);
    assert.match(text, /Connection: close/);
    assert.ok(ended);
  }
});

test('who may is told to go on', async () => {
  const { text } = await promise(30 * 1024 * 1024, { Authorization: `Bearer ${alice.token}`, Expect: '100-continue' });
  assert.equal(text, 'HTTP/1.1 100 Continue\r\n\r\n');
});

test('what cannot fit is refused at once: over the limit, over the quota', async () => {
  assert.match((await promise(80 * 1024 * 1024, { Authorization: `Bearer ${alice.token}` })).text, /^HTTP\/1\.1 413 /);
  const { text } = await promise(60 * 1024 * 1024, { Authorization: `Bearer ${alice.token}` });
  assert.match(text, /^HTTP\/1\.1 422 /);
  assert.match(text, /space for media is full/);
});
