import assert from "node:assert/strict";
import { test } from "node:test";
import type { BoardNeed, BoardRooms, Freshness } from "../src/net/rooms.ts";
import { byArea, communes, euros, freeOf, queued, sunk, withNeed, withOver, withRooms } from "../src/pure/beds.ts";

function need(name: string, more: Partial<BoardNeed> = {}): BoardNeed {
  const at = `2026-11-25T20:0${name.length}:00Z`;
  return { need: name, state: "searching", first: "2026-11-25", nights: 1, at, by: "self", asking: false, people: 2, ...more };
}

function hotel(handle: string, area: string, free: number, freshness: Freshness): BoardRooms {
  const kind = { people: 2, cots: 0, accessible: false, pets: false, ground_floor: false, total: 5, occupied: 5 - free, held: 0, free };
  return { handle, area, lat: 48.8, lon: 2.3, kinds: [kind], freshness, at: `2026-11-25T20:0${free}:00Z` };
}

test("the highest rung first, then the longest wait; whoever is expected comes last, whoever is safe is gone", () => {
  const needs = [
    need("a", { state: "confirmed", escalation: "duty" }),
    need("bb"),
    need("ccc", { escalation: "operators" }),
    need("dddd", { escalation: "supervisor", state: "held" }),
    need("e", { state: "safe" }),
    need("f"),
  ];

  assert.deepEqual(queued(needs).map((one) => one.need), ["dddd", "ccc", "f", "bb", "a"]);
});

test("a push has no household: what was known of it stays, and what it leaves out is over", () => {
  const known = [need("a", { hold: "h", hold_state: "held", escalation: "again" })];
  const { people: _, ...push } = need("a", { state: "searching" });

  const [after] = withNeed(known, push);
  assert.deepEqual([after?.people, after?.hold, after?.escalation], [2, undefined, undefined]);
  assert.deepEqual(withNeed(known, need("b")).map((one) => one.need), ["a", "b"]);
  assert.deepEqual(withNeed(known, need("a", { state: "unmet" })), []);
});

test("rooms by commune: sums, and the freshest word", () => {
  const rooms = [hotel("1", "Lille", 1, "stale"), hotel("2", "Lille", 2, "fresh"), hotel("3", "Arras", 5, "aging")];

  assert.deepEqual(
    byArea(rooms).map(({ area, hotels, free, freshness }) => [area, hotels, free, freshness]),
    [["Arras", 1, 5, "aging"], ["Lille", 2, 3, "fresh"]],
  );
});

test("stale words sink and never vanish; a push replaces its hotel", () => {
  const rooms = [hotel("1", "Lille", 9, "stale"), hotel("2", "Lille", 2, "fresh"), hotel("3", "Arras", 5, "aging")];

  assert.deepEqual(sunk(rooms).map((one) => one.handle), ["2", "3", "1"]);
  const after = withRooms(rooms, hotel("2", "Lille", 4, "fresh"));
  assert.deepEqual(after.map(freeOf), [9, 4, 5]);
  assert.deepEqual(withRooms(after, hotel("2", "Lille", 0, "fresh")), after);
  assert.equal(withRooms(rooms, hotel("4", "Arras", 1, "fresh")).length, 4);
});

test("prices as people write them", () => {
  assert.deepEqual([euros(6_500, "fr"), euros(6_550, "fr"), euros(6_500, "en")], ["65\u00a0€", "65,50\u00a0€", "€65"]);
});

test("a worker still sees what has just ended, after what is open", () => {
  const needs = [need("a", { state: "safe" }), need("bb", { state: "arrived" }), need("ccc")];

  assert.deepEqual(withOver(needs).map((one) => one.need), ["ccc", "bb", "a"]);
});

test("communes of a file of rooms: each once, two of the same name told apart", () => {
  const feature = (commune: string, commune_name: string, area: string, lon: number) => ({
    geometry: { coordinates: [lon, 48.9] as const },
    properties: { commune, commune_name, area },
  });
  const features = [
    feature("97411", "Saint-Denis", "974", 55.4),
    feature("93066", "Saint-Denis", "93", 2.35),
    feature("93066", "Saint-Denis", "93", 2.35),
    feature("62041", "Arras", "62", 2.8),
  ];

  assert.deepEqual(communes({ features }), [
    { area: "Arras (62)", lat: 48.9, lon: 2.8 },
    { area: "Saint-Denis (93)", lat: 48.9, lon: 2.35 },
    { area: "Saint-Denis (974)", lat: 48.9, lon: 55.4 },
  ]);
});
