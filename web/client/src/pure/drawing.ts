// A network drawn once, and a window that is moved over it: closer, further, along, or onto an event. Pure.

import type { LineDrawn } from "../net/transit.ts";
import type { LatLon } from "./mercator.ts";

export interface Window {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Beyond it a line is a stroke and nothing beside it. */
const CLOSEST = 1 / 64;

export function whole(width: number, height: number): Window {
  return { x: 0, y: 0, width, height };
}

/** Half or twice as much is seen, around the middle; never more than all of it. */
export function zoomed(at: Window, all: Window, by: number): Window {
  const width = Math.min(all.width, Math.max(all.width * CLOSEST, at.width / by));
  const height = (width * all.height) / all.width;
  return held({ x: at.x + (at.width - width) / 2, y: at.y + (at.height - height) / 2, width, height }, all);
}

/** Along by a part of what is seen. */
export function moved(at: Window, all: Window, right: number, down: number): Window {
  return held({ ...at, x: at.x + right * at.width, y: at.y + down * at.height }, all);
}

/** A point in the middle, close enough to see its line. */
export function onto(all: Window, x: number, y: number): Window {
  const [width, height] = [all.width / 6, all.height / 6];
  return held({ x: x - width / 2, y: y - height / 2, width, height }, all);
}

function held(at: Window, all: Window): Window {
  const between = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
  return {
    ...at,
    x: between(at.x, all.x, all.x + all.width - at.width),
    y: between(at.y, all.y, all.y + all.height - at.height),
  };
}

/** `[lat, lon, lat, lon…]` as points. */
export function pointsOf(flat: readonly number[]): LatLon[] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, n) => [flat[2 * n] ?? 0, flat[2 * n + 1] ?? 0] as const);
}

export function allPoints(lines: readonly LineDrawn[]): LatLon[] {
  return lines.flatMap(({ paths }) => paths.flatMap(pointsOf));
}
