// What a desk has tapped and the server has not said yet: joined while fingers tap, kept while the line is away,
// taken back within five seconds, never counted twice (each change keeps its id until it is answered).

export const UNDO_MS = 5_000;
/** Taps that follow each other become one change. */
export const SETTLE_MS = 700;
/** The most that one change may say; more becomes another. */
export const MOST = 20;

export interface Change {
  id: string;
  kind: string;
  by: number;
  /** Of its last tap. */
  at: number;
  night: string;
  /** It may have reached the server: its id and number must stay. */
  tried: boolean;
}

export interface Undo {
  id: string;
  kind: string;
  by: number;
  night: string;
  until: number;
}

export interface Taps {
  changes: readonly Change[];
  undo: Undo | null;
}

export const untouched: Taps = { changes: [], undo: null };

export interface Tap {
  id: string;
  kind: string;
  by: number;
  now: number;
  night: string;
}

export function tapped(taps: Taps, tap: Tap): Taps {
  const last = taps.changes.at(-1);
  const joins =
    last !== undefined &&
    last.kind === tap.kind &&
    last.night === tap.night &&
    !last.tried &&
    tap.now - last.at < SETTLE_MS &&
    Math.abs(last.by + tap.by) <= MOST;
  const { id, kind, by, now: at, night } = tap;
  const change: Change = joins ? { ...last, by: last.by + by, at } : { id, kind, by, at, night, tried: false };
  const before = joins ? taps.changes.slice(0, -1) : taps.changes;
  const changes = change.by === 0 ? before : [...before, change];
  const undo = change.by === 0 ? null : { id: change.id, kind, by: change.by, night, until: at + UNDO_MS };
  return { changes, undo };
}

/** Take the last change back: dropped when nobody has heard of it, else said the other way round. */
export function undone(taps: Taps, id: string, now: number): Taps {
  const { undo } = taps;
  if (undo === null || now >= undo.until) return { ...taps, undo: null };
  const known = taps.changes.find((change) => change.id === undo.id);
  if (known !== undefined && !known.tried) {
    return { changes: taps.changes.filter((change) => change !== known), undo: null };
  }
  // Sent already: another change says the opposite, at once.
  const { kind, by, night } = undo;
  const back: Change = { id, kind, by: -by, at: now - SETTLE_MS, night, tried: false };
  return { changes: [...taps.changes, back], undo: null };
}

/** The change to send now, the oldest first; null while one may still grow. */
export function due(taps: Taps, now: number): Change | null {
  const first = taps.changes[0];
  return first !== undefined && now - first.at >= SETTLE_MS ? first : null;
}

export function trying(taps: Taps, id: string): Taps {
  return { ...taps, changes: taps.changes.map((change) => (change.id === id ? { ...change, tried: true } : change)) };
}

/** Answered, whatever the answer was. */
export function answered(taps: Taps, id: string): Taps {
  return { ...taps, changes: taps.changes.filter((change) => change.id !== id) };
}

/** Refused: nothing was changed, so there is nothing to take back. */
export function refused(taps: Taps, id: string): Taps {
  return { changes: answered(taps, id).changes, undo: taps.undo?.id === id ? null : taps.undo };
}

/** What was tapped for a night that is over says nothing about this one. */
export function ofNight(taps: Taps, night: string): { taps: Taps; dropped: number } {
  const changes = taps.changes.filter((change) => change.night === night);
  return { taps: { ...taps, changes }, dropped: taps.changes.length - changes.length };
}

/** What waits, for one kind of room. */
export function waiting(taps: Taps, kind: string): number {
  return taps.changes.reduce((sum, change) => sum + (change.kind === kind ? change.by : 0), 0);
}

export function fade(taps: Taps, now: number): Taps {
  return taps.undo !== null && now >= taps.undo.until ? { ...taps, undo: null } : taps;
}

/** What a browser kept for us, read again without trusting it. */
export function revived(text: string | null): Taps {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(found)) return untouched;
    return { changes: found.filter(isChange), undo: null };
  } catch {
    return untouched;
  }
}

function isChange(value: unknown): value is Change {
  if (typeof value !== "object" || value === null) return false;
  const one = value as Partial<Record<keyof Change, unknown>>;
  return (
    typeof one.id === "string" &&
    typeof one.kind === "string" &&
    typeof one.by === "number" &&
    Number.isInteger(one.by) &&
    one.by !== 0 &&
    Math.abs(one.by) <= MOST &&
    typeof one.at === "number" &&
    typeof one.night === "string" &&
    typeof one.tried === "boolean"
  );
}
