// Both catalogues hold the same keys and the same {values}; every error the server may name has its sentence;
// every key that the pages use is there. Run by `npm run check`.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Catalogue = Record<string, string>;

const CLIENT = join(import.meta.dirname, "..");
const PROJECT = join(CLIENT, "../..");
const FOLDERS = ["realtime", "geo", "matching", "alerts", "programmes", "web"];

function catalogue(language: string): Catalogue {
  return JSON.parse(readFileSync(join(CLIENT, `src/locales/${language}.json`), "utf8")) as Catalogue;
}

function files(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending) && !name.includes("node_modules"))
    .map((name) => join(folder, name));
}

/** `number, name, temporary, status = 107, "malformed", …` and `name: ClassVar[str] = "internal"`. */
export function errorNames(source: string): string[] {
  const together = [...source.matchAll(/^\s+number, name\b[^=]*=\s*\d+,\s*"([a-z_]+)"/gm)];
  const alone = [...source.matchAll(/^\s+name(?:: ClassVar\[str\])? = "([a-z_]+)"/gm)];
  return [...together, ...alone].map((match) => match[1] ?? "");
}

function values(text: string): string {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join(" ");
}

const french = catalogue("fr");
const english = catalogue("en");
const problems: string[] = [];

for (const key of new Set([...Object.keys(french), ...Object.keys(english)])) {
  if (!(key in french)) problems.push(`fr.json lacks ${key}`);
  else if (!(key in english)) problems.push(`en.json lacks ${key}`);
  else if (values(french[key] ?? "") !== values(english[key] ?? "")) problems.push(`${key}: other {values}`);
}
for (const [key, text] of Object.entries(french)) {
  if (/ [:;?!»]|« |'/.test(text)) problems.push(`fr ${key}: a plain space or apostrophe where French has its own`);
}
const named = FOLDERS.flatMap((folder) => files(join(PROJECT, folder), "errors.py")).flatMap((file) =>
  errorNames(readFileSync(file, "utf8")),
);
if (named.length < 10) problems.push("the server's error tables were not found");
for (const name of new Set(named)) {
  if (!(`error.${name}` in french)) problems.push(`no sentence for the error ${name}`);
}
const source = [...files(join(CLIENT, "src"), ".tsx"), ...files(join(CLIENT, "src"), ".ts")]
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");
// Keys made of a constant and a variable are known by their beginning.
const beginnings = [...source.matchAll(/`([a-z_.]+\.)\$\{/g)].map((match) => match[1] ?? "");
for (const key of Object.keys(french)) {
  const stem = key.replace(/_(one|other)$/, "");
  const used = source.includes(`"${key}"`) || source.includes(`"${stem}"`);
  if (!used && !beginnings.some((beginning) => key.startsWith(beginning))) problems.push(`${key} is not used`);
}

for (const problem of problems) console.error(problem);
console.log(`${Object.keys(french).length} sentences in 2 languages, ${new Set(named).size} errors of the server`);
process.exitCode = problems.length > 0 ? 1 : 0;
