// Two places and the wire between them: network namespaces of their own, joined by a pair of virtual Ethernet cards that the kernel slows down, pulls out or
// lets swallow everything. Made by any user who may make namespaces; nothing of this machine's own network is touched.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { carry } from './carry.mjs';
import { binary, freePort, freshDatabase } from './server.mjs';
import { Standby, cleanup, makeOrigin } from './standby.mjs';

const root = process.getuid() === 0;
const carrier = path.join(import.meta.dirname, 'carry.mjs');
const nobody = '02:00:00:00:00:99';

// Whether the kernel can slow a wire down (token bucket filter, tc-tbf(8)). Where tc itself is missing the tests shall fail.
export function canSlow() {
  try {
    execFileSync('unshare', [root ? '-n' : '-rn', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'tbf', 'rate', '1mbit', 'burst', '16kb', 'latency', '1s'], { stdio: 'pipe' });
    return true;
  } catch ({ status }) {
    return status === 127;
  }
}

// Resolves when it says something; it ends with its standard input.
async function started([command, ...args]) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(([code]) => Promise.reject(new Error(`${command} ${args.join(' ')} ended (${code})`)))]);
  return child;
}

class Place {
  async make(dir, name, enter, address) {
    const holder = await started([...enter, 'unshare', root || enter.length ? '-n' : '-rn', 'sh', '-c', 'ip link set lo up && echo ready && exec cat']);
    this.children = [holder];
    this.doors = [];
    this.pid = holder.pid;
    this.enter = ['nsenter', '-t', String(holder.pid), ...(root ? [] : ['-U', '--preserve-credentials']), '-n'];
    Object.assign(this, { dir, address, program: path.join(dir, name) });
    await writeFile(this.program, `#!/bin/sh\nexec ${this.enter.join(' ')} '${binary}' "$@"\n`);
    await chmod(this.program, 0o700);
    return this;
  }

  run(...command) {
    return execFileSync(this.enter[0], [...this.enter.slice(1), ...command], { encoding: 'utf8' });
  }

  async carry(from, to) {
    this.children.push(await started([...this.enter, process.execPath, carrier, from, to]));
  }

  // A port of this machine's loopback that leads to the same port of this place's.
  async door(port) {
    const socket = path.join(this.dir, `${port}.socket`);
    await this.carry(socket, `127.0.0.1:${port}`);
    this.doors.push(await carry(`127.0.0.1:${port}`, socket));
  }

  async end() {
    for (const door of this.doors) door.close();
    for (const child of this.children.reverse()) {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    }
  }
}

// From another place a database of this machine's cluster is reached by its socket alone.
function bySocket(url) {
  if (!url) return url;
  const at = new URL(url);
  at.searchParams.set('host', execFileSync('psql', ['-qXAt', '-d', url, '-c', 'SHOW unix_socket_directories'], { encoding: 'utf8' }).trim());
  return at.href;
}

// here and there: program (freehold, run at that place), door(port), enter (the command that leads there).
// tunnel(port): the address at which somebody there reaches that port here, as through ssh -L.
// wire: slow(bytesPerSecond); pull() and plug(); swallow() (nothing arrives, and nobody is told) and spit().
export async function makeTwoPlaces() {
  const dir = await mkdtemp(path.join(tmpdir(), 'freehold-places-'));
  cleanup.push(() => rm(dir, { recursive: true, force: true }));
  const here = await new Place().make(dir, 'here', [], '10.77.0.1');
  cleanup.push(() => here.end());
  const there = await new Place().make(dir, 'there', here.enter, '10.77.0.2');
  cleanup.push(() => there.end());
  here.run('ip', 'link', 'add', 'wire', 'type', 'veth', 'peer', 'name', 'wire', 'netns', String(there.pid));
  const both = [[here, there], [there, here]];
  for (const [place] of both) {
    place.run('ip', 'address', 'add', `${place.address}/30`, 'dev', 'wire');
    place.run('ip', 'link', 'set', 'wire', 'up');
  }
  return {
    here,
    there,
    async tunnel(port) {
      const near = await freePort();
      await here.carry(`${here.address}:${port}`, `127.0.0.1:${port}`);
      await there.carry(`127.0.0.1:${near}`, `${here.address}:${port}`);
      return `http://127.0.0.1:${near}`;
    },
    wire: {
      slow: (rate) => both.forEach(([place]) => place.run('tc', 'qdisc', 'replace', 'dev', 'wire', 'root', 'tbf', 'rate', `${rate}bps`, 'burst', '4kb', 'latency', '400ms')),
      pull: () => here.run('ip', 'link', 'set', 'wire', 'down'),
      plug: () => here.run('ip', 'link', 'set', 'wire', 'up'),
      swallow: () => both.forEach(([place, other]) => place.run('ip', 'neighbour', 'replace', other.address, 'lladdr', nobody, 'nud', 'permanent', 'dev', 'wire')),
      spit: () => both.forEach(([place, other]) => place.run('ip', 'neighbour', 'delete', other.address, 'dev', 'wire')),
    },
  };
}

// A network here and a standby there, in all else like those of harness/standby.mjs; nothing is copied yet. from: what the standby shall join.
export async function networkAndStandby(kind, set = {}) {
  const places = await makeTwoPlaces();
  const port = await freePort();
  await places.here.door(port);
  const origin = await makeOrigin(set, { port, program: places.here.program, databaseUrl: bySocket(await freshDatabase()) });
  const standby = await Standby.make(origin, kind);
  standby.program = places.there.program;
  standby.databaseUrl = bySocket(standby.databaseUrl);
  await places.there.door(standby.port);
  return { origin, standby, wire: places.wire, from: await places.tunnel(port) };
}
