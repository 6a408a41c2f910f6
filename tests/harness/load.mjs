// People at work while a network changes its home: writers and stream clients that know both addresses, stay with the one that answers, and try
// the other when it does not. What was acknowledged is kept, and when.
//
//   const load = startLoad([origin.url, standby.url], { writers: tokens, streams: others }); …; await load.stop(); load.gap();
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { crc32, deflateSync } from 'node:zlib';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const RETRY_MS = 50, STREAM_RETRY_MS = 250;

function chunk(kind, data) {
  const whole = Buffer.concat([Buffer.alloc(4), Buffer.from(kind), data, Buffer.alloc(4)]);
  whole.writeUInt32BE(data.length);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}

// A PNG like no other: noise of side × side.
export function noise(side = 32) {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  const lines = Array.from({ length: side }, () => Buffer.concat([Buffer.alloc(1), randomBytes(3 * side)]));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(lines))), chunk('IEND', Buffer.alloc(0))]);
}

const MARK = 'freehold-load';
const formOf = (bytes, name) => Buffer.concat([Buffer.from(`--${MARK}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`), bytes, Buffer.from(`\r\n--${MARK}--\r\n`)]);

// One request over the agent's connections: { status, body }; rejects when there is no whole answer within 10 s.
function ask(agent, method, url, token, body, type = 'application/json') {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, ...(body ? { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) } : {}) };
    const request = http.request(url, { method, agent, headers, timeout: 10_000 }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(parts).toString() }));
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}

class Load {
  constructor(homes) {
    this.homes = homes;
    this.on = this.busy = true; // clients listen; people work
    this.posts = []; // { id, text, home, at }
    this.pictures = []; // { media, home, at }: what the answer to the upload said
    this.reads = { answered: 0, failed: 0 };
    this.clients = []; // { home, opened, closed, heard }
    this.agent = new http.Agent({ keepAlive: true });
    this.tasks = [];
  }

  async #write(token, number, each) {
    for (let n = 0, home = 0; this.busy; n++) {
      const text = `writer ${number}, post ${n}`;
      const answer = await ask(this.agent, 'POST', `${this.homes[home]}/api/v1/statuses`, token, JSON.stringify({ status: text })).catch(() => null);
      if (answer?.status === 200) {
        this.posts.push({ id: JSON.parse(answer.body).id, text, home, at: Date.now() });
        if (each) await pause(each);
      } else {
        home = 1 - home;
        await pause(RETRY_MS);
      }
    }
  }

  async #upload(token, each) {
    for (let home = 0; this.busy; await pause(each)) {
      const answer = await ask(this.agent, 'POST', `${this.homes[home]}/api/v2/media`, token, formOf(noise(), 'noise.png'), `multipart/form-data; boundary=${MARK}`).catch(() => null);
      if (answer?.status === 200 || answer?.status === 202) this.pictures.push({ media: JSON.parse(answer.body), home, at: Date.now() });
      else home = 1 - home;
    }
  }

  async #read(token, each) {
    for (let home = 0; this.busy; await pause(each)) {
      const answer = await ask(this.agent, 'GET', `${this.homes[home]}/api/v1/timelines/home`, token).catch(() => null);
      if (answer?.status === 200) this.reads.answered++;
      else {
        this.reads.failed++;
        home = 1 - home;
      }
    }
  }

  // Stays with a stream until it ends: resolves then.
  #listen(client, token) {
    return new Promise((resolve) => {
      const request = http.get(`${this.homes[client.home]}/api/v1/streaming/user`, { agent: false, headers: { Authorization: `Bearer ${token}` } }, (answer) => {
        if (answer.statusCode !== 200) {
          answer.resume();
          return resolve();
        }
        client.opened++;
        client.open = client.home;
        answer.setEncoding('utf8');
        answer.on('data', (text) => (client.heard += text.split('event: update').length - 1));
        answer.on('error', resolve);
        answer.on('close', resolve);
      });
      request.on('error', resolve);
      client.end = () => request.destroy();
    });
  }

  async #stream(client, token) {
    while (this.on) {
      await this.#listen(client, token);
      client.open = null;
      client.home = 1 - client.home;
      await pause(STREAM_RETRY_MS * (1 + Math.random()));
    }
  }

  begin({ writers = [], uploaders = [], readers = [], streams = [], each = 0 }) {
    writers.forEach((token, i) => this.tasks.push(this.#write(token, i, each)));
    for (const token of uploaders) this.tasks.push(this.#upload(token, 100));
    for (const token of readers) this.tasks.push(this.#read(token, 50));
    for (const token of streams) {
      const client = { home: 0, open: null, opened: 0, heard: 0, end: () => {} };
      this.clients.push(client);
      this.tasks.push(this.#stream(client, token));
    }
  }

  // How many stream clients have a stream at a home.
  openAt = (home) => this.clients.filter((client) => client.open === home).length;
  writtenAt = (home) => this.posts.filter((post) => post.home === home);

  // Milliseconds from the last acknowledged post in the old home to the first in the new.
  gap() {
    const last = Math.max(...this.writtenAt(0).map((post) => post.at)), first = Math.min(...this.writtenAt(1).map((post) => post.at));
    return first - last;
  }

  async stop() {
    this.on = this.busy = false;
    for (const client of this.clients) client.end();
    await Promise.all(this.tasks);
    this.agent.destroy();
  }
}

// Tokens: of writers, who post one after the other (each: ms between), of uploaders of pictures, of readers of the home page, and of stream clients.
// homes: the old address and the new.
export function startLoad(homes, people) {
  const load = new Load(homes);
  load.begin(people);
  return load;
}
