// Where this phone is, asked of the browser only once a page needs it, and never written anywhere.

import { settle, type Place } from "../pure/places.ts";
import { createStore } from "../store.ts";
import { config, loadConfig } from "./config.ts";

export interface Where {
  status: "unasked" | "asking" | "known" | "refused";
  place: Place | null;
  /** The demo's city stands in for the real place. */
  pretended: boolean;
}

const unasked: Where = { status: "unasked", place: null, pretended: false };

export const where = createStore<Where>(unasked);

let watching: number | null = null;

export function watchPlace(): void {
  if (watching !== null) return;
  where.set({ ...unasked, status: "asking" });
  if (!("geolocation" in navigator)) return void found(null);
  // In the demo nobody has to answer the browser's question before trying the page.
  void loadConfig().then(() => {
    if (config.get().demo !== null && where.get().place === null) void found(null);
  });
  watching = navigator.geolocation.watchPosition(
    ({ coords }) =>
      void found({ lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.ceil(coords.accuracy) }),
    (error) => {
      // A fix that is only late may still come; a place already known is kept.
      const refused = error.code === error.PERMISSION_DENIED;
      if (refused || where.get().place === null) void found(null);
    },
    { enableHighAccuracy: true, maximumAge: 10_000, timeout: 8_000 },
  );
}

export function forgetPlace(): void {
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  watching = null;
  where.set(unasked);
}

async function found(place: Place | null): Promise<void> {
  await loadConfig();
  const settled = settle(place, config.get().demo);
  where.set({ status: settled.place === null ? "refused" : "known", ...settled });
}
