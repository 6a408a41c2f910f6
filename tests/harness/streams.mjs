// Live streams as clients open them. Each collects what comes: { event, payload, stream }.
import http from 'node:http';
import { eventually } from '../cast/cast.mjs';

class Listening {
  constructor() {
    this.events = [];
    this.closed = false;
  }
  // The first event that satisfies; taken from those that came since the stream was opened.
  async gets(satisfies, ms = 3000) {
    await eventually(() => this.events, (all) => all.some(satisfies), ms).catch(() => {
      throw new Error(`no such event within ${ms} ms; came: ${JSON.stringify(this.events).slice(0, 1500)}`);
    });
    return this.events.find(satisfies);
  }
  has(satisfies) {
    return this.events.some(satisfies);
  }
  async closes(ms = 3000) {
    await eventually(() => this.closed, Boolean, ms);
  }
}

// Server-sent events at /api/v1/streaming/PATH. Rejects with { status, body } when it is no stream.
export async function openEvents(server, path, token, { query = '' } = {}) {
  const to = new Listening();
  const control = new AbortController();
  const response = await fetch(`${server.url}/api/v1/streaming/${path}${query}`, {
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    signal: control.signal,
  });
  if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
    const error = new Error(`no stream: ${response.status}`);
    error.status = response.status;
    error.body = await response.text();
    throw error;
  }
  to.headers = response.headers;
  to.close = () => control.abort();
  const decoder = new TextDecoder();
  let text = '';
  (async () => {
    for await (const bytes of response.body) {
      text += decoder.decode(bytes, { stream: true });
      for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
        const event = {};
        for (const line of text.slice(0, end).split('\n')) {
          if (line.startsWith('event: ')) event.event = line.slice(7);
          if (line.startsWith('data: ')) event.data = line.slice(6);
        }
        if (event.event) to.events.push({ event: event.event, payload: parse(event.data), at: performance.now() });
      }
    }
  })()
    .catch(() => {})
    .finally(() => (to.closed = true));
  return to;
}

function parse(text) {
  try {
    return /^\d+$/.test(text) ? text : JSON.parse(text);
  } catch {
    return text;
  }
}

// The one WebSocket. query: what stands behind the address; protocol: the subprotocol.
export function openSocket(server, { query = '', protocol } = {}) {
  const to = new Listening();
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/streaming${query}`, protocol ? [protocol] : []);
  to.socket = socket;
  to.errors = [];
  to.send = (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  to.subscribe = (stream, more = {}) => to.send({ type: 'subscribe', stream, ...more });
  // Subscribes and waits until nothing is missed any more.
  to.hears = async (stream, more = {}) => {
    const before = to.events.length;
    to.subscribe(stream, { ...more, confirm: true });
    await eventually(() => to.events.slice(before), (all) => all.some((e) => e.event === 'freehold.subscribed' && e.stream[0] === stream));
  };
  to.unsubscribe = (stream, more = {}) => to.send({ type: 'unsubscribe', stream, ...more });
  to.close = () => socket.close();
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    if (message.error) to.errors.push(message);
    else to.events.push({ ...message, payload: message.payload === undefined ? undefined : parse(message.payload), at: performance.now() });
  });
  socket.addEventListener('close', () => (to.closed = true));
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(to));
    socket.addEventListener('error', () => reject(new Error('the WebSocket was refused')));
  });
}

// An upgrade with headers of one's own, as browsers send Cookie and Origin: the status of the answer.
export function upgradeStatus(server, headers, path = '/api/v1/streaming') {
  return new Promise((resolve, reject) => {
    const request = http.request(server.url + path, {
      headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', ...headers },
    });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    request.on('error', reject);
    request.end();
  });
}
