// "Vite, je quitte": cover the page, drop the session, wipe what is in memory, go somewhere neutral.
//
// `location.replace` takes our place in the history: Back leads to the page before ours. The history of the
// browser itself cannot be erased by a page, and the page says so.

import { config } from "../net/config.ts";
import { createStore } from "../store.ts";

/** The cover stays until the other page is there, even on a slow line. */
export const covered = createStore(false);

const wipes = new Set<() => void>();

/** What must be forgotten at exit; runs before the departure and never waits. */
export function atExit(wipe: () => void): () => void {
  wipes.add(wipe);
  return () => wipes.delete(wipe);
}

export function leave(): void {
  covered.set(true);
  document.documentElement.classList.add("covered");
  document.title = " ";
  for (const wipe of wipes) {
    try {
      wipe();
    } catch {
      // Nothing may hold her back.
    }
  }
  location.replace(config.get().exit_url);
}

/** A page that the browser kept alive and shows again must show nothing of before. */
export function guardReturn(): void {
  addEventListener("pageshow", (event) => {
    if (event.persisted && covered.get()) location.reload();
  });
}
