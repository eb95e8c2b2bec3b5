// Beside one conversation, for staff only: notes and whispers, who looks, who writes the answer. Nothing of it
// goes near the words that she reads: those are in `net/conversation.ts`, and the two share no function.

import { Conversation, type Room } from "../net/conversation.ts";
import type { Line } from "../net/link.ts";
import type { LookingWord, Note, NoteState } from "../net/listen.ts";
import { refusalOf } from "../net/http.ts";
import { HER } from "../pure/conversation.ts";
import { newId } from "../pure/ids.ts";
import { createStore } from "../store.ts";

export interface Looker {
  seat: string;
  state: LookingWord["state"];
  /** When this is no longer believed. */
  until: number;
}

export interface Noted extends Pick<Note, "type" | "id" | "text"> {
  seat: string | null;
  at: string | null;
  to: string | null;
  state: "kept" | "sending" | "refused";
}

export interface AsideView {
  notes: readonly Noted[];
  lookers: readonly Looker[];
  /** Notes that came since she last opened them. */
  fresh: number;
  /** First names of colleagues, by seat: also of those who only read. */
  names: Readonly<Record<string, string>>;
  /** Her page has had no line for a while: she will read later. */
  away: boolean;
}

/** A looker says so again before it is over. */
const LOOK_EVERY_MS = 20_000;
const LOOKED_MS = 50_000;
/** Once the channels are subscribed. */
const FIRST_LOOK_MS = 500;
const BELIEVE_EVERY_MS = 2_000;
/** A page that is loaded again is away for a moment, and that is nothing. */
const PRESENT_EVERY_MS = 6_000;
const AWAY_AFTER = 2;
/** The draft is leased for 15 s. */
const DRAFT_EVERY_MS = 6_000;

/** One conversation on an operator's desk. */
export class Aside {
  readonly talk: Conversation;
  readonly view = createStore<AsideView>({ notes: [], lookers: [], fresh: 0, names: {}, away: false });
  /** Hers in that room. */
  readonly seat: string | null;
  readonly #line: Line;
  readonly #room: string;
  readonly #stops: (() => void)[];
  #draftedAt = 0;
  #seenNotes = new Set<string>();
  #missed = 0;

  /** `team`: an interpreter is in the room, and not told what staff write beside it. */
  constructor(line: Line, room: string, seat: string | null, team: boolean) {
    this.seat = seat;
    this.#line = line;
    this.#room = room;
    this.talk = new Conversation(line, room);
    this.#stops = team ? this.#beside() : [];
  }

  #beside(): (() => void)[] {
    const look = setInterval(() => this.#look(), LOOK_EVERY_MS);
    const first = setTimeout(() => this.#look(), FIRST_LOOK_MS);
    const believe = setInterval(() => this.#believe(), BELIEVE_EVERY_MS);
    const present = setInterval(() => void this.#present(), PRESENT_EVERY_MS);
    return [
      () => clearInterval(look),
      () => clearTimeout(first),
      () => clearInterval(believe),
      () => clearInterval(present),
      this.#line.follow<Note>(`staff:${this.#room}`, { load: () => this.#load(), on: (note) => this.#hear(note) }),
      this.#line.watch<LookingWord>(`looking:${this.#room}`, (word) => this.#looked(word)),
    ];
  }

  /** For the team alone. */
  async note(kind: Note["type"], text: string, id = newId()): Promise<void> {
    const mine: Noted = { type: kind, id, text, seat: null, at: null, to: null, state: "sending" };
    this.#notes((notes) => [...notes.filter((one) => one.id !== id), mine]);
    try {
      await this.#line.command("note.add", { room: this.#room, id, kind, text });
    } catch {
      this.#notes((notes) => notes.map((one) => (one.id === id && one.state === "sending" ? { ...one, state: "refused" } : one)));
    }
  }

  /** She has looked at the notes. */
  read(): void {
    for (const { id } of this.view.get().notes) this.#seenNotes.add(id);
    this.#count();
  }

  /** Whoever writes an answer says so, to her and to colleagues. */
  async drafting(on: boolean): Promise<void> {
    this.talk.typing(on);
    const now = Date.now();
    if (on ? now - this.#draftedAt < DRAFT_EVERY_MS : this.#draftedAt === 0) return;
    this.#draftedAt = on ? now : 0;
    try {
      await this.#line.command("room.draft", { room: this.#room, on });
    } catch (failure) {
      // Somebody else holds it: `looking:` has said so, or will.
      if (!refusalOf(failure).temporary) this.#draftedAt = 0;
    }
  }

  close(): void {
    if (this.#draftedAt > 0) void this.drafting(false);
    for (const stop of this.#stops) stop();
    this.talk.close();
  }

  async #load(): Promise<{ epoch: string; offset: number }> {
    const { notes, draft, epoch, offset } = await this.#line.command<NoteState>("note.list", { room: this.#room });
    const known = new Set(notes.map(({ id }) => id));
    for (const { seat } of notes) void this.#meet(seat);
    this.#notes((mine) => [...notes.map(kept), ...mine.filter((one) => one.state !== "kept" && !known.has(one.id))]);
    if (draft) this.#looked({ key: draft.seat, seat: draft.seat, state: "draft", until: draft.until });
    return { epoch, offset };
  }

  #hear(note: Note): void {
    void this.#meet(note.seat);
    this.#notes((notes) => [...notes.filter((one) => one.id !== note.id), kept(note)]);
  }

  #notes(change: (notes: readonly Noted[]) => Noted[]): void {
    this.view.update((view) => ({ ...view, notes: change(view.notes) }));
    this.#count();
  }

  #count(): void {
    const mine = this.talk.state.get().seat;
    this.view.update((view) => {
      const fresh = view.notes.filter(({ id, seat, state }) => state === "kept" && seat !== mine && !this.#seenNotes.has(id)).length;
      return fresh === view.fresh ? view : { ...view, fresh };
    });
  }

  async #present(): Promise<void> {
    if (!this.#line.connected) return;
    try {
      const seats = await this.#line.seats(this.#room);
      this.#missed = seats.includes(HER) ? 0 : this.#missed + 1;
    } catch {
      // Nobody knows just now.
      this.#missed = 0;
    }
    const away = this.#missed >= AWAY_AFTER;
    this.view.update((view) => (view.away === away ? view : { ...view, away }));
  }

  #look(): void {
    this.#line.tell({ state: "looking" }, `looking:${this.#room}`);
  }

  /** Who came without a word to her is in no event: the room's members say her name. */
  async #meet(seat: string): Promise<void> {
    if (seat in this.view.get().names) return;
    this.view.update((view) => ({ ...view, names: { ...view.names, [seat]: "" } }));
    try {
      const { members } = await this.#line.command<Pick<Room, "members">>("room.state", { room: this.#room });
      const names = Object.fromEntries(members.map((one) => [one.seat, one.name]));
      this.view.update((view) => ({ ...view, names: { ...view.names, ...names } }));
    } catch {
      // Her seat is shown meanwhile.
    }
  }

  #looked({ seat, state, until }: LookingWord): void {
    if (seat === this.talk.state.get().seat) return;
    void this.#meet(seat);
    const believed = until ? Date.parse(until) : Date.now() + LOOKED_MS;
    this.view.update((view) => {
      const others = view.lookers.filter((one) => one.seat !== seat);
      return { ...view, lookers: [...others, { seat, state, until: believed }].sort((a, b) => a.seat.localeCompare(b.seat)) };
    });
  }

  #believe(): void {
    const now = Date.now();
    this.view.update((view) => {
      // A draft that is over is a look still.
      const lookers = view.lookers.flatMap((one): Looker[] => {
        if (one.until > now) return [one];
        return one.state === "looking" ? [] : [{ ...one, state: "looking", until: now + LOOKED_MS }];
      });
      const same = lookers.length === view.lookers.length && lookers.every((one, n) => one === view.lookers[n]);
      return same ? view : { ...view, lookers };
    });
  }
}

function kept({ type, id, text, seat, at, to }: Note): Noted {
  return { type, id, text, seat, at, to: to ?? null, state: "kept" };
}
