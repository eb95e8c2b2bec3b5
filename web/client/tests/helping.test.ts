import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineOf } from "../src/net/transit.ts";
import { DEEDS, isFree, RESTS, resting, restUntil, ROLES, third } from "../src/pure/helping.ts";
import { near, ordered, searched } from "../src/pure/lookup.ts";

test("a role of which nothing is known is free", () => {
  assert.equal(isFree({}, "sit"), true);
  assert.equal(isFree({ sit: "taken" }, "sit"), false);
  assert.equal(isFree({ sit: "done" }, "sit"), false);
});

test("whoever is alone is told so first, whatever happens", () => {
  for (const kind of DEEDS) assert.equal(third(kind, 1), "alone");
  assert.equal(third("sexual", 2), "away");
  assert.equal(third("physical", 3), "away");
  assert.equal(third("verbal", 2), "together");
  assert.equal(ROLES.length, 5);
});

test("a line rests until a morning, a week or thirty days, and never longer", () => {
  const evening = new Date(2026, 10, 26, 22, 30);
  const night = new Date(2026, 10, 27, 2, 0);

  assert.deepEqual(restUntil("tonight", evening), new Date(2026, 10, 27, 6, 0));
  assert.deepEqual(restUntil("tonight", night), new Date(2026, 10, 27, 6, 0));
  for (const rest of RESTS) {
    const days = (restUntil(rest, evening).getTime() - evening.getTime()) / 86_400_000;
    assert.ok(days > 0 && days <= 30, rest);
  }
});

test("what has rested is told of again without anybody's doing", () => {
  const muted = [
    { line: "a", name: "A", until: "2026-11-27T05:00:00Z" },
    { line: "b", name: "B", until: "2026-11-26T05:00:00Z" },
  ];

  assert.deepEqual(resting(muted, Date.parse("2026-11-26T12:00:00Z")).map(({ line }) => line), ["a"]);
  assert.deepEqual(resting(muted, Date.parse("2026-11-27T05:00:00Z")), []);
});

function line(name: string, mode: string, ...to: string[]): LineOf {
  return {
    line: `x:${name}`,
    name,
    mode,
    colour: "",
    courses: to.map((headsign, direction) => ({ direction: direction as 0 | 1, headsign })),
  };
}

const LINES = [
  line("13", "bus", "Gare", "1er Mai"),
  line("T10", "tram", "La Croix"),
  line("T2", "tram", "Pont"),
  line("METRO 6", "metro", "Nation", "Charles de Gaulle - Étoile"),
  line("1", "bus", "Odysseum"),
];
const modeWord = (mode: string): string => ({ tram: "Tram", metro: "Métro", bus: "Bus" })[mode] ?? "";

test("lines are in the order in which people look for them", () => {
  assert.deepEqual(ordered(LINES).map(({ name }) => name), ["METRO 6", "T2", "T10", "1", "13"]);
});

test("a line is found by its number, its mode or where it goes, without accents", () => {
  const found = (text: string): string[] => searched(LINES, text, modeWord).map(({ name }) => name);

  assert.deepEqual(found("metro 6"), ["METRO 6"]);
  assert.deepEqual(found("etoile"), ["METRO 6"]);
  assert.deepEqual(found("bus"), ["1", "13"]);
  assert.deepEqual(found("1"), ["1", "13"]);
  assert.deepEqual(found("zz"), []);
  assert.equal(found("").length, LINES.length);
});

test("the network she is in comes first, an empty one not at all", () => {
  const networks = [
    { network: "b", name: "B", lines: LINES },
    { network: "a", name: "A", lines: LINES },
    { network: "c", name: "C", lines: [] },
  ];

  assert.deepEqual(near(networks, "b").map(({ network }) => network), ["b", "a"]);
  assert.deepEqual(near(networks, null).map(({ network }) => network), ["a", "b"]);
});
