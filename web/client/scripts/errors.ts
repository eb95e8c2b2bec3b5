// The errors that the server may name, as its own tables say.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const CLIENT = join(import.meta.dirname, "..");
const PROJECT = join(CLIENT, "../..");

/** Everything below a folder, without what is installed. */
export function files(folder: string, ending: string): string[] {
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

export function errorsIn(...folders: readonly string[]): Set<string> {
  const there = folders.map((folder) => join(PROJECT, folder)).filter((folder) => existsSync(folder));
  const tables = there.flatMap((folder) => files(folder, "errors.py"));
  return new Set(tables.flatMap((file) => errorNames(readFileSync(file, "utf8"))));
}
