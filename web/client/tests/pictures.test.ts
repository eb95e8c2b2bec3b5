import assert from "node:assert/strict";
import { test } from "node:test";
import type { BoardLine, Offer } from "../src/net/wire.ts";
import { helping, lined, marked, onBoard } from "../src/pure/alerts.ts";
import { loaded, notSaid, received, saying, silence, type Message } from "../src/pure/messages.ts";
import { newId } from "../src/pure/ids.ts";
import { typed } from "../src/pure/phone.ts";
import { advance } from "../src/pure/streams.ts";
import { preferred, sentence } from "../src/pure/words.ts";

function offer(change: Partial<Offer> = {}): Offer {
  return { offer: "o1", alert: "a1", ring: "near", kind: "afraid", mode: "public", state: "offered", ...change };
}

function line(change: Partial<BoardLine>): BoardLine {
  const counts = { delivered: 0, seen: 0, accepted: 0, on_scene: 0 };
  return { alert: "a1", state: "searching", mode: "public", kind: "other", at: "2026-11-23T20:00:00Z", escalation: null, ...counts, ...change };
}

function message(offset: number, change: Partial<Message> = {}): Message {
  return { id: `m${offset}`, text: "bonjour", seat: "aide-1", at: "2026-11-23T20:00:00Z", offset, ...change };
}

test("an offer that comes again replaces the first", () => {
  const known = { helper: null, offers: [offer({ ring: "remote" })] };
  const after = helping(known, { type: "offer", ...offer({ ring: "near" }) });

  assert.equal(after.offers.length, 1);
  assert.equal(after.offers[0]?.ring, "near");
});

test("a late receipt does not undo an acceptance", () => {
  const after = marked([offer({ state: "accepted" })], "o1", "seen");

  assert.equal(after[0]?.state, "accepted");
});

test("the board puts those without an answer first, then the oldest", () => {
  const lines = [
    line({ alert: "covered", state: "covered", at: "2026-11-23T19:00:00Z" }),
    line({ alert: "young", at: "2026-11-23T20:05:00Z" }),
    line({ alert: "old", at: "2026-11-23T20:01:00Z" }),
    line({ alert: "duty", escalation: "duty" }),
    line({ alert: "over", state: "closed" }),
  ];

  assert.deepEqual(lined(lines).map((one) => one.alert), ["duty", "old", "young", "covered"]);
});

test("a push changes its line only, and an end removes it", () => {
  const lines = [line({ alert: "a1" }), line({ alert: "a2" })];

  assert.equal(onBoard(lines, line({ alert: "a2", accepted: 2 })).find((one) => one.alert === "a2")?.accepted, 2);
  assert.deepEqual(onBoard(lines, line({ alert: "a2", state: "closed" })).map((one) => one.alert), ["a1"]);
});

test("what is at or before the snapshot is ignored", () => {
  const known = { epoch: "e", offset: 7 };

  assert.equal(advance(known, 7), null);
  assert.deepEqual(advance(known, 8), { epoch: "e", offset: 8 });
  assert.equal(advance(known, undefined), known);
});

test("words are said once the room shows them, not before", () => {
  const said = saying(silence, "m1", "bonjour");
  const heard = received(said, message(1));

  assert.equal(said.messages.length, 0);
  assert.deepEqual([heard.messages.length, heard.pending.length], [1, 0]);
});

test("a message is found once and in order, however it comes", () => {
  let talk = silence;
  for (const offset of [3, 1, 2, 2, 3]) talk = received(talk, message(offset));

  assert.deepEqual(talk.messages.map((one) => one.offset), [1, 2, 3]);
});

test("a changed message keeps its place", () => {
  const talk = [message(1), message(2), message(3, { id: "m1", text: "bonsoir" })].reduce(received, silence);

  assert.deepEqual(talk.messages.map((one) => [one.id, one.text]), [["m1", "bonsoir"], ["m2", "bonjour"]]);
});

test("a snapshot keeps the words that are still on their way", () => {
  const talk = loaded(notSaid(saying(saying(silence, "m1", "a"), "m9", "b"), "m9"), [message(2), message(1)]);

  assert.deepEqual(talk.messages.map((one) => one.id), ["m1", "m2"]);
  assert.deepEqual(talk.pending, [{ id: "m9", text: "b", state: "failed" }]);
});

test("a sentence takes its values and its plural", () => {
  const catalogue = { told_one: "{n} personne", told_other: "{n} personnes", plain: "à {time}" };

  assert.equal(sentence(catalogue, "fr", "told", { n: 0 }), "0 personne");
  assert.equal(sentence(catalogue, "en", "told", { n: 0 }), "0 personnes");
  assert.equal(sentence(catalogue, "fr", "told", { n: 3 }), "3 personnes");
  assert.equal(sentence(catalogue, "fr", "plain", { time: "21:14" }), "à 21:14");
  assert.equal(sentence(catalogue, "fr", "missing"), "missing");
});

test("the browser's first language that we speak is chosen", () => {
  assert.equal(preferred(["de-DE", "en-GB"], ["fr", "en"], "fr"), "en");
  assert.equal(preferred(["de"], ["fr", "en"], "fr"), "fr");
});

test("a telephone number looks complete or not", () => {
  assert.equal(typed("  "), "empty");
  assert.equal(typed("06 12 34"), "incomplete");
  assert.equal(typed("+33 6 12 34 56 78"), "plausible");
  assert.equal(typed("mon frère"), "incomplete");
});

test("ids are what the server accepts", () => {
  assert.match(newId(), /^[0-9a-f]{32}$/);
  assert.notEqual(newId(), newId());
});
