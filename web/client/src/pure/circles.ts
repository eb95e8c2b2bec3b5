// Circles on the ground, and what lies under a finger on a map: for her who draws where she must not be sent.

import { EARTH_M as FLAT_M, type LatLon, type View } from "./mercator.ts";
import { EARTH_M, RADIANS, type Spot } from "./places.ts";

/** So many metres further north and east. */
export function moved(spot: Spot, north: number, east: number): Spot {
  const lat = spot.lat + north / EARTH_M / RADIANS;
  return { lat, lon: spot.lon + east / (EARTH_M * Math.cos(spot.lat * RADIANS)) / RADIANS };
}

/** A circle on the ground, as corners for a map. */
export function circle(middle: Spot, radius: number, corners = 48): [number, number][] {
  return Array.from({ length: corners }, (_, n) => {
    const turn = (2 * Math.PI * n) / corners;
    const { lat, lon } = moved(middle, radius * Math.cos(turn), radius * Math.sin(turn));
    return [lat, lon];
  });
}

/** What is under a finger: the map's projection, the other way round. */
export function locate(view: View, x: number, y: number): LatLon {
  // `scale` is for metres on the ground; the projection stretches them.
  const pixels = view.scale / Math.cosh(view.middle[1] / FLAT_M);
  const east = view.middle[0] + (x - view.width / 2) / pixels;
  const north = view.middle[1] - (y - view.height / 2) / pixels;
  return [(2 * Math.atan(Math.exp(north / FLAT_M)) - Math.PI / 2) / RADIANS, east / FLAT_M / RADIANS];
}
