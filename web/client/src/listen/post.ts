// An operator's desk: the line as it is, what is proposed to her, her conversations, and what she does about them.

import { Refusal } from "../net/http.ts";
import { LISTENERS } from "../net/kept.ts";
import { Line } from "../net/link.ts";
import type {
  BlockLine,
  Bridge,
  BridgeKind,
  CannedReply,
  ChatRole,
  Figures,
  LineView,
  ListenPush,
  Mine,
  MonthCounts,
  QueueWord,
  Script,
  Services,
  Sheet,
  Way,
} from "../net/listen.ts";
import { Session } from "../net/session.ts";
import type { MeState } from "../net/wire.ts";
import { chime } from "../parts/chime.ts";
import { entered, proposals, unanswered, type Proposed } from "../pure/listening.ts";
import type { Position } from "../pure/streams.ts";
import { createStore } from "../store.ts";
import { Aside } from "./aside.ts";

export const LINE = "3919";

/** A conversation on this desk: hers, one handed on, or one that somebody looks at. */
export interface Open extends Mine {
  aside: Aside;
  role: Exclude<ChatRole, "offer">;
}

/** Nothing can be said to her from there: she is not told of who only reads. */
export function onlyReads({ role }: Open): boolean {
  return role === "watch" || role === "consult";
}

export type Tool = "transfer" | "directory" | "bridges" | "more";

export interface Picture {
  line: LineView | null;
  offers: readonly Proposed[];
  open: readonly Open[];
  /** Whom the keys are about. */
  at: string | null;
  tool: { chat: string; name: Tool } | null;
  /** Where the team's notes are open, when there is no room to show them beside. */
  among: readonly string[];
  replies: readonly CannedReply[];
  /** Something that happened without her: taken off duty, her conversation taken over, a code orange that waits. */
  notice: "missed" | "silent" | "orange" | "nobody" | "gone" | null;
  sound: boolean;
  /** The list of keys is shown. */
  keys: boolean;
  /** Letters alone do something; who dictates, or types by accident, may turn that off. */
  letters: boolean;
}

const EMPTY: Picture = {
  ...{ line: null, offers: [], open: [], at: null, tool: null, among: [], replies: [] },
  ...{ notice: null, sound: false, keys: false, letters: true },
};
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
    if (!LISTENERS.includes(me.role)) throw new Refusal("not_allowed", 103, false);
    this.me = me.person;
    this.role = me.role;
    await this.#load();
    this.line.open();
    const again = setInterval(() => this.#later(), AGAIN_MS);
    this.#stops = [
      this.line.follow<QueueWord>(`queue:${LINE}`, { load: () => this.#load(), on: (word) => this.#queued(word) }),
      this.line.watch<Figures>(`board:${LINE}`, (figures) => this.#figures(figures)),
      this.line.personal<ListenPush>({ load: () => this.#meet(), on: (push) => this.#hear(push) }),
      () => clearInterval(again),
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

  async duty(on: boolean): Promise<void> {
    this.show({ notice: null });
    await this.#then("line.duty", { line: LINE, on });
  }

  async accept({ chat, way }: Proposed): Promise<void> {
    await this.line.command(way === null ? "chat.accept" : "transfer.accept", { chat });
    this.show({ at: chat });
    await this.#load();
  }

  refuse({ chat, way }: Proposed): Promise<void> {
    return this.#then(way === null ? "chat.refuse" : "transfer.refuse", { chat });
  }

  async next(): Promise<void> {
    const found = await this.line.command<{ chat?: string | null }>("chat.next", { line: LINE });
    // Whoever waits may need a language or a skill that she has not.
    this.show(found.chat ? { at: found.chat } : { notice: "nobody" });
    await this.#load();
  }

  // One conversation.

  hold = (chat: string, on: boolean): Promise<void> => this.#then("chat.hold", { chat, on });
  finish = (chat: string): Promise<void> => this.#then("chat.finish", { chat });

  /** `id`: made once for each form. */
  async wrap(id: string, chat: string, form: object): Promise<void> {
    await this.line.command("chat.wrap", { id, chat, form }, SLOW_MS);
    await this.#load();
  }

  async transfer(id: string, chat: string, way: Way, to: { person?: string; skill?: string }, note: string): Promise<void> {
    await this.line.command("chat.transfer", { id, chat, way, ...to, note }, SLOW_MS);
    this.show({ tool: null });
    await this.#load();
  }

  finishTransfer = (chat: string): Promise<void> => this.#then("transfer.finish", { chat });

  find(asked: { words: string; area: string; kind: string; open: boolean }): Promise<Services> {
    const body = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== "" && value !== false));
    return this.line.command<Services>("directory.find", body, SLOW_MS);
  }

  async sheets(): Promise<readonly Sheet[]> {
    return (await this.line.command<{ sheets: Sheet[] }>("sheet.list", {})).sheets;
  }

  async bridges(chat: string): Promise<readonly Bridge[]> {
    return (await this.line.command<{ bridges: Bridge[] }>("bridge.list", { chat })).bridges;
  }

  /** Prepared here; she says yes or no in the room. `id`: made once for each question. */
  async bridge(id: string, chat: string, kind: BridgeKind, more: object = {}): Promise<void> {
    await this.line.command("bridge.ask", { id, chat, kind, ...more }, SLOW_MS);
  }

  async block(chat: string, reason: string, days: number | null): Promise<void> {
    await this.line.command("block.set", { chat, reason, days });
  }

  /** Counted, so that supervisors see which replies help. */
  used({ name, language }: CannedReply): void {
    this.line.command("reply.used", { line: LINE, name, language }).catch(() => undefined);
  }

  async scripts(): Promise<readonly Script[]> {
    return (await this.line.command<{ scripts: Script[] }>("practice.list", {})).scripts;
  }

  /** `id`: made once for each exercise that is begun. */
  async practise(id: string, script: Script): Promise<void> {
    const { chat } = await this.line.command<{ chat: string }>("practice.begin", { id, line: LINE, script: script.script }, SLOW_MS);
    this.exercises.update((all) => ({ ...all, [chat]: script }));
    this.show({ at: chat });
    await this.#load();
  }

  // A supervisor's.

  interpret = (chat: string, person: string): Promise<void> => this.#then("chat.interpret", { chat, person });

  async watch(chat: string): Promise<void> {
    await this.#then("chat.watch", { chat });
    this.show({ at: chat });
  }

  join = (chat: string): Promise<void> => this.#then("chat.join", { chat });
  take = (chat: string): Promise<void> => this.#then("chat.take", { chat });

  /** Whoever sits beside a conversation leaves it. */
  part = (chat: string): Promise<void> => this.#then("chat.part", { chat });

  /** Null: by the hours of its offices. */
  setLine = (open: boolean | null, reason: string): Promise<void> => this.#then("line.set", { line: LINE, open, reason });

  async blocks(): Promise<readonly BlockLine[]> {
    return (await this.line.command<{ blocks: BlockLine[] }>("block.list", { line: LINE })).blocks;
  }

  unblock = (block: string): Promise<void> => this.#then("block.drop", { line: LINE, block });

  counts(month: string): Promise<MonthCounts> {
    return this.line.command<MonthCounts>("line.counts", { line: LINE, month }, SLOW_MS);
  }

  async setOperator(person: string, trainee: boolean, languages: readonly string[], skills: readonly string[]): Promise<void> {
    await this.#then("operator.set", { person, trainee, languages, skills });
  }

  async #then(method: string, body: object): Promise<void> {
    await this.line.command(method, body);
    await this.#load();
  }

  #hear(push: ListenPush): void {
    if (push.type === "chat.offer" && this.picture.get().sound) chime();
    if (push.type === "duty") this.show({ notice: push.reason });
    if (push.type === "chat.gone" && this.picture.get().open.some(({ chat, role }) => chat === push.chat && role === "operator")) {
      this.show({ notice: "gone" });
    }
    this.#later();
  }

  #queued({ type }: QueueWord): void {
    if (type === "orange" && this.supervises) this.show({ notice: "orange" });
    this.#later();
  }

  #figures(figures: Figures): void {
    const { line } = this.picture.get();
    if (line !== null) this.show({ line: { ...line, figures } });
  }

  #later(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.#load().catch(() => undefined), SOON_MS);
  }

  async #load(): Promise<Position> {
    const line = await this.line.command<LineView>("line.state", { line: LINE }, SLOW_MS);
    const open = entered(line.mine).map((one) => ({ role: "operator", ...one, aside: this.#aside(one) }) as Open);
    for (const [chat, aside] of this.#asides) {
      if (open.some((one) => one.chat === chat && one.aside === aside)) continue;
      aside.close();
      this.#asides.delete(chat);
      this.waits.update(({ [chat]: _, ...others }) => others);
    }
    const { at } = this.picture.get();
    const shown = open.some(({ chat }) => chat === at) ? at : (open[0]?.chat ?? null);
    this.show({ line, offers: proposals(line.mine), open, at: shown });
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

  #aside({ chat, room, seat, role }: Mine): Aside {
    const known = this.#asides.get(chat);
    // Another seat is another right: what was read before is read anew.
    if (known !== undefined && known.seat === seat) return known;
    known?.close();
    const made = new Aside(this.line, room, seat ?? null, role !== "interpret");
    // The one next step depends on who waits for an answer.
    made.talk.state.subscribe(() => this.#answers(chat));
    this.#asides.set(chat, made);
    return made;
  }

  /** Words for the box that she reads, chosen elsewhere on the page; she still sends them herself. */
  readonly insert = createStore<{ chat: string; text: string } | null>(null);
  /** Which exercise each of these conversations is. */
  readonly exercises = createStore<Readonly<Record<string, Script>>>({});
  readonly waits = createStore<Readonly<Record<string, string | null>>>({});

  #answers(chat: string): void {
    const entries = this.#asides.get(chat)?.talk.state.get().entries ?? [];
    const since = unanswered(entries);
    if (this.waits.get()[chat] !== since) this.waits.update((all) => ({ ...all, [chat]: since }));
  }
}
