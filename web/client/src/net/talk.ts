// One room on this phone: its snapshot, its stream, and words on their way.

import { loaded, notSaid, received, saying, silence, type Conversation } from "../pure/messages.ts";
import { newId } from "../pure/ids.ts";
import { createStore, type Store } from "../store.ts";
import type { Line } from "./link.ts";
import type { RoomPush, RoomState } from "./wire.ts";

export interface Talking extends Conversation {
  room: string;
  seat: string | null;
  members: RoomState["members"];
  /** The right to this room has ended, or the room is closed. */
  ended: boolean;
}

export class Talk {
  readonly state: Store<Talking>;
  readonly #line: Line;
  readonly #room: string;
  readonly #stop: () => void;

  constructor(line: Line, room: string) {
    this.#line = line;
    this.#room = room;
    this.state = createStore<Talking>({ ...silence, room, seat: null, members: [], ended: false });
    this.#stop = line.follow<RoomPush>(`room:${room}`, {
      load: async () => {
        const found = await line.command<RoomState>("room.state", { room });
        const { epoch, offset, seat, members, messages } = found;
        this.state.update((talk) => ({ ...talk, ...loaded(talk, messages), seat, members, ended: false }));
        return { epoch, offset };
      },
      on: (push, offset) => {
        // What happens in a room is a push without words.
        if (push.text) this.state.update((talk) => ({ ...talk, ...received(talk, { ...push, id: push.of ?? push.id, offset }) }));
        // A seat not seen before: somebody has come in.
        if (!this.state.get().members.some((member) => member.seat === push.seat)) void this.#meet();
      },
      ended: () => this.state.update((talk) => ({ ...talk, ended: true })),
    });
  }

  async say(text: string, id = newId()): Promise<void> {
    this.state.update((talk) => ({ ...talk, ...saying(talk, id, text) }));
    try {
      await this.#line.say(this.#room, id, text);
    } catch {
      this.state.update((talk) => ({ ...talk, ...notSaid(talk, id) }));
    }
  }

  close(): void {
    this.#stop();
  }

  async #meet(): Promise<void> {
    try {
      const { members } = await this.#line.command<RoomState>("room.state", { room: this.#room });
      this.state.update((talk) => ({ ...talk, members }));
    } catch {
      // Their seat's name is shown meanwhile.
    }
  }
}
