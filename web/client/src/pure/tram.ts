// The demo's tram, for a phone that is nowhere near it: where it is, and where it was a moment ago.

import { rounded, type DemoTram, type Spot } from "./places.ts";

export const TRAIL_S = 90;
export const EVERY_S = 6;

/** `since`: seconds from the moment when the configuration was read; before it when negative. */
export function onTram(tram: DemoTram, since: number): Spot {
  const whole = tram.round.at(-1)?.[0] ?? 1;
  const now = (((tram.age_s + since) % whole) + whole) % whole;
  const next = tram.round.findIndex(([at]) => at > now);
  const [from, lat, lon] = tram.round[next - 1] ?? [0, 0, 0];
  const [until, toLat, toLon] = tram.round[next] ?? [1, 0, 0];
  const part = (now - from) / (until - from);
  return { lat: lat + (toLat - lat) * part, lon: lon + (toLon - lon) * part };
}

/** What a phone that has been on board for a while would have kept: the oldest first, rounded. */
export function tramTrail(tram: DemoTram, since: number): (Spot & { ago_s: number })[] {
  const ago = Array.from({ length: TRAIL_S / EVERY_S + 1 }, (_, n) => TRAIL_S - n * EVERY_S);
  return ago.map((ago_s) => ({ ...rounded(onTram(tram, since - ago_s)), ago_s }));
}
