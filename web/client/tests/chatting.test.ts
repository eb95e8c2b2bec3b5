// What she tells before she writes, and what she is told of the wait.

import assert from "node:assert/strict";
import { test } from "node:test";
import { askBody, isPostcode, minutes, proposed, stageOf, threeWords, unsaid } from "../src/pure/chatting.ts";

test("who answers nothing asks with nothing", () => {
  assert.deepEqual(askBody("i", "fr", unsaid), { id: "i", line: "3919", language: "fr", answers: [] });
});

test("danger comes first, a postcode is whole or not said, a word is trimmed", () => {
  const wish = { ...unsaid, danger: "yes", facts: ["weapon"], postcode: "75 011", word: " fleur ", seen: "unsure" } as const;

  assert.deepEqual(askBody("i", "ar", wish), {
    id: "i",
    line: "3919",
    language: "ar",
    answers: ["danger_now", "weapon"],
    seen: "unsure",
    postcode: "75011",
    word: "fleur",
  });
  assert.equal("postcode" in askBody("i", "ar", { ...wish, postcode: "750" }), false);
});

test("half a postcode is noticed, none is not", () => {
  assert.deepEqual(["", "75011", "75 011", "750", "75a11"].map(isPostcode), [true, true, true, false, false]);
});

test("the wait is never said shorter than it is", () => {
  assert.deepEqual(minutes({ low_s: 119, high_s: 301 }), { from: 1, to: 6 });
  assert.deepEqual(minutes({ low_s: 0, high_s: 20 }), { from: 0, to: 1 });
  assert.equal(minutes({ low_s: null, high_s: null }), null);
});

test("three words are three words, whatever stands between", () => {
  assert.equal(threeWords("  Lune, PORTE-rivière "), "lune porte rivière");
});

test("each state of a chat has its screen", () => {
  const states = ["waiting", "active", "held", "closed"] as const;

  assert.deepEqual(states.map(stageOf), ["waiting", "talking", "talking", "over"]);
});

test("what was proposed waits for her answer, and no longer", () => {
  const event = (offset: number, what: string, facts: object) =>
    ({ type: "event", what, at: "2026-11-26T20:00:00Z", offset, facts: { ...facts } }) as const;
  const asked = event(1, "bridge", { bridge: "b1", kind: "shelter" });

  assert.deepEqual(proposed([asked]), { bridge: "b1", kind: "shelter" });
  assert.equal(proposed([asked, event(2, "bridged", { bridge: "b1", state: "no" })]), null);
  assert.equal(proposed([]), null);
});
