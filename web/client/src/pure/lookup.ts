// Finding a line by hand among all those of a network: what people type, in whatever order and spelling. Pure.

import type { LineOf, NetworkKnown, NetworkOf } from "../net/transit.ts";
import { plain } from "./letters.ts";

/** What is drawn at once; more is found by typing. */
export const MOST_SHOWN = 40;

/** How people look for lines: metros, trams and trains by name first, then the rest. */
const MODES: readonly string[] = ["metro", "tram", "rail", "funicular", "cable", "ferry", "bus", "coach"];

function rank({ mode }: LineOf): number {
  const at = MODES.indexOf(mode);
  return at < 0 ? MODES.length : at;
}

const numbers = new Intl.Collator("fr", { numeric: true, sensitivity: "base" });

export function ordered(lines: readonly LineOf[]): LineOf[] {
  return [...lines].sort((a, b) => rank(a) - rank(b) || numbers.compare(a.name, b.name));
}

/** Each word typed begins a word of the line: its name, its mode in this language, where it goes. */
export function searched(lines: readonly LineOf[], text: string, modeWord: (mode: string) => string): LineOf[] {
  const wanted = words(text);
  const found = lines.filter((one) => {
    const said = words([modeWord(one.mode), one.name, ...one.courses.map(({ headsign }) => headsign)].join(" "));
    return wanted.every((word) => said.some((other) => other.startsWith(word)));
  });
  // Whoever types "1" means the line called 1, not one that goes to "1er Mai".
  const exact = (one: LineOf): number => (words(one.name).some((word) => wanted.includes(word)) ? 0 : 1);
  return ordered(found).sort((a, b) => exact(a) - exact(b));
}

/** In the chosen network first; what it has not may be another's. */
export function searchedIn(
  networks: readonly NetworkOf[],
  chosen: NetworkOf,
  text: string,
  modeWord: (mode: string) => string,
): LineOf[] {
  const found = searched(chosen.lines, text, modeWord);
  return found.length > 0 ? found : searched(networks.flatMap(({ lines }) => lines), text, modeWord);
}

function words(text: string): string[] {
  return plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/** By the names that people know them by. */
export function named(networks: readonly NetworkOf[], known: readonly NetworkKnown[]): NetworkOf[] {
  return networks.map((one) => ({ ...one, name: known.find(({ network }) => network === one.network)?.name ?? one.name }));
}

/** Every network that has lines; the one she is in first, when it is known. */
export function near(networks: readonly NetworkOf[], network: string | null): NetworkOf[] {
  return networks
    .filter(({ lines }) => lines.length > 0)
    .sort((a, b) => Number(b.network === network) - Number(a.network === network) || numbers.compare(a.name, b.name));
}
