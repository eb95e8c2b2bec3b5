// A worker's own page: the needs she asked for, and nobody else's. Her own stream says what has become of them.

import { Line } from "../net/link.ts";
import { post, refusalOf } from "../net/http.ts";
import type { AskedNeeds, BoardFollowUp, ShelterPush } from "../net/rooms.ts";
import { Session } from "../net/session.ts";
import { communes, withOver, type Commune, type RoomsFile } from "../pure/beds.ts";
import type { Position } from "../pure/streams.ts";
import { Needing, WAIT_MS } from "../rooms/needing.ts";
import { createStore } from "../store.ts";

export interface Areas {
  found: readonly Commune[];
  problem: string | null;
}

const FILE_MS = 30_000;

type OwnPush = ShelterPush | ({ type: "followup" } & BoardFollowUp);

export class Own extends Needing {
  override readonly staff = false;
  /** Communes that have hotels: asked for when she begins to ask, as the file of an association. */
  readonly areas = createStore<Areas>({ found: [], problem: null });
  #unfollow: (() => void) | null = null;

  constructor(token: string) {
    super(new Line(new Session(token)));
  }

  /** Refused unless the session is a worker's. */
  async begin(): Promise<void> {
    await this.load();
    this.#unfollow = this.line.personal<OwnPush>({
      load: () => this.load(),
      on: (push) => this.#heard(push),
    });
    this.line.open();
  }

  override end(): void {
    this.#unfollow?.();
    this.line.close();
    super.end();
  }

  async findAreas(): Promise<void> {
    if (this.areas.get().found.length > 0) return;
    try {
      const { token } = this.line.session;
      const file = await post<RoomsFile>("/api/export/rooms", { form: "geojson" }, { token, timeout: FILE_MS });
      this.areas.set({ found: communes(file), problem: null });
    } catch (failure) {
      this.areas.set({ found: [], problem: refusalOf(failure).message });
    }
  }

  #heard(push: OwnPush): void {
    if (push.type !== "shelter" && push.type !== "followup") return;
    this.soon();
    this.changed(push.need);
  }

  protected override async load(): Promise<Position> {
    const { needs, followups, epoch, offset } = await this.line.command<AskedNeeds>("shelter.mine", {}, WAIT_MS);
    this.show({ needs: withOver(needs), followups });
    return { epoch, offset };
  }
}
