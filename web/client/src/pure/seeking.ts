// What she tells of the room she needs, question by question; every one may be skipped. Pure.

import type { AskBody, HoldView, Household, NeedState, Reach, Zone } from "../net/rooms.ts";
import type { Place, Spot } from "./places.ts";

export type Question = "who" | "when" | "avoid" | "reach";
export const QUESTIONS: readonly Question[] = ["who", "when", "avoid", "reach"];

export interface Avoided extends Spot {
  radius_m: number;
}

export interface Wish {
  household: Household;
  days_ahead: number;
  nights: number;
  avoid: readonly Avoided[];
  reach: Reach;
}

export const MOST_ADULTS = 8;
export const MOST_CHILDREN = 10;
export const MOST_PETS = 5;
export const MOST_DAYS = 30;
export const MOST_NIGHTS = 90;
export const MOST_AVOIDED = 8;
/** The usual circle: half an hour on foot. */
export const USUAL_RADIUS_M = 2_000;
export const RADII_M: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000, 20_000];
/** The age a child has until somebody says another. */
export const USUAL_AGE = 6;

/** One person, tonight, one night, nowhere to avoid, never reached: nothing need be answered. */
export const usual: Wish = {
  household: { adults: 1, children: [], pets: 0, wheelchair: false },
  days_ahead: 0,
  nights: 1,
  avoid: [],
  reach: { how: "never" },
};

/** Of children, in years. */
export const AGES: readonly number[] = Array.from({ length: 18 }, (_, age) => age);

export function withChildren(household: Household, how_many: number): Household {
  const most = Math.max(0, Math.min(MOST_CHILDREN, how_many));
  const children = Array.from({ length: most }, (_, n) => household.children[n] ?? USUAL_AGE);
  return { ...household, children };
}

export function withAge(household: Household, child: number, age: number): Household {
  return { ...household, children: household.children.map((known, n) => (n === child ? age : known)) };
}

/** Below two a child sleeps in a cot. */
export function cots(household: Household): number {
  return household.children.filter((age) => age < 2).length;
}

/** A way to be reached without a number or a word is no way. */
export function isReachable({ how, detail }: Reach): boolean {
  return how === "never" || (detail ?? "").replace(/\D/g, "").length >= 6;
}

export function askBody(id: string, wish: Wish, place: Place): AskBody {
  const { how, detail = "", when = "" } = wish.reach;
  const reach: Reach =
    how === "never"
      ? { how }
      : { how, detail: detail.trim(), ...(when.trim() === "" ? {} : { when: when.trim() }) };
  const { household, days_ahead, nights } = wish;
  const zones: Zone[] = wish.avoid.map(({ lat, lon, radius_m }) => ({ lat, lon, radius_m }));
  return { id, household, days_ahead, nights, place, zones, reach };
}

export type Stage = "choose" | "waiting" | "expected" | "there" | "over";

/** Where she stands, by the room that is held. */
export function stageOf({ state }: Pick<NeedState, "state">, held: HoldView | null | undefined): Stage {
  if (state === "safe" || state === "declined" || state === "unmet") return "over";
  switch (held?.state) {
    case "held":
      return "waiting";
    case "confirmed":
      return "expected";
    case "arrived":
      return "there";
    case "left":
    case "declined":
    case "expired":
    case "cancelled":
    case "no_show":
    case undefined:
      return "choose";
  }
}

/** What she gives at the desk is on the screen, and must be in her head before the phone forgets it. */
export function isToRemember(stage: Stage): boolean {
  return stage === "waiting" || stage === "expected";
}

/** "123 456": said and read in two halves. */
export function codeWords(code: string): string {
  return code.length === 6 ? `${code.slice(0, 3)} ${code.slice(3)}` : code;
}
