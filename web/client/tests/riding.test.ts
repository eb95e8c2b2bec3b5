import assert from "node:assert/strict";
import { test } from "node:test";
import type { Candidate } from "../src/net/transit.ts";
import { codeIn } from "../src/pure/poster.ts";
import {
  byHand,
  certainty,
  hereOf,
  hourInParis,
  inkOn,
  mayAlight,
  networkOf,
  numbersFor,
  POLICE,
  posterOf,
  RAIL,
  reportBody,
  shown,
  smsText,
  smsTo,
  trailOf,
  unsaid,
  withFix,
  type Seen,
} from "../src/pure/riding.ts";

const T1: Candidate = {
  line: "tam:1",
  name: "T1",
  mode: "tram",
  colour: "0055a4",
  direction: 0,
  headsign: "Odysseum",
  confidence: 0.9,
  stop: { id: "tam:s1", name: "Comédie" },
  next: [{ id: "tam:s2", name: "Corum" }],
};

test("a position is rounded before it is kept, and never sent finer", () => {
  const trail = withFix([], { lat: 43.608_123, lon: 3.879_456 }, 1_000);

  assert.deepEqual(trail, [{ lat: 43.608, lon: 3.879, at: 1_000 }]);
  assert.deepEqual(trailOf(trail, 4_400), [{ lat: 43.608, lon: 3.879, ago_s: 3 }]);
});

test("a trail holds the last minute and a half, thirty positions at most", () => {
  let trail: readonly Seen[] = [];
  for (let s = 0; s < 300; s++) trail = withFix(trail, { lat: 43 + s / 1_000, lon: 3 }, s * 1_000);

  assert.ok(trail.length <= 30);
  assert.ok(trail.every(({ at }) => at >= 299_000 - 92_500));
  assert.deepEqual(trailOf(trail, 900_000), []);
});

test("positions that come in a burst count once", () => {
  const trail = [0, 100, 200, 2_499].reduce<readonly Seen[]>((kept, at) => withFix(kept, { lat: 43, lon: 3 }, at), []);

  assert.equal(trail.length, 1);
});

test("what is almost sure is said as a thought, what is not as a choice of three at most", () => {
  const less = { ...T1, line: "tam:2", confidence: 0.3 };
  const doubt = { ...T1, confidence: 0.5 };

  assert.deepEqual(certainty({ candidates: [T1], stop: null }), { how: "think", one: T1 });
  assert.deepEqual(certainty({ candidates: [less, doubt], stop: null }), { how: "choose", among: [doubt, less] });
  const many = certainty({ candidates: [doubt, less, less, less], stop: null });
  assert.equal(many.how === "choose" && many.among.length, 3);
  assert.deepEqual(certainty({ candidates: [], stop: T1.stop }), { how: "stop", stop: T1.stop });
  assert.deepEqual(certainty({ candidates: [], stop: null }), { how: "unknown" });
});

test("a report says where in each way that is known, and nothing that is not", () => {
  const here = hereOf(T1);
  const trail = [{ lat: 43.6, lon: 3.9, ago_s: 2 }];

  assert.deepEqual(reportBody("i", { as: "victim", kind: "verbal", here, car: " 3 ", note: " au fond " }, trail, "ABCDEFG"), {
    id: "i",
    as: "victim",
    kind: "verbal",
    line: "tam:1",
    direction: 0,
    stop: "tam:s1",
    car: "3",
    trail,
    note: "au fond",
    code: "ABCDEFG",
  });
  assert.deepEqual(reportBody("i", { ...unsaid, as: "witness", kind: "other" }, trail, null), {
    id: "i",
    as: "witness",
    kind: "other",
    trail,
  });
});

test("a poster may know a line, a stop, both, or only a building", () => {
  assert.equal(posterOf({ line: "tam:1", line_name: "T1", direction: 1 })?.direction, 1);
  assert.deepEqual(posterOf({ stop: "tam:s1", stop_name: "Comédie" })?.stop, T1.stop);
  assert.equal(posterOf({ venue: "Zénith" }), null);
});

test("her own word goes before what we think, and a doubt of ours says nothing", () => {
  const line = { line: "tam:2", name: "T2", mode: "tram", colour: "", courses: [] };
  const said = byHand(line, { direction: 1, headsign: "Jacou" });
  const think = certainty({ candidates: [T1], stop: null });

  assert.equal(shown(said, think), said);
  assert.equal(shown(null, think)?.name, "T1");
  assert.equal(shown(null, think)?.how, "found");
  assert.deepEqual(shown(null, certainty({ candidates: [], stop: T1.stop }))?.stop, T1.stop);
  assert.equal(shown(null, certainty({ candidates: [{ ...T1, confidence: 0.5 }], stop: null })), null);
  assert.equal(shown(null, { how: "looking" }), null);
  assert.equal(byHand(line, null).direction, null);
});

for (const [hash, code] of [
  ["#t=ABCDEFG", "ABCDEFG"],
  ["#t=", null],
  ["#t=A B", null],
  ["#content", null],
  ["", null],
  ["#t=<script>", null],
] as const) {
  test(`the code in ${JSON.stringify(hash)} is ${code}`, () => assert.equal(codeIn(hash), code));
}

test("letters on a line's colour have a contrast of 4.5 at least", () => {
  const light = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
      const value = parseInt(hex.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const colour of ["000000", "ffffff", "0055a4", "ffcd00", "767676", "e2231a", "00a88f", "8d5e2a"]) {
    const ink = inkOn(colour) === "#000" ? 0 : 1;
    const [dark = 0, bright = 0] = [light(colour), ink].sort((a, b) => a - b);
    assert.ok((bright + 0.05) / (dark + 0.05) >= 4.5, colour);
  }
  assert.equal(inkOn("no colour"), "#000");
});

test("a text message is written already, and the address holds it whole", () => {
  assert.equal(smsTo("31177", "Tram T1, arrêt Comédie & 21:04"), "sms:31177?body=Tram%20T1%2C%20arr%C3%AAt%20Com%C3%A9die%20%26%2021%3A04");
});

test("the network's numbers come first, the police's always, each once", () => {
  assert.deepEqual(numbersFor(RAIL), [RAIL, POLICE]);
  assert.deepEqual(numbersFor(POLICE), [POLICE]);
  assert.equal(networkOf("tam:1"), "tam");
  assert.equal(networkOf(null), null);
  assert.equal(networkOf("no network"), null);
});

test("one may alight between two stops where the network says so, in its night", () => {
  const network = { alight: { modes: ["bus"], from: 22, until: 5 } };

  assert.deepEqual([21, 22, 23, 0, 4, 5, 12].map((hour) => mayAlight(network, "bus", hour, true)), [
    false, true, true, true, true, false, false,
  ]);
  assert.equal(mayAlight(network, "metro", 23, true), false);
  assert.equal(mayAlight({ alight: { modes: ["bus"], from: 20, until: 23 } }, "bus", 22, false), true);
  assert.equal(mayAlight({ alight: null }, "bus", 23, true), false);
  assert.equal(mayAlight({}, "bus", 23, true), false);
});

test("of a network that is not known only a bus at night is one to be let off from", () => {
  assert.equal(mayAlight(undefined, "bus", 12, true), true);
  assert.equal(mayAlight(undefined, "bus", 23, false), false);
  assert.equal(mayAlight(undefined, "metro", 23, true), false);
});

test("the hour is that of Paris, wherever the phone's clock is", () => {
  assert.equal(hourInParis(Date.parse("2026-11-26T21:30:00Z")), 22);
  assert.equal(hourInParis(Date.parse("2026-07-26T22:30:00Z")), 0);
});

test("what is written for her is French, and is what the server would write", () => {
  const at = Date.parse("2026-11-26T20:04:00Z");
  const here = { ...hereOf(T1), stop: null, headsign: "" };
  assert.equal(smsText("followed", null, "", at), "21h04 : une femme est suivie.");
  assert.equal(
    smsText("verbal", { ...here, headsign: "Port", stop: { id: "ville:1", name: "Gare" } }, "3", at),
    "21h04, ligne T1 vers Port, arrêt Gare, voiture 3 : violences verbales.",
  );
});
