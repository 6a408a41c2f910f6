// Carries connections from one place to another: usage: node carry.mjs FROM TO, each the path of a socket or ADDRESS:PORT. Says "ready" when it listens.
import net from 'node:net';

const place = (name) => (name.startsWith('/') ? { path: name } : { host: name.slice(0, name.lastIndexOf(':')), port: Number(name.slice(name.lastIndexOf(':') + 1)) });

export function carry(from, to) {
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ ...place(to), allowHalfOpen: true });
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  return new Promise((resolve, reject) => server.once('error', reject).listen(place(from), () => resolve(server)));
}

if (process.argv[1] === import.meta.filename) {
  await carry(process.argv[2], process.argv[3]);
  console.log('ready');
}
