// The words of the wire about the 3919 chat, as staff's commands and channels say them.

export type ChatState = "waiting" | "offered" | "active" | "held" | "wrap_up" | "closed";
export type Way = "cold" | "warm" | "consult";

/** What those who answer know of a chat: her own answers as reasons, never her words. */
export interface Waiting {
  chat: string;
  state: ChatState;
  place: number;
  since: string;
  level: number;
  reasons: readonly string[];
  language: string;
  area?: string | null;
  /** She left at once: possible danger. */
  exited?: boolean;
  /** She was handed on for that. */
  skill?: string | null;
}

export interface Transfer {
  way: Way;
  /** Whom it is handed to, and by whom. */
  to: string;
  by?: string | null;
  /** Accepted: both are in the room. */
  joined: boolean;
  until?: string | null;
}

export type ChatRole = "operator" | "offer" | Way | "watch" | "join" | "interpret";

/** A chat that the caller has, is offered, is handed, or is beside. */
export interface Mine extends Omit<Waiting, "place" | "skill"> {
  room: string;
  /** Missing while not in the room. */
  seat?: string | null;
  role?: ChatRole;
  expires_at?: string | null;
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

/** Of the last `hours`, and of now. */
export interface Figures {
  hours: number;
  waiting: number;
  longest_s: number | null;
  talking: number;
  on_duty: number;
  asked: number;
  answered: number;
  abandoned: number;
  answer_rate: number | null;
  abandon_rate: number | null;
  wait_p50_s: number | null;
  wait_p95_s: number | null;
  per_hour: number;
  within: number | null;
  within_s?: number;
  within_aim?: number;
}

/** A conversation under way, for supervisors. */
export interface TalkLine {
  chat: string;
  operator: string;
  state: ChatState;
  since: string;
  level: number;
  language: string;
  exited?: boolean;
}

export interface LineView {
  line: string;
  open: boolean;
  on: boolean;
  queue: readonly Waiting[];
  mine: readonly Mine[];
  colleagues: readonly Colleague[];
  figures: Figures;
  epoch: string;
  offset: number;
  talks?: readonly TalkLine[] | null;
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
  /** Départements; "" is everywhere. */
  areas: readonly string[];
  phones: readonly { number: string; way: "call" | "sms"; about?: string }[];
  /** Null: its hours are not known. */
  open: boolean | null;
  about?: string;
  eligibility?: string;
  cost?: string;
  city?: string;
  languages?: readonly string[];
  opens_at?: string | null;
  hours_text?: string;
}

export interface Services {
  found: readonly Service[];
  more?: boolean;
}

export interface Sheet {
  sheet: string;
  /** Language by language. */
  titles: Readonly<Record<string, string>>;
}

export interface Bridge {
  bridge: string;
  kind: BridgeKind;
  state: "asked" | "yes" | "no" | "over";
  at: string;
  until: string;
  /** What has become of the need or the alert. */
  outcome?: string | null;
  alias?: string | null;
}

export type BridgeKind = "shelter" | "help" | "sheet";

/** An exercise; each text language by language. */
export interface Script {
  script: string;
  title: Readonly<Record<string, string>>;
  about: Readonly<Record<string, string>>;
  points: Readonly<Record<string, readonly string[]>>;
  language: string;
  turns: number;
}

export interface BlockLine {
  block: string;
  reason: string;
  at: string;
  /** Null: without end. */
  until: string | null;
  refused?: number;
}

/** A month that is over; null: some, and too few to be told. */
export interface MonthCounts {
  chats: number | null;
  kinds: readonly { area: string; of: string; count: number | null }[];
  outcome: readonly { area: string; of: string; count: number | null }[];
  small: number;
}

/** What is told on one's own stream. */
export type ListenPush =
  | { type: "chat.offer"; chat: string; expires_at: string; way?: Way | null }
  | { type: "duty"; line: string; on: boolean; reason: "missed" | "silent" }
  | { type: "transfer"; chat: string; state: "accepted" | "refused" | "over" | "finished" }
  | { type: "chat.gone"; chat: string }
  | { type: "chat.beside"; chat: string; room: string; role: string };

/** And on the queue's. */
export type QueueWord = { type: "chat" | "colleague" | "orange" | "line"; chat?: string };
