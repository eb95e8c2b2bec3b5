import assert from "node:assert/strict";
import { test } from "node:test";
import { allPoints, moved, onto, pointsOf, whole, zoomed } from "../src/pure/drawing.ts";

const ALL = whole(1_000, 600);

test("closer shows less around the same middle, further never more than all", () => {
  const close = zoomed(ALL, ALL, 2);

  assert.deepEqual(close, { x: 250, y: 150, width: 500, height: 300 });
  assert.deepEqual(zoomed(close, ALL, 1 / 2), ALL);
  assert.deepEqual(zoomed(ALL, ALL, 1 / 4), ALL);
  assert.equal(zoomed(close, ALL, 1_000).width, 1_000 / 64);
});

test("a window keeps its shape and never leaves the drawing", () => {
  let at = zoomed(ALL, ALL, 4);
  for (const [right, down] of [[9, 9], [-20, 3], [1, -30]] as const) {
    at = moved(at, ALL, right, down);
    assert.ok(at.x >= 0 && at.y >= 0 && at.x + at.width <= 1_000 && at.y + at.height <= 600);
    assert.ok(Math.abs(at.width / at.height - 1_000 / 600) < 1e-9);
  }
});

test("an event is seen in the middle, or as near to it as the edge allows", () => {
  const middle = onto(ALL, 500, 300);
  const edge = onto(ALL, 0, 600);

  assert.equal(middle.x + middle.width / 2, 500);
  assert.equal(middle.y + middle.height / 2, 300);
  assert.deepEqual([edge.x, edge.y + edge.height], [0, 600]);
});

test("paths come as latitude, longitude, one after the other", () => {
  assert.deepEqual(pointsOf([48.1, 2.1, 48.2, 2.2, 48.3]), [[48.1, 2.1], [48.2, 2.2]]);
  assert.deepEqual(allPoints([{ line: "l", name: "1", mode: "tram", colour: "", paths: [[1, 2], [3, 4]] }]), [[1, 2], [3, 4]]);
});
