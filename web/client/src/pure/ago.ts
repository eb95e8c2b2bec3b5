// Ages and times left as people say them: a key of the catalogue and a number.

import type { Freshness } from "../net/rooms.ts";

export interface Spoken<K extends string> {
  key: K;
  n: number;
  /** For "1 h 05". */
  rest: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FRESH_MS = 2 * HOUR_MS;
const AGING_MS = 8 * HOUR_MS;

export type Said = "said.never" | "said.now" | "said.minutes" | "said.hours" | "said.days";

export function said(at: number | null, now: number): Spoken<Said> {
  if (at === null) return { key: "said.never", n: 0, rest: "" };
  const minutes = Math.max(0, Math.floor((now - at) / MINUTE_MS));
  if (minutes === 0) return { key: "said.now", n: 0, rest: "" };
  if (minutes < 60) return { key: "said.minutes", n: minutes, rest: "" };
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? { key: "said.hours", n: hours, rest: "" }
    : { key: "said.days", n: Math.floor(hours / 24), rest: "" };
}

export function freshness(at: number | null, now: number): Freshness {
  if (at === null || now - at >= AGING_MS) return "stale";
  return now - at < FRESH_MS ? "fresh" : "aging";
}

export type Left = "left.over" | "left.soon" | "left.minutes" | "left.hours";

export function left(until: number, now: number): Spoken<Left> {
  if (until <= now) return { key: "left.over", n: 0, rest: "" };
  const minutes = Math.floor((until - now) / MINUTE_MS);
  if (minutes === 0) return { key: "left.soon", n: 0, rest: "" };
  if (minutes < 60) return { key: "left.minutes", n: minutes, rest: "" };
  return { key: "left.hours", n: Math.floor(minutes / 60), rest: String(minutes % 60).padStart(2, "0") };
}
