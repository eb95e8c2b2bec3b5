import assert from "node:assert/strict";
import { test } from "node:test";
import { fit, mercator, path, scaleBar } from "../src/pure/mercator.ts";
import { hasMoved, metres, middle, reach, rounded, settle, spoken, towards } from "../src/pure/places.ts";

const PARIS = { lat: 48.8566, lon: 2.3522 };
const CITY = { ...PARIS, name: "Paris", radius_m: 5_000 };

test("what leaves a helper's phone has three decimals", () => {
  assert.deepEqual(rounded({ lat: 48.856613, lon: 2.352222 }), { lat: 48.857, lon: 2.352 });
});

test("a degree of latitude is about 111 kilometres", () => {
  assert.ok(Math.abs(metres(PARIS, { ...PARIS, lat: PARIS.lat + 1 }) - 111_195) < 50);
});

test("the compass points where one must walk", () => {
  assert.equal(towards(PARIS, { ...PARIS, lat: 49 }), "n");
  assert.equal(towards(PARIS, { ...PARIS, lon: 2.2 }), "w");
  assert.equal(towards(PARIS, { lat: 48.8466, lon: 2.3674 }), "se");
});

test("a phone says again where it is only after fifty metres", () => {
  assert.equal(hasMoved(null, PARIS), true);
  assert.equal(hasMoved(PARIS, { ...PARIS, lat: PARIS.lat + 0.0004 }), false);
  assert.equal(hasMoved(PARIS, { ...PARIS, lat: PARIS.lat + 0.0005 }), true);
});

test("outside the demo a missing place stays missing", () => {
  assert.deepEqual(settle(null, null), { place: null, pretended: false });
});

test("in the demo somebody elsewhere is put in the city, and told", () => {
  const lyon = { lat: 45.76, lon: 4.83, accuracy_m: 10 };
  const near = { ...PARIS, accuracy_m: 10 };

  assert.equal(settle(lyon, CITY).pretended, true);
  assert.equal(settle(null, CITY).place?.lat, PARIS.lat);
  assert.deepEqual(settle(near, CITY), { place: near, pretended: false });
});

test("distances are said without false certainty", () => {
  assert.equal(spoken(343, "fr"), "340 m");
  assert.equal(spoken(2, "fr"), "10 m");
  assert.equal(spoken(1_240, "fr"), "1,2 km");
  assert.equal(spoken(1_240, "en"), "1.2 km");
});

test("an area is told as a bound, with a direction only from outside", () => {
  const area = [48.85, 48.87].flatMap((lat) => [2.34, 2.36].map((lon) => ({ lat, lon })));
  const inside = reach({ lat: 48.861, lon: 2.351 }, area);
  const outside = reach({ lat: 48.8, lon: 2.35 }, area);

  assert.equal(inside.direction, null);
  assert.ok(inside.atMost > 1_300 && inside.atMost < 1_600);
  assert.equal(outside.direction, "n");
  assert.ok(area.every((corner) => metres({ lat: 48.8, lon: 2.35 }, corner) <= outside.atMost));
});

test("the middle of an area is inside it", () => {
  assert.deepEqual(middle([{ lat: 0, lon: 0 }, { lat: 2, lon: 4 }]), { lat: 1, lon: 2 });
});

test("Web-Mercator agrees with EPSG:3857", () => {
  const [x, y] = mercator(48.8566, 2.3522);

  assert.ok(Math.abs(x - 261_845.7) < 0.5);
  assert.ok(Math.abs(y - 6_250_564.3) < 0.5);
});

test("everything fits in the view, north above south and east right of west", () => {
  const points = [[48.85, 2.34], [48.87, 2.36]] as const;
  const view = fit(points, 360, 220);
  const [west, south] = view.project(...points[0]);
  const [east, north] = view.project(...points[1]);

  assert.ok(west < east && north < south);
  assert.ok(west >= 0 && east <= 360 && north >= 0 && south <= 220);
});

test("a single point is not magnified without end", () => {
  const view = fit([[48.85, 2.34]], 360, 220, 600);

  assert.deepEqual(view.project(48.85, 2.34), [180, 110]);
  assert.ok(view.scale <= 360 / 600 + 0.01);
});

test("the scale bar is a round distance that fits", () => {
  const view = fit([[48.85, 2.34], [48.87, 2.36]], 360, 220);
  const bar = scaleBar(view, 120);

  assert.ok(bar.pixels <= 120 && bar.pixels > 40);
  assert.match(String(bar.metres), /^[125]0*$/);
});

test("nothing to show still draws", () => {
  const view = fit([], 100, 100);

  assert.equal(path(view, []), "");
});
