// A real object store for tests (Ceph, by tests/ceph), buckets in it, and a proxy in front of it that can be told to misbehave.
//
//   const ceph = await startCeph(); const bucket = await ceph.bucket(); await startServer({ set: bucket.settings() }); …; await ceph.stop();
//
// Requests are signed here once more, independently of the program under test.
import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';
import path from 'node:path';
import { root } from './server.mjs';

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

let buckets = 0;

export class Bucket {
  constructor(ceph, name) {
    Object.assign(this, { ceph, name });
  }

  // Settings of a server that keeps its media here; host: another one in front of the store.
  settings(host = new URL(this.ceph.url).host, more = '') {
    return { 'media.store': `s3://${host}/${this.name}?tls=no${more}`, 'media.s3_key': this.ceph.key, 'media.s3_secret': this.ceph.secret };
  }

  async request(method, key = '', { query = {}, body = Buffer.alloc(0), headers = {} } = {}) {
    const { host } = new URL(this.ceph.url);
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const signed = { ...headers, host, 'x-amz-content-sha256': sha256(body), 'x-amz-date': time };
    const target = `/${this.name}/${key.split('/').map(encode).join('/')}`;
    const search = Object.keys(query).sort().map((name) => `${encode(name)}=${encode(query[name])}`).join('&');
    const names = Object.keys(signed).sort();
    const canonical = [method, target, search, ...names.map((name) => `${name}:${signed[name]}`), '', names.join(';'), sha256(body)].join('\n');
    const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
    const day = ['us-east-1', 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${this.ceph.secret}`, time.slice(0, 8)));
    const signature = hmac(day, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${this.ceph.key}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`;
    const { host: _, ...sent } = signed;
    const answer = await fetch(`${this.ceph.url}${target}${search && `?${search}`}`, { method, headers: { ...sent, authorization }, ...(body.length ? { body } : {}) });
    return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
  }

  async #expect(status, ...args) {
    const answer = await this.request(...args);
    if (answer.status !== status) throw new Error(`the store answers ${args[0]} ${args[1]} with ${answer.status}: ${answer.body}`);
    return answer;
  }

  create = () => this.#expect(200, 'PUT');
  put = (key, body) => this.#expect(200, 'PUT', key, { body });
  get = async (key) => (await this.#expect(200, 'GET', key)).body;
  drop = (key) => this.#expect(204, 'DELETE', key);
  // [{ key, size }]
  async objects() {
    const all = [];
    for (let token = null; token !== undefined; ) {
      const page = String((await this.#expect(200, 'GET', '', { query: { 'list-type': '2', ...(token ? { 'continuation-token': token } : {}) } })).body);
      all.push(...[...page.matchAll(/<Key>([^<]*)<\/Key>.*?<Size>(\d+)</gs)].map(([, key, size]) => ({ key, size: Number(size) })));
      token = /<NextContinuationToken>([^<]*)</.exec(page)?.[1];
    }
    return all;
  }

  list = async () => (await this.objects()).map(({ key }) => key);
}

class Ceph {
  constructor(url, key, secret, stop) {
    Object.assign(this, { url, key, secret, stop });
  }

  async bucket(name = `bucket-${process.pid}-${++buckets}`) {
    const bucket = new Bucket(this, name);
    await bucket.create();
    return bucket;
  }

  // A store at an address of its own that hands all on to Ceph, but for what `fault` says: a function of the request that gives nothing, or
  // { status }, { cut: bytes } (the answer's body breaks off there), { wait: milliseconds }, { hang: true }.
  async misbehaving() {
    const proxy = { fault: () => {}, asked: 0 };
    const { hostname, port } = new URL(this.url);
    const server = http.createServer(async (request, response) => {
      proxy.asked++;
      const fault = (await proxy.fault(request)) ?? {};
      if (fault.hang) return;
      if (fault.status) {
        request.resume();
        request.on('end', () => response.writeHead(fault.status, { connection: 'close' }).end());
        return;
      }
      const onward = http.request({ hostname, port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
        setTimeout(() => {
          response.writeHead(answer.statusCode, answer.headers);
          if (fault.cut === undefined) return answer.pipe(response);
          let left = fault.cut;
          answer.on('data', (data) => {
            response.write(data.subarray(0, left));
            left -= data.length;
            if (left <= 0) setTimeout(() => response.destroy(), 20);
          });
        }, fault.wait ?? 0);
      });
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy.host = `127.0.0.1:${server.address().port}`;
    proxy.stop = () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    };
    return proxy;
  }
}

// The store that TEST_S3 names, or one of its own, which ends with stop().
export async function startCeph() {
  if (process.env.TEST_S3) return new Ceph(process.env.TEST_S3, process.env.TEST_S3_KEY, process.env.TEST_S3_SECRET, async () => {});
  const child = spawn(path.join(root, 'tests/ceph'), ['sh', '-c', 'echo "$TEST_S3 $TEST_S3_KEY $TEST_S3_SECRET"; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data).trim()));
    child.on('exit', (code) => reject(new Error(`the object store did not start (${code})`)));
  });
  return new Ceph(...line.split(' '), async () => {
    child.stdin.end();
    await new Promise((resolve) => child.on('exit', resolve));
  });
}
