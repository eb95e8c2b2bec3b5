// An operator's desk: the line as it is, what is proposed to her, her conversations, and what she does about them.

import { Refusal } from "../net/http.ts";
import { Line } from "../net/link.ts";
import type {
  BridgeKind,
  CannedReply,
  Figures,
  LineView,
  ListenPush,
  Mine,
  Service,
  Way,
} from "../net/listen.ts";
import { Session } from "../net/session.ts";
import type { MeState } from "../net/wire.ts";
import { chime } from "../parts/chime.ts";
import { newId } from "../pure/ids.ts";
import { unanswered } from "../pure/listening.ts";
import type { Position } from "../pure/streams.ts";
import { createStore } from "../store.ts";
import { Aside } from "./aside.ts";

export const LINE = "3919";

export interface Offer {
  chat: string;
  until: number;
}

/** A conversation on this desk: hers, one passed on to her, or one that a supervisor looks at. */
export interface Open extends Mine {
  aside: Aside;
  /** `watched`: read without a trace for her; nothing can be said to her. */
  how: "mine" | "watched" | "joined";
}

export type Tool = "transfer" | "directory" | "bridges" | "more";

export interface Picture {
  line: LineView | null;
  offers: readonly Offer[];
  open: readonly Open[];
  /** Whom the keys are about. */
  at: string | null;
  tool: { chat: string; name: Tool } | null;
  /** Where the team's notes are open, when there is no room to show them beside. */
  among: readonly string[];
  replies: readonly CannedReply[];
  sound: boolean;
  /** The list of keys is shown. */
  keys: boolean;
}

const EMPTY: Picture = {
  ...{ line: null, offers: [], open: [], at: null, tool: null, among: [], replies: [] },
  ...{ sound: false, keys: false },
};
const STAFF: readonly string[] = ["operator", "supervisor"];
const SOON_MS = 120;
const SLOW_MS = 8_000;
/** Counts that nobody pushes, and colleagues who come and go. */
const AGAIN_MS = 20_000;

export class Post {
  readonly line: Line;
  readonly picture = createStore<Picture>(EMPTY);
  me = "";
  role = "";
  #stops: (() => void)[] = [];
  #soon: ReturnType<typeof setTimeout> | undefined;
  readonly #asides = new Map<string, Aside>();

  constructor(token: string) {
    this.line = new Line(new Session(token));
  }

  get supervises(): boolean {
    return this.role === "supervisor";
  }

  async begin(): Promise<void> {
    const me = await this.line.byHttp<MeState>("me.state", {});
    if (!STAFF.includes(me.role)) throw new Refusal("not_allowed", 103, false);
    this.me = me.person;
    this.role = me.role;
    await this.#load();
    this.line.open();
    const again = setInterval(() => this.#later(), AGAIN_MS);
    const over = setInterval(() => this.#expire(), 1_000);
    this.#stops = [
      this.line.follow<{ chat?: string }>(`queue:${LINE}`, { load: () => this.#load(), on: () => this.#later() }),
      this.line.watch<{ figures?: Figures } & Partial<Figures>>(`board:${LINE}`, (told) => this.#figures(told)),
      this.line.personal<ListenPush>({ load: () => this.#meet(), on: (push) => this.#hear(push) }),
      () => clearInterval(again),
      () => clearInterval(over),
    ];
    void this.#replies();
  }

  end(): void {
    clearTimeout(this.#soon);
    for (const stop of this.#stops) stop();
    for (const aside of this.#asides.values()) aside.close();
    this.#asides.clear();
    this.line.close();
    this.picture.set(EMPTY);
  }

  // What is looked at.

  show(change: Partial<Picture>): void {
    this.picture.update((picture) => ({ ...picture, ...change }));
  }

  tool(chat: string, name: Tool): void {
    const { tool } = this.picture.get();
    const shut = tool?.chat === chat && tool.name === name;
    this.show({ at: chat, tool: shut ? null : { chat, name } });
  }

  among(chat: string, on = !this.picture.get().among.includes(chat)): void {
    const others = this.picture.get().among.filter((one) => one !== chat);
    this.show({ at: chat, among: on ? [...others, chat] : others });
  }

  // The line, and what is proposed.

  duty = (on: boolean): Promise<void> => this.#then("line.duty", { line: LINE, on });

  async accept(chat: string): Promise<void> {
    await this.line.command("chat.accept", { chat });
    this.#noOffer(chat);
    this.show({ at: chat });
    await this.#load();
  }

  async refuse(chat: string): Promise<void> {
    this.#noOffer(chat);
    await this.#then("chat.refuse", { chat });
  }

  async next(): Promise<void> {
    const found = await this.line.command<{ chat?: string | null }>("chat.next", { line: LINE });
    if (found?.chat) this.show({ at: found.chat });
    await this.#load();
  }

  // One conversation.

  hold = (chat: string, on: boolean): Promise<void> => this.#then("chat.hold", { chat, on });
  finish = (chat: string): Promise<void> => this.#then("chat.finish", { chat });

  /** `id`: made once for each form. */
  async wrap(id: string, chat: string, form: object): Promise<void> {
    await this.line.command("chat.wrap", { id, chat, form }, SLOW_MS);
    this.#shut(chat);
    await this.#load();
  }

  async transfer(id: string, chat: string, way: Way, to: { person?: string; skill?: string }, note: string): Promise<void> {
    await this.line.command("chat.transfer", { id, chat, way, ...to, note }, SLOW_MS);
    this.show({ tool: null });
    await this.#load();
  }

  answerTransfer = (chat: string, yes: boolean): Promise<void> => this.#then(yes ? "transfer.accept" : "transfer.refuse", { chat });
  finishTransfer = (chat: string): Promise<void> => this.#then("transfer.finish", { chat });

  async find(asked: { words: string; area: string; kind: string; open: boolean; language: string }): Promise<readonly Service[]> {
    const body = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== "" && value !== false));
    const found = await this.line.command<{ services: Service[] }>("directory.find", body, SLOW_MS);
    return found.services;
  }

  /** Prepared here; she says yes or no in the room. `id`: made once for each question. */
  async bridge(id: string, chat: string, kind: BridgeKind, more: object = {}): Promise<void> {
    await this.line.command("bridge.ask", { id, chat, kind, ...more }, SLOW_MS);
  }

  async block(chat: string, reason: string, days: number | null): Promise<void> {
    await this.line.command("block.set", { chat, reason, ...(days !== null && { days }) });
  }

  /** Counted, so that supervisors see which replies help. */
  used({ name, language }: CannedReply): void {
    this.line.command("reply.used", { line: LINE, name, language }).catch(() => undefined);
  }

  async practise(script: string): Promise<void> {
    const found = await this.line.command<{ chat?: string }>("practice.begin", { script }, SLOW_MS);
    if (found?.chat) this.show({ at: found.chat });
    await this.#load();
  }

  // A supervisor's.

  interpret = (chat: string, person: string): Promise<void> => this.#then("chat.interpret", { chat, person });

  async watch(chat: string): Promise<void> {
    await this.#enter("chat.watch", chat, "watched");
  }

  async join(chat: string): Promise<void> {
    await this.#enter("chat.join", chat, "joined");
  }

  async take(chat: string): Promise<void> {
    await this.line.command("chat.take", { chat });
    this.#shut(chat);
    this.show({ at: chat });
    await this.#load();
  }

  /** No more of a conversation that was only looked at. */
  unwatch(chat: string): void {
    this.#shut(chat);
  }

  async setLine(open: boolean, reason: string, until: string | null): Promise<void> {
    await this.#then("line.set", { line: LINE, open, reason, ...(until && { until }) });
  }

  async setOperator(person: string, trainee: boolean, languages: readonly string[], skills: readonly string[]): Promise<void> {
    await this.#then("operator.set", { person, trainee, languages, skills });
  }

  async #then(method: string, body: object): Promise<void> {
    await this.line.command(method, body);
    await this.#load();
  }

  async #enter(method: string, chat: string, how: Open["how"]): Promise<void> {
    const { room, seat } = await this.line.command<{ room: string; seat?: string }>(method, { chat });
    const { line, open } = this.picture.get();
    const known = line?.queue.find((one) => one.chat === chat);
    const aside = this.#aside(chat, room);
    const opened: Open = {
      ...{ chat, state: "active" as const, since: new Date().toISOString(), level: 0, reasons: [], language: "fr" },
      ...known,
      ...{ room, seat: seat ?? "", aside, how },
    };
    this.show({ open: [...open.filter((one) => one.chat !== chat), opened], at: chat });
  }

  #hear(push: ListenPush): void {
    if (push.type === "chat.offer" && "expires_at" in push) this.#offer(push.chat, Date.parse(push.expires_at));
    this.#later();
  }

  #offer(chat: string, until: number): void {
    const { offers, sound } = this.picture.get();
    if (offers.some((one) => one.chat === chat)) return;
    if (sound) chime();
    this.show({ offers: [...offers, { chat, until }] });
  }

  #noOffer(chat: string): void {
    this.show({ offers: this.picture.get().offers.filter((one) => one.chat !== chat) });
  }

  #expire(): void {
    const { offers } = this.picture.get();
    const left = offers.filter(({ until }) => until > Date.now());
    if (left.length !== offers.length) this.show({ offers: left });
  }

  #figures(told: { figures?: Figures } & Partial<Figures>): void {
    const { line } = this.picture.get();
    if (line !== null) this.show({ line: { ...line, figures: { ...line.figures, ...(told.figures ?? told) } } });
  }

  #later(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.#load().catch(() => undefined), SOON_MS);
  }

  async #load(): Promise<Position> {
    const line = await this.line.command<LineView>("line.state", { line: LINE }, SLOW_MS);
    const { open } = this.picture.get();
    const mine = line.mine.map((one): Open => ({ ...one, aside: this.#aside(one.chat, one.room), how: "mine" }));
    const others = open.filter((one) => one.how !== "mine" && !mine.some(({ chat }) => chat === one.chat));
    const offers = this.picture.get().offers.filter(
      ({ chat }) => line.queue.some((one) => one.chat === chat && one.state === "offered") || !line.queue.some((one) => one.chat === chat),
    );
    const now = [...mine, ...others];
    for (const [chat, aside] of this.#asides) {
      if (now.some((one) => one.chat === chat)) continue;
      aside.close();
      this.#asides.delete(chat);
    }
    const { at } = this.picture.get();
    this.show({ line, offers, open: now, at: now.some(({ chat }) => chat === at) ? at : (now[0]?.chat ?? null) });
    return { epoch: line.epoch, offset: line.offset };
  }

  /** One's own stream is only a bell: what it is about is in the line's state. */
  async #meet(): Promise<Position> {
    const { epoch, offset } = await this.line.command<MeState>("me.state", {});
    await this.#load();
    return { epoch, offset };
  }

  async #replies(): Promise<void> {
    try {
      const { replies } = await this.line.command<{ replies: CannedReply[] }>("reply.list", { line: LINE }, SLOW_MS);
      this.show({ replies });
    } catch {
      // She writes her own words.
    }
  }

  #aside(chat: string, room: string): Aside {
    const known = this.#asides.get(chat);
    if (known !== undefined) return known;
    const made = new Aside(this.line, room);
    // The one next step depends on who waits for an answer.
    made.talk.state.subscribe(() => this.#answers(chat));
    this.#asides.set(chat, made);
    return made;
  }

  readonly waits = createStore<Readonly<Record<string, string | null>>>({});

  #answers(chat: string): void {
    const entries = this.#asides.get(chat)?.talk.state.get().entries ?? [];
    const since = unanswered(entries);
    if (this.waits.get()[chat] !== since) this.waits.update((all) => ({ ...all, [chat]: since }));
  }

  #shut(chat: string): void {
    this.#asides.get(chat)?.close();
    this.#asides.delete(chat);
    const open = this.picture.get().open.filter((one) => one.chat !== chat);
    this.show({ open, at: open[0]?.chat ?? null, tool: null });
  }
}

export { newId };
