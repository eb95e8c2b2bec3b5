// A map without tiles: Web-Mercator, fitted to what there is to show. Nobody else learns where one looks.

import type { Spot } from "./places.ts";

export type LatLon = readonly [number, number];

export interface View {
  width: number;
  height: number;
  project: (lat: number, lon: number) => readonly [number, number];
  /** In metres of the projection. */
  middle: readonly [number, number];
  /** Pixels for one metre at the middle of the view. */
  scale: number;
}

export const EARTH_M = 6_378_137;
const RADIANS = Math.PI / 180;

export function mercator(lat: number, lon: number): readonly [number, number] {
  const held = Math.max(-85, Math.min(85, lat));
  return [EARTH_M * lon * RADIANS, EARTH_M * Math.log(Math.tan(Math.PI / 4 + (held * RADIANS) / 2))];
}

/** A view that holds every point, with a margin, and never closer than `least` metres across. */
export function fit(points: readonly LatLon[], width: number, height: number, least = 600): View {
  const flat = points.length > 0 ? points.map(([lat, lon]) => mercator(lat, lon)) : [mercator(46.6, 2.4)];
  const xs = flat.map((p) => p[0]);
  const ys = flat.map((p) => p[1]);
  const [west, east] = [Math.min(...xs), Math.max(...xs)];
  const [south, north] = [Math.min(...ys), Math.max(...ys)];
  const [midX, midY] = [(west + east) / 2, (south + north) / 2];
  const stretch = Math.cosh(midY / EARTH_M);
  const pixels = Math.min(
    width / Math.max((east - west) * 1.25, least * stretch),
    height / Math.max((north - south) * 1.25, least * stretch),
  );
  return {
    width,
    height,
    scale: pixels * stretch,
    project: (lat, lon) => {
      const [x, y] = mercator(lat, lon);
      return [round(width / 2 + (x - midX) * pixels), round(height / 2 - (y - midY) * pixels)];
    },
    middle: [midX, midY],
  };
}

export function path(view: View, ring: readonly LatLon[], closed = true): string {
  const points = ring.map(([lat, lon]) => view.project(lat, lon).join(" "));
  return points.length > 0 ? `M${points.join("L")}${closed ? "Z" : ""}` : "";
}

export interface ScaleBar {
  metres: number;
  pixels: number;
}

/** The longest round distance (1, 2 or 5 times a power of ten) that fits in `room` pixels. */
export function scaleBar(view: View, room: number): ScaleBar {
  const most = room / view.scale;
  const ten = 10 ** Math.floor(Math.log10(most));
  const metres = ([5, 2, 1].find((n) => n * ten <= most) ?? 1) * ten;
  return { metres, pixels: round(metres * view.scale) };
}

export function corner(spot: Spot): LatLon {
  return [spot.lat, spot.lon];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
