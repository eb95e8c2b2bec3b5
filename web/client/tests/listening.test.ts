import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { CannedReply, Mine } from "../src/net/listen.ts";
import type { Entry } from "../src/pure/conversation.ts";
import {
  blank,
  choices,
  entered,
  filled,
  longest,
  nextStep,
  proposals,
  refusal,
  shortcut,
  slash,
  titleOf,
  unanswered,
  wait,
  type Situation,
} from "../src/pure/listening.ts";

const CALM: Situation = { open: true, on: true, offers: 0, waiting: 0, mine: [], capacity: 2, unanswered: 0 };
const ACTIVE = { state: "active" } as const;

test("there is one next thing to do, and what cannot wait comes first", () => {
  assert.equal(nextStep(CALM), "quiet");
  assert.equal(nextStep({ ...CALM, on: false }), "off");
  assert.equal(nextStep({ ...CALM, on: false, waiting: 3 }), "off");
  assert.equal(nextStep({ ...CALM, open: false }), "closed");
  assert.equal(nextStep({ ...CALM, mine: [ACTIVE] }), "talking");
  assert.equal(nextStep({ ...CALM, waiting: 3 }), "next");
  assert.equal(nextStep({ ...CALM, waiting: 3, mine: [ACTIVE, { state: "held" }] }), "full");
  assert.equal(nextStep({ ...CALM, waiting: 3, mine: [{ state: "wrap_up" }] }), "wrap");
  assert.equal(nextStep({ ...CALM, mine: [{ state: "wrap_up" }, ACTIVE], unanswered: 1 }), "answer");
  assert.equal(nextStep({ ...CALM, offers: 1, unanswered: 1 }), "offer");
});

test("what is proposed is not a conversation yet; what was accepted is", () => {
  const one = (chat: string, more: Partial<Mine>): Mine => ({ chat, room: chat, state: "active", since: "2026-11-26T03:00:00Z", level: 0, reasons: [], language: "fr", ...more });
  const handed = { way: "warm", to: "ines", by: "sarah" } as const;
  const expires_at = "2026-11-26T03:00:20Z";
  const mine = [
    one("mine", { seat: "ecoutante-1" }),
    one("offered", { role: "offer", state: "offered", expires_at }),
    one("handed", { role: "warm", expires_at, transfer: { ...handed, joined: false } }),
    one("joined", { role: "warm", seat: "ecoutante-2", transfer: { ...handed, joined: true } }),
    one("watched", { role: "watch", seat: "superviseure-1" }),
    one("form", { seat: "ecoutante-1", state: "wrap_up" }),
    one("over", { seat: "ecoutante-1", state: "closed" }),
  ];

  assert.deepEqual(proposals(mine).map(({ chat, way }) => `${chat} ${way}`), ["offered null", "handed warm"]);
  assert.deepEqual(entered(mine).map(({ chat }) => chat), ["mine", "joined", "watched", "form"]);
  assert.equal(longest([{ since: "2026-11-26T03:00:00Z" }, { since: "2026-11-26T02:00:00Z" }]), "2026-11-26T02:00:00Z");
  assert.equal(longest([]), null);
});

test("a wait is said in whole minutes", () => {
  const now = Date.parse("2026-11-26T03:00:00Z");

  assert.equal(wait("2026-11-26T02:59:10Z", now).key, "listen.wait.now");
  assert.deepEqual(wait("2026-11-26T02:56:30Z", now), { key: "listen.wait.minutes", n: 3, rest: "" });
  assert.deepEqual(wait("2026-11-26T01:51:00Z", now), { key: "listen.wait.hours", n: 1, rest: "09" });
  // A clock that is a little ahead says no negative time.
  assert.equal(wait("2026-11-26T03:00:30Z", now).n, 0);
});

test("a slash asks for a ready reply only at the very beginning", () => {
  assert.equal(slash("/"), "");
  assert.equal(slash("/ab ri"), "ab ri");
  assert.equal(slash("17/112"), null);
  assert.equal(slash("/a\nb"), null);
  assert.equal(slash(""), null);
});

test("ready replies are in her language, and are found by French words without accents", () => {
  const one = (name: string, language: string, title: string, text: string, uses = 0): CannedReply => ({ name, language, title, text, variables: [], uses });
  const replies = [
    one("abri", "fr", "Hébergement", "Une chambre ?", 1),
    one("abri", "ar", "مأوى", "غرفة؟", 1),
    one("bonjour", "fr", "Accueillir", "Bonjour.", 9),
  ];

  assert.deepEqual(choices(replies, "", "ar").map(({ name, language }) => `${name} ${language}`), ["bonjour fr", "abri ar"]);
  assert.deepEqual(choices(replies, "heberg", "ar").map(({ text }) => text), ["غرفة؟"]);
  assert.deepEqual(choices(replies, "avocat", "fr"), []);
  // She who answers reads its title in her own language.
  assert.equal(titleOf(replies, choices(replies, "abri", "ar")[0]!, "fr"), "Hébergement");
});

test("what is left open is found, from where she is and then from the beginning", () => {
  const text = "D’ici {duree} minutes, au {numero}.";

  assert.deepEqual(blank(text), { start: 6, end: 13, name: "duree" });
  assert.equal(blank(text, 13)?.name, "numero");
  assert.equal(blank(text, 32)?.name, "duree");
  assert.equal(blank("Rien."), null);
  assert.equal(filled(text, { duree: "5" }), "D’ici 5 minutes, au {numero}.");
});

test("she waits from her first word after ours", () => {
  const said = (seat: string, minute: number): Entry => ({ type: "say", id: `${minute}`, text: "…", seat, at: `2026-11-26T03:0${minute}:00Z`, offset: minute });

  assert.equal(unanswered([]), null);
  assert.equal(unanswered([said("elle", 1), said("elle", 2)]), "2026-11-26T03:01:00Z");
  assert.equal(unanswered([said("elle", 1), said("ecoutante-1", 2)]), null);
  assert.equal(unanswered([said("elle", 1), said("ecoutante-1", 2), said("elle", 3), said("elle", 4)]), "2026-11-26T03:03:00Z");
});

test("a colleague who cannot be asked says why", () => {
  assert.equal(refusal({ on: false, load: 0, capacity: 2 }), "listen.to.off");
  assert.equal(refusal({ on: true, load: 2, capacity: 2 }), "listen.to.full");
  assert.equal(refusal({ on: true, load: 1, capacity: 2 }), null);
});

test("a letter does nothing while somebody writes, nor together with another key", () => {
  const alone = { ctrlKey: false, metaKey: false, altKey: false };

  assert.equal(shortcut({ key: "t", ...alone }, false), "t");
  assert.equal(shortcut({ key: "T", ...alone }, false), "t");
  assert.equal(shortcut({ key: "t", ...alone }, true), null);
  assert.equal(shortcut({ key: "t", ...alone, ctrlKey: true }, false), null);
  assert.equal(shortcut({ key: "z", ...alone }, false), null);
});

test("what the team writes and what she reads go by different functions", () => {
  const source = (name: string): string => readFileSync(join(import.meta.dirname, "../src/listen", name), "utf8");

  assert.match(source("Among.tsx"), /aside\.note\(/);
  assert.doesNotMatch(source("Among.tsx"), /talk\.(?:say|edit)|"room\.say"/);
  assert.match(source("Reply.tsx"), /talk\.say\(/);
  assert.doesNotMatch(source("Reply.tsx"), /\.note\(|"note\.add"/);
});
