// Two ways in which the build keeps the pages of a victim and of a helper below 45 kB of script.
//
// The SDK carries transports and kinds of subscription that we never ask for: they are emptied by name, and the
// build fails when a name is no longer there (a new version of the SDK is then looked at by somebody).
// And each page takes from the catalogues only its own sentences: `locales/fr.json?help`.

import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { errorsIn } from "./errors.ts";

const UNUSED_CLASSES = [
  "SockjsTransport",
  "HttpStreamTransport",
  "SseTransport",
  "WebtransportTransport",
  "ReplyStreamBuffer",
  "LineStreamBuffer",
  "Reader",
  "Writer",
  "MapSubscription",
  "SharedPollSubscription",
];
const UNUSED_FUNCTIONS = ["applyDelta", "checksum"];

export function withoutUnused(source: string): string {
  let slim = source;
  for (const [kind, names, empty] of [
    ["class", UNUSED_CLASSES, "{}"],
    ["function", UNUSED_FUNCTIONS, "() {}"],
  ] as const) {
    for (const name of names) {
      const found = new RegExp(`^${kind} ${name}\\b[\\s\\S]*?^}$`, "m");
      if (!found.test(slim)) throw new Error(`the centrifuge SDK has changed: no ${kind} ${name}`);
      slim = slim.replace(found, `${kind} ${name}${empty}`);
    }
  }
  return slim;
}

export function slimSdk(): Plugin {
  return {
    name: "slim-sdk",
    transform: (code, id) => (/centrifuge\/build\/index\.mjs$/.test(id) ? withoutUnused(code) : null),
  };
}

const EVERYWHERE = ["frame", "number", "line", "act", "finding", "room", "seat", "error", "where"];

export const SENTENCES: Readonly<Record<string, readonly string[]>> = {
  help: [...EVERYWHERE, "hold", "exit", "welcome", "mode", "kind", "ask", "sending", "unsent", "live", "coming", "ended"],
  helper: [...EVERYWHERE, "applied", "duty", "phone", "prefer", "offer", "going", "map", "compass"],
  board: [...EVERYWHERE, "enter", "coming", "board", "opened", "kind", "mode", "state", "escalation", "skill", "tongue", "offer", "delivery"],
  team: [...EVERYWHERE, "team"],
  worker: ["ring"],
  desk: ["frame", "number", "line", "act", "finding", "error", "bureau", "house", "left", "said"],
  funds: [...EVERYWHERE, "enter", "fund"],
  beside: [...EVERYWHERE, "enter", "beside", "rooms", "house", "left", "said", "why", "prove"],
  listen: [...EVERYWHERE, "enter", "listen", "house"],
  campaign: [...EVERYWHERE, "enter", "ride", "studio"],
  sleep: ["sleep", "house", "left", "said", "why"],
  chat: ["chat"],
  shift: ["shift"],
  rooms: ["rooms", "house", "left", "said", "why", "prove"],
  apply: ["apply", "charter", "skill", "tongue"],
  witness: ["ride", "transport"],
  aboard: ["ride", "aboard", "card"],
  lines: ["ride", "lines"],
};

/** Parts of a page that are fetched late: what the page says they need not say again. */
export const WITHIN: Readonly<Record<string, string>> = {
  sleep: "help",
  chat: "help",
  witness: "help",
  apply: "helper",
  aboard: "helper",
  rooms: "board",
  lines: "board",
  shift: "desk",
};

/** Of alerts in transport, and of what only operators ask of networks and campaigns. */
const ABOARD = errorsIn("geo/transit", "alerts/witness");
const OF_NETWORKS = errorsIn("alerts/cap", "alerts/networks", "programmes/campaign");
/** Errors about rooms, accounts, money and imported files: no page meets them before its late part is there. */
const LATER = errorsIn("matching/shelter", "alerts/shelter", "web/auth/staff", "geo", "realtime/rooms");
for (const aboard of ABOARD) LATER.delete(aboard);
for (const early of ["whereabouts_full", "not_a_member", "room_closed"]) LATER.delete(early);
const ACCOUNTS = errorsIn("web/auth/staff");
/** Of conversations with the helpline; alerts' rooms know but two. */
const OF_CHATS = errorsIn("matching/helpline", "realtime/rooms");
OF_CHATS.delete("not_a_member");
OF_CHATS.delete("room_closed");
/** Nor does a hotel ever meet these. */
const NOT_AT_A_DESK = errorsIn("geo", "matching/helpers", "matching/helpline", "realtime/rooms", "matching/shelter/funds", "alerts/shelter", "web/auth/staff");
for (const elsewhere of [...ABOARD, ...OF_NETWORKS]) NOT_AT_A_DESK.add(elsewhere);
NOT_AT_A_DESK.add("code_not_locked");
NOT_AT_A_DESK.delete("desk_refused");
const EARLY: readonly string[] = ["help", "helper", "board"];
/** Of what an early page does not meet by itself. */
const LATE: readonly ReadonlySet<string>[] = [LATER, OF_CHATS, ABOARD, OF_NETWORKS];
const OF_PARTS: Readonly<Record<string, readonly ReadonlySet<string>[]>> = {
  chat: [OF_CHATS],
  shift: [ACCOUNTS],
  apply: [],
  witness: [ABOARD],
  aboard: [ABOARD],
  lines: [ABOARD, OF_NETWORKS],
};

function isOwn(page: string, key: string): boolean {
  const [section = "", name = ""] = key.split(".");
  if (section === "error" && EARLY.includes(page)) return !LATE.some((names) => names.has(name));
  if (section === "error" && page === "desk") return !NOT_AT_A_DESK.has(name);
  if (section === "error" && page in WITHIN) return (OF_PARTS[page] ?? [LATER]).some((names) => names.has(name));
  return SENTENCES[page]?.includes(section) ?? false;
}

export function ownSentences(): Plugin {
  return {
    name: "own-sentences",
    enforce: "pre",
    load(id) {
      const found = /^(.*\/locales\/\w+\.json)\?(\w+)$/.exec(id);
      const page = found?.[2] ?? "";
      if (found?.[1] === undefined || !(page in SENTENCES)) return null;
      const whole = JSON.parse(readFileSync(found[1], "utf8")) as Record<string, string>;
      const own = Object.entries(whole).filter(([key]) => isOwn(page, key));
      return { code: `export default ${JSON.stringify(Object.fromEntries(own))};`, moduleType: "js" };
    },
  };
}
