// A real OpenSSH server on a free port of loopback, with keys of its own, that lets in whoever runs the tests.
//
//   const sshd = await startSshd();  sshd.to (USER@127.0.0.1), sshd.ssh (the client's command line), sshd.breakLinks(), sshd.stop()
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../cast/cast.mjs';
import { freePort } from './server.mjs';

const run = promisify(execFile);

// searched: folders in front of that machine's PATH; inside: a command line of the shell in which each session's own ($SSH_ORIGINAL_COMMAND) runs.
export async function startSshd({ searched = '', inside } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'freehold-sshd-'));
  const at = (name) => path.join(folder, name);
  const port = await freePort();
  for (const key of ['host', 'user']) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]);
  await writeFile(at('authorized_keys'), await readFile(at('user.pub')), { mode: 0o600 });
  await writeFile(at('known_hosts'), `[127.0.0.1]:${port} ${await readFile(at('host.pub'), 'utf8')}`);
  const lines = [
    `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host')}`, 'PidFile none', `AuthorizedKeysFile ${at('authorized_keys')}`, 'StrictModes no', 'UsePAM no',
    'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'PermitRootLogin prohibit-password', 'MaxStartups 100', `SetEnv PATH=${searched ? `${searched}:` : ''}/usr/local/bin:/usr/bin:/bin`,
    ...(inside ? [`ForceCommand ${inside}`] : []),
  ];
  await writeFile(at('config'), lines.join('\n') + '\n');
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  let log = '';
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', at('config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.on('data', (data) => (log += data));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const listens = () => new Promise((resolve) => connect(port, '127.0.0.1').on('connect', function () { resolve(true); this.destroy(); }).on('error', () => resolve(false)));
  await eventually(listens, Boolean, 10_000).catch(() => Promise.reject(new Error(`sshd does not listen:\n${log}`)));
  return {
    to: `${userInfo().username}@127.0.0.1`,
    ssh: `ssh -F none -p ${port} -i ${at('user')} -o IdentitiesOnly=yes -o UserKnownHostsFile=${at('known_hosts')} -o StrictHostKeyChecking=yes`,
    port,
    get log() {
      return log;
    },
    // Ends what serves the open connections; new ones are taken.
    async breakLinks() {
      const { stdout } = await run('pgrep', ['-P', String(child.pid)]).catch(() => ({ stdout: '' }));
      const pids = stdout.split('\n').filter(Boolean).map(Number);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      return pids.length;
    },
    async stop() {
      await this.breakLinks();
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
