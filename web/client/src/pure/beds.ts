// The operators' board of rooms: who waits longest for a room comes first, and what pushes do to the picture.

import type { BoardNeed, BoardRooms, Freshness, Rung } from "../net/rooms.ts";

const RUNGS: readonly Rung[] = ["duty", "supervisor", "again", "operators"];

/** No hotel has said yes yet. */
export function waits({ state }: Pick<BoardNeed, "state">): boolean {
  return state === "searching" || state === "held";
}

export function isOver({ state }: Pick<BoardNeed, "state">): boolean {
  return state === "safe" || state === "declined" || state === "unmet";
}

/** The highest rung first, then those who have no room, then the rest; the oldest first. */
export function queued(needs: readonly BoardNeed[]): BoardNeed[] {
  const weight = (need: BoardNeed): number => {
    if (!waits(need)) return RUNGS.length + 1;
    return need.escalation ? RUNGS.indexOf(need.escalation) : RUNGS.length;
  };
  return needs.filter((need) => !isOver(need)).sort((a, b) => weight(a) - weight(b) || a.at.localeCompare(b.at));
}

/** What is over comes last. */
export function withOver(needs: readonly BoardNeed[]): BoardNeed[] {
  return [...queued(needs), ...needs.filter(isOver)];
}

/** A push has no household: what was known of it stays. */
export function withNeed(needs: readonly BoardNeed[], push: BoardNeed): BoardNeed[] {
  const known = needs.find((need) => need.need === push.need);
  // What a push leaves out is no longer so.
  const { hold: _, hold_state: __, escalation: ___, ...shape } = known ?? push;
  return queued([...needs.filter((need) => need !== known), { ...shape, ...push }]);
}

/** Counts come without an order: the later one stays. */
export function withRooms(rooms: readonly BoardRooms[], push: BoardRooms): BoardRooms[] {
  const known = rooms.find((one) => one.handle === push.handle);
  if (known === undefined) return [...rooms, push];
  return rooms.map((one) => (one === known && push.at >= known.at ? push : one));
}

export function freeOf({ kinds }: Pick<BoardRooms, "kinds">): number {
  return kinds.reduce((sum, kind) => sum + kind.free, 0);
}

export interface Area {
  area: string;
  lat: number;
  lon: number;
  hotels: number;
  free: number;
  /** The freshest word of its hotels. */
  freshness: Freshness;
}

const ORDER: readonly Freshness[] = ["fresh", "aging", "stale"];

/** By commune, the most free rooms first; stale ones sink and never vanish. */
export function byArea(rooms: readonly BoardRooms[]): Area[] {
  const areas = new Map<string, Area>();
  for (const one of rooms) {
    const { area, lat, lon, freshness } = one;
    const known = areas.get(area) ?? { area, lat, lon, hotels: 0, free: 0, freshness: "stale" as const };
    areas.set(area, {
      ...known,
      hotels: known.hotels + 1,
      free: known.free + freeOf(one),
      freshness: ORDER[Math.min(ORDER.indexOf(known.freshness), ORDER.indexOf(freshness))] ?? "stale",
    });
  }
  return [...areas.values()].sort((a, b) => b.free - a.free || a.area.localeCompare(b.area));
}

/** Hotels in order: fresh words before stale ones, then by commune. */
export function sunk(rooms: readonly BoardRooms[]): BoardRooms[] {
  return [...rooms].sort(
    (a, b) =>
      ORDER.indexOf(a.freshness) - ORDER.indexOf(b.freshness) ||
      freeOf(b) - freeOf(a) ||
      a.area.localeCompare(b.area) ||
      a.handle.localeCompare(b.handle),
  );
}

/** "65 €", "65,50 €". */
export function euros(cents: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency: "EUR",
    minimumFractionDigits: cents % 100 === 0 ? 0 : 2,
  }).format(cents / 100);
}

/** A commune where there are hotels: two may have the same name, not in the same département. */
export interface Commune {
  area: string;
  lat: number;
  lon: number;
}

/** What `/api/export/rooms` answers, as far as it is looked at (GeoJSON: longitude first). */
export interface RoomsFile {
  features: readonly {
    geometry: { coordinates: readonly [number, number] };
    properties: { commune: string; commune_name: string; area: string };
  }[];
}

export function communes({ features }: RoomsFile): Commune[] {
  const found = new Map<string, Commune>();
  for (const { geometry, properties } of features) {
    const [lon, lat] = geometry.coordinates;
    found.set(properties.commune, { area: `${properties.commune_name} (${properties.area})`, lat, lon });
  }
  return [...found.values()].sort((a, b) => a.area.localeCompare(b.area));
}
