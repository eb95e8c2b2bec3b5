// Her report from a tram, a train or a bus: where she is, what happens, and what comes of it.
//
// Nothing is kept on the phone, nothing sounds and nothing vibrates. What is open is found again by `me.state`,
// through the cookie of the session.

import { loadConfig } from "../net/config.ts";
import { refusalOf, Refusal } from "../net/http.ts";
import type { Line } from "../net/link.ts";
import { Onboard } from "../net/onboard.ts";
import { Sender, type Reply } from "../net/sender.ts";
import type {
  Call,
  Deed,
  Located,
  NetworkKnown,
  Poster,
  Reported,
  WitnessState,
} from "../net/transit.ts";
import { forgetPlace, where } from "../net/where.ts";
import type { MePush } from "../net/wire.ts";
import { newId } from "../pure/ids.ts";
import { certainty, posterOf, reportBody, shown, unsaid, type Certainty, type Wish } from "../pure/riding.ts";
import { idle, wayOf, type Sending } from "../pure/sending.ts";
import { nowhere } from "../pure/streams.ts";
import { createStore } from "../store.ts";

export interface Picture {
  step: "finding" | "who" | "what" | "check" | "hand" | "sending" | "live";
  wish: Wish;
  found: Certainty;
  sending: Sending;
  /** What the server knows of it; null until it was asked. */
  event: WitnessState | null;
  /** Known from the moment it is recorded. */
  call: Call | null;
  networks: readonly NetworkKnown[];
}

const START: Picture = {
  step: "finding",
  wish: unsaid,
  found: { how: "looking" },
  sending: idle,
  event: null,
  call: null,
  networks: [],
};

const LOOK_MS = 3_000;
/** So long it is looked for before the page says that it does not know. */
const PATIENCE_MS = 8_000;
const COUNT_MS = 5_000;
const SOCKET_MS = 1_500;
const HTTP_MS = 3_000;

export class Trip {
  readonly picture = createStore<Picture>(START);
  readonly line: Line;
  readonly #onboard = new Onboard();
  readonly #code: string | null;
  #id = newId();
  #sender: Sender | null = null;
  #alert: string | null = null;
  #stops: (() => void)[] = [];
  #asking = false;
  #unfollow: (() => void) | null = null;

  /** `code`: from the poster that led here. */
  constructor(line: Line, code: string | null) {
    this.line = line;
    this.#code = code;
  }

  begin(alert: string | null): void {
    this.line.open();
    void this.#networks();
    if (alert !== null) return this.#live(alert);
    this.#show({ step: "who" });
    void loadConfig();
    this.#onboard.begin();
    const since = Date.now();
    const look = setInterval(() => void this.#locate(since), LOOK_MS);
    // The first position says the most: it is not waited for.
    const first = where.subscribe(() => {
      if (where.get().status === "known" && this.picture.get().found.how === "looking") void this.#locate(since);
    });
    this.#stops = [() => clearInterval(look), first];
    if (this.#code === null) void this.#locate(since);
    else void this.#read(this.#code);
  }

  close(): void {
    this.#sender?.forget();
    this.#still();
    this.#unfollow?.();
    this.#unfollow = null;
    this.picture.set(START);
  }

  go(step: Picture["step"]): void {
    this.#show({ step });
  }

  wish(change: Partial<Wish>): void {
    // Another wish is another report.
    this.#id = newId();
    this.picture.update((picture) => ({ ...picture, wish: { ...picture.wish, ...change } }));
  }

  /** Something says where: she, a poster, or this phone. */
  get placed(): boolean {
    const { wish, found } = this.picture.get();
    return shown(wish.here, found) !== null || this.#onboard.trail().length > 0;
  }

  send(): void {
    this.#sender?.forget();
    const { wish, found } = this.picture.get();
    const here = shown(wish.here, found);
    const body = reportBody(this.#id, { ...wish, here }, this.#onboard.trail(), this.#code);
    void this.line.session.keep().catch(() => undefined);
    this.#show({ step: "sending", sending: idle });
    this.#sender = new Sender({
      show: (sending) => this.#show({ sending }),
      attempt: (tries) => this.#attempt(body, tries),
      recorded: ({ alert }) => this.#live(alert),
    });
    this.#sender.begin();
  }

  abandon(): void {
    this.#sender?.abandon();
  }

  async update(change: { kind?: Deed; car?: string; stop?: string }): Promise<void> {
    const alert = this.#known();
    await this.line.command("witness.update", { alert, ...change });
    await this.#look(alert);
  }

  async cancel(): Promise<void> {
    const alert = this.#known();
    await this.line.command("witness.cancel", { alert });
    await this.#look(alert);
  }

  async #attempt(body: object, tries: number): Promise<Reply> {
    try {
      await this.line.session.ensure();
      const found =
        wayOf(tries, this.line.connected) === "socket"
          ? await this.line.bySocket<Partial<Reported>>("witness.report", body, SOCKET_MS)
          : await this.line.byHttp<Partial<Reported>>("witness.report", body, HTTP_MS);
      const { report, call, ...reply } = found;
      if (call) this.#show({ call });
      return { ...reply, ...(report && { room: report }) };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.message !== "unauthorized") throw refusal;
      this.line.session.forget();
      throw new Refusal(refusal.message, refusal.code, true);
    }
  }

  /** What this phone has seen is sent to be compared with lines, while she answers. */
  async #locate(since: number): Promise<void> {
    const { step, wish, sending } = this.picture.get();
    if (step === "live" || sending.step === "recorded") return this.#still();
    if (wish.here !== null || this.#asking) return;
    this.#asking = true;
    const trail = this.#onboard.trail();
    const patient = where.get().status !== "refused" && Date.now() - since < PATIENCE_MS;
    try {
      if (trail.length > 0) {
        await this.line.session.ensure();
        const found = certainty(await this.line.command<Located>("transit.place", { trail }));
        if (found.how !== "unknown" || !patient) this.#show({ found });
      } else if (!patient) this.#show({ found: { how: "unknown" } });
    } catch {
      // She may say it herself; and the report itself carries where she was.
      if (!patient && this.picture.get().found.how === "looking") this.#show({ found: { how: "unknown" } });
    } finally {
      this.#asking = false;
    }
  }

  async #read(code: string): Promise<void> {
    try {
      const here = posterOf(await this.line.byHttp<Poster>("transit.code", { code }));
      if (here !== null && this.picture.get().wish.here === null) this.wish({ here });
    } catch {
      // A poster that nobody knows any more is no reason to stop.
    }
  }

  async #networks(): Promise<void> {
    try {
      await this.line.session.ensure();
      const { networks } = await this.line.byHttp<{ networks: NetworkKnown[] }>("network.list", {});
      this.#show({ networks });
    } catch {
      // The usual numbers are shown.
    }
  }

  #live(alert: string): void {
    this.#still();
    this.#alert = alert;
    if (this.#unfollow === null) {
      // The stream of the event is not for who reports it: it would say what others report.
      const stop = this.line.personal<MePush>({
        load: () => this.#look(alert).then(() => nowhere),
        on: (push) => {
          if (push.type === "witness_own") void this.#look(alert).catch(() => undefined);
        },
      });
      void this.#again(alert);
      // How many were told is in no push: each of them would say that somebody is near.
      const ask = setInterval(() => void this.#again(alert), COUNT_MS);
      this.#unfollow = () => {
        clearInterval(ask);
        stop();
      };
    }
    this.#show({ step: "live" });
  }

  async #again(alert: string): Promise<void> {
    const { event } = this.picture.get();
    if (document.visibilityState !== "visible" || (event !== null && event.state !== "open")) return;
    await this.#look(alert).catch(() => undefined);
  }

  async #look(alert: string): Promise<void> {
    const event = await this.line.command<WitnessState>("witness.state", { alert });
    if (this.#alert === alert) this.#show({ event, call: event.call });
  }

  #still(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#onboard.end();
    forgetPlace();
  }

  #known(): string {
    if (this.#alert === null) throw new Refusal("not_found", 404, false);
    return this.#alert;
  }

  #show(change: Partial<Picture>): void {
    this.picture.update((picture) => ({ ...picture, ...change }));
  }
}
