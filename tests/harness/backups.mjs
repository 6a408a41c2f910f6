// A network to keep, commands of the program on places and folders, and databases read row by row without it.
import { execFile, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { binary } from './server.mjs';

const run = promisify(execFile);

// { code, stdout, stderr }; never rejects.
export function freehold(...args) {
  return new Promise((resolve) => {
    execFile(binary, args, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });
}

// Runs the command and kills it after so many ms; true when it was killed in its work.
export async function killed(ms, ...args) {
  const child = spawn(binary, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal)));
  setTimeout(() => child.kill('SIGKILL'), ms);
  return (await ended) === 'SIGKILL';
}

// What only one database has: its own bookkeeping, and what is made anew from the rest.
const local = /^(sqlite_.*|schema_version|journal|change|cursor|lease|local_state|status_search.*|account_search|upload)$/;

async function rowsOfSqlite(file) {
  const ask = async (sql) => (await run('sqlite3', [file, sql], { maxBuffer: 1 << 30 })).stdout.split('\n').filter(Boolean);
  const tables = {};
  for (const table of await ask("SELECT name FROM sqlite_master WHERE type = 'table'")) {
    if (local.test(table)) continue;
    const columns = await ask(`SELECT name FROM pragma_table_info('${table}') ORDER BY name`);
    tables[table] = (await ask(`SELECT ${columns.map((c) => `iif("${c}" IS NULL, 'null', hex(CAST("${c}" AS BLOB)))`).join(" || ' ' || ")} FROM "${table}"`)).sort();
  }
  return tables;
}

async function rowsOfPostgres(url) {
  const ask = async (sql) => (await run('psql', ['-qXAt', '-d', url, '-c', sql], { maxBuffer: 1 << 30 })).stdout.split('\n').filter(Boolean);
  const tables = {};
  for (const table of await ask("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")) {
    if (local.test(table)) continue;
    const columns = (await ask(`SELECT attname || ' ' || (atttypid = 'bytea'::regtype) FROM pg_attribute WHERE attrelid = '"${table}"'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname COLLATE "C"`)).map((line) => line.split(' '));
    const hex = ([c, bytes]) => `coalesce(upper(encode(${bytes === 'true' ? `"${c}"` : `convert_to("${c}"::text, 'UTF8')`}, 'hex')), 'null')`;
    tables[table] = (await ask(`SELECT ${columns.map(hex).join(" || ' ' || ")} FROM "${table}"`)).sort();
  }
  return tables;
}

// Every row of every copied table, columns by name, in hexadecimal: the same of both engines.
export const rowsOf = (dataDir, databaseUrl) => (databaseUrl ? rowsOfPostgres(databaseUrl) : rowsOfSqlite(path.join(dataDir, 'freehold.db')));

// Name and SHA-256 of every file under a folder.
export async function filesOf(folder) {
  const all = {};
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    all[path.relative(folder, file)] = createHash('sha256').update(await readFile(file)).digest('hex');
  }
  return all;
}
