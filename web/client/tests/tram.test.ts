// A visitor's phone is on the demo's tram: it moves as the vehicle does, round after round.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { DemoTram } from "../src/pure/places.ts";
import { onTram, tramTrail } from "../src/pure/tram.ts";

const TRAM: DemoTram = {
  line: "demo:T1",
  age_s: 30,
  round: [
    [0, 43.0, 6.0],
    [60, 43.6, 6.0],
    [80, 43.6, 6.0],
    [140, 43.0, 6.0],
    [160, 43.0, 6.0],
  ],
};

const near = (one: number, other: number) => assert.ok(Math.abs(one - other) < 1e-9, `${one} ${other}`);

test("it is where the vehicle is, standing or moving", () => {
  near(onTram(TRAM, 0).lat, 43.3);
  near(onTram(TRAM, 30).lat, 43.6);
  near(onTram(TRAM, 45).lat, 43.6);
  near(onTram(TRAM, 80).lat, 43.3);
});

test("after a round it begins again, and before the first it was in the one before", () => {
  near(onTram(TRAM, 160).lat, 43.3);
  near(onTram(TRAM, 1600).lat, 43.3);
  near(onTram(TRAM, -40).lat, 43.0);
});

test("a trail is ninety seconds of rounded places, the last of them now", () => {
  const trail = tramTrail(TRAM, 0);

  assert.equal(trail.length, 16);
  assert.deepEqual([trail[0]?.ago_s, trail.at(-1)?.ago_s], [90, 0]);
  assert.deepEqual(trail.at(-1), { lat: 43.3, lon: 6, ago_s: 0 });
  for (const it of trail) assert.equal(it.lat, Math.round(it.lat * 1000) / 1000);
});
