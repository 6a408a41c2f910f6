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

const engines = {
  sqlite: {
    ask: (file, statements) => run('sqlite3', ['-cmd', '.timeout 5000', file, statements.join(';\n')], { maxBuffer: 1 << 30 }),
    columns: "SELECT m.name || ' ' || p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY m.name, p.name",
    hex: (column) => `iif("${column}" IS NULL, 'null', hex(CAST("${column}" AS BLOB)))`,
  },
  postgres: {
    ask: (url, statements) => run('psql', ['-qXAt', '-d', url, ...statements.flatMap((one) => ['-c', one])], { maxBuffer: 1 << 30 }),
    columns: `SELECT c.relname || ' ' || a.attname || CASE WHEN a.atttypid = 'bytea'::regtype THEN ' bytes' ELSE '' END FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attname COLLATE "C"`,
    hex: (column, bytes) => `coalesce(upper(encode(${bytes ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`}, 'hex')), 'null')`,
  },
};

async function rowsFrom({ ask, columns, hex }, where) {
  const lines = async (...statements) => (await ask(where, statements)).stdout.split('\n').filter(Boolean);
  const shown = {}, tables = {};
  for (const [table, column, bytes] of (await lines(columns)).map((line) => line.split(' '))) if (!local.test(table)) (shown[table] ??= []).push(hex(column, bytes));
  const all = Object.entries(shown).flatMap(([table, values]) => [`SELECT '= ${table}'`, `SELECT ${values.join(" || ' ' || ")} FROM "${table}"`]);
  let rows;
  for (const line of await lines(...all)) {
    if (line.startsWith('= ')) rows = tables[line.slice(2)] = [];
    else rows.push(line);
  }
  for (const each of Object.values(tables)) each.sort();
  return tables;
}

// Every row of every copied table, columns by name, in hexadecimal: the same of both engines.
export const rowsOf = (dataDir, databaseUrl) => (databaseUrl ? rowsFrom(engines.postgres, databaseUrl) : rowsFrom(engines.sqlite, path.join(dataDir, 'freehold.db')));

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
