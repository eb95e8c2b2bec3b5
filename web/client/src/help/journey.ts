// Her journey, on one address: ask, send, follow, end. The decisions are in `pure/sending.ts`; this file waits.

import { counted, isOver } from "../pure/alerts.ts";
import { idle, wayOf, type Recorded, type Sending } from "../pure/sending.ts";
import { loadConfig } from "../net/config.ts";
import { refusalOf, Refusal } from "../net/http.ts";
import { Line } from "../net/link.ts";
import { Sender, type Reply } from "../net/sender.ts";
import { Session } from "../net/session.ts";
import { Talk } from "../net/talk.ts";
import { forgetPlace, watchPlace, where } from "../net/where.ts";
import type { AlertPush, HelpState, MeState, Mode } from "../net/wire.ts";
import { createStore } from "../store.ts";
import { Request, type Wish } from "./request.ts";

/** Screens that are fetched only by those who go there; `back`: with the three words of another day. */
export type Late = "sleep" | "chat" | "back" | "transport";

export interface Picture {
  screen: "finding" | "welcome" | "ask" | "sending" | "live" | "ended" | Late;
  wish: Wish;
  sending: Sending;
  alert: HelpState | null;
  talk: Talk | null;
  /** Her search for a room, when one is open. */
  need: string | null;
  /** Her conversation with the helpline, when one is open. */
  chat: string | null;
  /** What she reported from transport, while the server tells of it. */
  report: string | null;
  /** The server could not record whom not to tell. */
  withoutRefused: boolean;
}

const START: Picture = {
  screen: "finding",
  wish: { mode: "public", kind: null, note: "", without: "" },
  sending: idle,
  alert: null,
  talk: null,
  need: null,
  chat: null,
  report: null,
  withoutRefused: false,
};

const AGAIN_MS = 3_000;
const REFRESH_MS = 250;
const TOLD_MS = 3_600_000;

export class Journey {
  readonly picture = createStore<Picture>(START);
  readonly session = new Session();
  line = new Line(this.session);
  #sender: Sender | null = null;
  #code: string | null;
  /** The alert that is open, from the server's word on, before any of its state is known. */
  #open: string | null = null;
  #kept = false;
  #unfollow: (() => void) | null = null;
  #refresh: ReturnType<typeof setTimeout> | undefined;

  /** `code`: of the poster that led here. */
  constructor(code: string | null) {
    this.#code = code;
  }

  /** A reloaded or killed tab finds the open alert through the cookie. */
  async begin(): Promise<void> {
    void loadConfig();
    if (!this.session.exists) return this.#welcome();
    try {
      await this.#findOpen();
      if (this.picture.get().screen === "finding") this.#welcome();
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal.temporary) {
        this.session.forget();
        this.#welcome();
      } else if (this.picture.get().screen === "finding") {
        setTimeout(() => void this.begin(), AGAIN_MS);
      }
    }
  }

  /** Whoever comes from a poster in a tram is in transport. */
  #welcome(): void {
    this.#show({ screen: this.#code === null ? "welcome" : "transport" });
  }

  /** Read once: whoever comes back to that screen comes from nowhere. */
  poster(): string | null {
    const code = this.#code;
    this.#code = null;
    return code;
  }

  ask(mode: Mode): void {
    this.wish({ mode });
    this.#show({ screen: "ask" });
    watchPlace();
  }

  open(screen: Late): void {
    this.#show({ screen });
  }

  /** What an operator has begun for her, from their conversation: help that comes, or a room. */
  beside(): Promise<void> {
    return this.#findOpen(true);
  }

  talking(chat: string | null): void {
    this.#show({ chat });
  }

  back(): void {
    this.#show({ screen: "welcome" });
  }

  wish(change: Partial<Wish>): void {
    this.picture.update((picture) => ({ ...picture, wish: { ...picture.wish, ...change } }));
  }

  /** The two seconds of the hold are used to open the line. */
  holdStarted(): void {
    this.#keep();
    this.line.open();
  }

  held(): void {
    this.holdStarted();
    this.#sender?.forget();
    this.#show({ screen: "sending", sending: idle, withoutRefused: false });
    const request = new Request(this.line, this.picture.get().wish);
    this.#sender = new Sender({
      show: (sending) => this.#show({ sending, withoutRefused: request.withoutRefused }),
      attempt: (tries) => this.#attempt(request, tries),
      recorded: (recorded) => this.#live(recorded),
    });
    this.#sender.begin();
  }

  abandon(): void {
    this.#sender?.abandon();
    // It may have been recorded without the answer reaching us: then she is shown it.
    void this.#findOpen().catch(() => undefined);
  }

  async command(method: "help.cancel" | "help.close" | "help.release", more: object = {}): Promise<void> {
    const alert = this.#open;
    if (alert === null) throw new Refusal("not_found", 404, false);
    await this.line.command(method, { alert, ...more });
    await this.#look(alert);
  }

  /** After the end: nothing of it stays on this phone; but a conversation that is open goes on. */
  finish(): void {
    if (this.picture.get().chat !== null) return this.open("chat");
    this.wipe();
    this.#show({ screen: "welcome" });
  }

  /** Everything in memory, the line and the session. Never waits. */
  wipe(): void {
    this.#sender?.forget();
    this.session.leave();
    this.#unfollow?.();
    this.#unfollow = null;
    this.picture.get().talk?.close();
    this.line.close();
    // Another request on this page is another person's as far as the server knows.
    this.line = new Line(this.session);
    forgetPlace();
    this.#sender = null;
    this.#open = null;
    this.#kept = false;
    this.picture.set(START);
  }

  #show(change: Partial<Picture>): void {
    this.picture.update((picture) => ({ ...picture, ...change }));
  }

  #keep(): void {
    if (this.#kept) return;
    this.session.keep().then(
      () => (this.#kept = true),
      () => undefined,
    );
  }

  async #attempt(request: Request, tries: number): Promise<Reply | null> {
    try {
      return await request.attempt(wayOf(tries, this.line.connected), where.get().place);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.message === "alert_already_open") {
        await this.#findOpen().catch(() => undefined);
        if (this.#open === null) throw new Refusal("conflict", 0, true);
        return null;
      }
      if (refusal.message !== "unauthorized") throw refusal;
      this.session.forget();
      this.#kept = false;
      throw new Refusal(refusal.message, refusal.code, true);
    }
  }

  async #findOpen(beside = false): Promise<void> {
    const me = await this.line.command<MeState>("me.state", {});
    const mine = me.alerts.find((alert) => alert.mine && !isOver(alert.state));
    const need = me.shelter?.need ?? null;
    const chat = me.chat?.chat ?? null;
    // What came of it is told for an hour; whoever comes back tomorrow comes for something else.
    const report = me.witness?.reports.find((one) => one.state === "open" || Date.now() < Date.parse(one.expires_at) + TOLD_MS)?.alert ?? null;
    this.#kept ||= mine !== undefined || need !== null || chat !== null || report !== null;
    this.#show({ need, chat, report });
    // Help that is on its way comes before words, and words before a room.
    if (mine === undefined) {
      if (report !== null && !beside) this.open("transport");
      else if (chat !== null && !beside) this.open("chat");
      else if (need !== null) this.open("sleep");
      return;
    }
    this.#live({ alert: mine.alert, room: mine.room ?? "", at: mine.at });
  }

  #live({ alert, room }: Recorded): void {
    if (this.#unfollow !== null) return this.#show({ screen: "live" });
    this.#open = alert;
    this.#sender?.stop();
    this.#keep();
    this.line.open();
    this.#unfollow = this.line.follow<AlertPush>(`alert:${alert}`, {
      load: () => this.#look(alert),
      on: (push) => {
        const known = this.picture.get().alert;
        if (known !== null) this.#show({ alert: counted(known, push) });
        // Who comes is not in the push: ask, once for a burst.
        clearTimeout(this.#refresh);
        this.#refresh = setTimeout(() => void this.#look(alert).catch(() => undefined), REFRESH_MS);
      },
    });
    this.#show({ screen: "live", talk: room === "" ? null : new Talk(this.line, room) });
  }

  async #look(alert: string): Promise<{ epoch: string; offset: number }> {
    const found = await this.line.command<HelpState>("help.state", { alert });
    if (this.#unfollow !== null) {
      this.#show({ alert: found });
      if (isOver(found.state)) this.#end();
    }
    return { epoch: found.epoch, offset: found.offset };
  }

  #end(): void {
    this.#unfollow?.();
    this.#unfollow = null;
    this.picture.get().talk?.close();
    // Who is writing to the helpline meanwhile goes on writing.
    this.#show({ talk: null, ...(this.picture.get().screen === "live" && { screen: "ended" }) });
  }
}
