import assert from "node:assert/strict";
import { test } from "node:test";
import { centsOf, shares } from "../src/pure/money.ts";

test("amounts are read as people type them, in French and in English", () => {
  for (const [text, cents] of [
    ["12", 1200],
    ["12,5", 1250],
    ["12.50 €", 1250],
    ["1 234,05", 123_405],
    ["1\u202f234\u00a0567", 123_456_700],
    ["0,01", 1],
  ] as const) {
    assert.equal(centsOf(text), cents, text);
  }
});

test("what is not an amount is none", () => {
  for (const text of ["", "0", "0,00", "-5", "1,234", "abc", "1e5", "12,5,0", "9999999999", "=1"]) {
    assert.equal(centsOf(text), null, text);
  }
});

test("the parts of a bar follow one another and fill it", () => {
  assert.deepEqual(shares([50, 25, 25], 100), [
    { from: 0, width: 50 },
    { from: 50, width: 25 },
    { from: 75, width: 25 },
  ]);
  assert.deepEqual(shares([1], 0), [{ from: 0, width: 0 }]);
});
