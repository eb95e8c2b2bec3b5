// A conversation on one device: once each, in the server's order, whatever comes twice, late or out of turn.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  begun,
  correctable,
  dropped,
  due,
  heard,
  lastRead,
  moved,
  nothingSaid,
  rewritten,
  whoStays,
  written,
  type Entry,
  type Said,
  type Thread,
} from "../src/pure/conversation.ts";

const AT = "2026-11-26T20:00:00Z";
const NOW = Date.parse(AT) + 60_000;

function said(offset: number, more: Partial<Said> = {}): Said {
  return { type: "say", id: `m${offset}`, text: `text ${offset}`, seat: "elle", at: AT, offset, ...more };
}

function texts(thread: Thread): string[] {
  return thread.entries.map((one) => (one.type === "say" ? one.text : one.what));
}

test("what comes twice or out of turn stands once, in the server's order", () => {
  let thread = nothingSaid;
  for (const offset of [2, 1, 3, 2, 1]) thread = heard(thread, said(offset));

  assert.deepEqual(texts(thread), ["text 1", "text 2", "text 3"]);
});

test("one's own words leave the waiting line when the server says them", () => {
  const waiting = written(nothingSaid, { id: "m1", text: "bonjour" });

  const after = heard(waiting, said(1, { text: "bonjour" }));

  assert.deepEqual(after.waiting, []);
  assert.deepEqual(texts(after), ["bonjour"]);
});

test("words typed without a line go one at a time, in order, and a refusal holds nobody back", () => {
  let thread = written(written(nothingSaid, { id: "a", text: "un" }), { id: "b", text: "deux" });
  assert.equal(due(thread)?.id, "a");
  thread = moved(thread, "a", "sending");
  assert.equal(due(thread), null);
  thread = moved(thread, "a", "waiting");
  assert.equal(due(thread)?.id, "a");

  thread = moved(thread, "a", "refused", "too_long");

  assert.equal(due(thread)?.id, "b");
  assert.equal(thread.waiting[0]?.reason, "too_long");
  assert.deepEqual(dropped(thread, "a").waiting.map(({ id }) => id), ["b"]);
});

test("what has not left is corrected before it leaves, and what is leaving is not", () => {
  const thread = written(nothingSaid, { id: "a", text: "un" });

  assert.equal(rewritten(thread, "a", "deux").waiting[0]?.text, "deux");
  assert.equal(rewritten(moved(thread, "a", "sending"), "a", "deux").waiting[0]?.text, "un");
});

test("a correction changes the message that it names, of the same seat only", () => {
  const thread = heard(nothingSaid, said(1));
  const edit = { type: "edit", id: "e", of: "m1", text: "mieux", at: AT, offset: 2 } as const;

  assert.deepEqual(texts(heard(thread, { ...edit, seat: "elle" })), ["mieux"]);
  assert.deepEqual(texts(heard(thread, { ...edit, seat: "ecoutante-1" })), ["text 1"]);
});

test("the snapshot replaces what it covers, and leaves what came before its page", () => {
  const event: Entry = { type: "event", what: "joined", at: AT, offset: 1, facts: {} };
  let thread = heard(heard(nothingSaid, event), said(2, { text: "old" }));
  thread = written(written(thread, { id: "m3", text: "three" }), { id: "x", text: "on its way" });

  const after = begun(thread, [said(2, { text: "corrected" }), said(3)]);

  assert.deepEqual(texts(after), ["joined", "corrected", "text 3"]);
  assert.deepEqual(after.waiting.map(({ id }) => id), ["x"]);
});

test("a correction that the server took is over once a snapshot shows it", () => {
  const correcting = written(heard(nothingSaid, said(1)), { id: "e", of: "m1", text: "mieux" });

  assert.equal(begun(correcting, [said(1, { text: "mieux" })]).waiting.length, 1);
  assert.equal(begun(moved(correcting, "e", "taken"), [said(1, { text: "mieux" })]).waiting.length, 0);
});

test("only one's own last message may be corrected, for five minutes, once nothing waits", () => {
  const thread = [said(1), said(2), said(3, { seat: "ecoutante-1" })].reduce<Thread>(heard, nothingSaid);

  assert.equal(correctable(thread, "elle", NOW)?.id, "m2");
  assert.equal(correctable(thread, "elle", NOW + 5 * 60_000), null);
  assert.equal(correctable(written(thread, { id: "a", text: "un" }), "elle", NOW), null);
});

test("read is said of one's own words only", () => {
  const thread = [said(1), said(2, { seat: "ecoutante-1" }), said(3)].reduce<Thread>(heard, nothingSaid);

  assert.equal(lastRead(thread, "elle", 2), 1);
  assert.equal(lastRead(thread, "elle", 3), 3);
  assert.equal(lastRead(thread, "elle", 0), null);
});

test("nobody is told that she is left while somebody stays, nor twice that the same one came", () => {
  const event = (offset: number, what: string, seat: string): Entry => ({ type: "event", what, seat, at: AT, offset, facts: {} });
  const evening = [event(1, "joined", "ecoutante-1"), said(2), event(3, "joined", "ecoutante-2"), event(4, "left", "ecoutante-1")];
  const taken = [event(5, "joined", "superviseure-1"), event(6, "joined", "superviseure-1"), event(7, "left", "ecoutante-2")];

  const stays = whoStays([...evening, ...taken, event(8, "left", "superviseure-1")]);
  const cut = whoStays([event(1, "joined", "ecoutante-1"), event(2, "away", "ecoutante-1"), event(3, "joined", "ecoutante-1")]);

  assert.deepEqual([...stays], [[1, 1], [3, 2], [4, 1], [5, 2], [6, -1], [7, 1], [8, 0]]);
  assert.deepEqual([...cut], [[1, 1], [2, 0], [3, 1]]);
});
