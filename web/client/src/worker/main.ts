// The service worker of the helper's page: wakes when a push comes, and asks the server what for.
//
// It keeps nothing and answers no request of any page. A push says nothing; the notification says no more than
// that somebody needs help, and only while the offer is open. The cookie of the helper's page speaks for it.
//
// What happens on her own trip makes no sound and does not vibrate: whoever did it may be beside her. As a push says
// nothing, whatever may have been about it is silent too: what is over already, and what could not be asked.

import english from "../locales/en.json?worker";
import french from "../locales/fr.json?worker";

// The compiler knows pages only; this is what a worker has and a page has not.
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Pressed extends Lasting {
  readonly notification: Notification;
}
interface Page {
  readonly url: string;
  focus(): Promise<unknown>;
}
interface Events {
  install: Lasting;
  push: Lasting;
  pushsubscriptionchange: Lasting;
  notificationclick: Pressed;
}
interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(which: { type: "window"; includeUncontrolled: boolean }): Promise<readonly Page[]>;
    openWindow(path: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof Events>(kind: K, on: (event: Events[K]) => void): void;
}

interface Told {
  offers: readonly { offer: string; state: string }[];
  witness?: { calls: readonly { alert: string; state: string }[] } | null;
}

type Manner = "rings" | "hums" | "silent";

const PAGE = "/aider";
const OPEN: readonly string[] = ["offered", "received", "seen"];
/** Browsers show a notice of their own when a push shows nothing for long. */
const WAIT_MS = 6_000;
const TRIES = 3;
const PAUSE_MS = 1_500;
const LONG = [400, 200, 400, 200, 400];
const SHORT = [200];

const me = self as unknown as Worker;

me.addEventListener("install", (event) => event.waitUntil(me.skipWaiting()));
me.addEventListener("push", (event) => event.waitUntil(woken()));
me.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renewed()));
me.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(opened());
});

async function woken(): Promise<void> {
  try {
    const { offers, witness } = await ask<Told>("/api/me/state", {});
    const open = offers.filter((one) => OPEN.includes(one.state));
    const calls = (witness?.calls ?? []).filter((one) => one.state === "asked");
    // Two at once: she is on her way somewhere, and whoever is beside her would hear it.
    if (open.length > 0) await show("ring.offer", calls.length > 0 ? "silent" : "rings");
    else if (calls.length > 0) await show("ring.trip", "silent");
    // The phone has it, and somebody may have seen it: that is all that "received" says.
    await Promise.allSettled([
      ...open.map(({ offer }) => ask("/api/offer/received", { offer })),
      ...calls.map(({ alert }) => ask("/api/witness/received", { alert })),
    ]);
    const { test } = await ask<{ test: boolean }>("/api/push/received", await named());
    if (open.length > 0 || calls.length > 0) return;
    await (test ? show("ring.test", "hums") : show("ring.nothing", "silent"));
  } catch {
    // Signed out, or no network: the page can say more than we can.
    if ((await me.registration.getNotifications()).length === 0) await show("ring.unknown", "silent");
  }
}

/** Browsers demand a notification for each push; a newer one takes the place of the one before it. */
function show(key: string, manner: Manner): Promise<void> {
  const words = navigator.language.startsWith("en") ? english : french;
  const options = {
    body: words[key] ?? "",
    lang: words === english ? "en" : "fr",
    icon: "/icon.svg",
    tag: "entraide",
    requireInteraction: key === "ring.offer" || key === "ring.trip",
    // Asked for both at once, a browser refuses to show anything.
    ...(manner === "silent" ? { silent: true } : { renotify: true, vibrate: manner === "rings" ? LONG : SHORT }),
  };
  return me.registration.showNotification("Entraide", options);
}

async function opened(): Promise<void> {
  const pages = await me.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find(({ url }) => new URL(url).pathname === PAGE);
  await (open ? open.focus() : me.clients.openWindow(PAGE));
}

/** The browser has changed its address by itself: the server is told the new one. */
async function renewed(): Promise<void> {
  const { key } = await ask<{ key: string | null }>("/api/push/key", {});
  if (key === null) return;
  const subscription = await me.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  await ask("/api/push/subscribe", { endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"] });
}

/** This device by its digest, which is how the server knows it. */
async function named(): Promise<{ device?: string }> {
  const subscription = await me.registration.pushManager.getSubscription();
  if (subscription === null) return {};
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { device: hex.slice(0, 32) };
}

async function ask<T>(path: string, body: unknown): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(WAIT_MS),
      });
      if (response.ok) return (await response.json()) as T;
      if (response.status < 500 || tried === TRIES) throw new Refused(path);
    } catch (error) {
      if (error instanceof Refused || tried === TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

class Refused extends Error {}
