// The cast: the people of all tests. Everybody knows them:
//   olga   owns the network            mona   moderates it
//   alice  writes a lot, in public     bob    alice's friend
//   carol  has a locked account        dave   is nobody's friend; others block and mute him
import { createRestAPIClient } from 'masto';
import generator from 'megalodon';

export const people = {
  olga: { role: 'owner' },
  mona: { role: 'moderator' },
  alice: {},
  bob: {},
  carol: { locked: true },
  dave: {},
};

// A client application, registered once per server.
export async function makeApp(server, scopes = 'read write follow push admin:read admin:write', client_name = 'Tests') {
  const response = await server.fetch('/api/v1/apps', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ client_name, redirect_uris: 'urn:ietf:wg:oauth:2.0:oob', scopes }),
  });
  if (!response.ok) throw new Error(`no app: ${response.status} ${await response.text()}`);
  return { ...(await response.json()), scopes };
}

export async function logIn(server, app, username, password, scope = app.scopes) {
  const response = await server.fetch('/oauth/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ grant_type: 'password', client_id: app.client_id, client_secret: app.client_secret, username, password, scope }),
  });
  if (!response.ok) throw new Error(`no token: ${response.status} ${await response.text()}`);
  return (await response.json()).access_token;
}

export class Person {
  constructor(server, name, password, token) {
    Object.assign(this, { server, name, password, token });
    this.email = `${name}@example.org`;
    this.masto = createRestAPIClient({ url: server.url, accessToken: token });
    this.megalodon = generator.default
      ? generator.default('mastodon', server.url, token)
      : generator('mastodon', server.url, token);
  }

  // Plain HTTP with this person's token: { status, headers, body } with the body parsed when it is JSON.
  async request(method, path, body, headers = {}) {
    const json = body !== undefined && !(body instanceof FormData) && !(body instanceof URLSearchParams);
    const response = await this.server.fetch(path, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, ...(json ? { 'Content-Type': 'application/json' } : {}), ...headers },
      body: json ? JSON.stringify(body) : body,
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  get(path) {
    return this.request('GET', path);
  }
  post(path, body = {}, headers) {
    return this.request('POST', path, body, headers);
  }

  async account() {
    this.me ??= (await this.get('/api/v1/accounts/verify_credentials')).body;
    return this.me;
  }

  async id() {
    return (await this.account()).id;
  }

  async posts(status, more = {}) {
    const answer = await this.post('/api/v1/statuses', { status, ...more });
    if (answer.status !== 200) throw new Error(`${this.name} could not post: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async follows(other) {
    return (await this.post(`/api/v1/accounts/${await other.id()}/follow`)).body;
  }
}

export async function makePerson(server, app, name, { role, locked } = {}) {
  const made = await server.cli('account', 'create', name, '--email', `${name}@example.org`, '--confirmed', ...(role ? ['--role', role] : []));
  const password = /New password: (\S+)/.exec(made.stdout)?.[1];
  if (made.code !== 0 || !password) throw new Error(`${name} could not be made: ${made.stderr}${made.stdout}`);
  const person = new Person(server, name, password, await logIn(server, app, name, password));
  if (locked) await person.request('PATCH', '/api/v1/accounts/update_credentials', { locked: true });
  return person;
}

// All of the cast, or those named: const { alice, bob } = await makeCast(server, 'alice', 'bob')
export async function makeCast(server, ...names) {
  const app = await makeApp(server);
  const cast = { app };
  for (const name of names.length ? names : Object.keys(people)) cast[name] = await makePerson(server, app, name, people[name]);
  return cast;
}

// Asks until the answer satisfies; for what a reader of the journal brings about.
export async function eventually(ask, satisfies = Boolean, ms = 5000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`it did not come about within ${ms} ms; last: ${JSON.stringify(answer)?.slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
