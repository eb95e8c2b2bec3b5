// The worker itself, among a browser that is played: what it shows, and that it stays silent when it must.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

const CLIENT = join(import.meta.dirname, "..");
const FRENCH = JSON.parse(readFileSync(join(CLIENT, "src/locales/fr.json"), "utf8")) as Record<string, string>;

interface Shown {
  body: string;
  silent?: boolean;
  vibrate?: readonly number[];
  renotify?: boolean;
}

interface Woken {
  shown: Shown[];
  asked: string[];
}

/** A push comes; `me` is what the server says of her, null when it cannot be asked. */
async function woken(me: object | null, test = false): Promise<Woken> {
  const found: Woken = { shown: [], asked: [] };
  let on: (event: object) => void = () => undefined;
  const answers: Record<string, object> = { "/api/push/received": { test } };
  const context = createContext({
    navigator: { language: "fr-FR" },
    AbortSignal,
    TextEncoder,
    crypto,
    setTimeout: (work: () => void) => setTimeout(work, 0),
    fetch: async (path: string, request: { body: string }) => {
      found.asked.push(`${path} ${request.body}`);
      if (me === null) return { ok: false, status: 401 };
      return { ok: true, status: 200, json: async () => (path === "/api/me/state" ? me : (answers[path] ?? {})) };
    },
    self: {
      registration: {
        showNotification: async (title: string, options: Shown) => {
          assert.equal(title, "Entraide");
          // As browsers do: https://notifications.spec.whatwg.org/#create-a-notification
          assert.ok(!(options.silent && options.vibrate), "silent and vibrate at once are refused");
          found.shown.push(options);
        },
        getNotifications: async () => [],
        pushManager: { getSubscription: async () => null },
      },
      addEventListener: (kind: string, work: typeof on) => {
        if (kind === "push") on = work;
      },
    },
  });
  const source = readFileSync(join(CLIENT, "src/worker/main.ts"), "utf8").replace(/^import (\w+) from .*$/gm, "");
  runInContext(`const french = ${JSON.stringify(FRENCH)}, english = french;${stripTypeScriptTypes(source)}`, context);
  await new Promise<void>((resolve, reject) =>
    on({ waitUntil: (work: Promise<void>) => void work.then(resolve, reject) }),
  );
  return found;
}

const OFFER = { offer: "o1", state: "offered" };
const CALL = { alert: "a1", state: "asked" };

function isLoud({ silent, vibrate, renotify }: Shown): boolean {
  return !silent || vibrate !== undefined || renotify === true;
}

test("somebody who asks for help rings", async () => {
  const { shown } = await woken({ offers: [OFFER], witness: { reports: [], calls: [] } });

  assert.equal(shown.length, 1);
  assert.ok(shown.every(isLoud));
});

test("what happens on her trip is shown without a sound, and said to have been received", async () => {
  const { shown, asked } = await woken({ offers: [], witness: { reports: [], calls: [CALL] } });

  assert.deepEqual(shown.map(({ body }) => body), [FRENCH["ring.trip"]]);
  assert.ok(!shown.some(isLoud));
  assert.ok(asked.includes('/api/witness/received {"alert":"a1"}'));
});

test("nothing sounds on a trip, whatever else is open", async () => {
  const { shown } = await woken({ offers: [OFFER], witness: { reports: [], calls: [CALL] } });

  assert.deepEqual(shown.map(({ body }) => body), [FRENCH["ring.offer"]]);
  assert.ok(!shown.some(isLoud));
});

for (const [what, me] of [
  ["what she has answered already", { offers: [], witness: { reports: [], calls: [{ ...CALL, state: "came" }] } }],
  ["what is over", { offers: [], witness: null }],
  ["what cannot be asked", null],
] as const) {
  test(`${what} makes no sound`, async () => {
    const { shown } = await woken(me);

    assert.equal(shown.length, 1);
    assert.ok(!shown.some(isLoud));
  });
}

test("no sentence of the worker says anything of transport", () => {
  for (const [key, text] of Object.entries(FRENCH)) {
    if (key.startsWith("ring.")) assert.doesNotMatch(text, /transport|trajet|tram|ligne|m[ée]tro|agress/i);
  }
});

test("a test of her phone is felt", async () => {
  const { shown } = await woken({ offers: [] }, true);

  assert.ok(shown.every(isLoud));
});
