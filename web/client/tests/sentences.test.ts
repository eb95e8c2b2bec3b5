// Each page's slice of the catalogue holds every sentence that the page can say.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { SENTENCES, WITHIN, withoutUnused } from "../scripts/slimming.ts";

const CLIENT = join(import.meta.dirname, "..");
const french = JSON.parse(readFileSync(join(CLIENT, "src/locales/fr.json"), "utf8")) as Record<string, string>;
const sections = new Set(Object.keys(french).map((key) => key.split(".")[0] ?? ""));

/** Commands whose first word is also a section of the catalogues. */
const METHODS = /["`](?:ask\.(?:accept|decline)|shift\.(?:begin|end)|hold\.(?:confirm|decline|arrive|left|extend|cancel|approve|admit|more|address)|room\.say|chat\.[a-z]+|line\.(?:state|duty|set|figures))["`]/g;

function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+\.tsx?)"/g)) {
    const next = join(dirname(file), name ?? "");
    if (existsSync(next)) reached(next, seen);
  }
  return seen;
}

for (const page of Object.keys(SENTENCES)) {
  test(`the page ${page} has all its sentences`, () => {
    const entry = join(CLIENT, `src/${page}/main.ts`);
    const source = [...reached(existsSync(entry) ? entry : `${entry}x`)].map((file) => readFileSync(file, "utf8")).join().replace(METHODS, "");
    const said = [...source.matchAll(/["`]([a-z]+)\.(?:[a-z0-9_.]+["`]|[a-z_.]*\$\{)/g)].map((match) => match[1] ?? "");
    const commands = new Set(["help", "helper", "me", "exclude", "opened"]);
    const wanted = new Set(said.filter((section) => sections.has(section) && !commands.has(section)));

    const known = [...(SENTENCES[page] ?? []), ...(SENTENCES[WITHIN[page] ?? ""] ?? [])];

    assert.deepEqual([...wanted].filter((section) => !known.includes(section)), []);
  });
}

test("the SDK is slimmed, and a changed SDK is noticed", () => {
  const source = readFileSync(join(CLIENT, "node_modules/centrifuge/build/index.mjs"), "utf8");

  assert.ok(withoutUnused(source).length < source.length * 0.9);
  assert.throws(() => withoutUnused("class Centrifuge {}"), /has changed/);
});
