// The line to the server: one socket, commands over it or over HTTP, streams resumed or begun again.
//
// A phone's socket dies without a word when the page sleeps; so the line is made anew when the page is seen
// again, and every stream says whether it resumed whole or must start from its snapshot.

import { Centrifuge, UnauthorizedError } from "centrifuge";
import { advance, nowhere, type Position } from "../pure/streams.ts";
import { createStore, type Store } from "../store.ts";
import { post, refusalOf } from "./http.ts";
import type { Session } from "./session.ts";
import { Waking } from "./waking.ts";

export interface LineState {
  status: "closed" | "connecting" | "connected" | "ended";
  /** When the server was last heard. */
  heardAt: number | null;
}

interface Following<T> {
  /** Fetch the snapshot, show it, and answer its position. */
  load: () => Promise<Position>;
  on: (data: T, offset: number) => void;
  /** The right to this channel has ended. */
  ended?: () => void;
}

const WAIT_MS = 4_000;
const POLL_MS = 5_000;
const REFUSED_MS = 5_000;
/** The SDK's own codes of disconnection. */
const CALLED = 0;
const UNAUTHORIZED = 1;

export class Line {
  readonly state: Store<LineState> = createStore<LineState>({ status: "closed", heardAt: null });
  readonly session: Session;
  readonly #client: Centrifuge;
  readonly #waking = new Waking(
    () => this.#again(),
    () => this.connected,
  );
  #opened = false;

  constructor(session: Session) {
    this.session = session;
    const socket = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/connection/websocket`;
    this.#client = new Centrifuge(socket, {
      getToken: () => this.#ticket(),
      minReconnectDelay: 300,
      maxReconnectDelay: 8_000,
      timeout: WAIT_MS,
    });
    // A ticket is used once: each new attempt asks for another.
    this.#client.on("connecting", () => {
      this.#client.setToken("");
      this.#become("connecting");
    });
    this.#client.on("connected", () => this.#heard("connected"));
    this.#client.on("disconnected", ({ code }) => this.#stopped(code));
    this.#client.on("error", () => undefined);
  }

  get connected(): boolean {
    return this.state.get().status === "connected";
  }

  open(): void {
    if (this.#opened) return;
    this.#opened = true;
    this.#waking.start();
    this.#client.connect();
  }

  close(): void {
    this.#opened = false;
    this.#waking.stop();
    this.#client.disconnect();
  }

  /** Over the socket when it is open, else over HTTP. */
  async command<T>(method: string, body: unknown, timeout = WAIT_MS): Promise<T> {
    if (!this.connected) return this.byHttp<T>(method, body, timeout);
    try {
      return await this.bySocket<T>(method, body, timeout);
    } catch (error) {
      const refusal = refusalOf(error);
      // Every command may be repeated: creating ones carry an id, the others say what must be.
      if (refusal.code !== 0) throw refusal;
      return this.byHttp<T>(method, body, timeout);
    }
  }

  async bySocket<T>(method: string, body: unknown, timeout: number): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("late")), timeout);
    });
    try {
      const { data } = await Promise.race([this.#client.rpc(method, body), late]);
      this.#heard();
      return data as T;
    } catch (error) {
      throw refusalOf(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async byHttp<T>(method: string, body: unknown, timeout = WAIT_MS): Promise<T> {
    const path = `/api/${method.replace(".", "/")}`;
    const answer = await post<T>(path, body, { token: this.session.token, timeout });
    this.#heard();
    return answer;
  }

  /** Something that only matters now (a position, that somebody types): lost if the socket is away, and that is well. */
  tell(data: unknown, channel?: string): void {
    const client = this.#client;
    if (this.connected) void (channel ? client.publish(channel, data) : client.send(data)).catch(() => undefined);
  }

  /** A member's words: published on the socket, else posted. Resolves after the commit. */
  async say(room: string, id: string, text: string): Promise<void> {
    if (this.connected) {
      try {
        await this.#client.publish(`room:${room}`, { id, text });
        return this.#heard();
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal.code !== 0) throw refusal;
      }
    }
    await this.byHttp("room.say", { room, id, text });
  }

  /** Follow a stream from its snapshot; while the socket is away the snapshot is asked for by HTTP. */
  follow<T>(channel: string, following: Following<T>): () => void {
    const { load, take } = this.#inOrder(following);
    const subscription = this.#client.newSubscription(channel, { getState: load });
    subscription.on("publication", ({ data, offset }) => take(data, offset));
    subscription.on("subscribed", ({ wasRecovering, recovered }) => {
      this.#heard();
      if (wasRecovering && !recovered) void load().catch(() => undefined);
    });
    subscription.on("unsubscribed", ({ code }) => {
      if (code >= 100) following.ended?.();
    });
    subscription.on("error", () => undefined);
    subscription.subscribe();
    const poll = setInterval(() => {
      if (!this.connected) void load().catch(() => undefined);
    }, POLL_MS);
    return () => {
      clearInterval(poll);
      subscription.removeAllListeners();
      subscription.unsubscribe();
      this.#client.removeSubscription(subscription);
    };
  }

  /** Counts that only matter now: no offset, no snapshot. */
  watch<T>(channel: string, on: (data: T) => void): () => void {
    const subscription = this.#client.newSubscription(channel);
    subscription.on("publication", ({ data }) => on(data as T));
    subscription.on("error", () => undefined);
    subscription.subscribe();
    return () => {
      subscription.removeAllListeners();
      subscription.unsubscribe();
      this.#client.removeSubscription(subscription);
    };
  }

  /** The seats of those who have this room open now; whoever listens unseen is not among them. */
  async seats(room: string): Promise<string[]> {
    const { clients } = await this.#client.presence(`room:${room}`);
    return Object.values(clients).map(({ user }) => user);
  }

  /** One's own stream, which the server subscribes at connect. */
  personal<T>(following: Following<T>): () => void {
    const { load, take } = this.#inOrder(following);
    const subscribed = (ctx: { channel: string; recovered: boolean }): void => {
      if (ctx.channel.startsWith("me:") && !ctx.recovered) void load().catch(() => undefined);
    };
    const published = (ctx: { channel: string; data: unknown; offset?: number }): void => {
      if (ctx.channel.startsWith("me:")) take(ctx.data, ctx.offset);
    };
    this.#client.on("subscribed", subscribed);
    this.#client.on("publication", published);
    // Whoever comes late to a line that is open starts from the snapshot too.
    if (this.connected) void load().catch(() => undefined);
    const poll = setInterval(() => {
      if (!this.connected && this.#opened) void load().catch(() => undefined);
    }, POLL_MS);
    return () => {
      clearInterval(poll);
      this.#client.off("subscribed", subscribed);
      this.#client.off("publication", published);
    };
  }

  /**
   * Snapshots and publications of one stream, never an older word after a newer one: what is said
   * while a snapshot is on its way waits for it, as the snapshot may have been read before.
   */
  #inOrder<T>(following: Following<T>): { load: () => Promise<Position>; take: (data: unknown, offset?: number) => void } {
    let known = nowhere;
    let waiting: [unknown, number | undefined][] | null = null;
    const take = (data: unknown, offset?: number): void => {
      if (waiting !== null) return void waiting.push([data, offset]);
      const after = advance(known, offset);
      if (after === null) return;
      known = after;
      this.#heard();
      following.on(data as T, after.offset);
    };
    const load = once(async () => {
      waiting = [];
      try {
        known = await following.load();
      } finally {
        const said = waiting;
        waiting = null;
        for (const [data, offset] of said) take(data, offset);
      }
      return known;
    });
    return { load, take };
  }

  async #ticket(): Promise<string> {
    try {
      return await this.session.ticket();
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.code === 101) throw new UnauthorizedError("session ended");
      throw refusal;
    }
  }

  /** The SDK has given up for good: only a session that has ended is a reason for us to do so. */
  #stopped(code: number): void {
    if (!this.#opened) return this.#become("closed");
    if (code === UNAUTHORIZED) return this.#become("ended");
    this.#become("connecting");
    if (code !== CALLED) setTimeout(() => this.#again(), REFUSED_MS);
  }

  #become(status: LineState["status"]): void {
    this.state.update((state) => ({ ...state, status }));
  }

  #heard(status: LineState["status"] = this.state.get().status): void {
    this.state.set({ status, heardAt: Date.now() });
  }

  #again(): void {
    if (!this.#opened) return;
    this.#client.disconnect();
    // Many phones wake at the same moment.
    setTimeout(() => this.#opened && this.#client.connect(), Math.random() * 300);
  }
}

/** Whoever asks while an answer is on its way gets that answer: an older one never comes after a newer. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => (running ??= work().finally(() => (running = null)));
}
