// The tablet at three in the morning: dark by itself, awake, and silent unless somebody asked for a sound.

import { isDark } from "../pure/night.ts";
import { chime } from "../parts/chime.ts";
import { createStore } from "../store.ts";

export interface Manner {
  /** Null: by the hour. */
  dark: boolean | null;
  sound: boolean;
}

const KEPT = "entraide.desk.manner";
const MINUTE_MS = 60_000;

export const manner = createStore<Manner>({ dark: null, sound: false });

export function isDarkNow(): boolean {
  return manner.get().dark ?? isDark(Date.now());
}

export function change(more: Partial<Manner>): void {
  manner.update((known) => ({ ...known, ...more }));
  try {
    localStorage.setItem(KEPT, JSON.stringify(manner.get()));
  } catch {
    // It lasts as long as the page.
  }
  draw();
}

export function settleIn(): void {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Manner>;
    manner.set({
      dark: typeof found.dark === "boolean" ? found.dark : null,
      sound: found.sound === true,
    });
  } catch {
    // As a new tablet.
  }
  draw();
  setInterval(draw, MINUTE_MS);
  void stayAwake();
  document.addEventListener("visibilitychange", () => void stayAwake());
}

function draw(): void {
  document.documentElement.dataset["look"] = isDarkNow() ? "dark" : "light";
}

/** The screen stays on while the page is shown; a browser that cannot simply sleeps. */
async function stayAwake(): Promise<void> {
  if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // On battery, or not allowed.
  }
}

/** For a new question only. */
export function ring(): void {
  if (manner.get().sound) chime();
}
