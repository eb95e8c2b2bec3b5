import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import { Refusal } from "../src/net/http.ts";
import { Sender, type Reply } from "../src/net/sender.ts";
import { DEADLINE_MS, type Sending } from "../src/pure/sending.ts";

const RECORDED: Reply = { state: "recorded", alert: "a1", room: "r1", at: "2026-11-26T20:00:00Z" };

interface Story {
  sender: Sender;
  steps: string[];
  recorded: string[];
  /** Answers or refuses the attempt that has waited longest. */
  answer: (reply: Reply | null | Error) => Promise<void>;
  wait: (ms: number) => Promise<void>;
}

function story(t: TestContext): Story {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const steps: string[] = [];
  const recorded: string[] = [];
  const waiting: ((reply: Reply | null | Error) => void)[] = [];
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 5; n++) await Promise.resolve();
  };
  const sender = new Sender({
    show: (sending: Sending) => void (steps.at(-1) === sending.step || steps.push(sending.step)),
    attempt: () =>
      new Promise((resolve, reject) => waiting.push((said) => (said instanceof Error ? reject(said) : resolve(said)))),
    recorded: ({ alert }) => void recorded.push(alert),
  });
  return {
    sender,
    steps,
    recorded,
    answer: async (reply) => {
      waiting.shift()?.(reply);
      await settle();
    },
    wait: async (ms) => {
      mock.timers.tick(ms);
      await settle();
    },
  };
}

test("it is sent once the server has said so, and nobody hears it twice", async (t) => {
  const { sender, steps, recorded, answer, wait } = story(t);
  sender.begin();
  await wait(0);
  await answer(RECORDED);
  await wait(DEADLINE_MS * 3);

  assert.deepEqual(steps, ["sending", "recorded"]);
  assert.deepEqual(recorded, ["a1"]);
});

test("an answer that comes after the page has given it up is told all the same", async (t) => {
  const { sender, steps, recorded, answer, wait } = story(t);
  sender.begin();
  await wait(0);
  await wait(DEADLINE_MS);
  sender.abandon();
  await answer(RECORDED);

  assert.deepEqual(steps, ["sending", "unsent", "recorded"]);
  assert.deepEqual(recorded, ["a1"]);
});

test("an attempt that fails is made again, until the deadline has been said and after it", async (t) => {
  const { sender, steps, answer, wait } = story(t);
  sender.begin();
  await wait(0);
  await answer(new Refusal("unavailable", 0, true));
  await wait(DEADLINE_MS);
  await answer(new Refusal("unavailable", 0, true));
  await wait(60_000);
  await answer(RECORDED);

  assert.deepEqual(steps, ["sending", "unsent", "recorded"]);
});

test("what is forgotten says nothing more, whatever comes", async (t) => {
  const { sender, steps, recorded, answer, wait } = story(t);
  sender.begin();
  await wait(0);
  sender.forget();
  await answer(RECORDED);
  await wait(DEADLINE_MS);

  assert.deepEqual(steps, ["sending"]);
  assert.deepEqual(recorded, []);
});

test("what was settled in another way is not tried again", async (t) => {
  const { sender, steps, answer, wait } = story(t);
  sender.begin();
  await wait(0);
  await answer(null);
  await wait(DEADLINE_MS);

  assert.deepEqual(steps, ["sending"]);
});

test("a refusal for good is said, and is the end", async (t) => {
  const { sender, steps, recorded, answer, wait } = story(t);
  sender.begin();
  await wait(0);
  await answer(new Refusal("malformed", 107, false));
  await wait(DEADLINE_MS);

  assert.deepEqual(steps, ["sending", "refused"]);
  assert.deepEqual(recorded, []);
});
