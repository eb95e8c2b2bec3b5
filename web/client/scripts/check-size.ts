// Fails when a page that a victim or a helper sees may load more than 45 kB of script (gzip), whatever it does
// there: its own chunks, those they import, and the longer of the two catalogues (a page speaks one language).

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const MOST = 45_000;
/** Operators sit at a desk; `reference/web.md` A1 allows their console 80 kB. */
const MOST_BOARD = 80_000;
/** `fr-BxT2uJ9a.js`: one page's sentences. */
const LANGUAGE = /^(fr|en)-/;
const DIST = join(import.meta.dirname, "../dist");
const ASSETS = join(DIST, "assets");

function weight(name: string): number {
  return gzipSync(readFileSync(join(ASSETS, name)), { level: 9 }).length;
}

const scripts = readdirSync(ASSETS).filter((name) => name.endsWith(".js"));

/** Every chunk that can be reached from these, by static or dynamic import. */
function reached(from: string[]): Set<string> {
  const seen = new Set<string>();
  const todo = [...from];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const text = readFileSync(join(ASSETS, name), "utf8");
    todo.push(...scripts.filter((other) => text.includes(`./${other}`) || text.includes(`assets/${other}`)));
  }
  return seen;
}

let failed = false;
for (const page of ["index.html", "aider.html", "operateur.html"]) {
  const html = readFileSync(join(DIST, page), "utf8");
  if (/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/.test(html)) {
    console.error(`${page} holds something inline: the content security policy would refuse it`);
    failed = true;
  }
  const entries = [...html.matchAll(/assets\/([^"]+\.js)/g)].map((match) => match[1] ?? "");
  const chunks = [...reached(entries)];
  const languages = chunks.filter((name) => LANGUAGE.test(name)).map(weight);
  const code = chunks.filter((name) => !LANGUAGE.test(name)).reduce((sum, name) => sum + weight(name), 0);
  const total = code + Math.max(0, ...languages);
  const most = page === "operateur.html" ? MOST_BOARD : MOST;
  const verdict = total <= most && total > 0 ? "" : `  more than ${most}`;
  console.log(`${page.padEnd(16)} ${String(total).padStart(6)} bytes of script, gzip${verdict}`);
  failed ||= verdict !== "";
}
if (/^import\b|\bimport\(/m.test(readFileSync(join(DIST, "sw.js"), "utf8"))) {
  console.error("sw.js must stand alone: not every browser runs a worker that imports");
  failed = true;
}
for (const name of readdirSync(ASSETS)) {
  if (name.endsWith(".css")) console.log(`${basename(name).padEnd(28)} ${weight(name)} bytes, gzip`);
}
process.exitCode = failed ? 1 : 0;
