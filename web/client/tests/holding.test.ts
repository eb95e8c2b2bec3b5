import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIRM_MS, hold, HOLD_MS, rest, type HoldEvent } from "../src/pure/holding.ts";
import { forget, keyDown, keyUp, NEEDED, none, WITHIN_MS } from "../src/pure/shifts.ts";

function after(...events: HoldEvent[]) {
  return events.reduce(hold, rest);
}

test("two seconds of holding are enough, without lifting the finger", () => {
  const state = after({ type: "press", now: 100 }, { type: "tick", now: 100 + HOLD_MS });

  assert.equal(state.step, "done");
});

test("a shorter press sends nothing", () => {
  const state = after({ type: "press", now: 0 }, { type: "release", now: HOLD_MS - 1 }, { type: "tick", now: 9_999 });

  assert.equal(state.step, "short");
});

test("a timer that comes a little late does not lose a hold long enough", () => {
  const state = after({ type: "press", now: 0 }, { type: "release", now: HOLD_MS });

  assert.equal(state.step, "done");
});

test("those who cannot hold activate twice", () => {
  assert.equal(after({ type: "activate", now: 0 }).step, "armed");
  assert.equal(after({ type: "activate", now: 0 }, { type: "activate", now: 900 }).step, "done");
});

test("a first activation alone is forgotten", () => {
  const state = after({ type: "activate", now: 0 }, { type: "tick", now: CONFIRM_MS });

  assert.equal(state.step, "rest");
});

test("what is done stays done", () => {
  const state = after({ type: "press", now: 0 }, { type: "tick", now: HOLD_MS }, { type: "release", now: HOLD_MS + 1 });

  assert.equal(state.step, "done");
});

function press(state: typeof none, now: number, before: string[] = [], during: string[] = []) {
  for (const key of before) state = keyDown(state, key, false);
  state = keyDown(state, "Shift", false);
  for (const key of during) state = keyDown(state, key, false);
  return keyUp(state, "Shift", now);
}

test("three Shift, each within five seconds of the last, leave", () => {
  const state = press(press(press(none, 1_000), 1_000 + WITHIN_MS), 1_000 + 2 * WITHIN_MS);

  assert.equal(state.count, NEEDED);
});

test("Shift too late begins again", () => {
  const state = press(press(none, 1_000), 1_001 + WITHIN_MS);

  assert.equal(state.count, 1);
  assert.equal(forget(state, 2_000 + 2 * WITHIN_MS).count, 0);
});

test("typing capitals does not leave", () => {
  const state = press(press(press(none, 1, [], ["A"]), 2, [], ["B"]), 3, [], ["C"]);

  assert.equal(state.count, 0);
});

test("another key in between begins again", () => {
  const state = press(press(press(none, 1), 2), 3, ["a"]);

  assert.equal(state.count, 1);
});
