import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Advice, LineOf, WitnessOffer, WitnessState } from "../src/net/transit.ts";
import {
  choices,
  isFree,
  isMine,
  RESTS,
  resting,
  restUntil,
  rolesOf,
  sentencesOf,
  withCall,
  withCalls,
  withEnd,
  withEvent,
} from "../src/pure/helping.ts";
import { named, near, ordered, searched, searchedIn } from "../src/pure/lookup.ts";

test("a role of which nothing is known is free", () => {
  assert.equal(isFree({}, "sit"), true);
  assert.equal(isFree({ sit: "taken" }, "sit"), false);
  assert.equal(isFree({ sit: "done" }, "sit"), false);
});

const CARD: readonly Advice[] = [
  { role: "call", words: "card.call_now" },
  { role: "driver", words: "card.driver" },
  { role: "sit", words: "card.sit" },
  { role: "document", words: "card.document" },
];
const CALL: WitnessOffer = {
  alert: "a1",
  kind: "physical",
  ring: "trip",
  state: "asked",
  expires_at: "2026-11-26T21:00:00Z",
  drill: false,
  roles_free: ["sit", "call", "document"],
  card: CARD,
};
const EVENT = {
  alert: "a1",
  state: "open",
  kind: "physical",
  roles: [
    { role: "sit", taken: true, mine: true },
    { role: "call", taken: true },
    { role: "driver", taken: false, done: true },
    { role: "document", taken: false },
    { role: "distract", taken: false },
  ],
} as unknown as WitnessState;

test("parts come in the order that is advised; what needs two is not for one alone", () => {
  const found = choices(CARD, { driver: "taken" }, "sit");

  assert.deepEqual(found.map(({ role }) => role), ["call", "driver", "sit", "document", "distract"]);
  assert.deepEqual(found.map(({ state }) => state), ["free", "taken", "mine", "free", "not_alone"]);
  assert.deepEqual(new Set(choices([], {}, null).map(({ state }) => state)), new Set(["free"]));
});

test("what was told before the page knew more says who does what", () => {
  const [one] = withCall([], CALL);
  assert.ok(one);

  assert.deepEqual(rolesOf(one), { distract: "taken", sit: "free", call: "free", driver: "taken", document: "free" });
  assert.equal(isMine(one), false);
});

test("what everybody there sees goes before it", () => {
  const [one] = withEvent(withCall([], CALL), EVENT);
  assert.ok(one);

  assert.equal(one.role, "sit");
  assert.deepEqual(rolesOf(one), { sit: "taken", call: "taken", driver: "done", document: "free", distract: "free" });
});

test("an event told again keeps what is known of it, and stands once", () => {
  const known = withEvent(withCall([], CALL), EVENT);
  const again = withCall(known, { ...CALL, ring: "platform" });

  assert.equal(again.length, 1);
  assert.equal(again[0]?.event, EVENT);
  assert.equal(again[0]?.ring, "platform");
});

test("an end is told until it is put away, also when the snapshot has forgotten it", () => {
  const ended = withEnd(withCall([], CALL), "a1", "helped");

  assert.equal(ended[0]?.over, "helped");
  assert.equal(withCalls(ended, [])[0]?.over, "helped");
  assert.deepEqual(withCalls(withCall([], CALL), []), []);
  assert.deepEqual(withEvent(withCall([], CALL), { ...EVENT, state: "cancelled" }).map(({ over }) => over), ["cancelled"]);
});

test("what one has declined or left is not shown any more", () => {
  assert.deepEqual(withCall(withCall([], CALL), { ...CALL, state: "declined" }), []);
  assert.deepEqual(withCalls([], [{ ...CALL, state: "left" }]), []);
});

for (const language of ["fr", "en"]) {
  test(`each card is three short sentences in ${language}`, () => {
    const file = join(import.meta.dirname, `../src/locales/${language}.json`);
    const catalogue = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    const cards = Object.entries(catalogue).filter(([key]) => key.startsWith("card."));

    assert.ok(cards.length >= 5);
    for (const [key, text] of cards) {
      assert.equal(sentencesOf(text).length, 3, key);
      for (const one of sentencesOf(text)) assert.ok(one.length <= 90, `${key}: ${one}`);
    }
  });
}

test("a line rests until a morning, a week or thirty days, and never longer", () => {
  const evening = new Date(2026, 10, 26, 22, 30);
  const night = new Date(2026, 10, 27, 2, 0);

  assert.deepEqual(restUntil("tonight", evening), new Date(2026, 10, 27, 6, 0));
  assert.deepEqual(restUntil("tonight", night), new Date(2026, 10, 27, 6, 0));
  for (const rest of RESTS) {
    const days = (restUntil(rest, evening).getTime() - evening.getTime()) / 86_400_000;
    // The server takes thirty days by its own clock, which may be behind this one.
    assert.ok(days > 0 && days < 30, rest);
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

test("a line of another network is found when this one has none of that name", () => {
  const here = { network: "a", name: "A", lines: [line("7", "bus", "Gare")] };
  const there = { network: "b", name: "B", lines: LINES };
  const found = (text: string): string[] => searchedIn([here, there], here, text, modeWord).map(({ name }) => name);

  assert.deepEqual(found("7"), ["7"]);
  assert.deepEqual(found("metro 6"), ["METRO 6"]);
  assert.deepEqual(found("gare"), ["7"]);
  assert.deepEqual(found("zz"), []);
});

test("networks have the names that people know", () => {
  const known = [{ network: "a", name: "TaM Montpellier", call: "17", sms: "114" }];
  const networks = named([{ network: "a", name: "a", lines: [] }, { network: "b", name: "b", lines: [] }], known);

  assert.deepEqual(networks.map(({ name }) => name), ["TaM Montpellier", "b"]);
});
