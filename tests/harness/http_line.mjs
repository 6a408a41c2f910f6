// Between a standby and its origin: hands everything on, as `change` turns it ({ status, body } → Buffer, or null: the line is cut).
import { createServer, request } from 'node:http';
import { cleanup } from './standby.mjs';

export async function startLine(origin, change) {
  const line = createServer((from, to) => {
    const out = request(origin.url + from.url, { method: from.method, headers: from.headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const whole = Buffer.concat(parts);
        const body = line.change(from.url, whole);
        if (!body) return to.destroy();
        to.writeHead(answer.statusCode, { 'Content-Type': answer.headers['content-type'] ?? 'text/plain', 'Content-Length': body.length });
        to.end(body);
      });
    });
    out.on('error', () => to.destroy());
    from.pipe(out);
  });
  line.change = change;
  await new Promise((resolve) => line.listen(0, '127.0.0.1', resolve));
  cleanup.push(() => new Promise((resolve) => (line.closeAllConnections(), line.close(resolve))));
  line.url = `http://127.0.0.1:${line.address().port}`;
  return line;
}
