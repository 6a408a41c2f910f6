// Ways for text messages as one meets them: an HTTP gateway in the test, and the real gammu with its dummy modem.
//
//   const gateway = await startGateway({ token: 'secret' });
//   gateway.route                    "http://127.0.0.1:PORT/send?…{to}…{text}…", which carries the token
//   await gateway.request(dir)       "gateway:FILE" of a POST with JSON, whose token lies in another file
//   gateway.taken                    [{ to, text, code }]
//   gateway.refuses.add('+49…')      that number gets 400;  gateway.sick = true    everything gets 503
//   await gateway.stop(); await gateway.start();       the same port again
//
//   const modem = await makeModem();  modem.route, await modem.taken(), await modem.unplug(), await modem.plug(), await modem.remove()
import { execFileSync, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../cast/cast.mjs';
import { freePort } from './server.mjs';

export const codeIn = (text) => /\b\d{6}\b/.exec(text)?.[0];

class Gateway {
  constructor(options) {
    Object.assign(this, { taken: [], asked: 0, refuses: new Set(), sick: false, slow: 0, ...options });
  }

  get route() {
    return `http://127.0.0.1:${this.port}/send?token=${this.token}&to={to}&text={text}`;
  }

  async request(dir, more = '') {
    const [file, secret] = ['http', 'token'].map((end) => path.join(dir, `gateway-${this.port}.${end}`));
    await writeFile(secret, `${this.token}\n`, { mode: 0o600 });
    await writeFile(file, `# how it wants to be asked\nPOST http://127.0.0.1:${this.port}/json\nContent-Type: application/json\nAuthorization: Bearer {file:${secret}}\n${more}\n{"to": "{to}", "body": {"text": "{text}"}}\n`, { mode: 0o600 });
    return `gateway:${file}`;
  }

  answer(asked, body) {
    const url = new URL(asked.url, 'http://gateway');
    if (url.pathname === '/') return [404, 'nothing here'];
    this.asked++;
    if (this.sick) return [503, 'later'];
    const json = asked.method === 'POST' ? JSON.parse(body) : null;
    const token = json ? asked.headers.authorization?.replace('Bearer ', '') : url.searchParams.get('token');
    if (token !== this.token) return [401, 'who are you'];
    const message = json ? { to: json.to, text: json.body.text } : { to: url.searchParams.get('to'), text: url.searchParams.get('text') };
    if (this.refuses.has(message.to)) return [400, `no such number: ${message.to}`];
    this.taken.push({ ...message, code: codeIn(message.text) });
    return [200, this.says ?? 'accepted'];
  }

  start() {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (data) => (body += data));
      request.on('end', () => {
        const [status, text] = this.answer(request, body);
        setTimeout(() => response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text), this.slow);
      });
    });
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, '127.0.0.1', () => resolve(this));
    });
  }

  stop() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    return closed;
  }

  to(number) {
    return this.taken.filter((message) => message.to === number);
  }

  // The newest message to a number, once there are so many.
  async brings(number, n = 1, ms = 10_000) {
    return (await eventually(() => this.to(number), (all) => all.length >= n, ms)).at(-1);
  }
}

export async function startGateway(options) {
  return new Gateway({ token: 'of the gateway', port: await freePort(), ...options }).start();
}

export async function makeModem() {
  const dir = await mkdtemp(path.join(tmpdir(), 'freehold-modem-'));
  const file = (name) => path.join(dir, name);
  // Each run of gammu begins its log anew, so what it writes is kept by somebody else.
  execFileSync('mkfifo', [file('pipe')]);
  const keeper = spawn('cat', { stdio: [openSync(file('pipe'), 'r+'), openSync(file('log'), 'a'), 'inherit'] });
  const settings = (device) => writeFile(file('gammurc'), `[gammu]\nmodel = dummy\nconnection = none\ndevice = ${device}\nlogfile = ${file('pipe')}\nlogformat = textall\n`);
  const modem = {
    route: `gammu:${file('gammurc')}`,
    plug: () => settings(dir),
    unplug: () => settings(file('not/there')),
    // What its log says was sent: [{ to, text, code }].
    taken: async () => {
      const log = await readFile(file('log'), 'utf8').catch(() => '');
      return [...log.matchAll(/^Recipient number "(\+\d+)"\n(?:.*\n)*?7 bit SMS.*\n([^]*?)\nSent SMS on device/gm)].map(([, to, text]) => ({ to, text, code: codeIn(text) }));
    },
    remove: () => keeper.kill() && rm(dir, { recursive: true, force: true }),
  };
  await modem.plug();
  return modem;
}
