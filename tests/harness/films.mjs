// Films and sounds that ffmpeg makes for tests, and what ffprobe says about them.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../cast/cast.mjs';
import { film } from './drawings.mjs';

const run = promisify(execFile);

export async function makeFolder() {
  const folder = await mkdtemp(path.join(tmpdir(), 'freehold-films-'));
  let made = 0;
  const at = (name) => path.join(folder, name);
  return {
    at,
    // ffmpeg's arguments between its own and the file it makes, whose ending says the container: its path. Nobody changes that file.
    film: async (ending, ...args) => {
      if (!args.some((arg) => arg.includes(folder))) return film(ending, ...args);
      const file = at(`film${++made}.${ending}`);
      await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, file]);
      return file;
    },
    write: async (name, bytes) => {
      await writeFile(at(name), bytes);
      return at(name);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

// Moving pictures and a tone, small enough for tests.
export const pictures = (size = '640x360', seconds = 4, rate = 25) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`];
export const tone = (seconds = 4) => ['-f', 'lavfi', '-i', `sine=440:d=${seconds}`];
export const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

export async function probe(file) {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', '-show_chapters', file]);
  return JSON.parse(stdout);
}

// When the key frames of a film are, in seconds.
export async function keys(file) {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', file], { maxBuffer: 1 << 26 });
  return stdout.split('\n').filter((line) => line.includes('K')).map((line) => Number(line.split(',')[0]));
}

export function form(bytes, { name = 'film', type = 'application/octet-stream', ...fields } = {}) {
  const body = new FormData();
  for (const [key, value] of Object.entries(fields)) body.append(key, value);
  body.append('file', new Blob([bytes], { type }), name);
  return body;
}

export const upload = async (who, file, fields) => who.request('POST', '/api/v2/media', form(await readFile(file), fields));

// Waits until all is made, or it failed: the last answer of GET /api/v1/media/:id.
export async function ready(who, id, ms = 120_000) {
  return eventually(() => who.get(`/api/v1/media/${id}`), (answer) => answer.status === 422 || (answer.status === 200 && answer.body.freehold?.processing === null), ms);
}

// Every file below a folder of the server's data, as path and size.
export async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}
