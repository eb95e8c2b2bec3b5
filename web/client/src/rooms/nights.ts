// The operators' rooms: needs, alarms and follow-ups as they come, hotels by commune, and one need opened at a time.

import { newId } from "../pure/ids.ts";
import { queued, withNeed, withRooms } from "../pure/beds.ts";
import type { Line } from "../net/link.ts";
import type {
  Address,
  AskBody,
  BoardAlarm,
  BoardFollowUp,
  BoardNeed,
  BoardRooms,
  HoldView,
  NeedState,
  Option,
  Refused,
  RoomsBoard,
  RoomsPush,
  ShelterQueuePush,
} from "../net/rooms.ts";
import { createStore } from "../store.ts";

export interface Opened {
  id: string;
  need: NeedState | null;
  options: readonly Option[] | null;
}

export interface Picture {
  needs: readonly BoardNeed[];
  rooms: readonly BoardRooms[];
  alarms: readonly BoardAlarm[];
  followups: readonly BoardFollowUp[];
  nights_given: number;
  opened: Opened | null;
}

const EMPTY: Picture = { needs: [], rooms: [], alarms: [], followups: [], nights_given: 0, opened: null };
const REFRESH_MS = 250;
const WAIT_MS = 8_000;

export class Nights {
  readonly picture = createStore<Picture>(EMPTY);
  readonly line: Line;
  #stops: (() => void)[] = [];
  #refresh: ReturnType<typeof setTimeout> | undefined;

  constructor(line: Line) {
    this.line = line;
  }

  begin(): void {
    if (this.#stops.length > 0) return;
    this.#stops = [
      this.line.follow<ShelterQueuePush>("queue:shelter", {
        load: () => this.#load(),
        on: (push) => this.#heard(push),
      }),
      this.line.watch<RoomsPush>("board:shelter", ({ type: _, ...rooms }) =>
        this.#show({ rooms: withRooms(this.picture.get().rooms, rooms) }),
      ),
    ];
  }

  end(): void {
    clearTimeout(this.#refresh);
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.picture.set(EMPTY);
  }

  open(id: string): void {
    this.#show({ opened: { id, need: null, options: null } });
    void this.look(id).catch(() => undefined);
  }

  shut(): void {
    this.#show({ opened: null });
  }

  async look(id: string): Promise<void> {
    const need = await this.line.command<NeedState>("shelter.state", { need: id });
    this.#opened(id, { need });
  }

  async options(id: string): Promise<void> {
    const { options } = await this.line.command<{ options: Option[] }>("shelter.options", { need: id }, WAIT_MS);
    this.#opened(id, { options });
  }

  async ask(body: AskBody): Promise<void> {
    const { need } = await this.line.command<{ need: string }>("shelter.ask", body);
    await this.#load();
    this.open(need);
  }

  async hold(need: string, option: string): Promise<void> {
    await this.line.command<HoldView>("shelter.hold", { id: newId(), need, option });
    this.#opened(need, { options: null });
    await this.look(need);
  }

  /** `hold.extend`, `hold.cancel`, `hold.approve`: each says what must be. */
  async held(need: string, method: "hold.extend" | "hold.cancel" | "hold.approve", hold: string): Promise<void> {
    await this.line.command(method, { hold });
    await this.look(need);
  }

  address(hold: string): Promise<Address> {
    return this.line.command<Address>("hold.address", { hold });
  }

  async wave(need: string): Promise<void> {
    await this.line.command("shelter.wave", { need });
    await this.look(need);
  }

  async close(need: string, outcome: "safe" | "declined" | "unmet", reason?: Refused): Promise<void> {
    await this.line.command("shelter.close", { need, outcome, ...(reason && { reason }) });
    this.shut();
    await this.#load();
  }

  async seen(alarm: string): Promise<void> {
    await this.line.command("alarm.seen", { alarm });
    this.#show({ alarms: this.picture.get().alarms.filter((one) => one.alarm !== alarm) });
  }

  async unlock(operator: string): Promise<void> {
    await this.line.command("reveal.unlock", { operator });
    await this.#load();
  }

  async followed(hold: string, day: number): Promise<void> {
    await this.line.command("stay.followup", { hold, day, done: true });
    this.#followed(hold, day);
  }

  #followed(hold: string, day: number): void {
    const { followups } = this.picture.get();
    this.#show({ followups: followups.filter((one) => one.hold !== hold || one.day !== day) });
  }

  #heard(push: ShelterQueuePush): void {
    const { needs, alarms, followups, opened } = this.picture.get();
    switch (push.type) {
      case "need": {
        const { type: _, climbed: __, ...need } = push;
        this.#show({ needs: withNeed(needs, need) });
        if (opened?.id === need.need) void this.look(need.need).catch(() => undefined);
        // A new one comes without its household.
        if (!needs.some((one) => one.need === need.need)) this.#soon();
        return;
      }
      case "alarm": {
        const { type: _, ...alarm } = push;
        return this.#show({ alarms: [alarm, ...alarms.filter((one) => one.alarm !== alarm.alarm)] });
      }
      case "alarm_over":
        return this.#show({ alarms: alarms.filter((one) => one.alarm !== push.alarm) });
      case "followup": {
        const { type: _, ...followup } = push;
        return this.#show({ followups: [...followups, followup] });
      }
      case "followup_done":
        return this.#followed(push.hold, push.day);
    }
  }

  #soon(): void {
    clearTimeout(this.#refresh);
    this.#refresh = setTimeout(() => void this.#load().catch(() => undefined), REFRESH_MS);
  }

  async #load(): Promise<{ epoch: string; offset: number }> {
    const found = await this.line.command<RoomsBoard>("shelter.board", {}, WAIT_MS);
    const { rooms, alarms, followups, nights_given, epoch, offset } = found;
    this.#show({ needs: queued(found.needs), rooms, alarms, followups, nights_given });
    return { epoch, offset };
  }

  #opened(id: string, change: Partial<Opened>): void {
    const { opened } = this.picture.get();
    if (opened?.id === id) this.#show({ opened: { ...opened, ...change } });
  }

  #show(change: Partial<Picture>): void {
    this.picture.update((picture) => ({ ...picture, ...change }));
  }
}
