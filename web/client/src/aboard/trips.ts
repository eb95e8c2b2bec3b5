// Somebody who agreed to be told on her trips: what she is told, what she does, and which lines rest for now.
//
// Silent: nothing here sounds or vibrates. Where the phone has been stays in its memory; what it sends is rounded to
// about 100 metres, and only while she agrees and this page is open.

import type { Duty } from "../helper/duty.ts";
import { refusalOf } from "../net/http.ts";
import type { Line } from "../net/link.ts";
import { Onboard } from "../net/onboard.ts";
import type { Role, Watch, WitnessSaid, WitnessState } from "../net/transit.ts";
import { forgetPlace } from "../net/where.ts";
import type { MePush, MeState } from "../net/wire.ts";
import { isMine, withCall, withCalls, withEnd, withEvent, type Known } from "../pure/helping.ts";
import { rounded, type Spot } from "../pure/places.ts";
import { createStore } from "../store.ts";

export interface Picture {
  /** Null: the server has not said yet. */
  watch: Watch | null;
  calls: readonly Known[];
}

/** A tram goes a hundred metres in ten seconds: finer says nothing, rarer loses the line. */
const LOOK_MS = 4_000;
/** A phone that stands still says so a few times, until it is known to, and then more rarely. */
const STILL_TIMES = 4;
const STILL_MS = 10_000;
const REFRESH_MS = 150;
/** Who has taken no part yet does not follow the event: who does what is asked for while its card is open. */
const ASK_MS = 4_000;

export class Trips {
  readonly picture = createStore<Picture>({ watch: null, calls: [] });
  readonly line: Line;
  readonly #duty: Duty;
  readonly #onboard = new Onboard();
  readonly #told = new Set<string>();
  readonly #following = new Map<string, () => void>();
  #sent: Spot | null = null;
  #sentAt = 0;
  #times = 0;
  #stops: (() => void)[] = [];

  constructor(duty: Duty) {
    this.#duty = duty;
    this.line = duty.line;
  }

  begin(): void {
    const look = setInterval(() => this.#move(), LOOK_MS);
    const seen = (): void => this.#receipts();
    document.addEventListener("visibilitychange", seen);
    const ask = setInterval(() => this.#ask(), ASK_MS);
    const stop = this.line.personal<MePush>({ load: () => this.load(), on: (push) => this.#heard(push) });
    this.#stops = [stop, () => clearInterval(look), () => clearInterval(ask), () => document.removeEventListener("visibilitychange", seen)];
  }

  end(): void {
    for (const stop of [...this.#stops, ...this.#following.values()]) stop();
    this.#stops = [];
    this.#following.clear();
    this.#onboard.end();
  }

  async load(): Promise<{ epoch: string; offset: number }> {
    const { watch, witness, epoch, offset } = await this.line.command<MeState>("me.state", {});
    this.#see({ watch: watch ?? { on: false, muted: [] }, calls: withCalls(this.picture.get().calls, witness?.calls ?? []) });
    return { epoch, offset };
  }

  async watch(on: boolean): Promise<void> {
    // Asked of the browser in the same gesture.
    if (on) this.#onboard.begin();
    await this.line.command("watch.set", { on });
    if (!on) {
      this.#onboard.end();
      if (!this.#duty.desk.get().helper?.on) forgetPlace();
    }
    await this.load();
  }

  async mute(line: string, until: Date): Promise<void> {
    await this.line.command("watch.mute", { line, until: until.toISOString() });
    await this.load();
  }

  async unmute(line: string): Promise<void> {
    await this.line.command("watch.unmute", { line });
    await this.load();
  }

  /** Somebody else may have been faster: who does what is looked at again either way. */
  async claim(alert: string, role: Role): Promise<void> {
    try {
      await this.line.command("witness.claim", { alert, role });
    } finally {
      await this.load().catch(() => undefined);
      await this.#look(alert).catch(() => undefined);
    }
  }

  /** It stays taken: nobody need do it again. */
  async done(alert: string, role: Role): Promise<void> {
    await this.line.command("witness.claim", { alert, role, done: true });
    await this.#look(alert);
  }

  async say(word: "witness.release" | "witness.decline", alert: string): Promise<void> {
    await this.line.command(word, { alert });
    await this.load();
  }

  async confirm(alert: string, seen: boolean): Promise<void> {
    await this.line.command("witness.confirm", { alert, seen });
    await this.load();
  }

  dismiss(alert: string): void {
    this.#see({ calls: this.picture.get().calls.filter((one) => one.alert !== alert) });
  }

  #heard(push: MePush): void {
    const { calls } = this.picture.get();
    if (push.type === "witness") {
      const { type: _, ...call } = push;
      this.#see({ calls: withCall(calls, call) });
      this.#ask();
    }
    if (push.type === "witness_end") this.#see({ calls: withEnd(calls, push.alert, push.outcome) });
  }

  #see(change: Partial<Picture>): void {
    this.picture.update((picture) => ({ ...picture, ...change }));
    if (this.picture.get().watch?.on) this.#onboard.begin();
    this.#receipts();
    this.#follow();
  }

  /** "Received" goes by itself; "seen" only once the page is in front of somebody. */
  #receipts(): void {
    for (const { alert, over } of this.picture.get().calls) {
      if (over !== null) continue;
      this.#receipt(alert, "witness.received");
      if (document.visibilityState === "visible") this.#receipt(alert, "witness.seen");
    }
  }

  #ask(): void {
    if (document.visibilityState !== "visible") return;
    for (const one of this.picture.get().calls) {
      if (one.over === null && !isMine(one)) void this.#look(one.alert).catch(() => undefined);
    }
  }

  #receipt(alert: string, word: "witness.received" | "witness.seen"): void {
    const key = `${word} ${alert}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.line.command(word, { alert }).catch((error: unknown) => {
      if (refusalOf(error).temporary) this.#told.delete(key);
    });
  }

  /** Those who came see who does what. */
  #follow(): void {
    const wanted = new Set(this.picture.get().calls.filter((one) => one.over === null && isMine(one)).map(({ alert }) => alert));
    for (const [alert, stop] of this.#following) {
      if (wanted.has(alert)) continue;
      stop();
      this.#following.delete(alert);
    }
    for (const alert of wanted) {
      if (!this.#following.has(alert)) this.#following.set(alert, this.#followed(alert));
    }
  }

  #followed(alert: string): () => void {
    let again: ReturnType<typeof setTimeout> | undefined;
    const stop = this.line.follow<WitnessSaid>(`alert:${alert}`, {
      load: () => this.#look(alert),
      on: () => {
        clearTimeout(again);
        again = setTimeout(() => void this.#look(alert).catch(() => undefined), REFRESH_MS);
      },
    });
    return () => {
      clearTimeout(again);
      stop();
    };
  }

  async #look(alert: string): Promise<{ epoch: string; offset: number }> {
    const event = await this.line.command<WitnessState>("witness.state", { alert });
    this.#see({ calls: withEvent(this.picture.get().calls, event) });
    return { epoch: event.epoch, offset: event.offset };
  }

  /** About a hundred metres, when they have changed. */
  #move(): void {
    if (!this.picture.get().watch?.on) return;
    const found = this.#onboard.now();
    if (found === null) return;
    const spot = rounded(found);
    const same = this.#sent !== null && this.#sent.lat === spot.lat && this.#sent.lon === spot.lon;
    this.#times = same ? this.#times + 1 : 0;
    if (this.#times >= STILL_TIMES && Date.now() - this.#sentAt < STILL_MS) return;
    this.#sent = spot;
    this.#sentAt = Date.now();
    this.line.tell({ position: spot });
  }
}
