// Fails when a page loads more than 45 kB of script (gzip) before it is there: its own chunks, those they import,
// and the longer of the two catalogues (a page speaks one language). What it fetches later, if ever, is weighed apart.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const MOST = 45_000;
/** Who sits at a desk: `reference/web.md` A1 allows their console 80 kB. */
const MOST_AT_A_DESK: Readonly<Record<string, number>> = {
  "operateur.html": 80_000,
  "equipe.html": 80_000,
  "fonds.html": 80_000,
  "accompagner.html": 80_000,
  "ecoute.html": 80_000,
  "campagne.html": 80_000,
};
const MOST_LATE = 25_000;
/** `fr-BxT2uJ9a.js`: one page's sentences. */
const LANGUAGE = /^(fr|en|ar|uk|es)-/;
const DIST = join(import.meta.dirname, "../dist");
const ASSETS = join(DIST, "assets");

function weight(name: string): number {
  return gzipSync(readFileSync(join(ASSETS, name)), { level: 9 }).length;
}

const STATIC = /(?:\bfrom|\bimport)\s*["'`]\.\/([^"'`]+\.js)["'`]/g;
const DYNAMIC = /\bimport\(\s*["'`]\.\/([^"'`]+\.js)["'`]/g;

function named(chunk: string, how: RegExp): string[] {
  return [...readFileSync(join(ASSETS, chunk), "utf8").matchAll(how)].map((match) => match[1] ?? "");
}

/** These chunks and all that they cannot begin without. */
function together(from: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const todo = [...from];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    todo.push(...named(name, STATIC));
  }
  return seen;
}

/** With the longer of the catalogues that they fetch. */
function sum(chunks: Iterable<string>): number {
  const code = [...chunks];
  const languages = code.flatMap((name) => named(name, DYNAMIC)).filter((name) => LANGUAGE.test(name));
  return code.reduce((all, name) => all + weight(name), 0) + Math.max(0, ...languages.map(weight));
}

let failed = false;
function judge(what: string, total: number, most: number): void {
  const verdict = total <= most && total > 0 ? "" : `  more than ${most}`;
  console.log(`${what.padEnd(28)} ${String(total).padStart(6)} bytes of script, gzip${verdict}`);
  failed ||= verdict !== "";
}

for (const page of readdirSync(DIST).filter((name) => name.endsWith(".html"))) {
  const html = readFileSync(join(DIST, page), "utf8");
  if (/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/.test(html)) {
    console.error(`${page} holds something inline: the content security policy would refuse it`);
    failed = true;
  }
  const first = together([...html.matchAll(/assets\/([^"]+\.js)/g)].map((match) => match[1] ?? ""));
  judge(page, sum(first), MOST_AT_A_DESK[page] ?? MOST);
  const late = [...first].flatMap((name) => named(name, DYNAMIC)).filter((name) => !LANGUAGE.test(name));
  for (const name of new Set(late)) {
    const more = [...together([name])].filter((one) => !first.has(one));
    judge(`  then ${name.replace(/-[^-]+$/, "")}`, sum(more), MOST_LATE);
  }
}
if (/^import\b|\bimport\(/m.test(readFileSync(join(DIST, "sw.js"), "utf8"))) {
  console.error("sw.js must stand alone: not every browser runs a worker that imports");
  failed = true;
}
for (const name of readdirSync(ASSETS)) {
  if (name.endsWith(".css")) console.log(`${basename(name).padEnd(28)} ${weight(name)} bytes, gzip`);
}
process.exitCode = failed ? 1 : 0;
