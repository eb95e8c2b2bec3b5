// The words of the wire about the 3919 chat, as staff's commands and channels say them.

export type ChatState = "waiting" | "offered" | "active" | "held" | "wrap_up" | "closed";
export type Way = "cold" | "warm" | "consult";

/** What anybody who may see the queue knows of a chat: never her answers in full, nor her words. */
export interface Waiting {
  chat: string;
  state: ChatState;
  since: string;
  level: number;
  reasons: readonly string[];
  language: string;
  area?: string | null;
  place?: number | null;
  /** She left at once: possible danger. */
  exited?: boolean;
  /** Who speaks with her, for a supervisor. */
  by?: readonly string[];
}

export interface Transfer {
  way: Way;
  /** Who passes her on, and to whom. */
  from?: string | null;
  to?: string | null;
  note?: string | null;
  /** Asked of me; or asked by me and not answered yet; or we are both in the room. */
  state: "asked" | "waiting" | "both";
}

export interface Mine extends Omit<Waiting, "place" | "by"> {
  room: string;
  seat: string;
  transfer?: Transfer | null;
  practice?: boolean;
}

export interface Colleague {
  person: string;
  name: string;
  on: boolean;
  load: number;
  capacity: number;
  languages: readonly string[];
  skills: readonly string[];
  trainee: boolean;
}

export interface Figures {
  waiting: number;
  answered: number;
  abandoned: number;
  chats_per_hour: number;
  p50_s: number | null;
  p95_s: number | null;
  within_15_s: number | null;
}

export interface LineView {
  line: string;
  open: boolean;
  opens_at?: string | null;
  queue: readonly Waiting[];
  mine: readonly Mine[];
  colleagues: readonly Colleague[];
  figures: Figures;
  epoch: string;
  offset: number;
}

export interface Note {
  type: "note" | "whisper";
  id: string;
  text: string;
  seat: string;
  at: string;
  to?: string | null;
}

export interface NoteState {
  notes: readonly Note[];
  draft?: { seat: string; until: string } | null;
  epoch: string;
  offset: number;
}

export interface LookingWord {
  key: string;
  seat: string;
  state: "looking" | "typing" | "draft";
  until?: string | null;
}

/** One reply in one language; `name` is what follows the slash. */
export interface CannedReply {
  name: string;
  language: string;
  title: string;
  text: string;
  variables: readonly string[];
  uses: number;
}

export interface Service {
  service: string;
  name: string;
  kinds: readonly string[];
  area?: string | null;
  phone?: string | null;
  address?: string | null;
  hours?: string | null;
  open?: boolean | null;
  languages: readonly string[];
  text?: string | null;
}

export type BridgeKind = "shelter" | "help" | "sheet";

export type ListenPush = { type: "chat.offer"; chat: string; expires_at: string } | { type: string; chat?: string };
