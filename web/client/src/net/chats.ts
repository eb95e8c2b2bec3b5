// The words of the wire about chats with the helpline, as a visitor hears them.

import type { Seen, Fact } from "../pure/chatting.ts";

export type ChatState = "waiting" | "offered" | "active" | "held" | "wrap_up" | "closed";

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

/** What an operator has prepared, for her to accept or not. */
export interface Bridge {
  bridge: string;
  kind: "shelter" | "help" | "sheet";
  title?: string | null;
}

export interface ChatView extends Place {
  chat: string;
  line: string;
  state: ChatState;
  room: string | null;
  /** In the answer to `chat.ask` only. */
  words?: string | null;
  ending?: string | null;
  bridge?: Bridge | null;
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
