import assert from "node:assert/strict";
import { test } from "node:test";
import { DEADLINE_MS, idle, next, wayOf, type Sending, type SendingEvent, type Work } from "../src/pure/sending.ts";

const RECORDED = { state: "recorded", alert: "a1", room: "r1", at: "2026-11-23T20:00:00Z" };
const LOST: SendingEvent = { type: "failed", name: "unavailable", temporary: true };

function after(...events: SendingEvent[]): [Sending, Work[]] {
  let state = idle;
  let work: Work[] = [];
  for (const event of events) [state, work] = next(state, event);
  return [state, work];
}

test("a held button is tried at once and watched for less than six seconds", () => {
  const [state, work] = after({ type: "held" });

  assert.equal(state.step, "sending");
  assert.deepEqual(work, [
    { do: "attempt", after: 0 },
    { do: "deadline", after: DEADLINE_MS },
  ]);
});

test("only the server's recorded makes it sent", () => {
  const [state, work] = after({ type: "held" }, { type: "answered", reply: RECORDED });

  assert.deepEqual(state, { step: "recorded", late: false, alert: "a1", room: "r1", at: RECORDED.at });
  assert.deepEqual(work, [{ do: "stop" }]);
});

const NOT_RECORDED = { ...RECORDED, state: "searching" };

for (const reply of [{}, NOT_RECORDED, { ...RECORDED, alert: "" }, { state: "recorded" }]) {
  test(`an answer ${JSON.stringify(reply)} is not an acknowledgement`, () => {
    const [state] = after({ type: "held" }, { type: "answered", reply });

    assert.equal(state.step, "sending");
  });
}

test("without an answer in time the page says so and goes on trying", () => {
  const [said] = after({ type: "held" }, LOST, { type: "deadline" });
  const [state, work] = next(said, LOST);

  assert.deepEqual(said, { step: "unsent", tries: 1, reason: "unavailable", trying: true });
  assert.equal(state.step, "unsent");
  assert.equal(work[0]?.do, "attempt");
});

test("an answer after the deadline is told, as late", () => {
  const [state] = after({ type: "held" }, { type: "deadline" }, { type: "answered", reply: RECORDED });

  assert.equal(state.step === "recorded" && state.late, true);
});

test("giving up stops the attempts, but a recorded answer still under way is told", () => {
  const [given, stopped] = after({ type: "held" }, { type: "deadline" }, { type: "abandoned" });
  const [still, none] = next(given, LOST);
  const [told] = next(still, { type: "answered", reply: RECORDED });

  assert.deepEqual(stopped, [{ do: "stop" }]);
  assert.deepEqual(none, []);
  assert.equal(told.step, "recorded");
});

test("a refusal that cannot change is said, and not repeated", () => {
  const [state, work] = after({ type: "held" }, { type: "failed", name: "malformed", temporary: false });

  assert.deepEqual(state, { step: "refused", reason: "malformed" });
  assert.deepEqual(work, [{ do: "stop" }]);
});

test("pauses grow but stay below ten seconds", () => {
  let [state] = after({ type: "held" });
  const pauses: number[] = [];
  for (let n = 0; n < 12; n++) {
    const [later, work] = next(state, LOST);
    state = later;
    for (const one of work) if (one.do === "attempt") pauses.push(one.after);
  }

  assert.deepEqual(pauses, [...pauses].sort((a, b) => a - b));
  assert.ok(Math.max(...pauses) < 10_000);
});

test("no sequence of events says sent without a recorded answer", () => {
  const lies: SendingEvent[] = [
    { type: "held" },
    LOST,
    { type: "failed", name: "malformed", temporary: false },
    { type: "deadline" },
    { type: "abandoned" },
    { type: "answered", reply: { state: "recorded" } },
    { type: "answered", reply: NOT_RECORDED },
  ];
  let states: Sending[] = [idle];
  for (let depth = 0; depth < 5; depth++) {
    states = states.flatMap((state) => lies.map((event) => next(state, event)[0]));
    assert.ok(states.every((state) => state.step !== "recorded"));
  }
});

test("attempts alternate between the socket and HTTP, and use HTTP when there is no socket", () => {
  assert.deepEqual([0, 1, 2].map((n) => wayOf(n, true)), ["socket", "http", "socket"]);
  assert.deepEqual([0, 1, 2].map((n) => wayOf(n, false)), ["http", "http", "http"]);
});
