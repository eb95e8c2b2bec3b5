// Both catalogues hold the same keys and the same {values}; every error the server may name has its sentence;
// every key that the pages use is there. Run by `npm run check`.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CLIENT, errorsIn, files } from "./errors.ts";

type Catalogue = Record<string, string>;

const FOLDERS = ["realtime", "geo", "matching", "alerts", "programmes", "web"];

function catalogue(language: string): Catalogue {
  return JSON.parse(readFileSync(join(CLIENT, `src/locales/${language}.json`), "utf8")) as Catalogue;
}

function values(text: string): string {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join(" ");
}

const french = catalogue("fr");
const english = catalogue("en");
const problems: string[] = [];

// The conversation with the helpline speaks three more: all of it, and what stands around it.
for (const language of ["ar", "uk", "es"]) {
  const small = catalogue(language);
  for (const key of Object.keys(french)) {
    if (key.startsWith("chat.") && !(key in small)) problems.push(`${language}.json lacks ${key}`);
  }
  for (const [key, text] of Object.entries(small)) {
    if (!(key in french)) problems.push(`${language}.json: nobody says ${key}`);
    else if (values(text) !== values(french[key] ?? "") && !key.endsWith("_one")) problems.push(`${language} ${key}: other {values}`);
  }
}

for (const key of new Set([...Object.keys(french), ...Object.keys(english)])) {
  if (!(key in french)) problems.push(`fr.json lacks ${key}`);
  else if (!(key in english)) problems.push(`en.json lacks ${key}`);
  else if (values(french[key] ?? "") !== values(english[key] ?? "")) problems.push(`${key}: other {values}`);
}
for (const [key, text] of Object.entries(french)) {
  if (/ [:;?!»]|« |'/.test(text)) problems.push(`fr ${key}: a plain space or apostrophe where French has its own`);
}
const named = errorsIn(...FOLDERS);
if (named.size < 10) problems.push("the server's error tables were not found");
for (const name of named) {
  if (!(`error.${name}` in french)) problems.push(`no sentence for the error ${name}`);
}
// Reasons why a room is offered, and what is advised in transport, are named by the server too.
const reasons = new Set(
  ["matching/shelter/search/why.py", "alerts/witness/cards.py"].flatMap((file) =>
    [...readFileSync(join(CLIENT, "../..", file), "utf8").matchAll(/"((?:why|card)\.[a-z_]+)"/g)].map((match) => match[1] ?? ""),
  ),
);
for (const key of reasons) {
  if (!(key in french) && !(`${key}_other` in french)) problems.push(`no sentence for what the server says, ${key}`);
}
const source = [...files(join(CLIENT, "src"), ".tsx"), ...files(join(CLIENT, "src"), ".ts")]
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");
// Keys made of a constant and a variable are known by their beginning.
const beginnings = [...source.matchAll(/`([a-z_.]+\.)\$\{/g)].map((match) => match[1] ?? "");
for (const key of Object.keys(french)) {
  const stem = key.replace(/_(one|other)$/, "");
  const used = source.includes(`"${key}"`) || source.includes(`"${stem}"`) || reasons.has(stem);
  if (!used && !beginnings.some((beginning) => key.startsWith(beginning))) problems.push(`${key} is not used`);
}

for (const problem of problems) console.error(problem);
console.log(`${Object.keys(french).length} sentences in 2 languages, ${named.size} errors of the server`);
process.exitCode = problems.length > 0 ? 1 : 0;
