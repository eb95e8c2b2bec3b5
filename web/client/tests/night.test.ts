import assert from "node:assert/strict";
import { test } from "node:test";
import { freshness, left, said } from "../src/pure/ago.ts";
import { asksNow, isDark, later, nightDays, nightOf } from "../src/pure/night.ts";

const at = (text: string): number => Date.parse(text);

for (const [moment, night] of [
  ["2026-11-25T04:59:00Z", "2026-11-24"],
  ["2026-11-25T05:00:00Z", "2026-11-25"],
  // Both odd nights of 2026.
  ["2026-03-29T03:59:00Z", "2026-03-28"],
  ["2026-03-29T04:00:00Z", "2026-03-29"],
  ["2026-10-25T04:59:00Z", "2026-10-24"],
  ["2026-10-25T05:00:00Z", "2026-10-25"],
] as const) {
  test(`${moment} is in the night of ${night}`, () => assert.equal(nightOf(at(moment)), night));
}

test("a night is said by its evening and its morning", () => {
  assert.deepEqual(nightDays("2026-11-25", "fr"), { from: "25", to: "26 novembre" });
  assert.deepEqual(nightDays("2026-11-30", "fr"), { from: "30 novembre", to: "1er décembre" });
  assert.deepEqual(nightDays("2026-11-25", "fr", 9), { from: "25 novembre", to: "4 décembre" });
  assert.deepEqual(nightDays("2026-11-25", "fr", 3), { from: "25", to: "28 novembre" });
  assert.deepEqual(nightDays("2026-12-01", "fr"), { from: "1er", to: "2 décembre" });
  assert.deepEqual(nightDays("2026-11-30", "en-GB"), { from: "30 November", to: "1 December" });
  assert.equal(later("2026-12-31", 1), "2027-01-01");
});

for (const [now, spoken, asks] of [
  ["2026-11-25T16:59:00Z", null, false],
  ["2026-11-25T17:00:00Z", null, true],
  ["2026-11-25T17:00:00Z", "2026-11-25T16:59:00Z", true],
  ["2026-11-25T17:30:00Z", "2026-11-25T17:01:00Z", false],
  ["2026-11-25T21:00:00Z", "2026-11-25T17:01:00Z", true],
  ["2026-11-26T01:00:00Z", "2026-11-25T21:05:00Z", false],
  ["2026-11-26T01:00:00Z", "2026-11-25T20:55:00Z", true],
  ["2026-11-25T17:30:00Z", "2026-11-24T21:05:00Z", true],
  ["2026-11-26T05:00:00Z", "2026-11-25T16:00:00Z", false],
] as const) {
  test(`at ${now}, last spoken ${spoken}: ${asks ? "ask" : "leave in peace"}`, () => {
    assert.equal(asksNow(at(now), spoken === null ? null : at(spoken)), asks);
  });
}

test("the screen is dark from eight in the evening to seven", () => {
  assert.deepEqual(
    ["2026-11-25T18:59:00Z", "2026-11-25T19:00:00Z", "2026-11-26T02:00:00Z", "2026-11-26T06:00:00Z"].map((it) => isDark(at(it))),
    [false, true, true, false],
  );
});

const MINUTE = 60_000;

test("ages in words: never, now, minutes, hours, days", () => {
  const spoken = [null, 0, 40, 59, 60, 47 * 60, 48 * 60].map((it) => said(it === null ? null : -it * MINUTE, 0));

  assert.deepEqual(
    spoken.map(({ key, n }) => [key, n]),
    [["said.never", 0], ["said.now", 0], ["said.minutes", 40], ["said.minutes", 59], ["said.hours", 1], ["said.hours", 47], ["said.days", 2]],
  );
});

test("fresh below two hours, ageing below eight, then stale", () => {
  assert.deepEqual(
    [null, 0, 119, 120, 479, 480].map((it) => freshness(it === null ? null : -it * MINUTE, 0)),
    ["stale", "fresh", "fresh", "aging", "aging", "stale"],
  );
});

test("time left in words", () => {
  assert.deepEqual(
    [-1, 0, 0.5, 1, 59, 65].map((it) => left(it * MINUTE, 0)).map(({ key, n, rest }) => [key, n, rest]),
    [["left.over", 0, ""], ["left.over", 0, ""], ["left.soon", 0, ""], ["left.minutes", 1, ""], ["left.minutes", 59, ""], ["left.hours", 1, "05"]],
  );
});
