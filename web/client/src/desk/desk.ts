// A hotel's tablet at night: what it says of its rooms, who is on the way, and what it is asked.
//
// Changes of rooms are kept while the line is away and said when it is back; answers to people are not: whoever
// waits for one is better served by an honest "not sent" and a telephone.

import { newId } from "../pure/ids.ts";
import { nightOf } from "../pure/night.ts";
import {
  answered,
  due,
  fade,
  ofNight,
  refused,
  revived,
  SETTLE_MS,
  tapped,
  trying,
  UNDO_MS,
  undone,
  untouched,
  type Taps,
} from "../pure/taps.ts";
import { loadConfig } from "../net/config.ts";
import { post, Refusal, refusalOf } from "../net/http.ts";
import { keep as keepFor, kept } from "../net/kept.ts";
import { Line } from "../net/link.ts";
import type { DeskAsk, DeskKind, DeskPush, DeskState } from "../net/rooms.ts";
import { Session } from "../net/session.ts";
import type { MeState } from "../net/wire.ts";
import { createStore } from "../store.ts";

export interface Picture {
  step: "finding" | "code" | "known" | "ended";
  desk: DeskState | null;
  taps: Taps;
  /** Changes of a night that was over when the line came back. */
  dropped: number;
  /** Questions that were answered a moment ago, by this hotel or another. */
  over: readonly Over[];
  /** Why the last change was not taken, and of which kind of room. */
  refusal: { kind: string; name: string } | null;
}

export interface Over {
  ask: string;
  state: "accepted" | "covered" | "over";
  at: number;
}

const START: Picture = { step: "finding", desk: null, taps: untouched, dropped: 0, over: [], refusal: null };
const KEPT = "entraide.desk";
const WAIT_MS = 8_000;
const AGAIN_MS = 3_000;
const REFRESH_MS = 150;
const MINUTE_MS = 60_000;
/** Thanks are read within that time, or not at all. */
const OVER_MS = 10 * 60_000;

export class Desk {
  readonly picture = createStore<Picture>(START);
  /** A clerk who signed in with a key, or the tablet by its cookie. */
  line = new Line(new Session(kept("desk")));
  #id: string | null = null;
  #unfollow: (() => void) | null = null;
  #pumping = false;
  /** The line was away: look at the night before saying anything about it. */
  #away = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refresh: ReturnType<typeof setTimeout> | undefined;
  #turning: ReturnType<typeof setInterval> | undefined;

  /** `id` is what the link says after its #; the code comes by another way. */
  async begin(id: string | null): Promise<void> {
    void loadConfig();
    this.#id = id;
    this.#show({ taps: revived(read()) });
    if (!this.line.session.exists) return this.#show({ step: "code" });
    try {
      await this.#enter();
    } catch (error) {
      const { temporary } = refusalOf(error);
      if (!temporary && kept("desk") === null) return this.#show({ step: "code" });
      // A shift that is over: the tablet goes on by itself.
      if (!temporary) this.#as(new Session());
      setTimeout(() => void this.begin(id), temporary ? AGAIN_MS : 0);
    }
  }

  async beginShift(member: string, pin: string): Promise<void> {
    const { token } = await this.line.byHttp<{ token: string }>("shift.begin", { member, pin }, WAIT_MS);
    this.#as(new Session(token), token);
    await this.#enter();
  }

  /** A clerk who came with a key of her own has no shift to end: she leaves, and the tablet goes on. */
  async endShift(): Promise<void> {
    const { line } = this;
    this.#as(new Session());
    await line.byHttp("shift.end", {}).catch(() => undefined);
    await this.begin(null);
  }

  #as(session: Session, token: string | null = null): void {
    keepFor("desk", token);
    this.#unfollow?.();
    this.#unfollow = null;
    this.line.close();
    this.line = new Line(session);
  }

  get hasLink(): boolean {
    return this.#id !== null;
  }

  /** The six figures, typed once on this tablet; from then on a cookie remembers it. */
  async open(code: string): Promise<void> {
    const body = { desk: this.#id, code };
    const { token } = await post<{ token: string }>("/api/desk/open", body, { token: null, timeout: WAIT_MS });
    this.#as(new Session(token));
    await this.line.session.keep(true);
    history.replaceState(null, "", "/bureau");
    await this.#enter();
  }

  tap(kind: string, by: 1 | -1): void {
    const now = Date.now();
    const night = this.#night(now);
    const taps = tapped(this.picture.get().taps, { id: newId(), kind, by, now, night });
    this.#keep(taps, { refusal: null, dropped: 0 });
    this.#soon(SETTLE_MS);
    setTimeout(() => this.#keep(fade(this.picture.get().taps, Date.now())), UNDO_MS + 20);
  }

  undo(): void {
    this.#keep(undone(this.picture.get().taps, newId(), Date.now()));
    void this.#pump();
  }

  async fresh(): Promise<void> {
    await this.line.command("desk.fresh", { id: newId() });
    await this.#load();
  }

  /** An answer about somebody: sent now, or said not to be. */
  async say(method: string, body: object): Promise<void> {
    try {
      await this.line.command(method, body);
    } finally {
      await this.#load().catch(() => undefined);
    }
  }

  incident(id: string, kind: "here" | "calls" | "other"): Promise<unknown> {
    return this.line.command("desk.incident", { id, kind });
  }

  async #enter(): Promise<void> {
    const me = await this.line.byHttp<MeState>("me.state", {}, WAIT_MS);
    if (me.role !== "desk") throw new Refusal("not_allowed", 103, false);
    const found = await this.line.byHttp<DeskState>("desk.state", {}, WAIT_MS);
    this.#seen(found);
    this.#show({ step: "known" });
    this.line.open();
    this.#unfollow?.();
    this.#unfollow = this.line.follow<DeskPush>(`desk:${found.hotel}`, {
      load: () => this.#load(),
      on: (push) => {
        if (push.type === "ask") this.#over(push.ask, push.state);
        clearTimeout(this.#refresh);
        this.#refresh = setTimeout(() => void this.#load().catch(() => undefined), REFRESH_MS);
      },
      ended: () => this.#show({ step: "ended" }),
    });
    this.#away = this.picture.get().taps.changes.length > 0;
    this.#soon(0);
    // A tablet is never closed: the next night begins by itself.
    clearInterval(this.#turning);
    this.#turning = setInterval(() => {
      if (nightOf(Date.now()) !== this.picture.get().desk?.night) void this.#load().catch(() => undefined);
    }, MINUTE_MS);
  }

  async #load(): Promise<{ epoch: string; offset: number }> {
    const found = await this.line.command<DeskState>("desk.state", {});
    this.#seen(found);
    this.#soon(SETTLE_MS);
    return { epoch: found.epoch, offset: found.offset };
  }

  #seen(desk: DeskState): void {
    const { taps, dropped } = ofNight(this.picture.get().taps, desk.night);
    this.#keep(taps, dropped > 0 ? { desk, dropped } : { desk });
  }

  /** The night that fingers speak of: the server's, unless the tablet was left alone until another began. */
  #night(now: number): string {
    const known = this.picture.get().desk?.night ?? "";
    const here = nightOf(now);
    return this.line.connected || known > here ? known : here;
  }

  #soon(after: number): void {
    clearTimeout(this.#timer);
    if (this.picture.get().taps.changes.length > 0) this.#timer = setTimeout(() => void this.#pump(), after);
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    let next = SETTLE_MS;
    try {
      if (this.#away) await this.#load();
      this.#away = false;
      for (let one = due(this.#taps, Date.now()); one !== null; one = due(this.#taps, Date.now())) {
        await this.#send(one.id, one.kind, one.by);
      }
    } catch {
      this.#away = true;
      next = AGAIN_MS;
    } finally {
      this.#pumping = false;
      this.#soon(next);
    }
  }

  async #send(id: string, kind: string, by: number): Promise<void> {
    this.#keep(trying(this.#taps, id));
    try {
      const row = await this.line.command<DeskKind>("desk.rooms", { id, kind, by });
      const { desk } = this.picture.get();
      const kinds = desk?.kinds.map((one) => (one.kind === kind ? { ...one, ...row } : one)) ?? [];
      const said_at = new Date().toISOString();
      const now = desk && { ...desk, kinds, said_at, freshness: "fresh" as const, ask_now: false };
      this.#keep(answered(this.#taps, id), { desk: now });
    } catch (error) {
      const { message, temporary } = refusalOf(error);
      if (message === "unauthorized") return this.#show({ step: "ended" });
      if (temporary) throw error;
      this.#keep(refused(this.#taps, id), { refusal: { kind, name: message } });
    }
  }

  /** The snapshot lists what is open; what has just been covered is said for a while. */
  #over(ask: string, state: DeskAsk["state"]): void {
    const now = Date.now();
    const known = this.picture.get().over.filter((one) => one.ask !== ask && now - one.at < OVER_MS);
    const over = state === "open" || state === "declined" ? known : [{ ask, state, at: now }, ...known];
    this.#show({ over });
  }

  get #taps(): Taps {
    return this.picture.get().taps;
  }

  #keep(taps: Taps, more: Partial<Picture> = {}): void {
    this.#show({ taps, ...more });
    keep(taps);
  }

  #show(change: Partial<Picture>): void {
    this.picture.update((picture) => ({ ...picture, ...change }));
  }
}

/** Numbers of rooms and nothing about anybody; a tablet that is closed and opened again says them later. */
function keep({ changes }: Taps): void {
  try {
    if (changes.length === 0) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, JSON.stringify(changes));
  } catch {
    // Without storage they live as long as the page.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
