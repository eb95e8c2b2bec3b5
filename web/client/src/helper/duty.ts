// A helper's phone: who they are here, what is offered to them, where they are (about 100 m), where to go.

import { helping, isEngaged, isOver, isWaiting, marked } from "../pure/alerts.ts";
import { hasMoved, rounded, type Spot } from "../pure/places.ts";
import { loadConfig } from "../net/config.ts";
import { refusalOf } from "../net/http.ts";
import { Line } from "../net/link.ts";
import { Session } from "../net/session.ts";
import { Talk } from "../net/talk.ts";
import { forgetPlace, watchPlace, where } from "../net/where.ts";
import type { AlertPush, HelperSelf, HelpState, MePush, MeState, Offer, OfferState, Quiet, Skill } from "../net/wire.ts";
import { createStore } from "../store.ts";
import { Ringing } from "./ringing.ts";

export interface Engagement {
  alert: HelpState | null;
  talk: Talk | null;
  stop: () => void;
}

export interface Desk {
  step: "finding" | "intro" | "known";
  helper: HelperSelf | null;
  offers: readonly Offer[];
  /** By alert: what this helper may know of it now. */
  engaged: Readonly<Record<string, Engagement>>;
}

export interface Form {
  name: string;
  phone: string;
  skills: Skill[];
  languages: string[];
}

type OfferWord = "received" | "seen" | "accept" | "decline" | "arrived";

const MOVE_MS = 60_000;
/** A position is forgotten after ten minutes: who stays in one place says so again before. */
const STILL_MS = 4 * 60_000;
const AGAIN_MS = 3_000;
const REFRESH_MS = 250;

export class Duty {
  readonly desk = createStore<Desk>({ step: "finding", helper: null, offers: [], engaged: {} });
  readonly session = new Session();
  readonly line = new Line(this.session);
  readonly ringing = new Ringing(this.line);
  #sent: Spot | null = null;
  #sentAt = 0;
  #told = new Set<string>();

  async begin(): Promise<void> {
    void loadConfig();
    if (!this.session.exists) return this.#show({ step: "intro" });
    try {
      const me = await this.line.byHttp<MeState>("me.state", {});
      if (me.helper === null) return this.#show({ step: "intro" });
      this.#take(me);
      this.#join();
    } catch (error) {
      if (refusalOf(error).temporary) return void setTimeout(() => void this.begin(), AGAIN_MS);
      this.session.forget();
      this.#show({ step: "intro" });
    }
  }

  async apply(form: Form, id: string): Promise<void> {
    await this.session.ensure();
    const { name, phone, skills, languages } = form;
    const body = { id, name: name.trim(), skills, languages, charter: true, ...(phone.trim() && { phone: phone.trim() }) };
    await this.line.byHttp("helper.apply", body);
    // So that a reload finds this helper again.
    await this.session.keep();
    const helper: HelperSelf = { status: "applied", tier: 0, on: false, skills, languages, quiet: null, budget: 5 };
    this.#show({ step: "known", helper });
    this.#join();
  }

  async duty(on: boolean): Promise<void> {
    if (on) watchPlace();
    const spot = on ? await this.#spot() : null;
    await this.line.command("helper.duty", { on, ...(spot && rounded(spot)) });
    this.#self({ on });
    if (on) this.#move(true);
    else forgetPlace();
  }

  async prefer(quiet: Quiet | null, budget: number): Promise<void> {
    await this.line.command("helper.prefer", { quiet, budget });
    this.#self({ quiet, budget });
  }

  async answer(offer: Offer, word: OfferWord): Promise<void> {
    const reply = await this.line.command<{ state: OfferState; room?: string | null }>(`offer.${word}`, {
      offer: offer.offer,
    });
    this.desk.update((desk) => ({ ...desk, offers: marked(desk.offers, offer.offer, reply.state, reply.room) }));
    this.#engage();
  }

  dismiss(offer: Offer): void {
    this.desk.update((desk) => ({ ...desk, offers: desk.offers.filter((one) => one.offer !== offer.offer) }));
  }

  #show(change: Partial<Desk>): void {
    this.desk.update((desk) => ({ ...desk, ...change }));
  }

  #self(change: Partial<HelperSelf>): void {
    this.desk.update((desk) => (desk.helper ? { ...desk, helper: { ...desk.helper, ...change } } : desk));
  }

  #take(me: MeState): void {
    this.#show({ step: "known", helper: me.helper, offers: me.offers });
    if (me.helper?.on) watchPlace();
    this.#engage();
    this.#receipts();
  }

  #join(): void {
    this.line.personal<MePush>({
      load: async () => {
        const me = await this.line.command<MeState>("me.state", {});
        this.#take(me);
        return { epoch: me.epoch, offset: me.offset };
      },
      on: (push) => {
        this.desk.update((desk) => ({ ...desk, ...helping(desk, push) }));
        if (push.type === "offer") this.#offered(push.offer);
        if (push.type === "place_open") void this.#look(push.alert).catch(() => undefined);
        this.#engage();
        this.#receipts();
      },
    });
    document.addEventListener("visibilitychange", () => this.#receipts());
    this.line.state.subscribe(() => this.#whenConnected());
    setInterval(() => this.#moved(), MOVE_MS);
    this.line.open();
  }

  /** An offer may come again under the same id: nearer, or because somebody withdrew. */
  #offered(offer: string): void {
    this.#told.delete(`received ${offer}`);
    this.#told.delete(`seen ${offer}`);
    navigator.vibrate?.([200, 100, 200]);
  }

  /** "Received" goes by itself; "seen" only once the page is in front of somebody. */
  #receipts(): void {
    for (const offer of this.desk.get().offers.filter(isWaiting)) {
      if (offer.state === "offered") this.#receipt(offer, "received");
      if (document.visibilityState === "visible" && offer.state !== "seen") this.#receipt(offer, "seen");
    }
  }

  #receipt(offer: Offer, word: "received" | "seen"): void {
    const key = `${word} ${offer.offer}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.answer(offer, word).catch((error: unknown) => {
      if (refusalOf(error).temporary) this.#told.delete(key);
    });
  }

  /** Follow the alerts this helper has accepted, and only those. */
  #engage(): void {
    const { offers, engaged } = this.desk.get();
    const wanted = new Set(offers.filter(isEngaged).map((offer) => offer.alert));
    const kept: Record<string, Engagement> = {};
    for (const [alert, engagement] of Object.entries(engaged)) {
      if (wanted.has(alert)) kept[alert] = engagement;
      else engagement.stop();
    }
    const fresh = [...wanted].filter((alert) => !(alert in kept));
    for (const alert of fresh) kept[alert] = { alert: null, talk: null, stop: this.#follow(alert) };
    if (fresh.length > 0 || Object.keys(kept).length !== Object.keys(engaged).length) this.#show({ engaged: kept });
  }

  #follow(alert: string): () => void {
    let refresh: ReturnType<typeof setTimeout> | undefined;
    const stop = this.line.follow<AlertPush>(`alert:${alert}`, {
      load: () => this.#look(alert),
      on: () => {
        // Who comes is not in the push: ask, once for a burst.
        clearTimeout(refresh);
        refresh = setTimeout(() => void this.#look(alert).catch(() => undefined), REFRESH_MS);
      },
    });
    return () => {
      clearTimeout(refresh);
      stop();
      this.desk.get().engaged[alert]?.talk?.close();
    };
  }

  async #look(alert: string): Promise<{ epoch: string; offset: number }> {
    const found = await this.line.command<HelpState>("help.state", { alert });
    const known = this.desk.get().engaged[alert];
    if (known !== undefined) {
      const talk = known.talk ?? (found.room && !isOver(found.state) ? new Talk(this.line, found.room) : null);
      this.#show({ engaged: { ...this.desk.get().engaged, [alert]: { ...known, alert: found, talk } } });
    }
    return { epoch: found.epoch, offset: found.offset };
  }

  /** The first fix, or nothing after a while: duty begins anyway, and positions follow. */
  async #spot(): Promise<Spot | null> {
    const { status, place } = where.get();
    if (status === "known" || status === "refused") return place;
    return new Promise((resolve) => {
      const done = (): void => {
        stop();
        clearTimeout(timer);
        resolve(where.get().place);
      };
      const timer = setTimeout(done, 10_000);
      const stop = where.subscribe(() => where.get().status !== "asking" && done());
    });
  }

  #wasConnected = false;

  #whenConnected(): void {
    const { connected } = this.line;
    if (connected && !this.#wasConnected) this.#move(true);
    this.#wasConnected = connected;
  }

  #moved(): void {
    this.#move(false);
  }

  #move(always: boolean): void {
    const { place } = where.get();
    if (!this.desk.get().helper?.on || place === null) return;
    const stale = Date.now() - this.#sentAt > STILL_MS;
    if (!always && !stale && !hasMoved(this.#sent, place)) return;
    this.#sent = place;
    this.#sentAt = Date.now();
    this.line.tell({ position: rounded(place) });
  }
}
