// A small disk of its own in a mount namespace: a tmpfs that only the programs which are run on it see, by any user who may make namespaces.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary } from './server.mjs';

const root = process.getuid() === 0;

// megabytes: its size. dir: where programs on it see it, inside: where everybody does (SQLite
// would follow that link out again: for it, enter is the command that leads there); program: freehold, run on it.
export async function makeDisk(megabytes) {
  const dir = await mkdtemp(path.join(tmpdir(), 'freehold-disk-'));
  const own = `${dir}.run`;
  const holder = spawn('unshare', [root ? '-m' : '-rm', 'sh', '-c', `mount -t tmpfs -o size=${megabytes}M,mode=700 none '${dir}' && echo ready && exec cat`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  await new Promise((resolve, reject) => {
    holder.stdout.once('data', resolve);
    holder.once('exit', () => reject(new Error('no disk of its own can be made here')));
  });
  const enter = ['nsenter', '-t', String(holder.pid), ...(root ? [] : ['-U', '--preserve-credentials']), '-m'];
  await writeFile(own, `#!/bin/sh\nexec ${enter.join(' ')} '${binary}' "$@"\n`);
  await chmod(own, 0o700);
  const inside = `/proc/${holder.pid}/root${dir}`;
  const filler = path.join(inside, 'filler');
  return {
    dir,
    inside,
    enter,
    program: own,
    grow: (to) => execFileSync(enter[0], [...enter.slice(1), 'mount', '-o', `remount,size=${to}M`, dir]),
    // Until nothing fits any more.
    fill() {
      const file = openSync(filler, 'a');
      for (let size = 1 << 20; size >= 512; ) {
        try {
          if (writeSync(file, Buffer.alloc(size, 'x')) < size) size >>= 1;
        } catch (error) {
          if (error.code !== 'ENOSPC') throw error;
          size >>= 1;
        }
      }
      closeSync(file);
    },
    free: () => rmSync(filler),
    async remove() {
      holder.stdin.end();
      await ended;
      await rm(own, { force: true });
      await rm(dir, { recursive: true, force: true });
    },
  };
}
