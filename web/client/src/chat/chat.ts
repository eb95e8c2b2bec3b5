// Her conversation with the helpline, on her phone: what she is asked, the wait, the words, the end, and coming back.
//
// Nothing is kept on the phone: an open chat is found again by `me.state`, through the cookie of the session; on
// another phone, or after an exit, by three words that are shown once.

import { loadConfig } from "../net/config.ts";
import { Conversation } from "../net/conversation.ts";
import type { AskChat, Bridge, ChatPush, ChatView, Hours, Transcript } from "../net/chats.ts";
import { refusalOf, Refusal } from "../net/http.ts";
import type { Line } from "../net/link.ts";
import { forgetPlace, where, watchPlace } from "../net/where.ts";
import type { MeState } from "../net/wire.ts";
import { askBody, FIRST, LINE, QUESTIONS, stageOf, threeWords, unsaid, type Question, type Wish } from "../pure/chatting.ts";
import type { Happened } from "../pure/conversation.ts";
import { newId } from "../pure/ids.ts";
import { createStore } from "../store.ts";
import { language, type Language } from "../words.ts";

export interface Picture {
  step: Question | "finding" | "closed" | "blocked" | "back" | "chat";
  /** Null: the server could not be asked. */
  hours: Hours | null;
  wish: Wish;
  view: ChatView | null;
  /** The three words, while this page remembers them. */
  words: string | null;
  /** Somebody has answered her; what happens since is a return, not a first wait. */
  answered: boolean;
  talk: Conversation | null;
}

const START: Picture = {
  step: "finding",
  hours: null,
  wish: unsaid,
  view: null,
  words: null,
  answered: false,
  talk: null,
};
const REFRESH_MS = 300;
/** No chat of this session any more: over, or taken up again on another phone. */
const GONE: readonly string[] = ["chat_over", "not_found", "not_allowed", "unauthorized"];

export const ELSEWHERE = "elsewhere";

export class Chat {
  readonly picture = createStore<Picture>(START);
  readonly line: Line;
  /** What she was writing when she looked at something else. */
  draft = "";
  /** The language she left this part in. */
  tongue: Language | null = null;
  readonly #opened: (chat: string | null) => void;
  #ask: { id: string; body: string } | null = null;
  #answers = new Map<string, string>();
  #unfollow: (() => void) | null = null;
  #refresh: ReturnType<typeof setTimeout> | undefined;

  /** `opened` is told which chat is open, for the rest of the page. */
  constructor(line: Line, opened: (chat: string | null) => void) {
    this.line = line;
    this.#opened = opened;
  }

  async begin(open: string | null, back: boolean): Promise<void> {
    if (this.picture.get().step === "chat") return;
    if (open !== null) return this.#enter(await this.#find(open), null);
    if (back) return this.show({ step: "back" });
    await this.look();
  }

  /** Is anybody there to write to? */
  async look(): Promise<void> {
    void loadConfig();
    try {
      await this.line.session.ensure();
      const hours = await this.line.command<Hours>("line.hours", { line: LINE });
      this.show({ hours, step: hours.open ? FIRST : "closed" });
    } catch {
      this.show({ hours: null, step: "closed" });
    }
  }

  wish(change: Partial<Wish>): void {
    this.picture.update((picture) => ({ ...picture, wish: { ...picture.wish, ...change } }));
  }

  /** The question after, or before; false when there is none. */
  turn(by: 1 | -1): boolean {
    const at = QUESTIONS.indexOf(this.picture.get().step as Question);
    const step = QUESTIONS[at + by];
    if (step === undefined) return false;
    this.show({ step });
    return true;
  }

  async ask(): Promise<void> {
    await this.line.session.keep();
    try {
      const view = await this.line.byHttp<ChatView>("chat.ask", this.#asked());
      this.#enter(view, view.words ?? null);
    } catch (error) {
      const { message } = refusalOf(error);
      if (message === "line_closed") return this.look();
      if (message === "chat_blocked") return this.show({ step: "blocked" });
      if (message !== "chat_already_open") throw error;
      const { chat } = await this.line.command<MeState>("me.state", {});
      if (!chat) throw error;
      this.#enter(await this.#find(chat.chat), null);
    }
  }

  /** With the three words, and her own if she set one: nothing is shown before both are right. */
  async resume(typed: string, word: string): Promise<void> {
    await this.line.session.keep();
    const words = threeWords(typed);
    const own = word.trim();
    try {
      const view = await this.line.byHttp<ChatView>("chat.resume", { words, ...(own === "" ? {} : { word: own }) });
      this.#enter(view, words);
    } catch (error) {
      if (refusalOf(error).message === "chat_blocked") return this.show({ step: "blocked" });
      throw error;
    }
  }

  async leave(): Promise<void> {
    await this.line.command("chat.leave", { chat: this.#known().chat });
    await this.#look();
  }

  /** Yes or no to what the operator prepared; for help that comes, where she is goes with it. */
  async answer({ bridge, kind }: Bridge, yes: boolean): Promise<void> {
    const { place } = where.get();
    const here = yes && kind !== "sheet";
    if (here && place === null) throw new Refusal("no_place", 0, true);
    const id = this.#answers.get(`${bridge} ${yes}`) ?? newId();
    this.#answers.set(`${bridge} ${yes}`, id);
    const body = { id, chat: this.#known().chat, bridge, yes, ...(here && { place }) };
    await this.line.command("bridge.answer", body);
    await this.#look();
  }

  /** Asked of the browser only once she has said that she wants it, and once more if she had refused. */
  locate(): void {
    if (where.get().status === "refused") forgetPlace();
    watchPlace();
  }

  /** Is it still hers? */
  check(): void {
    this.#soon();
  }

  transcript(): Promise<Transcript> {
    return this.line.command<Transcript>("chat.transcript", { chat: this.#known().chat });
  }

  show(change: Partial<Picture>): void {
    this.picture.update((picture) => ({ ...picture, ...change }));
  }

  /** Everything in memory. Never waits. */
  close(): void {
    clearTimeout(this.#refresh);
    this.#unfollow?.();
    this.#unfollow = null;
    this.picture.get().talk?.close();
    this.draft = "";
    this.picture.set(START);
  }

  /** One id for one question: asked again, it is the same question; changed, it is another. */
  #asked(): AskChat {
    const body = askBody("", language(), this.picture.get().wish);
    const told = JSON.stringify(body);
    if (this.#ask?.body !== told) this.#ask = { id: newId(), body: told };
    return { ...body, id: this.#ask.id };
  }

  #known(): ChatView {
    const { view } = this.picture.get();
    if (view === null) throw new Refusal("not_found", 404, false);
    return view;
  }

  #find(chat: string): Promise<ChatView> {
    return this.line.command<ChatView>("chat.state", { chat });
  }

  #enter(view: ChatView, words: string | null): void {
    this.#see(view);
    this.show({ step: "chat", words, wish: { ...unsaid, word: this.picture.get().wish.word } });
    this.line.open();
    this.#unfollow ??= this.line.personal<ChatPush | { type: "other" }>({
      load: async () => {
        const { epoch, offset } = await this.line.command<MeState>("me.state", {});
        await this.#look();
        return { epoch, offset };
      },
      on: (push) => {
        if (push.type !== "chat" || push.chat !== this.picture.get().view?.chat) return;
        const { state, place, low_s, high_s } = push;
        const before = this.#known();
        const next = { ...before, state, place: place ?? null, low_s: low_s ?? null, high_s: high_s ?? null };
        if (state !== before.state) this.#soon();
        this.#see(next);
      },
    });
  }

  #soon(): void {
    clearTimeout(this.#refresh);
    this.#refresh = setTimeout(() => void this.#look().catch(() => undefined), REFRESH_MS);
  }

  async #look(): Promise<void> {
    const { view } = this.picture.get();
    if (view === null || view.state === "closed") return;
    try {
      this.#see(await this.#find(view.chat));
    } catch (error) {
      if (!GONE.includes(refusalOf(error).message)) throw error;
      this.#see({ ...view, state: "closed", ending: ELSEWHERE });
    }
  }

  #see(view: ChatView): void {
    const { answered, talk } = this.picture.get();
    const stage = stageOf(view.state);
    this.show({
      view,
      answered: answered || stage === "talking",
      talk: talk ?? new Conversation(this.line, view.room, (event) => this.#happened(event)),
    });
    this.#opened(stage === "over" ? null : view.chat);
  }

  /** Something of the chat itself: the snapshot tells what it means. */
  #happened({ what }: Happened): void {
    if (what !== "joined" && what !== "left") this.#soon();
  }
}
