// Who this page is: a bearer in memory only, and from the hold on a cookie that scripts cannot read.
//
// A second cookie, readable and holding nothing, says that the first is there; deleting it at exit makes the
// server ignore the first, even when the phone is offline.

import { post, Refusal, UNREACHABLE } from "./http.ts";

const MARKS = ["__Host-p", "p"];
const WAIT_MS = 4_000;

export class Session {
  #token: string | null;
  #making: Promise<void> | null = null;

  constructor(token: string | null = null) {
    this.#token = token;
  }

  get token(): string | null {
    return this.#token;
  }

  /** A bearer in memory, or a cookie of an earlier page. */
  get exists(): boolean {
    return this.#token !== null || marked();
  }

  ensure(): Promise<void> {
    if (this.exists) return Promise.resolve();
    this.#making ??= this.#make().finally(() => (this.#making = null));
    return this.#making;
  }

  async #make(): Promise<void> {
    const made = await post<{ token?: string } | null>("/api/session", {}, { token: null, timeout: WAIT_MS });
    if (!made?.token) throw new Refusal(UNREACHABLE, 0, true);
    this.#token = made.token;
  }

  /** From now on a reloaded or killed tab finds what is open; for `long`, a browser that was closed does too. */
  async keep(long = false): Promise<void> {
    await this.ensure();
    await post("/api/session/keep", long ? { long } : {}, { token: this.#token, timeout: WAIT_MS });
  }

  async ticket(): Promise<string> {
    await this.ensure();
    const { ticket } = await post<{ ticket: string }>(
      "/api/session/ticket",
      {},
      { token: this.#token, timeout: WAIT_MS },
    );
    return ticket;
  }

  /** The session is no longer known to the server: begin again as nobody. */
  forget(): void {
    this.#token = null;
    unmark();
  }

  /** Never waits: the page is going away. */
  leave(): void {
    const token = this.#token;
    if (token !== null) {
      void post("/api/session/leave", {}, { token, timeout: 10_000, keepalive: true }).catch(() => undefined);
    } else if (marked()) {
      navigator.sendBeacon("/api/session/leave");
    }
    this.forget();
  }
}

function marked(): boolean {
  return document.cookie.split("; ").some((one) => MARKS.some((name) => one.startsWith(`${name}=`)));
}

function unmark(): void {
  document.cookie = "__Host-p=; Max-Age=0; Path=/; Secure; SameSite=Strict";
  document.cookie = "p=; Max-Age=0; Path=/; SameSite=Strict";
}
