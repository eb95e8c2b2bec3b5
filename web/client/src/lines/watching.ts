// The operators' lines: events as they come, one of them opened, networks as they are drawn, what travellers are told.

import { refusalOf } from "../net/http.ts";
import type { Line } from "../net/link.ts";
import type {
  BoardEvent,
  Effect,
  HotSpot,
  LineDrawn,
  NetworkKnown,
  Outcome,
  Sentence,
  Service,
  WitnessBoard,
  WitnessSaid,
  WitnessState,
} from "../net/transit.ts";
import { newId } from "../pure/ids.ts";
import type { Position } from "../pure/streams.ts";
import { createStore } from "../store.ts";

export interface Opened {
  alert: string;
  /** Null until the server has answered; opening is written in the audit. */
  event: WitnessState | null;
}

export interface Picture {
  /** Null until the first answer. */
  events: readonly BoardEvent[] | null;
  watching: number;
  networks: readonly NetworkKnown[];
  /** Which one is drawn. */
  network: string | null;
  drawn: Readonly<Record<string, readonly LineDrawn[]>>;
  opened: Opened | null;
  services: readonly Service[];
  /** Null: nobody has asked. */
  spots: readonly HotSpot[] | null;
}

const NOTHING: Picture = {
  events: null,
  watching: 0,
  networks: [],
  network: null,
  drawn: {},
  opened: null,
  services: [],
  spots: null,
};
const REFRESH_MS = 150;
const WAIT_MS = 8_000;
const TELLERS: readonly string[] = ["supervisor", "duty"];

export interface ServiceAsked {
  network: string;
  line?: string;
  stop?: string;
  effect: Effect;
  text: Sentence;
  until: string;
  alert?: string;
}

export class Watching {
  readonly picture = createStore<Picture>(NOTHING);
  readonly line: Line;
  /** Who answers for what leaves here. */
  readonly mayTell: boolean;
  #stops: (() => void)[] = [];
  #unfollow: (() => void) | null = null;
  #chosen = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(line: Line, role: string) {
    this.line = line;
    this.mayTell = TELLERS.includes(role);
  }

  begin(): void {
    if (this.#stops.length > 0) return;
    this.#stops = [
      // A push rings; the snapshot tells.
      this.line.follow("queue:witness", { load: () => this.#load(), on: () => this.#soon() }),
      this.line.watch<{ watching: number }>("board:witness", ({ watching }) => this.#show({ watching })),
      () => clearTimeout(this.#again),
    ];
    void this.#networks().catch(() => undefined);
  }

  end(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.shut();
    this.picture.set(NOTHING);
  }

  open(alert: string): void {
    this.shut();
    const found = this.picture.get().events?.find((one) => one.alert === alert);
    this.#show({ opened: { alert, event: null } });
    if (found !== undefined) this.draw(found.network);
    this.#unfollow = this.line.follow<WitnessSaid>(`alert:${alert}`, {
      load: () => this.#look(alert),
      on: () => void this.#look(alert).catch(() => undefined),
    });
  }

  shut(): void {
    this.#unfollow?.();
    this.#unfollow = null;
    this.#show({ opened: null });
  }

  /** From now on it is her choice which network is drawn. */
  choose(network: string): void {
    this.#chosen = true;
    this.draw(network);
  }

  draw(network: string): void {
    this.#show({ network });
    if (!(network in this.picture.get().drawn)) void this.#trace(network);
  }

  async judge(alert: string, verdict: "confirmed" | "false"): Promise<void> {
    await this.line.command("witness.judge", { alert, verdict });
    await this.#look(alert);
    await this.#load();
  }

  async close(alert: string, outcome: Outcome): Promise<void> {
    await this.line.command("witness.close", { alert, outcome });
    this.shut();
    await this.#load();
  }

  async tell(id: string, asked: ServiceAsked): Promise<void> {
    await this.line.command("service.alert", { id, ...asked });
    await this.#services();
  }

  async untell(service: string): Promise<void> {
    await this.line.command("service.end", { id: newId(), service });
    await this.#services();
  }

  async spots(days: number): Promise<void> {
    const { spots } = await this.line.command<{ spots: HotSpot[] }>("witness.hotspots", { days }, WAIT_MS);
    this.#show({ spots });
  }

  async #load(): Promise<Position> {
    const { events, watching, epoch, offset } = await this.line.command<WitnessBoard>("witness.board", {}, WAIT_MS);
    this.#show({ events, watching });
    if (!this.#chosen && this.picture.get().opened === null && events[0] !== undefined) this.draw(events[0].network);
    return { epoch, offset };
  }

  async #networks(): Promise<void> {
    const { networks } = await this.line.command<{ networks: NetworkKnown[] }>("network.list", {});
    this.#show({ networks });
    await this.#services();
    for (const { network } of networks) {
      if (this.picture.get().network !== null) return;
      // The first of which the tracks are known.
      if ((await this.#trace(network)).length > 0 && this.picture.get().network === null) this.draw(network);
    }
  }

  async #trace(network: string): Promise<readonly LineDrawn[]> {
    try {
      const { lines } = await this.line.command<{ lines: LineDrawn[] }>("transit.map", { network }, WAIT_MS);
      this.#show({ drawn: { ...this.picture.get().drawn, [network]: lines } });
      return lines;
    } catch (error) {
      if (!refusalOf(error).temporary) this.#show({ drawn: { ...this.picture.get().drawn, [network]: [] } });
      return [];
    }
  }

  async #services(): Promise<void> {
    const { services } = await this.line.command<{ services: Service[] }>("service.alerts", {});
    this.#show({ services });
  }

  async #look(alert: string): Promise<Position> {
    const event = await this.line.command<WitnessState>("witness.state", { alert });
    if (this.picture.get().opened?.alert === alert) this.#show({ opened: { alert, event } });
    return { epoch: event.epoch, offset: event.offset };
  }

  #soon(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.#load().catch(() => undefined), REFRESH_MS);
  }

  #show(change: Partial<Picture>): void {
    this.picture.update((picture) => ({ ...picture, ...change }));
  }
}
