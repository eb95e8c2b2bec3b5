// One request on its way: attempts until the server's word, by the rules of `pure/sending.ts`.

import { idle, next, type Recorded, type Sending, type SendingEvent } from "../pure/sending.ts";
import { refusalOf } from "./http.ts";

export type Reply = Partial<Recorded> & { state?: string };

interface Ways {
  show: (sending: Sending) => void;
  /** `null`: it was settled in another way. */
  attempt: (tries: number) => Promise<Reply | null>;
  recorded: (recorded: Recorded) => void;
}

export class Sender {
  readonly #ways: Ways;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #state: Sending = idle;
  #forgotten = false;

  constructor(ways: Ways) {
    this.#ways = ways;
  }

  begin(): void {
    this.#step({ type: "held" });
  }

  abandon(): void {
    this.#step({ type: "abandoned" });
  }

  /** No more attempts; an answer that is on its way is told all the same. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Whatever comes is nobody's any more. */
  forget(): void {
    this.#forgotten = true;
    this.stop();
  }

  #step(event: SendingEvent): void {
    if (this.#forgotten) return;
    const [state, work] = next(this.#state, event);
    const told = state.step === "recorded" && this.#state.step !== "recorded";
    this.#state = state;
    this.#ways.show(state);
    for (const one of work) {
      if (one.do === "stop") this.stop();
      if (one.do === "deadline") this.#later(one.after, () => this.#step({ type: "deadline" }));
      if (one.do === "attempt") this.#later(one.after, () => void this.#attempt());
    }
    if (told) this.#ways.recorded(state);
  }

  async #attempt(): Promise<void> {
    const state = this.#state;
    try {
      const reply = await this.#ways.attempt("tries" in state ? state.tries : 0);
      if (reply === null) return this.forget();
      this.#step({ type: "answered", reply });
    } catch (error) {
      const { message, temporary } = refusalOf(error);
      this.#step({ type: "failed", name: message, temporary });
    }
  }

  #later(after: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, after);
    this.#timers.add(timer);
  }
}
