// Pictures and films that tests hand in, made by ImageMagick and ffmpeg. Equal arguments make equal files: each is made once and kept in build/made.
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from './server.mjs';

const run = promisify(execFile);
const folder = path.join(root, 'build/made');

// What `program` writes to the file that stands last among its arguments: the path of it, which nobody may change.
async function made(ending, program, args) {
  const name = createHash('sha256').update(JSON.stringify([program, args])).digest('hex').slice(0, 32);
  const file = path.join(folder, `${name}.${ending}`);
  if (await access(file).then(() => true, () => false)) return file;
  await mkdir(folder, { recursive: true });
  const fresh = path.join(folder, `${randomUUID()}.${ending}`);
  try {
    await run(program, [...args, fresh]);
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
  return file;
}

const drawn = (ending, args) => made(ending, 'convert', args);

// The bytes of what ImageMagick draws.
export const drawing = async (ending, ...args) => readFile(await drawn(ending, args));

// Into a file of the test's own, whose ending says the format.
export async function draw(file, ...args) {
  await copyFile(await drawn(path.extname(file).slice(1), args), file);
  return file;
}

// Noise does not pack: "1600x1400" is some 3 MB, and three times that in colour. Clouds are as soft as photos. Each seed is another picture.
const random = (ground) => (size, seed = 1) => ['-seed', String(seed), '-size', size, `xc:${ground}`, '+noise', 'Random'];
export const noise = random('gray');
export const colourNoise = random('white');
export const clouds = (size, seed = 1, ...more) => ['-seed', String(seed), '-size', size, 'plasma:fractal', ...more];

// ffmpeg's arguments between its own and the file it makes: the path of that, which nobody may change.
export const film = (ending, ...args) => made(ending, 'ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
