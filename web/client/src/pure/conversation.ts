// A conversation on one device: the server's order, words corrected by who said them, what happened beside, and
// words that wait for the line, in their own order. Pure.

/** The seat of her who asks. */
export const HER = "elle";

export interface Said {
  type: "say";
  id: string;
  text: string;
  seat: string;
  at: string;
  offset: number;
  edited?: boolean;
  /** The name of a picture of this room: seen when it is asked for. */
  attachment?: string;
}

export interface Happened {
  type: "event";
  what: string;
  seat?: string;
  at: string;
  offset: number;
  facts: Readonly<Record<string, unknown>>;
}

export interface Corrected {
  type: "edit";
  id: string;
  of: string;
  text: string;
  seat: string;
  at: string;
  offset: number;
}

export type Entry = Said | Happened;

/** Words on their way. `taken`: the server has them, its own publication is still to come. */
export interface Waiting {
  id: string;
  text: string;
  /** The message that this corrects. */
  of?: string;
  photo?: Blob;
  state: "waiting" | "sending" | "taken" | "refused";
  /** Why it was refused for good. */
  reason?: string;
}

export interface Thread {
  entries: readonly Entry[];
  waiting: readonly Waiting[];
}

export const nothingSaid: Thread = { entries: [], waiting: [] };

/** One's own last message may be corrected for that long. */
const EDIT_MS = 5 * 60_000;

export function heard(thread: Thread, one: Entry | Corrected): Thread {
  const waiting = one.type === "event" ? thread.waiting : thread.waiting.filter(({ id }) => id !== one.id);
  if (one.type === "edit") {
    return { entries: thread.entries.map((known) => corrected(known, one)), waiting };
  }
  if (thread.entries.some((known) => known.offset === one.offset || isSame(known, one))) return { ...thread, waiting };
  return { entries: inOrder([...thread.entries, one]), waiting };
}

/**
 * The snapshot replaces what it covers. Words still on their way stay, unless it holds them; what happened before
 * its first message stays where it was, for a snapshot is only the newest page.
 */
export function begun(thread: Thread, snapshot: readonly Entry[]): Thread {
  const first = Math.min(...snapshot.map(({ offset }) => offset));
  const before = thread.entries.filter(({ offset }) => offset < first);
  const ids = new Set(snapshot.map((one) => (one.type === "say" ? one.id : "")));
  return {
    entries: inOrder([...before, ...snapshot]),
    waiting: thread.waiting.filter((mine) => !ids.has(mine.id) && !isCorrected(snapshot, mine)),
  };
}

export function written(thread: Thread, one: Pick<Waiting, "id" | "text" | "of" | "photo">): Thread {
  return { ...thread, waiting: [...thread.waiting, { ...one, state: "waiting" }] };
}

/** Which goes next: the oldest, once nothing is on its way; what was refused holds nobody back. */
export function due({ waiting }: Thread): Waiting | null {
  if (waiting.some(({ state }) => state === "sending")) return null;
  return waiting.find(({ state }) => state === "waiting") ?? null;
}

export function moved(thread: Thread, id: string, state: Waiting["state"], reason?: string): Thread {
  const waiting = thread.waiting.map((mine) =>
    mine.id === id ? { ...mine, state, ...(reason === undefined ? {} : { reason }) } : mine,
  );
  return { ...thread, waiting };
}

export function dropped(thread: Thread, id: string): Thread {
  return { ...thread, waiting: thread.waiting.filter((mine) => mine.id !== id) };
}

/** What has not left yet is corrected here, and sent once, corrected. */
export function rewritten(thread: Thread, id: string, text: string): Thread {
  const waiting = thread.waiting.map((mine) => (mine.id === id && mine.state === "waiting" ? { ...mine, text } : mine));
  return { ...thread, waiting };
}

/** One's own last message, while it may still be corrected. */
export function correctable(thread: Thread, seat: string | null, now: number): Said | null {
  if (thread.waiting.length > 0) return null;
  const mine = thread.entries.findLast((one): one is Said => one.type === "say" && one.seat === seat);
  return mine !== undefined && mine.text !== "" && now - Date.parse(mine.at) < EDIT_MS ? mine : null;
}

/** The newest of one's own messages that the others have seen. */
export function lastRead(thread: Thread, seat: string | null, read: number): number | null {
  const mine = thread.entries.findLast((one) => one.type === "say" && one.seat === seat && one.offset <= read);
  return mine?.offset ?? null;
}

function isSame(known: Entry, one: Entry): boolean {
  return known.type === "say" && one.type === "say" && known.id === one.id;
}

function corrected(known: Entry, { of, text, seat }: Corrected): Entry {
  return known.type === "say" && known.id === of && known.seat === seat ? { ...known, text, edited: true } : known;
}

function isCorrected(snapshot: readonly Entry[], { of, text, state }: Waiting): boolean {
  if (of === undefined || state !== "taken") return false;
  return snapshot.some((one) => one.type === "say" && one.id === of && one.text === text);
}

function inOrder(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => a.offset - b.offset);
}

/** After each coming and going, how many of those who answer are there; -1: who comes was there already. */
export function whoStays(entries: readonly Entry[], her: string = HER): ReadonlyMap<number, number> {
  const there = new Set<string>();
  const after = new Map<number, number>();
  const answering = (): number => [...there].filter((seat) => !seat.startsWith("interprete")).length;
  for (const one of entries) {
    if (one.seat === undefined || one.seat === her) continue;
    const known = there.has(one.seat);
    if (one.type === "event" && (one.what === "left" || one.what === "away")) there.delete(one.seat);
    else if (one.type === "say" || one.what === "joined" || one.what === "back") there.add(one.seat);
    if (one.type === "event") after.set(one.offset, one.what === "joined" && known ? -1 : answering());
  }
  return after;
}
