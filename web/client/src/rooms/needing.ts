// Needs for a room, one of them opened at a time, and all that is done about it: by operators and by a worker.

import { newId } from "../pure/ids.ts";
import type { Line } from "../net/link.ts";
import type {
  Address,
  AskBody,
  BoardFollowUp,
  BoardNeed,
  HoldView,
  NeedState,
  Option,
  Refused,
} from "../net/rooms.ts";
import type { Position } from "../pure/streams.ts";
import { createStore } from "../store.ts";

export interface Opened {
  id: string;
  need: NeedState | null;
  options: readonly Option[] | null;
}

export interface Picture {
  needs: readonly BoardNeed[];
  followups: readonly BoardFollowUp[];
  opened: Opened | null;
}

const EMPTY: Picture = { needs: [], followups: [], opened: null };
const REFRESH_MS = 250;
export const WAIT_MS = 8_000;

export abstract class Needing {
  readonly picture = createStore<Picture>(EMPTY);
  readonly line: Line;
  /** They see everybody's needs, and agree to long stays. */
  abstract readonly staff: boolean;
  #refresh: ReturnType<typeof setTimeout> | undefined;

  constructor(line: Line) {
    this.line = line;
  }

  end(): void {
    clearTimeout(this.#refresh);
    this.picture.set(EMPTY);
  }

  open(id: string): void {
    this.show({ opened: { id, need: null, options: null } });
    void this.look(id).catch(() => undefined);
  }

  shut(): void {
    this.show({ opened: null });
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
    await this.load();
    this.open(need);
  }

  async hold(need: string, option: string): Promise<void> {
    await this.line.command<HoldView>("shelter.hold", { id: newId(), need, option });
    this.#opened(need, { options: null });
    await this.look(need);
  }

  /** Each says what must be: nothing goes with it. */
  async held(need: string, method: "hold.extend" | "hold.cancel" | "hold.approve" | "hold.admit", hold: string): Promise<void> {
    await this.line.command(method, { hold });
    await this.look(need);
  }

  /** `id`: made once for each time that more nights are asked for. */
  async more(need: string, id: string, hold: string, nights: number): Promise<void> {
    await this.line.command("hold.more", { id, hold, nights });
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
    await this.load();
  }

  async followed(hold: string, day: number): Promise<void> {
    await this.line.command("stay.followup", { hold, day, done: true });
    this.done(hold, day);
  }

  /** The snapshot. */
  protected abstract load(): Promise<Position>;

  protected done(hold: string, day: number): void {
    const { followups } = this.picture.get();
    this.show({ followups: followups.filter((one) => one.hold !== hold || one.day !== day) });
  }

  /** It has changed: what is looked at is looked at anew. */
  protected changed(need: string): void {
    if (this.picture.get().opened?.id === need) void this.look(need).catch(() => undefined);
  }

  protected soon(): void {
    clearTimeout(this.#refresh);
    this.#refresh = setTimeout(() => void this.load().catch(() => undefined), REFRESH_MS);
  }

  protected show(change: Partial<Picture>): void {
    this.picture.update((picture) => ({ ...picture, ...change }));
  }

  #opened(id: string, change: Partial<Opened>): void {
    const { opened } = this.picture.get();
    if (opened?.id === id) this.show({ opened: { ...opened, ...change } });
  }
}
