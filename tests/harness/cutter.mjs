// A line between a browser and a server that can be slow and can break: bytes pass until somebody cuts it.
import net from 'node:net';

// port: of the server. A started line has url, cut() (breaks every connection and lets none through), mend(), and slow(bytesPerSecond) for what goes up; 0: as fast as it can.
export async function startLine(port) {
  const open = new Set();
  let broken = false;
  let rate = 0;
  const pass = (from, to) => {
    from.on('data', (data) => {
      to.write(data);
      if (!rate) return;
      from.pause();
      setTimeout(() => from.resume(), (data.length / rate) * 1000);
    });
    from.on('end', () => to.end());
  };
  const line = net.createServer({ highWaterMark: 32 * 1024 }, (client) => {
    if (broken) return client.destroy();
    const server = net.connect({ port, host: '127.0.0.1' });
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => (open.delete(socket), client.destroy(), server.destroy()));
    }
    pass(client, server);
    server.on('data', (data) => client.write(data));
    server.on('end', () => client.end());
  });
  await new Promise((resolve) => line.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${line.address().port}`,
    slow: (bytes) => (rate = bytes),
    mend: () => (broken = false),
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
