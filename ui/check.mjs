// What the type checker does not see: every message is used, both languages hold the same keys and the same
// placeholders, no raw HTML is inserted, no file outgrows a reader.
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const MAX_LINES = 560;
const problems = [];

async function messages(language) {
  const { outputFiles } = await build({
    entryPoints: [join(here, `src/i18n/${language}.ts`)],
    bundle: true,
    write: false,
    format: "esm",
  });
  return (await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`)).default;
}

function flatten(tree, prefix = "") {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "object" ? flatten(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]],
  );
}

async function sources(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sources(path) : [path];
    }),
  );
  return nested.flat();
}

const english = new Map(flatten(await messages("en")));
const german = new Map(flatten(await messages("de")));
for (const key of english.keys()) if (!german.has(key)) problems.push(`message ${key} is missing in German`);
for (const key of german.keys()) if (!english.has(key)) problems.push(`message ${key} is missing in English`);
for (const [key, value] of english) {
  const other = german.get(key);
  if (other === undefined) continue;
  if (typeof value !== typeof other || (typeof value === "function" && value.length !== other.length))
    problems.push(`message ${key} takes other values in German`);
  if (value === "" || other === "") problems.push(`message ${key} is empty`);
}

const files = (await sources(join(here, "src"))).filter((path) => /\.(tsx?|css)$/.test(path));
const code = new Map(await Promise.all(files.map(async (path) => [relative(here, path), await readFile(path, "utf8")])));
const isCatalogue = (path) => /i18n\/(en|de)/.test(path);
const everything = [...code]
  .filter(([path]) => !isCatalogue(path))
  .map(([, text]) => text)
  .join("\n");
for (const key of english.keys()) {
  // A group that is looked up by a computed key, as in m.visibility[value], counts as used.
  const groups = key
    .split(".")
    .map((_, index, all) => all.slice(0, index).join("."))
    .filter(Boolean);
  const used = everything.includes(`m.${key}`) || groups.some((group) => new RegExp(`\\bm\\.${group}(\\[|\\)|,|;| as )`).test(everything));
  if (!used) problems.push(`message ${key} is used nowhere`);
}
for (const [path, text] of code) {
  const lines = text.split("\n").length;
  if (lines > MAX_LINES && !isCatalogue(path)) problems.push(`${path} has ${lines} lines, more than ${MAX_LINES}`);
  if (/dangerouslySetInnerHTML|\.innerHTML\s*=|insertAdjacentHTML|document\.write/.test(text)) problems.push(`${path} inserts raw HTML`);
}

for (const problem of problems) console.error(problem);
console.log(`${english.size} messages in two languages, ${files.length} files, ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
