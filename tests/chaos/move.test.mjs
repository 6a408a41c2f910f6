// `freehold move --to`: a whole network to another machine in one go. The other machine is this one, behind a real sshd with keys of its own.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually, makeCast } from '../cast/cast.mjs';
import { makeFolder, pictures, h264, ready, upload } from '../harness/films.mjs';
import { freehold, rowsOf } from '../harness/backups.mjs';
import { drawing, noise } from '../harness/drawings.mjs';
import { binary, freePort, startServer } from '../harness/server.mjs';
import { startSshd } from '../harness/sshd.mjs';

const run = promisify(execFile);
const pg = process.env.TEST_PG;
const kinds = pg ? ['sqlite', 'postgres'] : ['sqlite'];
const here = process.env.TEST_DATABASE ?? 'sqlite';
const cleanup = [];
after(async () => {
  for (const undo of cleanup.reverse()) await undo();
});
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Whatever runs in a folder of ours: nobody else names it.
async function endAllIn(folder, signal = 'SIGTERM') {
  const pids = async () => (await run('pgrep', ['-f', '--', `--data ${folder}`]).catch(() => ({ stdout: '' }))).stdout.split('\n').filter(Boolean).map(Number);
  for (const pid of await pids()) process.kill(pid, signal);
  await eventually(pids, (left) => left.length === 0, 20_000);
}

async function other() {
  const folder = await mkdtemp(path.join(tmpdir(), 'freehold-move-'));
  cleanup.push(() => rm(folder, { recursive: true, force: true }));
  cleanup.push(() => endAllIn(folder, 'SIGKILL'));
  return folder;
}

async function sshdFor(options) {
  const sshd = await startSshd(options);
  cleanup.push(() => sshd.stop());
  return sshd;
}

async function originFor(sshd, set = {}) {
  const origin = await startServer({ set: { ...set, 'move.ssh': sshd.ssh } });
  cleanup.push(() => origin.remove());
  return origin;
}

let count = 0;
async function settingsFor(kind, port) {
  const set = { 'server.listen': `127.0.0.1:${port}`, 'limits.enabled': 'no', 'server.stop_grace': '2s' };
  if (kind === 'postgres') {
    const url = new URL(pg);
    url.pathname = `/moved_${process.pid}_${++count}`;
    await run('psql', ['-qX', '-d', pg, '-c', `CREATE DATABASE ${url.pathname.slice(1)}`]);
    set['database.url'] = url.href;
  }
  return set;
}
const remote = (set) => Object.entries(set).flatMap(([key, value]) => ['--remote-set', `${key}=${value}`]);

// A command whose output is read while it works.
function begin(origin, ...args) {
  const child = spawn(binary, [...args, ...origin.args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const running = { child, stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (running.stdout += data));
  child.stderr.on('data', (data) => (running.stderr += data));
  running.ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  return running;
}

// The same on a terminal, on which somebody types.
async function onTerminal(origin, typed, ...args) {
  const quoted = [binary, ...args, ...origin.args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn('script', ['-qec', quoted, '/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
    if (/leave it so: $/.test(text)) child.stdin.write(typed);
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  return { code, text };
}

let drawn = 0;
async function picture(person, text) {
  const form = new FormData();
  form.append('file', new Blob([await drawing('jpg', ...noise('400x300', ++drawn))]), 'a.jpg');
  const answer = await person.post('/api/v2/media', form);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return person.posts(text, { media_ids: [answer.body.id] });
}

const sha = async (base, url) => {
  const answer = await fetch(base + new URL(url).pathname);
  assert.equal(answer.status, 200, url);
  return createHash('sha256').update(Buffer.from(await answer.arrayBuffer())).digest('hex');
};

// Which of these posts are not in the tables that rowsOf read.
function missingOf(tables, ids) {
  const there = new Set(tables.status.join('\n').match(/[0-9A-F]+/g));
  return ids.filter((id) => !there.has(Buffer.from(id).toString('hex').toUpperCase()));
}

for (const kind of kinds) {
  test(`${here} → ${kind}: a network with films and pictures moves over ssh while people write, through broken links, and nothing acknowledged is lost`, async () => {
    const sshd = await sshdFor();
    const origin = await originFor(sshd);
    const folder = await other();
    const dir = path.join(folder, "a home");
    const port = await freePort();
    const set = await settingsFor(kind, port);
    const home = `http://127.0.0.1:${port}`;
    const { alice, bob, carol } = await makeCast(origin, 'alice', 'bob', 'carol');
    await bob.follows(alice);
    const films = await makeFolder();
    cleanup.push(() => films.remove());
    const uploaded = await upload(alice, await films.film('mp4', ...pictures('320x240', 2), ...h264));
    assert.equal((await ready(alice, uploaded.body.id)).status, 200);
    const film = await alice.posts('a film', { media_ids: [uploaded.body.id] });
    const shown = [];
    for (let i = 0; i < 4; i++) shown.push(await picture(alice, `picture ${i}`));

    const acknowledged = [];
    const writing = { on: true };
    let refused = 0;
    const post = async (base, person, status) => {
      const answer = await fetch(`${base}/api/v1/statuses`, { method: 'POST', headers: { Authorization: `Bearer ${person.token}` }, body: new URLSearchParams({ status }) }).catch(() => null);
      const body = await answer?.json().catch(() => null);
      return answer?.status === 200 ? body.id : null;
    };
    const writers = [alice, bob, carol].map(async (person) => {
      let base = origin.url;
      for (let i = 0; writing.on; i++) {
        const id = await post(base, person, `${person.name} ${i}`);
        if (id) acknowledged.push({ id, base });
        else {
          refused++;
          base = base === origin.url ? home : origin.url;
          await sleep(5);
        }
        await sleep(10);
      }
    });

    // The link breaks while files come, slowly.
    const slowly = begin(origin, 'move', '--to', sshd.to, '--dir', dir, ...remote({ ...set, 'standby.media_rate': '100000' }));
    await eventually(() => slowly.stdout, (text) => /A standby runs there/.test(text), 60_000).catch((error) => assert.fail(`${error.message}\n${slowly.stderr}`));
    await sleep(500);
    assert.ok((await sshd.breakLinks()) > 0);
    assert.equal((await slowly.ended).code, 1, slowly.stdout + slowly.stderr);
    assert.match(slowly.stderr, /cannot be reached over ssh|connection to .* broke/);
    assert.match(slowly.stderr, /the standby there goes on by itself; this takes it up again:\n +freehold move --to/);
    assert.doesNotMatch(await readFile(path.join(dir, 'standby.log'), 'utf8'), /--token/);
    await assert.rejects(access(path.join(dir, 'token')), 'the token is gone');
    assert.equal((await stat(path.join(dir, 'data/freehold.conf'))).mode & 0o777, 0o600);

    // Ctrl-C.
    const stopped = begin(origin, 'move', '--to', sshd.to, '--dir', dir);
    await eventually(() => stopped.stdout, (text) => /taken up again/.test(text), 30_000);
    stopped.child.kill('SIGINT');
    assert.equal((await stopped.ended).code, 1);
    assert.match(stopped.stderr, /^freehold: interrupted; the standby there goes on by itself/m);

    // The machine there starts anew: the standby is gone, its folder is not.
    await endAllIn(dir, 'SIGKILL');
    const again = await origin.cli('move', '--to', sshd.to, '--dir', dir, ...remote(set));
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /The standby that was set up there before goes on/);
    assert.match(again.stdout, /Everything is there, 0\.\d s behind/);
    assert.match(again.stdout, /To move, when it is time:\n\n +freehold move --to \S+ --dir '.*a home' --data '.*' --yes\n/);
    assert.equal((await origin.cli('standby', 'list')).stdout.split('\n').filter((line) => /^move-127\.0\.0\.1 +heard of last/.test(line)).length, 1);

    const not = await onTerminal(origin, 'no\n', 'move', '--to', sshd.to, '--dir', dir);
    assert.equal(not.code, 0, not.text);
    assert.match(not.text, /Nothing was moved/);
    assert.ok(await post(origin.url, alice, 'still at home'));

    const moved = await onTerminal(origin, 'promote\n', 'move', '--to', sshd.to, '--dir', dir);
    assert.equal(moved.code, 0, moved.text);
    assert.match(moved.text, /Promoted in \d+\.\d s\. Everything that was acknowledged is here/);
    assert.match(moved.text, /What is left to do:/);
    assert.match(moved.text, /called by an address, 127\.0\.0\.1:\d+, .* A 127\.0\.0\.1 now/);
    assert.match(moved.text, /freehold demote --from http:.* --data /);
    await eventually(() => acknowledged.filter(({ base }) => base === home).length, (n) => n > 10, 20_000);
    writing.on = false;
    await Promise.all(writers);
    assert.equal(await post(origin.url, bob, 'too late'), null);
    assert.ok(acknowledged.filter(({ base }) => base === origin.url).length > 50);
    assert.ok(refused > 0);

    const there = await rowsOf(path.join(dir, 'data'), set['database.url']);
    assert.deepEqual(missingOf(there, acknowledged.map(({ id }) => id)), []);
    const old = await rowsOf(origin.dataDir, origin.databaseUrl);
    const missing = (table) => old[table].filter((row) => !new Set(there[table]).has(row));
    for (const table of ['account', 'member', 'follow', 'media', 'token']) if (old[table]) assert.deepEqual(missing(table), [], table);
    for (const one of [...shown, film])
      for (const { url, preview_url } of one.media_attachments) {
        assert.equal(await sha(home, preview_url), await sha(origin.url, preview_url));
        if (!url.endsWith('.m3u8')) assert.equal(await sha(home, url), await sha(origin.url, url));
      }

    // Said once more it is done already.
    const done = await origin.cli('move', '--to', sshd.to, '--dir', dir, '--yes');
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /What is left to do:/);
    await endAllIn(dir);
  });
}

test('the link breaks at the word: the same command finds out what came of it, and nothing acknowledged is lost', async () => {
  const sshd = await sshdFor();
  for (const wait of [0, 300]) {
    const origin = await originFor(sshd);
    const folder = await other();
    const dir = path.join(folder, 'home');
    const port = await freePort();
    const { alice } = await makeCast(origin, 'alice');
    const acknowledged = [];
    const writing = { on: true };
    cleanup.push(() => (writing.on = false));
    const writer = (async () => {
      while (writing.on) {
        const answer = await alice.post('/api/v1/statuses', { status: 'x' }).catch(() => null);
        if (answer?.status === 200) acknowledged.push(answer.body.id);
        else await sleep(5);
      }
    })();
    const first = begin(origin, 'move', '--to', sshd.to, '--dir', dir, '--yes', ...remote({ 'server.listen': `127.0.0.1:${port}` }));
    await eventually(() => first.stdout, (text) => /Everything is there/.test(text), 60_000).catch((error) => assert.fail(`${error.message}\n${first.stderr}`));
    await sleep(wait);
    await sshd.breakLinks();
    await first.ended;
    const second = await origin.cli('move', '--to', sshd.to, '--dir', dir, '--yes');
    assert.equal(second.code, 0, second.stdout + second.stderr);
    assert.match(second.stdout, /What is left to do:/);
    writing.on = false;
    await writer;
    assert.equal((await alice.post('/api/v1/statuses', { status: 'too late' })).status, 503);
    assert.deepEqual(missingOf(await rowsOf(path.join(dir, 'data')), acknowledged), []);
    assert.equal((await fetch(`http://127.0.0.1:${port}/api/v1/statuses/${acknowledged.at(-1)}`)).status, 200);
    assert.ok(acknowledged.length > 10);

    await endAllIn(dir);
    if (!wait) continue;
    const silent = await origin.cli('move', '--to', sshd.to, '--dir', dir, '--yes');
    assert.equal(silent.code, 1);
    assert.match(silent.stderr, /was handed over, and nothing runs at .*: there, .*\/bin\/freehold serve --data .*\/home\/data\n/);
  }
});

test('what cannot work is refused in one line, and nothing runs there', async () => {
  const sshd = await sshdFor();
  const origin = await originFor(sshd);
  const folder = await other();
  const dir = path.join(folder, 'home');
  const conf = path.join(folder, 'mine.conf');
  await writeFile(conf, '[server]\ndomain = elsewhere.example\n');
  await makeCast(origin, 'alice');
  const nobody = await freePort();
  const move = (...args) => origin.cli('move', '--to', sshd.to, '--dir', dir, ...args);
  const refuses = async (said, code, pattern) => {
    assert.equal(said.code, code, said.stdout + said.stderr);
    assert.match(said.stderr, pattern);
    if (code === 1) assert.equal(said.stderr.trim().split('\n').length, 1, said.stderr);
  };
  await refuses(await move('--fast'), 2, /move has no option --fast/);
  await refuses(await origin.cli('move'), 2, /usage: freehold move plan/);
  await refuses(await origin.cli('move', '--to', '-oProxyCommand=true'), 1, /--to wants USER@HOST/);
  const by = (ssh) => freehold('move', '--to', sshd.to, '--dir', dir, '--data', origin.dataDir, '--set', `move.ssh=${ssh}`);
  await refuses(await by(sshd.ssh.replace(/-p \d+/, `-p ${nobody}`)), 1, /cannot be reached over ssh: .*Connection refused/);
  await refuses(await origin.cli('move', '--to', `nobody-here@127.0.0.1`, '--dir', dir), 1, /cannot be reached over ssh: .*Permission denied/);
  await refuses(await by('/no/such/ssh'), 1, /\/no\/such\/ssh cannot be started/);
  await refuses(await move('--remote-set', 'server.liste=x'), 1, /there is no setting server\.liste/);
  await refuses(await move('--remote-config', '/no/such/file'), 1, /\/no\/such\/file cannot be read/);
  await refuses(await move('--remote-config', conf), 1, /server\.domain there is elsewhere\.example and this network is 127\.0\.0\.1/);
  await refuses(await origin.cli('move', '--to', sshd.to, '--dir', '/proc/home'), 1, /the folder cannot be made at/);
  await refuses(await move('--remote-set', 'database.url=postgres://127.0.0.1:1/none'), 1, /does not start: .*(refused|cannot)/i);
  const settings = await readFile(path.join(dir, 'data/freehold.conf'), 'utf8');
  assert.match(settings, /^# Written by freehold move\n\[server\]\ndomain = 127\.0\.0\.1:\d+\n/);
  await writeFile(path.join(dir, 'data/freehold.conf'), '[server]\ndomain = mine.example\n');
  await refuses(await move(), 1, /server\.domain in .* there is "mine\.example" and must be 127/);
  await refuses(await move('--remote-set', 'log.level=debug'), 1, /written by somebody else: change it there/);
  assert.equal((await origin.cli('standby', 'list')).stdout, 'No machine keeps a copy of this network. freehold standby invite lets one.\n');
  await origin.stop();
  await refuses(await move(), 1, /no network runs on/);
  await origin.start();
  const port = await freePort();
  const own = await origin.cli('move', '--to', sshd.to, '--dir', path.join(folder, 'other'), ...remote({ 'server.listen': `127.0.0.1:${port}` }));
  assert.equal(own.code, 0, own.stderr);
  const second = await originFor(sshd);
  await refuses(await second.cli('move', '--to', sshd.to, '--dir', path.join(folder, 'other')), 1, /server\.domain in .* must be|keeps a copy of another network/);
  await endAllIn(folder);
});

test('another processor, another version, a missing library and too little room are found before anything is set up', async () => {
  const folder = await other();
  const fakes = path.join(folder, 'bin');
  await mkdir(fakes);
  const fake = async (name, text) => {
    await writeFile(path.join(fakes, name), `#!/bin/sh\n${text}\n`);
    await chmod(path.join(fakes, name), 0o755);
  };
  const fails = async (sshd, pattern) => {
    const origin = await originFor(sshd);
    const said = await origin.cli('move', '--to', sshd.to, '--dir', path.join(folder, 'home'));
    assert.equal(said.code, 1, said.stdout);
    assert.match(said.stderr, pattern);
    assert.equal(said.stderr.trim().split('\n').length, 1, said.stderr);
    assert.match((await origin.cli('standby', 'list')).stdout, /^No machine/);
  };
  await fake('uname', 'echo riscv64');
  await fake('freehold', 'echo freehold 0.0.1');
  await fails(await sshdFor({ searched: fakes }), /another kind of processor \(riscv64, here \S+\): build Freehold \S+ there, .* \(version 0\.0\.1 is\)/);
  await rm(path.join(fakes, 'uname'));

  // A machine without libinih: its folder of libraries, with that one taken out.
  const libraries = path.dirname((await run('ldd', [binary])).stdout.match(/libinih\.so\.1 => (\S+)/)[1]);
  const inside = path.join(fakes, 'inside');
  await fake('inside', `exec unshare -rm sh -c 'mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w && mount -t overlay overlay -o lowerdir=${libraries},upperdir=/mnt/u,workdir=/mnt/w ${libraries} && rm ${libraries}/libinih.so.1 && eval "$SSH_ORIGINAL_COMMAND"'`);
  await fails(await sshdFor({ inside }), /lacks libinih\.so\.1; as root there: apt-get install libinih1/);

  // A disk of 100 MB, which all sessions share.
  const disk = path.join(folder, 'home');
  await mkdir(disk, { recursive: true });
  const keeper = spawn('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=100m tmpfs '${disk}' && echo mounted && exec sleep 600`], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanup.push(() => keeper.kill('SIGKILL'));
  await new Promise((resolve) => keeper.stdout.once('data', resolve));
  await fake('inside', `exec nsenter --preserve-credentials -U -m -t ${keeper.pid} sh -c "$SSH_ORIGINAL_COMMAND"`);
  await fails(await sshdFor({ inside }), /has \d+(\.\d)? MB free in .*home, and about \d+(\.\d)? MB are needed/);
});
