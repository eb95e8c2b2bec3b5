import assert from "node:assert/strict";
import { test } from "node:test";
import type { HoldState, HoldView } from "../src/net/rooms.ts";
import { fit } from "../src/pure/mercator.ts";
import { circle, locate, moved } from "../src/pure/circles.ts";
import { metres } from "../src/pure/places.ts";
import {
  askBody,
  codeWords,
  cots,
  isReachable,
  isToRemember,
  MOST_CHILDREN,
  stageOf,
  usual,
  withAge,
  withChildren,
} from "../src/pure/seeking.ts";

const HERE = { lat: 48.857, lon: 2.352, accuracy_m: 20 };

test("nothing need be answered: one person, tonight, never reached", () => {
  assert.deepEqual(askBody("a1", usual, HERE), {
    id: "a1",
    household: { adults: 1, children: [], pets: 0, wheelchair: false },
    days_ahead: 0,
    nights: 1,
    place: HERE,
    zones: [],
    reach: { how: "never" },
  });
});

test("who is never to be reached leaves no number behind", () => {
  const wish = { ...usual, reach: { how: "never" as const, detail: "0612345678", when: "le soir" } };

  assert.deepEqual(askBody("a1", wish, HERE).reach, { how: "never" });
});

test("how and when she may be reached, without spaces around", () => {
  const wish = { ...usual, reach: { how: "sms" as const, detail: " 06 12 34 56 78 ", when: " " } };

  assert.deepEqual(askBody("a1", wish, HERE).reach, { how: "sms", detail: "06 12 34 56 78" });
  assert.deepEqual([isReachable(wish.reach), isReachable({ how: "call" }), isReachable({ how: "never" })], [true, false, true]);
});

test("children keep their ages when one more comes, and are never too many", () => {
  const two = withAge(withChildren(usual.household, 2), 0, 1);

  assert.deepEqual(withChildren(two, 3).children, [1, 6, 6]);
  assert.deepEqual(withChildren(two, 1).children, [1]);
  assert.equal(withChildren(two, -1).children.length, 0);
  assert.equal(withChildren(two, 99).children.length, MOST_CHILDREN);
  assert.equal(cots(two), 1);
});

const STAGES: [HoldState | null, string][] = [
  [null, "choose"],
  ["held", "waiting"],
  ["confirmed", "expected"],
  ["arrived", "there"],
  ["declined", "choose"],
  ["expired", "choose"],
  ["cancelled", "choose"],
  ["no_show", "choose"],
  ["left", "choose"],
];
for (const [state, stage] of STAGES) {
  test(`a room ${state ?? "not held"}: ${stage}`, () => {
    const held = state === null ? null : ({ state } as HoldView);

    assert.equal(stageOf({ state: "searching" }, held), stage);
    assert.equal(stageOf({ state: "safe" }, held), "over");
  });
}

test("name, word and code are to be remembered until she is there, and no longer", () => {
  const stages = ["choose", "waiting", "expected", "there", "over"] as const;

  assert.deepEqual(stages.filter(isToRemember), ["waiting", "expected"]);
});

test("a code is read in two halves", () => {
  assert.equal(codeWords("012345"), "012 345");
});

test("a circle has its radius everywhere, and a map finds what is under a finger", () => {
  for (const [lat, lon] of circle(HERE, 2_000)) {
    assert.ok(Math.abs(metres(HERE, { lat, lon }) - 2_000) < 5);
  }
  const view = fit(circle(HERE, 2_000), 360, 360);
  const [x, y] = view.project(48.86, 2.36);
  const [lat, lon] = locate(view, x, y);
  assert.ok(metres({ lat, lon }, { lat: 48.86, lon: 2.36 }) < 10);
  assert.ok(Math.abs(metres(HERE, moved(HERE, 500, 0)) - 500) < 1);
});
