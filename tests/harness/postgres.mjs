// A PostgreSQL of its own beside a test, where TEST_PG names none: sets TEST_PG. Ends with what it resolves to.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from './server.mjs';

export async function startPostgres() {
  if (process.env.TEST_PG) return async () => {};
  const child = spawn(path.join(root, 'tests/pg'), ['sh', '-c', 'echo "$TEST_PG"; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.env.TEST_PG = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data).trim()));
    child.on('exit', (code) => reject(new Error(`PostgreSQL did not start (${code})`)));
  });
  return async () => {
    child.stdin.end();
    await new Promise((resolve) => child.on('exit', resolve));
  };
}
