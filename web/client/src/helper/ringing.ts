// This phone, while the page is closed: subscribed to pushes or not, and whether a test came through.
//
// Permission is asked for on a gesture only. A page that finds itself subscribed says so to the server at each
// opening: a device that was not seen for long is not woken any more.

import type { Line } from "../net/link.ts";
import type { PushKey } from "../net/wire.ts";
import { createStore } from "../store.ts";

export interface Ring {
  /** `absent`: the server wakes nobody; `unable`: this browser cannot be woken. */
  step: "finding" | "absent" | "unable" | "blocked" | "off" | "on";
  testedAt: string | null;
  receivedAt: string | null;
  /** A test is on its way; or it has not come for a while. */
  test: "none" | "waiting" | "lost";
  /** Her name for the text-message gateway. */
  reference: string | null;
}

const WORKER = "/sw.js";
const SCOPE = "/aider";
const LOOK_MS = 1_500;
const LOST_MS = 25_000;

interface TypedAddresses {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): string };
}
/** The one address that this page may run a worker from; the security policy knows this name. */
const addresses = (window as unknown as { trustedTypes?: TypedAddresses }).trustedTypes?.createPolicy("worker", {
  createScriptURL: (url) => {
    if (url !== WORKER) throw new TypeError("not our worker");
    return url;
  },
});

export class Ringing {
  readonly state = createStore<Ring>({ step: "finding", testedAt: null, receivedAt: null, test: "none", reference: null });
  readonly #line: Line;
  #key = "";
  #looking: ReturnType<typeof setInterval> | undefined;

  constructor(line: Line) {
    this.#line = line;
  }

  /** How things stand; a subscription of before is told again. */
  async begin(): Promise<void> {
    const subscription = await current();
    const found = await this.#asked(subscription);
    if (found.key === null) return this.#show({ step: "absent" });
    this.#key = found.key;
    if (!able()) return this.#show({ step: "unable" });
    if (Notification.permission === "denied") return this.#show({ step: "blocked" });
    if (subscription === null || Notification.permission !== "granted") return this.#show({ step: "off" });
    await this.#subscribe();
    void tidy();
  }

  /** To be called from a press: browsers ask nobody otherwise. */
  async enable(): Promise<void> {
    const answer = await Notification.requestPermission();
    if (answer !== "granted") return this.#show({ step: answer === "denied" ? "blocked" : "off" });
    await this.#subscribe();
    // The phone must be able to ask what for, next week too.
    await this.#line.session.keep(true);
  }

  async disable(): Promise<void> {
    const subscription = await current();
    if (subscription !== null) {
      await this.#line.command("push.unsubscribe", { device: await nameOf(subscription) });
      await subscription.unsubscribe();
    }
    await (await registration())?.unregister();
    this.#show({ step: "off", testedAt: null, receivedAt: null, test: "none" });
  }

  async test(): Promise<void> {
    const subscription = await current();
    if (subscription === null) return this.#show({ step: "off" });
    const { tested_at } = await this.#line.command<{ tested_at: string }>("push.test", { device: await nameOf(subscription) });
    this.#show({ test: "waiting", testedAt: tested_at });
    const began = Date.now();
    clearInterval(this.#looking);
    this.#looking = setInterval(() => void this.#look(subscription, began).catch(() => undefined), LOOK_MS);
  }

  async #look(subscription: PushSubscription, began: number): Promise<void> {
    const { receivedAt, testedAt } = this.#stands(await this.#asked(subscription));
    const arrived = receivedAt !== null && testedAt !== null && receivedAt >= testedAt;
    if (!arrived && Date.now() - began < LOST_MS) return;
    clearInterval(this.#looking);
    this.#show({ test: arrived ? "none" : "lost" });
  }

  async #subscribe(): Promise<void> {
    const worker = await navigator.serviceWorker.register(addresses?.createScriptURL(WORKER) ?? WORKER, { scope: SCOPE });
    const known = await current();
    // Subscribed under another name of this server: that name can wake nobody any more.
    if (known !== null && !isFor(known, this.#key)) await known.unsubscribe();
    await ready(worker);
    const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.#key });
    const { endpoint, keys } = subscription.toJSON();
    await this.#line.command("push.subscribe", { endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"] });
    this.#stands(await this.#asked(subscription));
    this.#show({ step: "on" });
  }

  async #asked(subscription: PushSubscription | null): Promise<PushKey> {
    return this.#line.command<PushKey>("push.key", subscription ? { device: await nameOf(subscription) } : {});
  }

  #stands(found: PushKey): Ring {
    this.#show({
      testedAt: found.tested_at ?? null,
      receivedAt: found.received_at ?? null,
      reference: found.reference ?? null,
    });
    return this.state.get();
  }

  #show(change: Partial<Ring>): void {
    this.state.update((ring) => ({ ...ring, ...change }));
  }
}

function able(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return able() ? navigator.serviceWorker.getRegistration(SCOPE) : undefined;
}

async function current(): Promise<PushSubscription | null> {
  return (await (await registration())?.pushManager.getSubscription()) ?? null;
}

/** Only a worker that runs can be subscribed. */
async function ready(worker: ServiceWorkerRegistration): Promise<void> {
  const coming = worker.installing ?? worker.waiting;
  if (worker.active !== null || coming === null) return;
  await new Promise<void>((resolve) => coming.addEventListener("statechange", () => worker.active && resolve()));
}

/** Somebody who looks at the page needs no notification any more. */
async function tidy(): Promise<void> {
  for (const one of (await (await registration())?.getNotifications()) ?? []) one.close();
}

function isFor(subscription: PushSubscription, key: string): boolean {
  const used = subscription.options.applicationServerKey;
  if (used === null) return true;
  const text = btoa(String.fromCharCode(...new Uint8Array(used)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") === key;
}

async function nameOf(subscription: PushSubscription): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
}
