// `freehold move plan`: how long leaving takes, what binds, and what will not make it.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { makeCast } from '../cast/cast.mjs';
import { startServer } from '../harness/server.mjs';

let server;
before(async () => {
  server = await startServer();
  const { alice } = await makeCast(server, 'alice', 'bob');
  await alice.posts('one of few');
});
after(() => server.remove());

const plan = (...options) => server.cli('move', 'plan', ...options);
const numberIn = (text, pattern) => Number(pattern.exec(text)?.[1].replaceAll(',', ''));

test('says what there is, what was measured and when all is there', async () => {
  const { code, stdout } = await plan();
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^To move\n {2}2 accounts, 1 posts: /);
  assert.ok(numberIn(stdout, /([\d,]+) rows a second read/) > 1000);
  assert.ok(numberIn(stdout, /([\d,]+) objects a second/) > 10);
  assert.match(stdout, /All of it is there after \d:\d\d, within the 30:00:00 there are\./);
  assert.deepEqual((await readdir(server.dataDir)).filter((name) => name.startsWith('plan-')), [], 'what it measured with is gone');
});

test('the network of eight million: its arithmetic, and what will not make it', async () => {
  const size = ['--accounts', '13250000', '--posts', '183000000', '--media', '70TB', '--deadline', '30h'];
  const wide = (await plan(...size, '--cores', '4000', '--link', '10Gbit')).stdout;
  assert.match(wide, /13,250,000 accounts, 183,000,000 posts/);
  assert.match(wide, /rest of the media +66\.5 TB.*binds: the link/);
  assert.match(wide, /All of it is there after 1\d:/);
  assert.match(wide, /70\.0 TB \/ 108000 s = at least 648\.\d MB\/s \(5\.19 Gbit\/s\)/);
  const narrow = (await plan(...size, '--cores', '4000', '--link', '1Gbit')).stdout;
  assert.match(narrow, /What will not make it:\n {2}5\d\.\d TB of the rest of the media/);
  const few = (await plan(...size, '--cores', '1', '--link', '100Gbit')).stdout;
  assert.match(few, /binds: the cores/);
});

test('figures that are none are refused by name', async () => {
  for (const wrong of [['--link', 'fast'], ['--link', '0bit'], ['--deadline', '30'], ['--deadline', 'h'], ['--media', '1XB'], ['--cores', '0']]) {
    const { code, stderr } = await plan(...wrong);
    assert.equal(code, 2, wrong.join(' '));
    assert.ok(stderr.includes(wrong[0]), stderr);
  }
});
