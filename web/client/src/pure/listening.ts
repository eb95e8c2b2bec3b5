// What an operator's desk decides by itself: her one next step, what is inserted by a slash, which key does what.

import type { CannedReply, Colleague, Mine, Waiting, Way } from "../net/listen.ts";
import { HER, type Entry } from "./conversation.ts";
import { plain } from "./letters.ts";

export type Step = "off" | "closed" | "offer" | "wrap" | "answer" | "next" | "full" | "talking" | "quiet";

export interface Situation {
  open: boolean;
  on: boolean;
  offers: number;
  waiting: number;
  mine: readonly Pick<Mine, "state">[];
  capacity: number;
  /** Chats where the last words are hers. */
  unanswered: number;
}

/** One obvious next thing: what cannot wait comes first. */
export function nextStep(now: Situation): Step {
  if (now.offers > 0) return "offer";
  if (now.unanswered > 0) return "answer";
  if (now.mine.some(({ state }) => state === "wrap_up")) return "wrap";
  if (!now.on) return "off";
  if (!now.open && now.waiting === 0) return "closed";
  const busy = now.mine.filter(({ state }) => state === "active" || state === "held").length;
  if (now.waiting === 0) return busy > 0 ? "talking" : "quiet";
  return busy >= now.capacity ? "full" : "next";
}

export interface Proposed {
  chat: string;
  until: number;
  /** A colleague hands it on, in this way. */
  way: Way | null;
}

const HANDED: readonly string[] = ["warm", "cold", "consult"];

/** What is proposed to her: from the queue, or by a colleague who is in the room already. */
export function proposals(mine: readonly Mine[]): Proposed[] {
  return mine.flatMap(({ chat, role = "operator", expires_at, transfer }): Proposed[] => {
    if (!expires_at) return [];
    const until = Date.parse(expires_at);
    if (role === "offer") return [{ chat, until, way: null }];
    return HANDED.includes(role) && transfer?.joined === false ? [{ chat, until, way: transfer.way }] : [];
  });
}

/** The conversations that she is in. */
export function entered(mine: readonly Mine[]): Mine[] {
  return mine.filter(({ role = "operator", seat, state }) => role !== "offer" && state !== "closed" && (role === "operator" || Boolean(seat)));
}

export interface Wait {
  key: "listen.wait.now" | "listen.wait.minutes" | "listen.wait.hours";
  n: number;
  rest: string;
}

/** Whole minutes: seconds that run make nobody faster. */
export function wait(since: string, now: number): Wait {
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  if (minutes === 0) return { key: "listen.wait.now", n: 0, rest: "" };
  if (minutes < 60) return { key: "listen.wait.minutes", n: minutes, rest: "" };
  return { key: "listen.wait.hours", n: Math.floor(minutes / 60), rest: String(minutes % 60).padStart(2, "0") };
}

export function longest(queue: readonly Pick<Waiting, "since">[]): string | null {
  return queue.reduce<string | null>((oldest, { since }) => (oldest === null || since < oldest ? since : oldest), null);
}

/** What is looked for after a slash at the very beginning; null when the text is meant to be said. */
export function slash(text: string): string | null {
  const found = /^\/([^\n]*)$/.exec(text);
  return found ? (found[1] ?? "").trim() : null;
}

/** One reply a name, in her language or in the first there is; those that hold these words, the most used first. */
export function choices(replies: readonly CannedReply[], words: string, language: string): CannedReply[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  const uses = (one: CannedReply): number =>
    replies.reduce((sum, other) => (other.name === one.name ? sum + other.uses : sum), 0);
  return [...new Set(replies.map(({ name }) => name))]
    .flatMap((name) => {
      const same = replies.filter((one) => one.name === name);
      const found = [language, "fr"].flatMap((tongue) => same.filter((one) => one.language === tongue))[0] ?? same[0];
      // Whoever looks for it thinks in French, whatever language it is said in.
      const where = plain(same.map((one) => `${one.name} ${one.title}`).join(" ") + (found?.text ?? ""));
      return found !== undefined && wanted.every((word) => where.includes(word)) ? [found] : [];
    })
    .sort((a, b) => uses(b) - uses(a));
}

/** What it is called in the operator's own language, whatever language it is said in. */
export function titleOf(replies: readonly CannedReply[], { name, title }: CannedReply, language: string): string {
  return replies.find((one) => one.name === name && one.language === language)?.title ?? title;
}

export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Where the next thing lies that she must still write herself: `{heure}`; null when all is written. */
export function blank(text: string, from = 0): { start: number; end: number; name: string } | null {
  const all = [...text.matchAll(/\{(\w+)\}/g)];
  const found = all.find(({ index }) => index >= from) ?? all[0];
  if (found === undefined) return null;
  return { start: found.index, end: found.index + found[0].length, name: found[1] ?? "" };
}

/** Since when she has been waiting for words of ours; null when the last words are ours. */
export function unanswered(entries: readonly Entry[], her: string = HER): string | null {
  const said = entries.filter((one) => one.type === "say");
  const ours = said.findLastIndex((one) => one.seat !== her);
  return said[ours + 1]?.at ?? null;
}

export type Refused = "listen.to.off" | "listen.to.full" | null;

/** Why nobody can be passed on to her now. */
export function refusal({ on, load, capacity }: Pick<Colleague, "on" | "load" | "capacity">): Refused {
  if (!on) return "listen.to.off";
  return load >= capacity ? "listen.to.full" : null;
}

export const KEYS = ["a", "p", "s", "1", "2", "r", "n", "h", "t", "o", "b", "f", "/", "?"] as const;
export type ShortKey = (typeof KEYS)[number];

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** A letter alone does something only while nobody is writing. */
export function shortcut({ key, ctrlKey, metaKey, altKey }: Pressed, writing: boolean): ShortKey | null {
  if (writing || ctrlKey || metaKey || altKey) return null;
  const found = key.toLowerCase();
  return (KEYS as readonly string[]).includes(found) ? (found as ShortKey) : null;
}
