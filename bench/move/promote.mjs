// How long nobody can write while a network changes its home, and what a standby costs the network it follows.
//
//   bench/move/promote [--parts planned,forced,snapshot,follow] [--pairs sqlite-sqlite,…] [--rounds R] [--writers N] [--pause MS] [--streams N]
//                      [--accounts N] [--posts N] [--snapshot-posts N] [--seconds S]
//
// planned: --writers (64) post, each --pause (0) ms after the last answer, four upload pictures, --streams (200) clients listen; all know both addresses. From the last
//   acknowledged post in the old home to the first in the new: at most 2 s. Then every acknowledged post, every row of the old database and every
//   picture must be in the new home, and every stream client hear there. For all pairs of engines (--pairs), the worst of --rounds (3).
// forced: kill -9 of the origin under such a load, with 50 ms between two posts of a writer, then promote --force: open within 2 s of the command, nothing acknowledged before the
//   reported time missing.
// snapshot: --snapshot-posts (1,000,000) to a standby, against a bare loop that reads the same rows from one SQLite file and writes them to another
//   (build/bench/store/bench-store-load): at least 0.5 times its rows a second.
// follow: posts a second by 64 connections of wrk, and the origin's CPU for each, with a standby that follows and without: at most a tenth is lost.
//   The standby runs at idle priority, since it would be on another machine.
//
// The machine, its databases, both homes and the clients share one set of cores: trust ratios and limits, not absolutes.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { eventually } from '../../tests/cast/cast.mjs';
import { startLoad } from '../../tests/harness/load.mjs';
import { hearEverywhere, missingPictures, missingPosts, missingRows } from '../../tests/harness/moved.mjs';
import { root, startServer } from '../../tests/harness/server.mjs';
import { Standby, cleanUp, cleanup, freshUrl } from '../../tests/harness/standby.mjs';

const run = promisify(execFile);
// Nobody slows the writers down for a standby that only follows: without a pause one on the same two cores falls seconds behind.
const FORCED_PAUSE = 50;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const { values: o } = parseArgs({
  options: {
    parts: { type: 'string', default: 'planned,forced,snapshot,follow' },
    pairs: { type: 'string', default: 'sqlite-sqlite,sqlite-postgres,postgres-sqlite,postgres-postgres' },
    rounds: { type: 'string', default: '3' },
    writers: { type: 'string', default: '64' },
    pause: { type: 'string', default: '0' },
    streams: { type: 'string', default: '200' },
    accounts: { type: 'string', default: '2000' },
    posts: { type: 'string', default: '30000' },
    'snapshot-posts': { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '5' },
  },
});

let held = true;
function result(name, measured, good, limit, remark = '') {
  held &&= good;
  console.log(`${good ? 'held    ' : 'NOT HELD'} ${name}: ${measured} (limit ${limit})${remark && `; ${remark}`}`);
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

// A made network of that engine, running, and the tokens of its people.
async function makeOrigin(kind, { accounts = o.accounts, posts = o.posts } = {}) {
  const origin = await startServer({ databaseUrl: (await freshUrl(kind)) ?? undefined });
  cleanup.push(() => origin.remove());
  await origin.stop();
  const tokens = path.join(origin.dataDir, 'tokens');
  const sown = await origin.cli('sow', '--accounts', accounts, '--follows', String(accounts * 10), '--posts', posts, '--seed', '1', '--tokens', tokens);
  if (sown.code) throw new Error(sown.stderr);
  await origin.start();
  return { origin, tokens, people: (await readFile(tokens, 'utf8')).trim().split('\n') };
}

async function makePair(from, to, each) {
  const { origin, people } = await makeOrigin(from);
  const standby = await Standby.make(origin, to);
  await standby.join();
  await standby.current();
  const writers = people.slice(0, Number(o.writers)), streams = people.slice(-Number(o.streams)), uploaders = people.slice(100, 104);
  const load = startLoad([origin.url, standby.url], { writers, streams, uploaders, each });
  cleanup.push(() => load.stop());
  await eventually(() => load.openAt(0), (n) => n === streams.length, 20_000);
  await pause(1000 * Number(o.seconds) / 2);
  return { origin, standby, load, streams };
}

/* ── parts ── */

async function planned(from, to) {
  const { origin, standby, load, streams } = await makePair(from, to, Number(o.pause));
  const began = Date.now();
  const said = await standby.cli('promote');
  if (said.code) throw new Error(said.stderr + standby.log.slice(-2000));
  const took = Date.now() - began;
  await eventually(() => load.writtenAt(1).length, (n) => n > 100, 20_000);
  await hearEverywhere(load, standby, streams);
  await load.stop();
  const { missing, compared } = await missingRows(origin, standby);
  const lost = await missingPosts(standby, load.posts), pictures = load.pictures.filter(({ home }) => home === 0);
  const dark = await missingPictures(origin, standby, pictures);
  const answer = { gap: load.gap(), took, posts: load.posts.length, lost: lost.length, rows: compared, missing, pictures: pictures.length, dark };
  await cleanUp();
  return answer;
}

async function plannedParts(from, to) {
  const rounds = [];
  for (let i = 0; i < Number(o.rounds); i++) rounds.push(await planned(from, to));
  const worst = Math.max(...rounds.map((r) => r.gap)), sum = (f) => rounds.reduce((n, r) => n + f(r), 0);
  result(`planned, ${from} → ${to}, nobody can write for`, `${worst} ms`, worst <= 2000, '2,000', `rounds: ${rounds.map((r) => r.gap).join(', ')}; the command took ${rounds.map((r) => r.took).join(', ')}`);
  result('  acknowledged posts that are missing', sum((r) => r.lost), sum((r) => r.lost) === 0, '0', `of ${sum((r) => r.posts)}`);
  const tables = Object.assign({}, ...rounds.map((r) => r.missing));
  result('  rows of the old home that are missing', Object.keys(tables).length ? JSON.stringify(tables) : 0, !Object.keys(tables).length, '0', `of ${sum((r) => r.rows)}`);
  result('  acknowledged pictures that are missing', sum((r) => r.dark), sum((r) => r.dark) === 0, '0', `of ${sum((r) => r.pictures)}`);
}

async function forced(from, to) {
  const { origin, standby, load } = await makePair(from, to, FORCED_PAUSE);
  await origin.stop('SIGKILL');
  const began = Date.now();
  const said = await standby.cli('promote', '--force');
  if (said.code) throw new Error(said.stderr + standby.log.slice(-2000));
  const through = Date.parse(/acknowledged before (\S+) is here/.exec(said.stdout)[1]);
  await eventually(() => load.writtenAt(1).length, (n) => n > 100, 20_000);
  await load.stop();
  const open = Math.min(...load.writtenAt(1).map((post) => post.at)) - began;
  const before = load.writtenAt(0).filter((post) => post.at < through);
  const lost = await missingPosts(standby, before), after = await missingPosts(standby, load.writtenAt(0));
  result(`forced, ${from} → ${to}, open after the command`, `${open} ms`, open <= 2000, '2,000');
  result('  acknowledged before the time it named, and missing', lost.length, lost.length === 0 && before.length > 0, '0', `of ${before.length}; after it ${after.length} of ${load.writtenAt(0).length - before.length}, the last ${began - through} ms`);
  await cleanUp();
}

async function snapshot() {
  const { origin } = await makeOrigin('sqlite', { accounts: String(Math.ceil(Number(o['snapshot-posts']) / 50)), posts: o['snapshot-posts'] });
  const rates = { loop: [], standby: [] };
  const program = path.join(root, 'build/bench/store/bench-store-load');
  await run('ninja', ['-C', path.join(root, 'build'), 'bench/store/bench-store-load']);
  for (let i = 0; i < Number(o.rounds); i++) {
    const { stdout } = await run(program, [path.join(origin.dataDir, 'freehold.db')], { cwd: origin.dataDir });
    const [, rows, writing, reading] = /(\d+) rows in ([\d.]+) s, .*took ([\d.]+) s more/.exec(stdout);
    rates.loop.push(rows / (Number(writing) + Number(reading)));
    const standby = await Standby.make(origin, 'sqlite');
    const token = await standby.invite(`standby-${i}`), began = performance.now();
    standby.start('--from', origin.url, '--token', token);
    const { rows: taken } = await eventually(() => standby.metrics().catch(() => ({})), (m) => m.loaded === 1, 600_000);
    rates.standby.push(taken / ((performance.now() - began) / 1000));
    await standby.stop();
    await rm(standby.dataDir, { recursive: true });
  }
  const ratio = median(rates.standby) / median(rates.loop);
  result(`snapshot of ${o['snapshot-posts']} posts`, `${ratio.toFixed(2)} × the bare loop`, ratio >= 0.5, 'at least 0.5', `rows a second: ${median(rates.standby).toFixed(0)} against ${median(rates.loop).toFixed(0)}`);
  await cleanUp();
}

// User and system time of a process so far, in seconds.
async function cpuOf(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function follow() {
  const { origin, tokens } = await makeOrigin('sqlite');
  const folder = await mkdtemp(path.join(tmpdir(), 'freehold-bench-follow-'));
  cleanup.push(() => rm(folder, { recursive: true }));
  const paths = path.join(folder, 'paths');
  await writeFile(paths, '/api/v1/statuses\n');
  const standby = await Standby.make(origin, 'sqlite', { wrap: ['chrt', '-i', '0', 'nice', '-n', '19'] });
  await standby.join();
  const rates = { alone: [], followed: [] }, cpu = { alone: [], followed: [] };
  const entries = [];
  for (let i = 0; i < 2 * Number(o.rounds); i++) {
    const followed = i % 2 === 0;
    await standby.current();
    if (!followed) await standby.stop();
    const before = await cpuOf(origin.child.pid), seen = followed ? (await standby.metrics()).entries : 0;
    const env = { ...process.env, TOKENS: tokens, PATHS: paths, BODY: '{"status":"The harbour froze over, number %d"}' };
    const { stdout } = await run('wrk', ['-t1', '-c64', `-d${o.seconds}s`, '-s', path.join(root, 'bench/http/tokens.lua'), origin.url], { env });
    const kind = followed ? 'followed' : 'alone';
    if (followed) entries.push((await standby.metrics()).entries - seen);
    rates[kind].push(Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]));
    if (followed) await standby.current();
    await pause(1000);
    cpu[kind].push(((await cpuOf(origin.child.pid)) - before) / Number(/(\d+) requests in/.exec(stdout)[1]) * 1e6);
    if (!followed) standby.start();
  }
  const rate = median(rates.followed) / median(rates.alone), each = median(cpu.followed) / median(cpu.alone);
  result('posts a second with a standby that follows', `${rate.toFixed(2)} × without`, rate >= 0.9, 'at least 0.9', `${median(rates.followed).toFixed(0)} against ${median(rates.alone).toFixed(0)}; it took in ${median(entries)} entries meanwhile`);
  console.log(`         the origin's CPU for a post, until all is followed: ${each.toFixed(2)} × without (${median(cpu.followed).toFixed(0)} µs against ${median(cpu.alone).toFixed(0)})`);
  await cleanUp();
}

try {
  const parts = o.parts.split(','), pairs = o.pairs.split(',').map((pair) => pair.split('-'));
  if (parts.includes('planned')) for (const [from, to] of pairs) await plannedParts(from, to);
  if (parts.includes('forced')) for (const [from, to] of pairs) await forced(from, to);
  if (parts.includes('snapshot')) await snapshot();
  if (parts.includes('follow')) await follow();
} finally {
  await cleanUp();
}
process.exitCode = held ? 0 : 1;
