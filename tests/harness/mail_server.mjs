// A mail server as one meets them: STARTTLS with a certificate made here, AUTH, and mails kept in memory.
//
//   const mails = await startMailServer({ user: 'site', password: 'secret' });
//   mails.route     "smtp://site@127.0.0.1:PORT"       mails.ca   the certificate's file
//   mails.taken     [{ secure, user, helo, from, to, text, token }]      mails.refused   how many log-ins failed
//   await mails.stop(); await mails.start();           the same port again
//   mails.sick = true                                  refuses every mail with 550 from now on
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { eventually } from '../cast/cast.mjs';
import { freePort } from './server.mjs';

const run = promisify(execFile);

class MailServer {
  constructor(options) {
    Object.assign(this, { taken: [], refused: 0, ...options });
  }

  get route() {
    return `smtp://${this.user}@127.0.0.1:${this.port}`;
  }

  // With the password in it.
  get wholeRoute() {
    return `smtp://${this.user}:${encodeURIComponent(this.password)}@127.0.0.1:${this.port}`;
  }

  start() {
    this.server = new SMTPServer({
      key: this.key,
      cert: this.cert,
      logger: false,
      onAuth: ({ username, password }, session, done) => {
        if (username === this.user && password === this.password) return done(null, { user: username });
        this.refused++;
        done(new Error('Invalid username or password'));
      },
      onMailFrom: (address, session, done) => done(this.sick ? Object.assign(new Error('we do not like you'), { responseCode: 550 }) : null),
      onData: (stream, { secure, user, hostNameAppearsAs, envelope }, done) => {
        let text = '';
        stream.setEncoding('utf8');
        stream.on('data', (data) => (text += data));
        stream.on('end', () => {
          const mail = { secure, user, helo: hostNameAppearsAs, from: envelope.mailFrom.address, to: envelope.rcptTo.map((r) => r.address), text: text.replaceAll('\r\n', '\n') };
          this.taken.push({ ...mail, token: /\?token=(\S+)/.exec(mail.text)?.[1] });
          done();
        });
      },
    });
    this.server.on('error', () => {}); // a client that breaks off is its own affair
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, '127.0.0.1', () => resolve(this));
    });
  }

  stop() {
    return new Promise((resolve) => this.server.close(resolve));
  }

  to(address) {
    return this.taken.filter((mail) => mail.to.includes(address));
  }

  // The newest mail to an address that matches, once it is there.
  async brings(address, matching = /./, ms = 8000) {
    const mails = await eventually(() => this.to(address), (all) => all.some((mail) => matching.test(mail.text)), ms);
    return mails.filter((mail) => matching.test(mail.text)).at(-1);
  }

  async remove() {
    await this.stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}

export async function startMailServer(options) {
  const dir = await mkdtemp(path.join(tmpdir(), 'freehold-mail-'));
  const file = (name) => path.join(dir, name);
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=mail.example',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', file('key.pem'), '-out', file('ca.pem')]);
  const [key, cert] = await Promise.all([readFile(file('key.pem')), readFile(file('ca.pem'))]);
  return new MailServer({ dir, ca: file('ca.pem'), key, cert, port: await freePort(), ...options }).start();
}
