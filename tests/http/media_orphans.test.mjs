// Files of the media folder that no row names: what a crash between the two leaves.
import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeCast } from '../cast/cast.mjs';
import { drawing } from '../harness/drawings.mjs';
import { startServer } from '../harness/server.mjs';

const twoHoursAgo = new Date(Date.now() - 2 * 3600 * 1000);
let server, alice;
before(async () => {
  server = await startServer();
  ({ alice } = await makeCast(server, 'alice'));
});
after(() => server.remove());

const at = (name) => path.join(server.dataDir, name);
const files = async () =>
  (await readdir(at('media'), { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => path.join(e.parentPath, e.name));

async function upload(colour) {
  const body = new FormData();
  body.append('file', new Blob([await drawing('jpg', '-size', '300x200', `gradient:${colour}-black`)]), 'picture.jpg');
  const answer = await alice.request('POST', '/api/v2/media', body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

test("after a start they go when they are older than an hour; what is named, or young, or not this site's stays", async () => {
  const deleted = await upload('red');
  const lost = await files();
  assert.equal(lost.length, 2, 'the picture and its WebP');
  for (const [i, file] of lost.entries()) await copyFile(file, at(`lost${i}`));
  assert.equal((await alice.request('DELETE', `/api/v1/media/${deleted.id}`)).status, 200);
  await eventually(files, (all) => all.length === 0);
  const stays = await upload('green');
  const named = await files();

  await server.stop();
  for (const [i, file] of lost.entries()) await copyFile(at(`lost${i}`), file);
  const foreign = at(`media/ab/cd/abcd${'0'.repeat(60)}`);
  await mkdir(path.dirname(foreign), { recursive: true });
  await writeFile(foreign, "another site's");
  for (const file of [lost[0], ...named, foreign]) await utimes(file, twoHoursAgo, twoHoursAgo);
  await server.start();

  const left = await eventually(files, (all) => !all.includes(lost[0]));
  assert.deepEqual(left.sort(), [lost[1], ...named, foreign].sort());
  assert.equal((await server.fetch(new URL(stays.url).pathname)).status, 200);
  assert.match(server.log, /1 files that nothing names are removed/);
});
