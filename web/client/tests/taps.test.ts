import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answered,
  due,
  fade,
  MOST,
  ofNight,
  refused,
  revived,
  SETTLE_MS,
  tapped,
  trying,
  UNDO_MS,
  undone,
  untouched,
  waiting,
  type Taps,
} from "../src/pure/taps.ts";

const NIGHT = "2026-11-25";

function tap(taps: Taps, id: string, by: number, now: number, kind = "double"): Taps {
  return tapped(taps, { id, kind, by, now, night: NIGHT });
}

test("taps that follow each other are one change, sent once they settle", () => {
  const taps = tap(tap(tap(untouched, "a", -1, 0), "b", -1, 300), "c", -1, 600);

  assert.deepEqual(taps.changes.map(({ id, by }) => [id, by]), [["a", -3]]);
  assert.equal(waiting(taps, "double"), -3);
  assert.equal(due(taps, 600 + SETTLE_MS - 1), null);
  assert.equal(due(taps, 600 + SETTLE_MS)?.id, "a");
});

test("a minus and a plus are nothing at all", () => {
  assert.deepEqual(tap(tap(untouched, "a", -1, 0), "b", 1, 300), untouched);
});

test("another kind, a pause, or too many taps begin another change", () => {
  const many = Array.from({ length: MOST + 1 }).reduce<Taps>((taps, _, n) => tap(taps, `t${n}`, 1, n), untouched);

  assert.equal(tap(tap(untouched, "a", 1, 0), "b", 1, 10, "family").changes.length, 2);
  assert.equal(tap(tap(untouched, "a", 1, 0), "b", 1, SETTLE_MS).changes.length, 2);
  assert.deepEqual(many.changes.map(({ by }) => by), [MOST, 1]);
});

test("what may have reached the server keeps its id and its number", () => {
  const taps = tap(trying(tap(untouched, "a", 1, 0), "a"), "b", 1, 10);

  assert.deepEqual(taps.changes.map(({ id, by, tried }) => [id, by, tried]), [["a", 1, true], ["b", 1, false]]);
});

test("within five seconds a change nobody has heard of is dropped, one that was sent is said backwards", () => {
  const unsent = tap(untouched, "a", -2, 0);
  const sent = trying(unsent, "a");

  assert.deepEqual(undone(unsent, "u", 100), untouched);
  assert.deepEqual(undone(sent, "u", 100).changes.map(({ id, by }) => [id, by]), [["a", -2], ["u", 2]]);
  const back = undone(answered(sent, "a"), "u", 100).changes[0];
  assert.deepEqual([back?.by, back?.night], [2, NIGHT]);
  assert.equal(due(undone(answered(sent, "a"), "u", 100), 100)?.id, "u");
});

test("after five seconds there is nothing to take back", () => {
  const taps = tap(untouched, "a", -1, 0);

  assert.equal(fade(taps, UNDO_MS - 1).undo?.id, "a");
  assert.equal(fade(taps, UNDO_MS).undo, null);
  assert.equal(undone(taps, "u", UNDO_MS).changes.length, 1);
});

test("a refused change is gone, and so is its undo; another's stays", () => {
  const taps = tap(tap(untouched, "a", -1, 0), "b", -1, 5_000, "family");

  assert.deepEqual(refused(taps, "a").changes.map(({ id }) => id), ["b"]);
  assert.equal(refused(taps, "a").undo?.id, "b");
  assert.equal(refused(taps, "b").undo, null);
});

test("changes of a night that is over are dropped and counted", () => {
  const { taps, dropped } = ofNight(tap(untouched, "a", -1, 0), "2026-11-26");

  assert.deepEqual([taps.changes.length, dropped], [0, 1]);
  assert.equal(ofNight(tap(untouched, "a", -1, 0), NIGHT).dropped, 0);
});

test("what the browser kept is read again without trusting it", () => {
  const kept = tap(untouched, "a", -1, 0).changes;

  assert.deepEqual(revived(JSON.stringify(kept)).changes, kept);
  for (const bad of [null, "", "{", "7", '[{"id":1}]', '[null]', '[{"id":"a","kind":"k","by":999,"at":1,"night":"n","tried":false}]']) {
    assert.deepEqual(revived(bad), untouched);
  }
});
