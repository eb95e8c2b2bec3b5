import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, count, heatOf, instant, length, most, nameOf, shade, times, withPlaces } from "../src/pure/campaign.ts";

const CELLS = [
  { design: "", language: "", many: 72 },
  { design: "calme", language: "", many: 40 },
  { design: "calme", language: "fr", many: null },
];

test("a count that is not told is no number, and has no bar", () => {
  assert.equal(count(CELLS), 72);
  assert.equal(count(CELLS, "calme"), 40);
  assert.equal(count(CELLS, "calme", "fr"), null);
  assert.equal(count(CELLS, "ligne"), null);
  assert.equal(length(null, 40), 0);
  assert.equal(length(20, 40), 50);
  assert.equal(most([null, 3, 7]), 7);
  assert.equal(most([null, 0]), 1);
});

test("places are added once, with their names, and asked for without", () => {
  const stop = { line: "x:1", line_name: "T9", stop: "x:2", stop_name: "Gare" };
  const known = withPlaces([stop], [{ ...stop }, { line: "x:1", line_name: "T9" }, { venue: "Café" }], 3);
  assert.deepEqual(known.map(nameOf), ["T9 · Gare", "T9", "Café"]);
  assert.deepEqual(known.map(asked), [{ line: "x:1", stop: "x:2" }, { line: "x:1" }, { venue: "Café" }]);
  assert.equal(withPlaces(known, [{ venue: "Bar" }], 3).length, 3);
});

test("warmth is told by stop and hour, where there is any", () => {
  const spots = [
    { stop: { id: "a", name: "Gare" }, hour: 18, events: 5 },
    { stop: { id: "b", name: "Place" }, hour: 8, events: 25 },
    { stop: { id: "a", name: "Gare" }, hour: 8, events: 10 },
  ];
  const { hours, rows } = heatOf(spots);
  assert.deepEqual(hours, [8, 18]);
  assert.deepEqual(rows.map(({ name, cells }) => [name, ...cells]), [
    ["Place", 25, null],
    ["Gare", 10, 5],
  ]);
  assert.deepEqual([null, 5, 10, 25].map((events) => shade(events, spots)), [0, 1, 2, 5]);
});

test("a moment typed is one of this clock; nothing typed is none", () => {
  assert.equal(instant(""), null);
  assert.equal(instant("soon"), null);
  assert.equal(new Date(instant("2026-11-30T18:00") ?? "").getHours(), 18);
});

test("a ratio is never said larger than it surely is", () => {
  assert.equal(times(1.29), 1.2);
});
