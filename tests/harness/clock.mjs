// A program whose clock is off: Debian's libfaketime stands between it and the wall clock; durations stay what they are.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary } from './server.mjs';

const arch = { x64: 'x86_64', arm64: 'aarch64' }[process.arch];
const library = `/usr/lib/${arch}-linux-gnu/faketime/libfaketimeMT.so.1`;

// ms: how far ahead it is; less than 0: behind. program: freehold by that clock; `as`: another program of the same folder.
export async function makeClock(ms, as = binary) {
  const dir = await mkdtemp(path.join(tmpdir(), 'freehold-clock-'));
  const program = path.join(dir, 'freehold');
  const env = [`LD_PRELOAD=${library}`, `FAKETIME=${ms < 0 ? '-' : '+'}${Math.abs(ms) / 1000}s`, 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'NO_FAKE_STAT=1'];
  await writeFile(program, `#!/bin/sh\n[ -e '${library}' ] || { echo 'libfaketime is missing: tools/deps test' >&2; exit 1; }\necho $$ >>'${dir}/pids'\nexec env ${env.join(' ')} '${as}' "$@"\n`);
  await chmod(program, 0o700);
  return {
    program,
    // Of one that was killed something is left in shared memory, which the next of that number would stumble over.
    async remove() {
      const pids = (await readFile(path.join(dir, 'pids'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
      for (const pid of pids) for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) await rm(`/dev/shm/${name}`, { force: true });
      await rm(dir, { recursive: true, force: true });
    },
  };
}
