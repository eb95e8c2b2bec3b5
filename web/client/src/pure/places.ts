// Points on the ground: rounding before anything leaves the phone, distances, directions, the demo's city.

export interface Spot {
  lat: number;
  lon: number;
}

export interface Place extends Spot {
  accuracy_m: number;
}

export interface DemoCity extends Spot {
  name: string;
  radius_m: number;
  tram?: DemoTram | null;
}

/** The vehicle on which a visitor's phone is put: see tram.ts. */
export interface DemoTram {
  line: string;
  /** How far it was in its round when the configuration was read. */
  age_s: number;
  /** One round: seconds from its start, latitude, longitude; straight on at one speed in between. */
  round: [number, number, number][];
}

export const EARTH_M = 6_371_000;
export const RADIANS = Math.PI / 180;
export const MOVED_M = 50;
export const DEMO_ACCURACY_M = 50;

/** About 100 metres: what a helper's phone sends of itself. */
export function rounded(spot: Spot): Spot {
  return { lat: Math.round(spot.lat * 1_000) / 1_000, lon: Math.round(spot.lon * 1_000) / 1_000 };
}

/** For words on the screen only ("à 340 m"): nothing is decided with it. */
export function metres(a: Spot, b: Spot): number {
  const dLat = (b.lat - a.lat) * RADIANS;
  const dLon = (b.lon - a.lon) * RADIANS;
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

export type Compass = "n" | "ne" | "e" | "se" | "s" | "sw" | "w" | "nw";
const COMPASS: Compass[] = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];

export function towards(from: Spot, to: Spot): Compass {
  const east = (to.lon - from.lon) * Math.cos(from.lat * RADIANS);
  const turns = Math.atan2(east, to.lat - from.lat) / (Math.PI / 4);
  return COMPASS[(Math.round(turns) + 8) % 8] ?? "n";
}

export function middle(area: readonly Spot[]): Spot {
  const sum = area.reduce((a, b) => ({ lat: a.lat + b.lat, lon: a.lon + b.lon }), { lat: 0, lon: 0 });
  return { lat: sum.lat / area.length, lon: sum.lon / area.length };
}

export interface Reach {
  /** She is no further than this. */
  atMost: number;
  /** Null inside the area, or close to it: any direction would be a guess. */
  direction: Compass | null;
}

/** What an area says to somebody who stands somewhere: a bound, never a distance to its middle. */
export function reach(from: Spot, area: readonly Spot[]): Reach {
  const there = middle(area);
  const radius = Math.max(0, ...area.map((corner) => metres(there, corner)));
  const distance = metres(from, there);
  return { atMost: distance + radius, direction: distance > radius ? towards(from, there) : null };
}

/** Whether a helper's phone should say again where it is. */
export function hasMoved(last: Spot | null, now: Spot): boolean {
  return last === null || metres(last, now) > MOVED_M;
}

export interface Settled {
  place: Place | null;
  /** The demo's city stands in for the real place; the page says so. */
  pretended: boolean;
}

/** In the demo, a phone that is elsewhere or says nothing is put in the middle of the demo's city. */
export function settle(found: Place | null, demo: DemoCity | null): Settled {
  if (demo === null) return { place: found, pretended: false };
  if (found !== null && metres(found, demo) <= demo.radius_m) return { place: found, pretended: false };
  return { place: { lat: demo.lat, lon: demo.lon, accuracy_m: DEMO_ACCURACY_M }, pretended: true };
}

/** "340 m", "1,2 km": rounded so that no false certainty is shown. */
export function spoken(distance: number, language: string): string {
  if (distance < 1_000) return `${Math.max(10, Math.round(distance / 10) * 10)} m`;
  const km = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(distance / 1_000);
  return `${km} km`;
}
