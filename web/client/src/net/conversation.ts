// One room on this device: its snapshot, its stream, who writes, who has read, and words that wait for the line.
//
// Words are sent in order, one at a time, under the id that they got when they were written: however often the
// line breaks, they are said once. Nothing is kept anywhere but in memory.

import {
  begun,
  due,
  dropped,
  heard,
  moved,
  nothingSaid,
  rewritten,
  written,
  type Corrected,
  type Entry,
  type Happened,
  type Said,
  type Thread,
  type Waiting,
} from "../pure/conversation.ts";
import { newId } from "../pure/ids.ts";
import { createStore, type Store } from "../store.ts";
import { refusalOf, Refusal } from "./http.ts";
import type { Line } from "./link.ts";

export interface Picture {
  attachment: string;
  width: number;
  height: number;
}

/** The answer of `room.state`. */
export interface Room {
  room: string;
  seat: string;
  open: boolean;
  members: { seat: string; name: string; role: string; staff?: boolean; silent?: boolean }[];
  messages?: Omit<Said, "type">[];
  events?: (Omit<Happened, "type" | "facts"> & { facts?: Happened["facts"] })[];
  read?: { seat: string; read: number }[];
  attachments?: Picture[];
  epoch: string;
  offset: number;
}

interface Event {
  type: "event";
  what: string;
  seat?: string;
  at: string;
  [fact: string]: unknown;
}

/** What the stream says; an alert's rooms of before say no type. */
type Push = Omit<Said, "offset"> | Omit<Corrected, "offset"> | Event;
type Mark = { seat: string; on: boolean } | { seat: string; read: number };

export interface Talked extends Thread {
  room: string;
  seat: string | null;
  open: boolean;
  members: Room["members"];
  /** Seats that are writing just now. */
  typing: readonly string[];
  read: Readonly<Record<string, number>>;
  pictures: Readonly<Record<string, Picture>>;
  /** The right to this room has ended. */
  ended: boolean;
}

const AGAIN_MS = 3_000;
const SEND_MS = 6_000;
const UPLOAD_MS = 60_000;
/** Who said "I write" and nothing since has stopped, or lost the line. */
const TYPED_MS = 8_000;
const TYPING_EVERY_MS = 4_000;

export class Conversation {
  readonly state: Store<Talked>;
  readonly room: string;
  readonly #line: Line;
  readonly #stops: (() => void)[];
  readonly #typed = new Map<string, ReturnType<typeof setTimeout>>();
  #sending = false;
  #closed = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #saidTypingAt = 0;
  #toRead = 0;

  /** `happened` is told of each event as it comes, not of those in the snapshot. */
  constructor(line: Line, room: string, happened?: (event: Happened) => void) {
    this.room = room;
    this.#line = line;
    this.state = createStore<Talked>({
      ...nothingSaid,
      room,
      seat: null,
      open: true,
      members: [],
      typing: [],
      read: {},
      pictures: {},
      ended: false,
    });
    this.#stops = [
      line.follow<Push>(`room:${room}`, {
        load: () => this.#load(),
        on: (push, offset) => this.#hear(push, offset, happened),
        ended: () => this.#show({ ended: true }),
      }),
      line.watch<Mark>(`typing:${room}`, (mark) => this.#marked(mark)),
      line.state.subscribe(() => line.connected && void this.#send()),
    ];
  }

  /** Never refused for want of a line: it waits for one. */
  say(text: string, photo?: Blob): void {
    this.#write({ id: newId(), text, ...(photo && { photo }) });
    this.typing(false);
  }

  edit(of: string, text: string): void {
    this.#write({ id: newId(), of, text });
    this.typing(false);
  }

  /** Correct what has not left yet; false when it has. */
  rewrite(id: string, text: string): boolean {
    const was = this.state.get();
    this.#thread((thread) => rewritten(thread, id, text));
    return this.state.get() !== was;
  }

  /** Once more, or never: what was refused waits for a word of hers. */
  retry(id: string): void {
    this.#thread((thread) => moved(thread, id, "waiting"));
    void this.#send();
  }

  drop(id: string): void {
    this.#thread((thread) => dropped(thread, id));
  }

  typing(on: boolean): void {
    const now = Date.now();
    if (on ? now - this.#saidTypingAt < TYPING_EVERY_MS : this.#saidTypingAt === 0) return;
    this.#saidTypingAt = on ? now : 0;
    this.#line.tell({ on }, `typing:${this.room}`);
  }

  /** She has seen everything up to there. */
  seen(): void {
    const last = this.state.get().entries.at(-1)?.offset ?? 0;
    if (last <= this.#toRead || this.#closed) return;
    this.#toRead = last;
    void this.#line.command("room.read", { room: this.room, offset: last }).catch(() => (this.#toRead = 0));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    for (const timer of this.#typed.values()) clearTimeout(timer);
    for (const stop of this.#stops) stop();
  }

  async #load(): Promise<{ epoch: string; offset: number }> {
    const found = await this.#line.command<Room>("room.state", { room: this.room });
    const { epoch, offset, seat, open, members } = found;
    const entries: Entry[] = [
      ...(found.messages ?? []).map((one) => ({ ...one, type: "say" as const })),
      ...(found.events ?? []).map((one) => ({ facts: {}, ...one, type: "event" as const })),
    ];
    this.state.update((talk) => ({
      ...talk,
      ...begun(talk, entries),
      seat,
      open,
      members,
      read: { ...talk.read, ...Object.fromEntries((found.read ?? []).map((mark) => [mark.seat, mark.read])) },
      pictures: { ...talk.pictures, ...named(found.attachments) },
      ended: false,
    }));
    void this.#send();
    return { epoch, offset };
  }

  #hear(push: Push, offset: number, happened?: (event: Happened) => void): void {
    if (push.type === "event") {
      const { type, what, seat, at, ...facts } = push;
      const event: Happened = { type, what, at, offset, facts, ...(seat && { seat }) };
      this.#thread((thread) => heard(thread, event));
      happened?.(event);
    } else {
      this.#thread((thread) => heard(thread, { ...push, offset }));
      this.#stopped(push.seat);
    }
    const { members, pictures } = this.state.get();
    const newSeat = push.seat !== undefined && !members.some(({ seat }) => seat === push.seat);
    const newPicture = push.type === "say" && !!push.attachment && !(push.attachment in pictures);
    if (push.type === "event" || newSeat || newPicture) void this.#meet();
  }

  async #meet(): Promise<void> {
    try {
      const { members, attachments, open } = await this.#line.command<Room>("room.state", { room: this.room });
      this.state.update((talk) => ({ ...talk, members, open, pictures: { ...talk.pictures, ...named(attachments) } }));
    } catch {
      // The next snapshot tells.
    }
  }

  #marked(mark: Mark): void {
    if ("read" in mark) {
      return this.#show({ read: { ...this.state.get().read, [mark.seat]: mark.read } });
    }
    this.#stopped(mark.seat);
    if (!mark.on || mark.seat === this.state.get().seat) return;
    this.#typed.set(
      mark.seat,
      setTimeout(() => this.#stopped(mark.seat), TYPED_MS),
    );
    this.#show({ typing: [...this.#typed.keys()] });
  }

  #stopped(seat: string): void {
    clearTimeout(this.#typed.get(seat));
    if (this.#typed.delete(seat)) this.#show({ typing: [...this.#typed.keys()] });
  }

  #write(one: Pick<Waiting, "id" | "text" | "of" | "photo">): void {
    this.#thread((thread) => written(thread, one));
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.#sending || this.#closed) return;
    this.#sending = true;
    clearTimeout(this.#again);
    try {
      for (let next = due(this.state.get()); next !== null && !this.#closed; next = due(this.state.get())) {
        if (!(await this.#sendOne(next))) break;
      }
    } finally {
      this.#sending = false;
    }
  }

  /** False when there is no line: it is tried again when there is one. */
  async #sendOne({ id }: Waiting): Promise<boolean> {
    this.#thread((thread) => moved(thread, id, "sending"));
    try {
      // As it stands now: it may have been corrected while it waited.
      const mine = this.state.get().waiting.find((one) => one.id === id);
      if (mine !== undefined) await this.#deliver(mine);
      this.#thread((thread) => moved(thread, id, "taken"));
      return true;
    } catch (error) {
      const { message, temporary } = refusalOf(error);
      if (!temporary) {
        this.#thread((thread) => moved(thread, id, "refused", message));
        return true;
      }
      this.#thread((thread) => moved(thread, id, "waiting"));
      if (!this.#closed) this.#again = setTimeout(() => void this.#send(), AGAIN_MS);
      return false;
    }
  }

  async #deliver({ id, text, of, photo }: Waiting): Promise<void> {
    const { room } = this;
    if (of !== undefined) return this.#line.command("room.edit", { room, id, of, text }, SEND_MS);
    if (photo === undefined) return this.#line.command("room.say", { room, id, text }, SEND_MS);
    const { attachment } = await attach(this.#line, room, photo);
    return this.#line.command("room.say", { room, id, text, attachment }, SEND_MS);
  }

  #thread(change: (thread: Thread) => Thread): void {
    this.state.update((talk) => {
      const after = change(talk);
      return after === talk ? talk : { ...talk, ...after };
    });
  }

  #show(change: Partial<Talked>): void {
    this.state.update((talk) => ({ ...talk, ...change }));
  }
}

function named(pictures: readonly Picture[] = []): Record<string, Picture> {
  return Object.fromEntries(pictures.map((one) => [one.attachment, one]));
}

/** The picture itself: its bytes, and nothing of it in an address. */
async function attach(line: Line, room: string, photo: Blob): Promise<Picture> {
  return byBytes(line, `/api/room/attach/${room}`, { method: "POST", body: photo }, (answer) => answer.json() as Promise<Picture>);
}

/** Fetched when somebody asks to see it, as a `data:` address: in memory, and in no cache of the browser. */
export function picture(line: Line, room: string, attachment: string): Promise<string> {
  return byBytes(line, `/api/room/attachment/${room}/${attachment}`, {}, async (answer) => inline(await answer.blob()));
}

export function inline(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error("unreadable"));
    reader.readAsDataURL(file);
  });
}

async function byBytes<T>(line: Line, path: string, request: RequestInit, read: (answer: Response) => Promise<T>): Promise<T> {
  const { token } = line.session;
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  if (request.body instanceof Blob) headers["Content-Type"] = request.body.type;
  let answer: Response;
  try {
    answer = await fetch(path, {
      ...request,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(UPLOAD_MS),
    });
    if (answer.ok) return await read(answer);
  } catch {
    throw new Refusal("unavailable", 0, true);
  }
  const { error } = (await answer.json().catch(() => ({}))) as { error?: { code: number; name: string; temporary: boolean } };
  throw new Refusal(error?.name ?? "unavailable", error?.code ?? answer.status, error?.temporary ?? answer.status >= 500);
}
