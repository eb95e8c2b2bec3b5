// One request on its way: whom not to tell, then the request itself, always under the same id.

import { newId } from "../pure/ids.ts";
import { typed } from "../pure/phone.ts";
import type { Way } from "../pure/sending.ts";
import { Refusal, refusalOf } from "../net/http.ts";
import type { Line } from "../net/link.ts";
import type { Reply } from "../net/sender.ts";
import type { Kind, Mode } from "../net/wire.ts";
import type { Place } from "../pure/places.ts";

export interface Wish {
  mode: Mode;
  kind: Kind | null;
  note: string;
  /** The telephone of somebody who must not be told. */
  without: string;
}

const SOCKET_MS = 1_500;
const HTTP_MS = 3_000;

export class Request {
  readonly #line: Line;
  readonly #id = newId();
  readonly #excludeId = newId();
  readonly #wish: Wish;
  #excluded = false;
  /** The server could not record whom not to tell. */
  withoutRefused = false;

  constructor(line: Line, wish: Wish) {
    this.#line = line;
    this.#wish = wish;
  }

  async attempt(way: Way, place: Place | null): Promise<Reply> {
    if (place === null) throw new Refusal("no_place", 0, true);
    await this.#line.session.ensure();
    await this.#exclude();
    const { kind, mode } = this.#wish;
    const note = this.#wish.note.trim();
    const body = { id: this.#id, kind: kind ?? "other", mode, place, ...(note && { note }) };
    return way === "socket"
      ? this.#line.bySocket("help.raise", body, SOCKET_MS)
      : this.#line.byHttp("help.raise", body, HTTP_MS);
  }

  /** Recorded before anybody is told; a refusal for good does not hold the request back. */
  async #exclude(): Promise<void> {
    const phone = this.#wish.without.trim();
    if (this.#excluded || typed(phone) !== "plausible") return;
    try {
      await this.#line.byHttp("exclude.add", { id: this.#excludeId, phone }, HTTP_MS);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.temporary || refusal.message === "unauthorized") throw refusal;
      this.withoutRefused = true;
    }
    this.#excluded = true;
  }
}
