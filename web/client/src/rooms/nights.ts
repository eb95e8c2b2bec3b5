// The operators' rooms: needs, alarms and follow-ups as they come, hotels by commune.

import { queued, withNeed, withRooms } from "../pure/beds.ts";
import type { Position } from "../pure/streams.ts";
import type { AlarmDesk, BoardAlarm, BoardRooms, RoomsBoard, RoomsPush, ShelterQueuePush } from "../net/rooms.ts";
import { createStore } from "../store.ts";
import { Needing, WAIT_MS } from "./needing.ts";

export interface Everything {
  rooms: readonly BoardRooms[];
  alarms: readonly BoardAlarm[];
  nights_given: number;
}

const NOTHING: Everything = { rooms: [], alarms: [], nights_given: 0 };

export class Nights extends Needing {
  readonly board = createStore<Everything>(NOTHING);
  override readonly staff = true;
  #stops: (() => void)[] = [];

  begin(): void {
    if (this.#stops.length > 0) return;
    this.#stops = [
      this.line.follow<ShelterQueuePush>("queue:shelter", {
        load: () => this.load(),
        on: (push) => this.#heard(push),
      }),
      this.line.watch<RoomsPush>("board:shelter", ({ type: _, ...rooms }) =>
        this.#see({ rooms: withRooms(this.board.get().rooms, rooms) }),
      ),
    ];
  }

  override end(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.board.set(NOTHING);
    super.end();
  }

  async seen(alarm: string): Promise<void> {
    await this.line.command("alarm.seen", { alarm });
    this.#over(alarm);
  }

  /** Counted like an address: it leads to the hotel. */
  desk(alarm: string): Promise<AlarmDesk> {
    return this.line.command<AlarmDesk>("alarm.desk", { alarm });
  }

  async unlock(operator: string): Promise<void> {
    await this.line.command("reveal.unlock", { operator });
    await this.load();
  }

  #heard(push: ShelterQueuePush): void {
    const { needs, followups } = this.picture.get();
    switch (push.type) {
      case "need": {
        const { type: _, climbed: __, ...need } = push;
        this.show({ needs: withNeed(needs, need) });
        this.changed(need.need);
        // A new one comes without its household.
        if (!needs.some((one) => one.need === need.need)) this.soon();
        return;
      }
      case "alarm": {
        const { type: _, ...alarm } = push;
        const others = this.board.get().alarms.filter((one) => one.alarm !== alarm.alarm);
        return this.#see({ alarms: [alarm, ...others] });
      }
      case "alarm_over":
        return this.#over(push.alarm);
      case "followup": {
        const { type: _, ...followup } = push;
        return this.show({ followups: [...followups, followup] });
      }
      case "followup_done":
        return this.done(push.hold, push.day);
    }
  }

  protected override async load(): Promise<Position> {
    const found = await this.line.command<RoomsBoard>("shelter.board", {}, WAIT_MS);
    const { rooms, alarms, followups, nights_given, epoch, offset } = found;
    this.#see({ rooms, alarms, nights_given });
    this.show({ needs: queued(found.needs), followups });
    return { epoch, offset };
  }

  #over(alarm: string): void {
    this.#see({ alarms: this.board.get().alarms.filter((one) => one.alarm !== alarm) });
  }

  #see(change: Partial<Everything>): void {
    this.board.update((board) => ({ ...board, ...change }));
  }
}
