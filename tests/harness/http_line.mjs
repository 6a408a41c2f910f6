// Between a standby and its origin: hands everything on, unpacked, as `change` turns it ((address, body) → Buffer, or null: the line is cut; a promise of it: later).
import { createServer, request } from 'node:http';
import { cleanup } from './standby.mjs';

// A started line has url; hold(route, passes), which lets so many requests to the route through and keeps those after them; waiting, how many are kept;
// open(), which lets them go.
export async function startHttpLine(origin, change = (where, body) => body) {
  const kept = [];
  let held = null, passes = 0;
  const server = createServer(async (from, to) => {
    if (held && from.url.includes(held) && passes-- <= 0) await new Promise((resolve) => kept.push(resolve));
    const { 'accept-encoding': packed, ...headers } = from.headers;
    const out = request(origin.url + from.url, { method: from.method, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', () => to.destroy());
      answer.on('end', async () => {
        const body = await line.change(from.url, Buffer.concat(parts));
        if (!body) return to.destroy();
        to.writeHead(answer.statusCode, { 'Content-Type': answer.headers['content-type'] ?? 'text/plain', 'Content-Length': body.length });
        to.end(body);
      });
    });
    out.on('error', () => to.destroy());
    from.pipe(out);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const line = {
    url: `http://127.0.0.1:${server.address().port}`,
    change,
    get waiting() {
      return kept.length;
    },
    hold(route, most) {
      [held, passes] = [route, most];
    },
    open() {
      held = null;
      for (const go of kept.splice(0)) go();
    },
  };
  cleanup.push(() => {
    line.open();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return line;
}
