// A room's messages on one phone: the server's order, and her own words while they are on their way.

export interface Message {
  id: string;
  text: string;
  seat: string;
  at: string;
  offset: number;
}

export interface Pending {
  id: string;
  text: string;
  state: "sending" | "failed";
}

export interface Conversation {
  messages: readonly Message[];
  pending: readonly Pending[];
}

export const silence: Conversation = { messages: [], pending: [] };

export function received(talk: Conversation, message: Message): Conversation {
  const pending = talk.pending.filter((mine) => mine.id !== message.id);
  // What is said again, or changed, keeps its place.
  const old = talk.messages.find((known) => known.id === message.id);
  const others = talk.messages.filter((known) => known !== old);
  const messages = [...others, { ...message, offset: (old ?? message).offset }].sort((a, b) => a.offset - b.offset);
  return { messages, pending };
}

/** The snapshot replaces what was known; words still on their way stay, unless it holds them. */
export function loaded(talk: Conversation, messages: readonly Message[]): Conversation {
  return messages.reduce(received, { messages: [], pending: talk.pending });
}

export function saying(talk: Conversation, id: string, text: string): Conversation {
  const others = talk.pending.filter((mine) => mine.id !== id);
  if (talk.messages.some((message) => message.id === id)) return talk;
  return { ...talk, pending: [...others, { id, text, state: "sending" }] };
}

export function notSaid(talk: Conversation, id: string): Conversation {
  const pending = talk.pending.map((mine) => (mine.id === id ? { ...mine, state: "failed" as const } : mine));
  return { ...talk, pending };
}
