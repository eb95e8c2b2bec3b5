// What somebody near an event may do, one role each: what is said for it here and now; and lines put to rest. Pure.

import type { Advice, Deed, Ending, Role, Taken, WitnessOffer, WitnessState } from "../net/transit.ts";

export const ROLES: readonly Role[] = ["distract", "sit", "call", "driver", "document"];
export const DEEDS: readonly Deed[] = ["verbal", "physical", "sexual", "followed", "other"];

export type Roles = Readonly<Partial<Record<Role, Taken>>>;

export function isFree(roles: Roles, role: Role): boolean {
  return (roles[role] ?? "free") === "free";
}

/** A card is three short sentences: each is read by itself. */
export function sentencesOf(card: string): string[] {
  return card.split(/(?<=[.!?])\s+/);
}

export interface Choice {
  role: Role;
  state: "free" | "taken" | "mine" | "not_alone";
  /** What its card says, as a key. */
  words: string | null;
}

/** Every part, in the order that is advised; what is not advised now comes last, and is not done alone. */
export function choices(card: readonly Advice[], roles: Roles, mine: Role | null): Choice[] {
  const advised = card.map(({ role }) => role);
  return [...advised, ...ROLES.filter((role) => !advised.includes(role))].map((role) => {
    const words = card.find((one) => one.role === role)?.words ?? null;
    if (role === mine) return { role, state: "mine", words };
    if (!isFree(roles, role)) return { role, state: "taken", words };
    return { role, state: words === null && card.length > 0 ? "not_alone" : "free", words };
  });
}

export interface Known extends WitnessOffer {
  /** What everybody who came sees; null until it is asked for. */
  event: WitnessState | null;
  over: Ending | null;
}

/** The snapshot: what it does not hold is over, unless this page still says how it ended. */
export function withCalls(known: readonly Known[], calls: readonly WitnessOffer[]): Known[] {
  const ended = known.filter(({ alert, over }) => over !== null && !calls.some((one) => one.alert === alert));
  return [...calls.filter(isFor).map((call) => ({ ...fresh(known, call), over: null })), ...ended];
}

/** One event may be told again: nearer, or with other parts free. */
export function withCall(known: readonly Known[], call: WitnessOffer): Known[] {
  const one = { ...fresh(known, call), over: null };
  const others = known.filter(({ alert }) => alert !== call.alert);
  return isFor(call) ? [...others, one] : others;
}

export function withEnd(known: readonly Known[], alert: string, outcome: Ending): Known[] {
  return known.map((one) => (one.alert === alert ? { ...one, over: outcome } : one));
}

export function withEvent(known: readonly Known[], event: WitnessState): Known[] {
  return known.map((one) => {
    if (one.alert !== event.alert) return one;
    const mine = event.roles.find((part) => part.mine)?.role ?? null;
    const over = event.state === "open" ? null : (event.outcome ?? (event.state === "closed" ? "gone" : event.state));
    return { ...one, event, role: mine, over };
  });
}

export function isMine({ role }: Pick<Known, "role">): boolean {
  return Boolean(role);
}

/** Who does what: as everybody there sees it, else as it was when one was told. */
export function rolesOf({ event, roles_free, role }: Known): Roles {
  if (event === null) {
    return Object.fromEntries(ROLES.map((one) => [one, one === role || !roles_free.includes(one) ? "taken" : "free"]));
  }
  return Object.fromEntries(event.roles.map((one) => [one.role, one.done ? "done" : one.taken ? "taken" : "free"]));
}

function isFor({ state }: WitnessOffer): boolean {
  return state === "asked" || state === "came";
}

function fresh(known: readonly Known[], call: WitnessOffer): WitnessOffer & { event: WitnessState | null } {
  return { ...call, event: known.find(({ alert }) => alert === call.alert)?.event ?? null };
}

export type Rest = "tonight" | "week" | "month";
export const RESTS: readonly Rest[] = ["tonight", "week", "month"];
/** A night in transport ends when the first trains run. */
const MORNING = 6;
const DAY_MS = 86_400_000;
/** No line rests for longer than thirty days: what is forgotten comes back by itself. An hour less, for phones whose
 * clock is ahead of the server's. */
const MOST_MS = 30 * DAY_MS - 3_600_000;

/** When a line that is put to rest is told of again, by this phone's own clock. */
export function restUntil(rest: Rest, now: Date): Date {
  if (rest !== "tonight") return new Date(now.getTime() + (rest === "week" ? 7 * DAY_MS : MOST_MS));
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
