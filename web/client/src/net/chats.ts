// The words of the wire about chats with the helpline, as a visitor hears them.

import type { Fact, Seen } from "../pure/chatting.ts";
import type { Household } from "./rooms.ts";
import type { Kind, Mode } from "./wire.ts";

/** Who is asked for her, and what is written down afterwards, is no business of hers. */
export type ChatState = "waiting" | "active" | "held" | "closed";

export interface Hours {
  line: string;
  open: boolean;
  opens_at?: string | null;
  low_s?: number | null;
  high_s?: number | null;
  /** What those who answer now speak. */
  languages: string[];
}

export interface Place {
  place?: number | null;
  low_s?: number | null;
  high_s?: number | null;
}

/** What an operator has prepared, whole, for her to accept or not. */
export interface Bridge {
  bridge: string;
  kind: "shelter" | "help" | "sheet";
  shelter?: { household: Household; nights: number; days_ahead: number };
  help?: { kind: Kind; mode: Mode };
  title?: string;
}

/** What became of it. */
export interface Bridged {
  bridge: string;
  kind: Bridge["kind"];
  state: "yes" | "no" | "over";
  /** A sheet is read here. */
  title?: string;
  text?: string;
}

export interface Transcript {
  lines: { seat: string; text: string; at: string }[];
}

export interface ChatView extends Place {
  chat: string;
  line: string;
  state: ChatState;
  room: string;
  /** In the answer to `chat.ask` only. */
  words?: string | null;
  ending?: string | null;
  since: string;
  epoch: string;
  offset: number;
}

export interface ChatPush extends Place {
  type: "chat";
  chat: string;
  state: ChatState;
}

export interface AskChat {
  id: string;
  line: string;
  language: string;
  postcode?: string;
  seen?: Seen;
  answers: Fact[];
  word?: string;
}
