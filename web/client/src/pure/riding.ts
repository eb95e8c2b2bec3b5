// What a phone knows of the vehicle it is in, and how sure that is; what is said of it and to whom to call. Pure.

import type { As, Candidate, Course, Deed, Fix, LineOf, Located, Named, Poster, Report } from "../net/transit.ts";
import { rounded, type Spot } from "./places.ts";

/** The server looks at the last minute and a half. */
const TRAIL_MS = 90_000;
const MOST_FIXES = 30;
const APART_MS = 2_500;

export interface Seen extends Spot {
  at: number;
}

/** The last positions, each rounded to about 100 metres before it is kept at all. */
export function withFix(trail: readonly Seen[], spot: Spot, now: number): readonly Seen[] {
  const recent = trail.filter(({ at }) => now - at <= TRAIL_MS);
  const last = recent.at(-1);
  if (last !== undefined && now - last.at < APART_MS) return recent;
  return [...recent, { ...rounded(spot), at: now }].slice(-MOST_FIXES);
}

export function trailOf(trail: readonly Seen[], now: number): Fix[] {
  return trail
    .filter(({ at }) => now - at <= TRAIL_MS)
    .map(({ lat, lon, at }) => ({ lat, lon, ago_s: Math.max(0, Math.round((now - at) / 1_000)) }));
}

/** Where she is, as far as she or the poster or her phone says. */
export interface Here {
  how: "poster" | "hand" | "found";
  line: string | null;
  name: string;
  mode: string;
  colour: string;
  direction: 0 | 1 | null;
  headsign: string;
  stop: Named | null;
  next: readonly Named[];
}

export function hereOf(one: Candidate, how: Here["how"] = "found"): Here {
  const { line, name, mode, colour, direction, headsign, stop, next } = one;
  return { how, line, name, mode, colour, direction, headsign, stop, next };
}

const NOWHERE: Here = { how: "hand", line: null, name: "", mode: "", colour: "", direction: null, headsign: "", stop: null, next: [] };

/** A line of a list, with the direction she chose. */
export function byHand(one: LineOf, course: Course | null): Here {
  const { line, name, mode, colour } = one;
  return { ...NOWHERE, line, name, mode, colour, direction: course?.direction ?? null, headsign: course?.headsign ?? "" };
}

/** What a poster says; null when it hangs in a place that no line serves. */
export function posterOf(poster: Poster): Here | null {
  const { line = null, line_name, direction = null, stop, stop_name } = poster;
  if (line === null && !stop) return null;
  const { mode, colour, headsign } = poster;
  return {
    ...NOWHERE,
    how: "poster",
    line,
    name: line_name ?? "",
    mode: mode ?? "",
    colour: colour ?? "",
    direction,
    headsign: headsign ?? "",
    stop: stop ? { id: stop, name: stop_name ?? "" } : null,
  };
}

export type Certainty =
  | { how: "looking" }
  | { how: "think"; one: Candidate }
  | { how: "choose"; among: readonly Candidate[] }
  | { how: "stop"; stop: Named }
  | { how: "unknown" };

/** From here on it is said as a thought of ours, below it as a choice of hers. */
const THINK = 0.7;
const MOST_CHOICES = 3;

export function certainty(located: Located): Certainty {
  const among = [...located.candidates].sort((a, b) => b.confidence - a.confidence).slice(0, MOST_CHOICES);
  const [first] = among;
  if (first === undefined) return located.stop === null ? { how: "unknown" } : { how: "stop", stop: located.stop };
  return first.confidence >= THINK ? { how: "think", one: first } : { how: "choose", among };
}

/** Where the page says that she is: her own word first, then a poster's, then what we are nearly sure of. */
export function shown(said: Here | null, found: Certainty): Here | null {
  if (said !== null) return said;
  if (found.how === "think") return hereOf(found.one);
  return found.how === "stop" ? { ...NOWHERE, how: "found", stop: found.stop } : null;
}

export interface Wish {
  as: As | null;
  kind: Deed | null;
  /** Null: nobody has said where; the trail may still tell the server. */
  here: Here | null;
  car: string;
  /** For the operators alone. */
  note: string;
}

export const unsaid: Wish = { as: null, kind: null, here: null, car: "", note: "" };
export const LONGEST_CAR = 12;
export const LONGEST_NOTE = 200;

export function reportBody(id: string, wish: Wish, trail: readonly Fix[], code: string | null): Report {
  const { as, kind, here } = wish;
  const car = wish.car.trim();
  const note = wish.note.trim();
  return {
    id,
    as: as ?? "witness",
    kind: kind ?? "other",
    ...(here?.line && { line: here.line }),
    ...(here?.line && here.direction !== null && { direction: here.direction }),
    ...(here?.stop && { stop: here.stop.id }),
    ...(car && { car }),
    ...(trail.length > 0 && { trail }),
    ...(note && { note }),
    ...(code !== null && { code }),
  };
}

/** Letters that can be read on a line's own colour: black or white, whichever is further from it. */
export function inkOn(colour: string): "#000" | "#fff" {
  const parts = /^([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)?.slice(1) ?? ["ff", "ff", "ff"];
  const [r = 1, g = 1, b = 1] = parts.map((part) => {
    const value = parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? "#000" : "#fff";
}

/** `sms:31177?body=…`: what to write is written already, and holds nobody's name. */
export function smsTo(number: string, text: string): string {
  return `sms:${number}?body=${encodeURIComponent(text)}`;
}

const SAID: Readonly<Record<Deed, string>> = {
  verbal: "violences verbales",
  physical: "violences physiques",
  sexual: "violences sexuelles",
  followed: "une femme est suivie",
  other: "une femme est en difficulté",
};

/** As the server writes it (`alerts/witness/calling.py`): French in every language of the page, for those who read it. */
export function smsText(kind: Deed, here: Here | null, car: string, now: number): string {
  const where = here?.name ? `ligne ${here.name}${here.headsign && ` vers ${here.headsign}`}` : "";
  const parts = [hourAndMinute.format(now).replace(":", "h"), where, here?.stop ? `arrêt ${here.stop.name}` : "", car && `voiture ${car}`];
  return `${parts.filter(Boolean).join(", ")} : ${SAID[kind]}.`;
}

export interface Numbers {
  call: string;
  sms: string;
}

/** In trains, metros and trams of Île-de-France; elsewhere the network says its own. */
export const RAIL: Numbers = { call: "3117", sms: "31177" };
export const POLICE: Numbers = { call: "17", sms: "114" };

/** The network's own first, then the police's, each once. */
export function numbersFor(network: Numbers): Numbers[] {
  return network.call === POLICE.call ? [POLICE] : [network, POLICE];
}

/** "tam:1" is the network "tam". */
export function networkOf(line: string | null): string | null {
  const at = line?.indexOf(":") ?? -1;
  return line !== null && at > 0 ? line.slice(0, at) : null;
}

/** Of a network: in which vehicles one may ask to be let off, and between which hours of Paris. */
export interface Alight {
  modes: readonly string[];
  from: number;
  until: number;
}

/** Where the network does not say: buses, in the night of the server's own clock. */
const USUAL: readonly string[] = ["bus"];

export function mayAlight(network: { alight?: Alight | null } | undefined, mode: string, hour: number, night: boolean): boolean {
  if (network === undefined) return night && USUAL.includes(mode);
  const { alight = null } = network;
  if (alight === null || !alight.modes.includes(mode)) return false;
  const { from, until } = alight;
  return from <= until ? hour >= from && hour < until : hour >= from || hour < until;
}

const parisian = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: "Europe/Paris" });

const hourAndMinute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Paris" });

export function hourInParis(now: number): number {
  return Number(parisian.format(now));
}
