// What somebody near an event may do, one role each: what is said for it here and now; and lines put to rest. Pure.

import type { Deed, Role, Taken } from "../net/transit.ts";

export const ROLES: readonly Role[] = ["distract", "sit", "call", "driver", "document"];
export const DEEDS: readonly Deed[] = ["verbal", "physical", "sexual", "followed", "other"];

export type Roles = Readonly<Partial<Record<Role, Taken>>>;

export function isFree(roles: Roles, role: Role): boolean {
  return (roles[role] ?? "free") === "free";
}

/** Where hands are laid on somebody, nobody steps between. */
const KEEP_AWAY: readonly Deed[] = ["physical", "sexual"];

export type Third = "away" | "alone" | "together";

/** Two sentences belong to the role; the third to the situation. */
export function third(kind: Deed, came: number): Third {
  if (came < 2) return "alone";
  return KEEP_AWAY.includes(kind) ? "away" : "together";
}

export type Rest = "tonight" | "week" | "month";
export const RESTS: readonly Rest[] = ["tonight", "week", "month"];
/** A night in transport ends when the first trains run. */
const MORNING = 6;
const DAY_MS = 86_400_000;
/** No line rests for longer: what is forgotten comes back by itself. */
const MOST_DAYS = 30;

/** When a line that is put to rest is told of again, by this phone's own clock. */
export function restUntil(rest: Rest, now: Date): Date {
  if (rest !== "tonight") return new Date(now.getTime() + (rest === "week" ? 7 : MOST_DAYS) * DAY_MS);
  const until = new Date(now);
  until.setHours(MORNING, 0, 0, 0);
  if (until <= now) until.setDate(until.getDate() + 1);
  return until;
}

export interface Resting {
  line: string;
  name: string;
  until: string;
}

/** What rests still: the rest has resumed by itself. */
export function resting(muted: readonly Resting[], now: number): Resting[] {
  return muted.filter(({ until }) => Date.parse(until) > now).sort((a, b) => a.until.localeCompare(b.until));
}
