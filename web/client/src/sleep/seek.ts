// Looking for a room, on her phone: what she wishes, what there is, the room held for her, and its end.
//
// Nothing is kept on the phone: what is open is found again by `me.state`, through the cookie of the session.

import { newId } from "../pure/ids.ts";
import { askBody, QUESTIONS, stageOf, usual, type Question, type Wish } from "../pure/seeking.ts";
import { Refusal, refusalOf } from "../net/http.ts";
import type { Line } from "../net/link.ts";
import type { Address, HoldView, NeedState, Option, Refused, ShelterPush } from "../net/rooms.ts";
import { watchPlace, where } from "../net/where.ts";
import type { MeState } from "../net/wire.ts";
import { createStore } from "../store.ts";

export interface Picture {
  step: Question | "finding" | "need";
  wish: Wish;
  need: NeedState | null;
  /** Null until they were looked for. */
  options: readonly Option[] | null;
  lookedAt: number | null;
  /** Why the last room she chose was not held. */
  refusal: string | null;
  /** How the last room ended, when it was not her doing. */
  lost: Lost | null;
}

type Lost = "declined" | "expired" | "no_show";

const START: Picture = {
  step: "finding",
  wish: usual,
  need: null,
  options: null,
  lookedAt: null,
  refusal: null,
  lost: null,
};
const REFRESH_MS = 200;
const OPTIONS_MS = 8_000;
const LOST: readonly string[] = ["declined", "expired", "no_show"] satisfies Lost[];

export class Seek {
  readonly picture = createStore<Picture>(START);
  readonly line: Line;
  #askId = newId();
  #holdIds = new Map<string, string>();
  #moreId = newId();
  #unfollow: (() => void) | null = null;
  #refresh: ReturnType<typeof setTimeout> | undefined;

  constructor(line: Line) {
    this.line = line;
  }

  async begin(need: string | null): Promise<void> {
    if (need === null) {
      watchPlace();
      return this.#show({ step: "who" });
    }
    this.#watch();
    await this.#look(need);
  }

  close(): void {
    clearTimeout(this.#refresh);
    this.#unfollow?.();
    this.#unfollow = null;
  }

  wish(change: Partial<Wish>): void {
    // Another wish is another request.
    this.#askId = newId();
    this.picture.update((picture) => ({ ...picture, wish: { ...picture.wish, ...change } }));
  }

  /** The question after, or before; false when there is none. */
  turn(by: 1 | -1): boolean {
    const at = QUESTIONS.indexOf(this.picture.get().step as Question);
    const next = QUESTIONS[at + by];
    if (next === undefined) return false;
    this.#show({ step: next });
    return true;
  }

  async ask(): Promise<void> {
    const { place } = where.get();
    if (place === null) throw new Refusal("no_place", 0, true);
    await this.line.session.keep();
    try {
      const body = askBody(this.#askId, this.picture.get().wish, place);
      const { need } = await this.line.command<{ need: string }>("shelter.ask", body);
      this.#watch();
      await this.#look(need);
    } catch (error) {
      if (refusalOf(error).message !== "need_already_open") throw error;
      await this.#find();
    }
  }

  async options(): Promise<void> {
    const { need } = this.#known();
    const found = await this.line.command<{ options: Option[] }>("shelter.options", { need }, OPTIONS_MS);
    this.#show({ options: found.options, lookedAt: Date.now() });
  }

  /** A room that has just been taken is no fault of hers: say so, and look again. */
  async hold(option: string): Promise<void> {
    const { need } = this.#known();
    const id = this.#holdIds.get(option) ?? newId();
    this.#holdIds.set(option, id);
    this.#show({ refusal: null, lost: null });
    try {
      await this.line.command<HoldView>("shelter.hold", { id, need, option });
      await this.#look(need);
    } catch (error) {
      const { message, temporary } = refusalOf(error);
      if (temporary) throw error;
      this.#holdIds.delete(option);
      this.#show({ refusal: message });
      await this.#look(need).catch(() => undefined);
      await this.options().catch(() => undefined);
    }
  }

  async held(method: "hold.extend" | "hold.cancel"): Promise<void> {
    await this.line.command(method, { hold: this.#held().hold });
    await this.#look(this.#known().need);
  }

  async more(nights: number): Promise<void> {
    await this.line.command("hold.more", { id: this.#moreId, hold: this.#held().hold, nights });
    this.#moreId = newId();
    await this.#look(this.#known().need);
  }

  /** Answered each time anew, shown until she hides it, and kept nowhere. */
  address(): Promise<Address> {
    return this.line.command<Address>("hold.address", { hold: this.#held().hold });
  }

  async wave(): Promise<void> {
    const { need } = this.#known();
    await this.line.command("shelter.wave", { need });
    await this.#look(need);
  }

  async end(outcome: "safe" | "declined" | "unmet", reason?: Refused): Promise<void> {
    const { need } = this.#known();
    await this.line.command("shelter.close", { need, outcome, ...(reason && { reason }) });
    await this.#look(need);
  }

  #known(): NeedState {
    const { need } = this.picture.get();
    if (need === null) throw new Refusal("not_found", 404, false);
    return need;
  }

  #held(): HoldView {
    const { hold } = this.#known();
    if (!hold) throw new Refusal("hold_ended", 902, false);
    return hold;
  }

  #watch(): void {
    this.line.open();
    this.#unfollow ??= this.line.personal<ShelterPush | { type: "other" }>({
      load: () => this.#find(),
      on: (push) => {
        if (push.type !== "shelter") return;
        clearTimeout(this.#refresh);
        this.#refresh = setTimeout(() => void this.#look(push.need).catch(() => undefined), REFRESH_MS);
      },
    });
  }

  async #find(): Promise<{ epoch: string; offset: number }> {
    const { shelter, epoch, offset } = await this.line.command<MeState>("me.state", {});
    const need = this.picture.get().need?.need ?? shelter?.need;
    if (need !== undefined) {
      this.#watch();
      await this.#look(need);
    }
    return { epoch, offset };
  }

  async #look(need: string): Promise<void> {
    const found = await this.line.command<NeedState>("shelter.state", { need });
    const { need: before, options } = this.picture.get();
    const was = before?.hold?.state;
    const now = found.hold?.state;
    const lost = now !== was && now !== undefined && LOST.includes(now) ? (now as Lost) : null;
    const choosing = stageOf(found, found.hold) === "choose";
    this.#show({
      step: "need",
      need: found,
      ...(lost && { lost }),
      // What was free before a room was held says nothing about now.
      options: choosing ? options : null,
      ...(!choosing && { lost: null, refusal: null }),
    });
  }

  #show(change: Partial<Picture>): void {
    this.picture.update((picture) => ({ ...picture, ...change }));
  }
}
