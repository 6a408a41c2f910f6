// A line between a client and a server that can be slow and can break: bytes pass until somebody cuts it.
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

// port: of the server. A started line has url, cut() (breaks every connection and lets none through), hush() (bytes stay away and nobody is told, as
// when a cable is pulled), mend(), slow(bytesPerSecond) for what goes up (0: as fast as it can), and far({ delay, rate }): each way takes delay ms, and
// what comes down is no faster than rate bytes per second.
export async function startLine(port) {
  const open = new Set();
  let broken = false;
  let hushed = false;
  let rate = 0;
  let distance = { delay: 0, rate: 0 };
  // In the order it came.
  const carry = (from, to, narrow) => {
    let before = Promise.resolve();
    let free = 0;
    const later = (size, act) => {
      const now = Date.now();
      free = Math.max(free, now) + (narrow && distance.rate ? (size / distance.rate) * 1000 : 0);
      const due = free + distance.delay;
      before = before.then(() => (due > Date.now() ? sleep(due - Date.now()) : undefined)).then(act);
    };
    from.on('data', (data) => {
      later(data.length, () => to.write(data));
      if (narrow || !rate) return;
      from.pause();
      setTimeout(() => from.resume(), (data.length / rate) * 1000);
    });
    from.on('end', () => later(0, () => to.end()));
  };
  const line = net.createServer({ highWaterMark: 32 * 1024 }, (client) => {
    if (broken) return client.destroy();
    const server = net.connect({ port, host: '127.0.0.1' });
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => (open.delete(socket), client.destroy(), server.destroy()));
    }
    carry(client, server, false);
    carry(server, client, true);
    if (hushed) for (const socket of [client, server]) socket.pause();
  });
  await new Promise((resolve) => line.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${line.address().port}`,
    slow: (bytes) => (rate = bytes),
    far: (how) => (distance = how),
    hush() {
      hushed = true;
      for (const socket of open) socket.pause();
    },
    mend() {
      broken = hushed = false;
      for (const socket of open) socket.resume();
    },
    cut() {
      broken = true;
      for (const socket of open) socket.destroy();
    },
    async stop() {
      this.cut();
      await new Promise((resolve) => line.close(resolve));
    },
  };
}
