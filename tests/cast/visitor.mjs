// A browser without a browser: keeps cookies, sends the CSRF token, as the web client does. And the letter box of a server without mail settings.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from './cast.mjs';

export class Visitor {
  constructor(server, headers = {}) {
    Object.assign(this, { server, headers, cookies: new Map(), csrf: null });
  }

  // { status, headers, body }; redirects are not followed.
  async request(method, where, body, headers = {}) {
    const form = body instanceof URLSearchParams || body instanceof FormData;
    const response = await this.server.fetch(where, {
      method,
      headers: {
        ...(this.cookies.size ? { Cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ') } : {}),
        ...(this.csrf && method !== 'GET' ? { 'X-CSRF-Token': this.csrf } : {}),
        ...(body !== undefined && !form ? { 'Content-Type': 'application/json' } : {}),
        ...this.headers,
        ...headers,
      },
      body: body === undefined || form ? body : JSON.stringify(body),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const text = await response.text();
    const json = (response.headers.get('content-type') ?? '').includes('json') && text;
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }

  own(method, route, body) {
    return this.request(method, `/api/freehold/v1/${route}`, body);
  }

  async look() {
    const answer = await this.own('GET', 'session');
    this.csrf = answer.body.csrf_token;
    return answer.body;
  }

  async logIn(login, password) {
    const answer = await this.own('POST', 'session', { login, password });
    if (answer.status === 200) this.csrf = answer.body.csrf_token;
    return answer;
  }
}

export const goodSignUp = (name, more = {}) => ({ username: name, email: `${name}@example.org`, password: 'a long password', agreement: true, locale: 'en', reason: 'I like it here', ...more });

// Mails to an address, oldest first: { file, text, token }.
export async function mailsTo(server, address) {
  const dir = path.join(server.dataDir, 'mail');
  const files = (await readdir(dir).catch(() => [])).sort();
  const mails = [];
  for (const file of files) {
    const raw = await readFile(path.join(dir, file), 'utf8');
    const text = raw.replaceAll('\r\n', '\n');
    if (!text.includes(`To: <${address}>`)) continue;
    mails.push({ file: path.join(dir, file), text, token: /\?token=(\S+)/.exec(text)?.[1] });
  }
  return mails;
}

export async function mailTo(server, address, matching = /./, ms = 8000) {
  const mails = await eventually(() => mailsTo(server, address), (all) => all.some((mail) => matching.test(mail.text)), ms);
  return mails.filter((mail) => matching.test(mail.text)).at(-1);
}
