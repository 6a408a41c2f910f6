// Builds ui/src into ui/dist: hashed assets, the service worker, icons, and manifest.json, which tells the
// server's shell page the hashed names. `node build.mjs --watch` rebuilds on every change.
import { build } from "esbuild";
import { cp, mkdir, readFile, readdir, rm, watch, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const FIRST_PAINT_LIMIT = 120 * 1024;
/** Films do not play without a network, so the worker does not keep what only they need. */
const ONLINE_ONLY = /\/hls\./;

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  metafile: true,
  format: "esm",
  target: ["chrome123", "firefox120", "safari17.5"],
  legalComments: "none",
  logLevel: "warning",
};

/** The outputs that must arrive before the first paint: the entry and all it imports statically. */
function firstPaint(outputs, entry) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const imported of outputs[name].imports) if (imported.kind === "import-statement") visit(imported.path);
  };
  visit(entry);
  return [...seen];
}

/** `emoji:xx` is emojibase's table for that language, cut down to what the picker shows and searches. */
const emojiTables = {
  name: "emoji tables",
  setup(builder) {
    builder.onResolve({ filter: /^emoji:/ }, ({ path }) => ({ path: path.slice(6), namespace: "emoji" }));
    builder.onLoad({ filter: /.*/, namespace: "emoji" }, async ({ path }) => {
      const table = JSON.parse(await readFile(join(here, `node_modules/emojibase-data/${path}/compact.json`), "utf8"));
      const rows = table
        .filter(({ group }) => group !== undefined && group !== 2)
        .sort((a, b) => a.order - b.order)
        .map(({ unicode, label, tags = [], group }) => [unicode, label, tags.join(" "), group]);
      return { contents: JSON.stringify(rows), loader: "json" };
    });
  },
};

async function buildAll() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(join(dist, "assets"), { recursive: true });
  const { metafile } = await build({
    ...shared,
    entryPoints: { app: "src/app.tsx", style: "src/style/app.css" },
    outdir: "dist/assets",
    splitting: true,
    plugins: [emojiTables],
    jsx: "automatic",
    jsxImportSource: "preact",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file" },
  });

  const outputs = metafile.outputs;
  const entryOf = (source) => Object.keys(outputs).find((name) => outputs[name].entryPoint === source);
  const js = entryOf("src/app.tsx");
  const css = entryOf("src/style/app.css");
  const first = firstPaint(outputs, js);

  let bytes = 0;
  for (const name of first) bytes += gzipSync(await readFile(join(here, name)), { level: 9 }).length;
  console.log(`script for the first paint: ${(bytes / 1024).toFixed(1)} KB compressed, limit ${FIRST_PAINT_LIMIT / 1024}`);
  if (bytes > FIRST_PAINT_LIMIT) throw new Error("the script for the first paint is over its limit");

  const inDist = (name) => name.replace(/^dist\//, "");
  const assets = (await readdir(join(dist, "assets"))).map((name) => `assets/${name}`).sort();
  const manifest = {
    js: inDist(js),
    css: inDist(css),
    preload: first.filter((name) => name !== js).map(inDist),
    fonts: assets.filter((name) => /-latin-wght-normal-/.test(name)),
  };
  await cp(join(here, "src/icons"), join(dist, "icons"), { recursive: true });

  await build({
    ...shared,
    entryPoints: { sw: "src/sw.ts" },
    outdir: "dist",
    format: "iife",
    define: {
      SHELL: JSON.stringify(manifest),
      ASSETS: JSON.stringify(assets.filter((name) => !ONLINE_ONLY.test(name)).map((name) => `/${name}`)),
    },
  });
  // The last to be written: tools/build takes it for a sign that all is there.
  await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
}

await buildAll();
if (process.argv.includes("--watch")) {
  for await (const event of watch(join(here, "src"), { recursive: true })) {
    try {
      await buildAll();
      console.log(`rebuilt after ${basename(event.filename ?? "a change")}`);
    } catch (error) {
      console.error(String(error));
    }
  }
}
