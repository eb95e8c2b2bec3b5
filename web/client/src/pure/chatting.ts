// What she may tell before she writes, question by question, each of which may be passed; and what is said of the
// wait, never better than it is. Pure.

import type { AskChat, Bridge, ChatState, Place } from "../net/chats.ts";
import type { Entry } from "./conversation.ts";

export const LINE = "3919";

export type Seen = "yes" | "no" | "unsure";
export type Danger = "yes" | "no";
export const FACTS = [
  "alone_with_him",
  "children_here",
  "weapon",
  "injured",
  "threatened_death",
  "strangled",
  "suicidal",
] as const;
export type Fact = (typeof FACTS)[number] | "danger_now";

export type Question = "seen" | "danger" | "facts" | "postcode" | "word";
/** What may matter most comes first: whoever stops answering has said it. */
export const FIRST: Question = "seen";
export const QUESTIONS: readonly Question[] = [FIRST, "danger", "facts", "postcode", "word"];

/** The languages in which she may be answered, by their own names. */
export const TONGUES = { fr: "Français", en: "English", ar: "العربية", uk: "Українська", es: "Español" } as const;
export type Tongue = keyof typeof TONGUES;

export interface Wish {
  seen: Seen | null;
  danger: Danger | null;
  facts: readonly Fact[];
  postcode: string;
  word: string;
}

export const unsaid: Wish = { seen: null, danger: null, facts: [], postcode: "", word: "" };

export const LONGEST_WORD = 40;

/** Nothing, or five figures: a half-typed one is neither. */
export function isPostcode(typed: string): boolean {
  return /^(\d{5})?$/.test(typed.replace(/\s/g, ""));
}

export function askBody(id: string, language: string, wish: Wish): AskChat {
  const postcode = wish.postcode.replace(/\s/g, "");
  const word = wish.word.trim();
  return {
    id,
    line: LINE,
    language,
    answers: [...(wish.danger === "yes" ? (["danger_now"] as const) : []), ...wish.facts],
    ...(wish.seen === null ? {} : { seen: wish.seen }),
    ...(postcode.length === 5 ? { postcode } : {}),
    ...(word === "" ? {} : { word }),
  };
}

/** One letter is no word: it is refused before it is sent. */
export function isWord(typed: string): boolean {
  return typed.trim().replace(/\s/g, "").length !== 1;
}

/** Three words, whatever was between them. */
export function threeWords(typed: string): string {
  return typed
    .toLowerCase()
    .split(/[\s,.;-]+/)
    .filter((word) => word !== "")
    .join(" ");
}

export type Stage = "waiting" | "talking" | "over";

export function stageOf(state: ChatState): Stage {
  switch (state) {
    case "waiting":
      return "waiting";
    case "active":
    case "held":
      return "talking";
    case "closed":
      return "over";
  }
}

/** In whole minutes, the shortest rounded down and the longest up; null: nobody knows. */
export function minutes({ low_s, high_s }: Place): { from: number; to: number } | null {
  if (high_s === undefined || high_s === null) return null;
  return { from: Math.floor((low_s ?? 0) / 60), to: Math.max(1, Math.ceil(high_s / 60)) };
}

/** What was proposed to her and not answered yet: the newest. */
export function proposed(entries: readonly Entry[]): Bridge | null {
  const answered = new Set<unknown>();
  for (const one of entries.toReversed()) {
    if (one.type !== "event") continue;
    const { bridge, kind } = one.facts as Partial<Bridge>;
    if (one.what === "bridged") answered.add(bridge);
    if (one.what === "bridge" && bridge !== undefined && kind !== undefined && !answered.has(bridge)) {
      return one.facts as unknown as Bridge;
    }
  }
  return null;
}
