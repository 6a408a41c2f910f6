// What stands between a client and the server: TLS here, or a front that forwards.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { binary, freePort, startServer } from '../harness/server.mjs';

const run = promisify(execFile);

function raw(port, text) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('end', () => resolve(answer));
    socket.on('error', (error) => (error.code === 'ECONNRESET' ? resolve(answer) : reject(error)));
  });
}
const status = (answer) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
const metrics = 'GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n';

test('a trusted front names the client by a PROXY header of either version, and the request is no local one', async (t) => {
  const server = await startServer({ set: { 'server.trusted_proxies': '127.0.0.1' } });
  t.after(() => server.remove());
  assert.equal(status(await raw(server.port, `${metrics}\r\n`)), 200);
  assert.equal(status(await raw(server.port, `PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n${metrics}\r\n`)), 404);
  assert.equal(status(await raw(server.port, `PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n${metrics}\r\n`)), 404);
  assert.equal(status(await raw(server.port, `PROXY UNKNOWN\r\n${metrics}\r\n`)), 200);
  assert.equal(status(await raw(server.port, `\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\0\x01\0\x02${metrics}\r\n`)), 404);
  assert.equal(status(await raw(server.port, `${metrics}X-Forwarded-For: 192.0.2.1\r\n\r\n`)), 404);
  assert.equal(await raw(server.port, 'PROXY nonsense\r\n'), '');
});

test('a trusted_proxies that is no list of addresses stops the start with one clear line', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'freehold-test-'));
  const ended = await run(binary, ['serve', '--data', dataDir, '--listen', '127.0.0.1:0', '--set', 'server.trusted_proxies=front.example']).catch((error) => error);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /front\.example/);
  await rm(dataDir, { recursive: true, force: true });
});

let dataDir, child, port, log;
const certificate = (name) =>
  run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${name}`,
    '-keyout', path.join(dataDir, 'key.pem'), '-out', path.join(dataDir, 'cert.pem')]);

function secureGet(where, options = {}) {
  return new Promise((resolve, reject) => {
    const request = https.get({ host: '127.0.0.1', port, path: where, rejectUnauthorized: false, agent: false, ...options }, (response) => {
      const name = response.socket.getPeerCertificate().subject?.CN;
      let body = '';
      response.on('data', (data) => (body += data));
      response.on('end', () => resolve({ status: response.statusCode, body, name, protocol: response.socket.getProtocol() }));
    });
    request.on('error', reject);
  });
}
const eventually = async (check, ms = 15000) => {
  for (const end = Date.now() + ms; ; ) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};

before(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'freehold-test-'));
  port = await freePort();
  await certificate('first');
  child = spawn(binary, ['serve', '--data', dataDir, '--listen', `127.0.0.1:${port}`,
    '--set', `server.tls_cert=${path.join(dataDir, 'cert.pem')}`, '--set', `server.tls_key=${path.join(dataDir, 'key.pem')}`]);
  log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data));
  await eventually(() => secureGet('/health'));
});
after(async () => {
  const ended = new Promise((resolve) => child.on('exit', resolve));
  child.kill('SIGTERM');
  assert.equal(await ended, 0, log);
  await rm(dataDir, { recursive: true, force: true });
});

test('TLS 1.3 and 1.2 are spoken, older ones are not', async () => {
  assert.deepEqual((({ status, body, protocol }) => [status, body, protocol])(await secureGet('/health')), [200, 'OK\n', 'TLSv1.3']);
  assert.equal((await secureGet('/health', { maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2');
  await assert.rejects(secureGet('/health', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
});

test('plain HTTP on the TLS port gets nothing', async () => {
  assert.equal(status(await raw(port, `${metrics}\r\n`)), 0);
});

test('a renewed certificate is used without a restart, and a broken one changes nothing', async () => {
  await certificate('second');
  await eventually(async () => assert.equal((await secureGet('/health')).name, 'second'));
  await rm(path.join(dataDir, 'cert.pem'));
  await eventually(async () => assert.match(log, /keeping the old certificate/));
  assert.equal((await secureGet('/health')).name, 'second');
});
