// HTTP/1.1 as strangers send it: raw sockets, because a real client would never.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { startServer } from '../harness/server.mjs';

let server;
before(async () => (server = await startServer({ set: { 'server.header_timeout': '1s', 'server.body_rate': '64K', 'server.trusted_proxies': '' } })));
after(() => server.remove());

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Sends the pieces (a number is a pause in ms) and gives all that came back until the server closed, or until `quiet` ms passed without a byte.
function talk(pieces, { quiet = 700 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1');
    let text = '';
    let timer;
    const started = Date.now();
    const end = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed, ms: Date.now() - started, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) [A-Z]/g)].map((match) => Number(match[1])) });
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => end(false), quiet);
    };
    socket.on('data', (data) => {
      text += data.toString('latin1');
      wait();
    });
    socket.on('end', () => end(true));
    socket.on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? end(true) : reject(error)));
    socket.on('connect', async () => {
      for (const piece of [pieces].flat()) {
        if (socket.destroyed) return;
        if (typeof piece === 'number') await sleep(piece);
        else socket.write(piece, 'latin1');
      }
      wait();
    });
  });
}

const get = (path, ...lines) => [`GET ${path} HTTP/1.1`, 'Host: example.org', ...lines, '', ''].join('\r\n');
const post = (path, lines, body = '') => [`POST ${path} HTTP/1.1`, 'Host: example.org', ...lines, '', body].join('\r\n');

const refused = {
  'two Content-Length': 'POST /api/v1/apps HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab',
  'Content-Length beside Transfer-Encoding': 'POST /api/v1/apps HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'a list in Content-Length': 'POST /api/v1/apps HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\nab',
  'an unknown Transfer-Encoding': 'POST /api/v1/apps HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n',
  'a bare LF': 'GET /health HTTP/1.1\nHost: a\r\n\r\n',
  'a bare LF in the header': 'GET /health HTTP/1.1\r\nHost: a\nX: y\r\n\r\n',
  'a folded header': 'GET /health HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n',
  'a space before the colon': 'GET /health HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n',
  'a control character': 'GET /health HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n',
  'a missing Host': 'GET /health HTTP/1.1\r\n\r\n',
  'two Host': 'GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'a target that is no path': 'GET health HTTP/1.1\r\nHost: a\r\n\r\n',
  'a broken chunk': 'POST /api/v1/apps HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
};
for (const [what, bytes] of Object.entries(refused))
  test(`${what} is a 400, and the connection is closed`, async () => {
    const { text, statuses, closed } = await talk([bytes, get('/health')]);
    assert.deepEqual(statuses, [400], text);
    assert.equal(closed, true);
    assert.match(text, /\r\nConnection: close\r\n/);
    assert.match(text, /\r\n\r\n\{"error":".+"\}$/);
  });

test('an unknown method is 501, another version 505, a large header 431', async () => {
  assert.deepEqual((await talk('BREW / HTTP/1.1\r\nHost: a\r\n\r\n')).statuses, [501]);
  assert.deepEqual((await talk('GET / HTTP/3.0\r\nHost: a\r\n\r\n')).statuses, [505]);
  assert.deepEqual((await talk(get('/health', `X: ${'y'.repeat(20000)}`))).statuses, [431]);
  assert.deepEqual((await talk(get('/health', ...Array(100).fill('X: y')))).statuses, [431]);
});

test('requests in a row are answered in order on one connection', async () => {
  const { text, statuses, closed } = await talk([get('/health') + get('/nothing-here') + get('/health', 'Connection: close')]);
  assert.deepEqual(statuses, [200, 404, 200], text);
  assert.equal(closed, true);
});

test('a request that arrives byte by byte is answered', async () => {
  const { statuses } = await talk([...get('/health', 'Connection: close')].flatMap((byte) => [byte, 1]));
  assert.deepEqual(statuses, [200]);
});

test('HTTP/1.0 is answered and closed unless it asks to stay', async () => {
  assert.deepEqual((({ statuses, closed }) => [statuses, closed])(await talk('GET /health HTTP/1.0\r\n\r\n')), [[200], true]);
  const kept = await talk('GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
  assert.equal(kept.closed, false);
  assert.match(kept.text, /\r\nConnection: keep-alive\r\n/);
});

test('HEAD has the headers of GET and no body', async () => {
  const { text, statuses } = await talk(get('/health').replace('GET', 'HEAD') + get('/health', 'Connection: close'));
  assert.deepEqual(statuses, [200, 200]);
  const lengths = [...text.matchAll(/Content-Length: (\d+)/g)].map((match) => match[1]);
  assert.equal(lengths[0], lengths[1]);
  assert.equal(text.split('OK\n').length, 2);
});

test('Expect: 100-continue is answered before the body, and a body too large is refused instead', async () => {
  const body = '{"client_name":"raw","redirect_uris":"urn:ietf:wg:oauth:2.0:oob"}';
  const lines = ['Content-Type: application/json', 'Expect: 100-continue', 'Connection: close'];
  const good = await talk([post('/api/v1/apps', [...lines, `Content-Length: ${body.length}`]), 100, body]);
  assert.deepEqual(good.statuses, [100, 200], good.text);
  const large = await talk(post('/api/v1/apps', [...lines, 'Content-Length: 1000000000000']));
  assert.deepEqual(large.statuses, [413]);
});

test('a chunked body is read like any other', async () => {
  const lines = ['Content-Type: application/json', 'Transfer-Encoding: chunked', 'Connection: close'];
  const [first, second] = ['{"client_name":"raw","redirect_uris":"urn:iet', 'f:wg:oauth:2.0:oob"}'];
  const size = (piece) => piece.length.toString(16);
  const { text, statuses } = await talk([
    post('/api/v1/apps', lines), `${size(first)};ext=1\r\n${first}`, `\r\n${size(second).toUpperCase()}\r\n${second}\r\n`, '0\r\nTrailer: x\r\n\r\n',
  ]);
  assert.deepEqual(statuses, [200], text);
});

test('a chunked body over the limit is cut off', async () => {
  const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`;
  const { statuses, closed } = await talk([post('/api/v1/apps', ['Content-Type: application/json', 'Transfer-Encoding: chunked']), ...Array(20).fill(chunk)]);
  assert.deepEqual(statuses, [413]);
  assert.equal(closed, true);
});

test('a header that does not end is cut off in time, however steadily it drips', async () => {
  const drip = ['GET /health HTTP/1.1\r\nHost: a\r\n', ...Array(40).fill(['X: y\r\n', 100]).flat()];
  const { statuses, closed, ms } = await talk(drip);
  assert.deepEqual(statuses, [408]);
  assert.equal(closed, true);
  assert.ok(ms < 2500, `${ms} ms`);
});

test('a connection that says nothing is closed in time', async () => {
  const { text, closed, ms } = await talk([1500], { quiet: 2000 });
  assert.deepEqual([text, closed], ['', true]);
  assert.ok(ms < 2500, `${ms} ms`);
});

test('a body that drips is cut off by the pace asked for', async () => {
  const drip = [post('/api/v1/apps', ['Content-Type: application/json', 'Content-Length: 60000']), ...Array(40).fill(['x', 100]).flat()];
  const { statuses, closed, ms } = await talk(drip);
  assert.deepEqual(statuses, [408]);
  assert.equal(closed, true);
  assert.ok(ms < 2500, `${ms} ms`);
});

test('a body nobody reads does not become a request', async () => {
  const smuggled = get('/health');
  const { statuses, closed } = await talk(post('/nothing-here', [`Content-Length: ${smuggled.length + 10}`], smuggled));
  assert.equal(statuses.length, 1);
  assert.equal(closed, true);
});

test('answers are packed as the client likes, and say so', async () => {
  for (const [accept, coding] of [['br', 'br'], ['gzip', 'gzip'], ['zstd;q=0.1, gzip;q=0.5', 'gzip'], ['identity', null]]) {
    const response = await server.fetch('/api/v2/instance', { headers: { 'Accept-Encoding': accept } });
    assert.equal(response.headers.get('content-encoding'), coding, accept);
    assert.match(response.headers.get('vary') ?? '', /Accept-Encoding/);
    assert.ok((await response.json()).domain);
  }
});

test('a forwarding header from a stranger is not believed, but remembered', async () => {
  const { statuses } = await talk(get('/metrics', 'X-Forwarded-For: 127.0.0.1', 'Connection: close'));
  assert.deepEqual(statuses, [404]);
});

test('the PROXY header is for trusted proxies only', async () => {
  assert.deepEqual((await talk(`PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n${get('/health')}`)).statuses, [400]);
});

test('five hundred connections at once are all answered', async () => {
  const answers = await Promise.all(Array.from({ length: 500 }, () => talk(get('/health', 'Connection: close'), { quiet: 10000 })));
  assert.equal(answers.filter(({ statuses }) => statuses[0] === 200).length, 500);
});
