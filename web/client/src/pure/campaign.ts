// A campaign's figures and places, as they are drawn and said. Pure.

export type Design = "calme" | "ligne" | "ensemble";
export type Speech = "fr" | "en";

export const DESIGNS: readonly Design[] = ["calme", "ligne", "ensemble"];
export const SPEECHES: readonly Speech[] = ["fr", "en"];

export interface PlaceAsked {
  line?: string;
  direction?: 0 | 1;
  stop?: string;
  venue?: string;
}

/** A place with the names that people read. */
export interface PlaceChosen extends PlaceAsked {
  line_name?: string;
  stop_name?: string;
}

/** Where a poster hangs: the stop, else the venue, else the whole line. */
export function nameOf({ stop_name, venue, line_name }: { stop_name?: string | null; venue?: string | null; line_name?: string | null }): string {
  const spot = stop_name ?? venue ?? "";
  return [line_name ?? "", spot].filter(Boolean).join(" · ");
}

export function samePlace(a: PlaceAsked, b: PlaceAsked): boolean {
  return a.line === b.line && a.direction === b.direction && a.stop === b.stop && a.venue === b.venue;
}

/** Added to those that are there, each once; `most` at most. */
export function withPlaces(known: readonly PlaceChosen[], more: readonly PlaceChosen[], most: number): PlaceChosen[] {
  const all = [...known];
  for (const one of more) if (!all.some((other) => samePlace(one, other))) all.push(one);
  return all.slice(0, most);
}

/** What the server is asked for: without the names. */
export function asked({ line, direction, stop, venue }: PlaceChosen): PlaceAsked {
  return {
    ...(line === undefined ? {} : { line }),
    ...(direction === undefined ? {} : { direction }),
    ...(stop === undefined ? {} : { stop }),
    ...(venue === undefined ? {} : { venue }),
  };
}

export interface Cell {
  design: string;
  language: string;
  /** Null: fewer than five, or others could be worked out from it. */
  many: number | null;
}

/** A count of a table; no name: of all of them. */
export function count(cells: readonly Cell[], design = "", language = ""): number | null {
  return cells.find((cell) => cell.design === design && cell.language === language)?.many ?? null;
}

/** How long a bar is, of a hundred; a count that is not told has none. */
export function length(many: number | null, most: number): number {
  return many === null || most <= 0 ? 0 : (many / most) * 100;
}

/** The largest count that is told; at least one, so that nothing is divided by nothing. */
export function most(counts: readonly (number | null)[]): number {
  return Math.max(1, ...counts.map((many) => many ?? 0));
}

export interface Spot {
  stop: { id: string; name: string };
  hour: number;
  events: number;
}

export interface Heat {
  hours: readonly number[];
  rows: readonly { id: string; name: string; cells: readonly (number | null)[] }[];
}

/** Stops down, hours across: only those where something is told. Stops with most of all first. */
export function heatOf(spots: readonly Spot[]): Heat {
  const hours = [...new Set(spots.map(({ hour }) => hour))].sort((a, b) => a - b);
  const stops = new Map<string, { id: string; name: string; cells: Map<number, number> }>();
  for (const { stop, hour, events } of spots) {
    const row = stops.get(stop.id) ?? { ...stop, cells: new Map<number, number>() };
    row.cells.set(hour, events);
    stops.set(stop.id, row);
  }
  const total = (cells: ReadonlyMap<number, number>): number => [...cells.values()].reduce((all, one) => all + one, 0);
  return {
    hours,
    rows: [...stops.values()]
      .sort((a, b) => total(b.cells) - total(a.cells) || a.name.localeCompare(b.name))
      .map(({ id, name, cells }) => ({ id, name, cells: hours.map((hour) => cells.get(hour) ?? null) })),
  };
}

/** Five shades, the strongest for the most. */
export function shade(events: number | null, all: readonly Spot[]): number {
  if (events === null) return 0;
  const top = Math.max(...all.map((one) => one.events));
  return Math.min(5, Math.max(1, Math.ceil((events / top) * 5)));
}

/** What a browser's field for a moment holds (`2026-11-30T18:00`, on its own clock), as the server takes it. */
export function instant(local: string): string | null {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** Two times as often, or one and a half: never more than is sure. */
export function times(low: number): number {
  return Math.floor(low * 10) / 10;
}
