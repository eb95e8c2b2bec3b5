// When a page is seen again, its socket may be dead without a word: iOS closes nothing, a page kept by the
// browser says only `pageshow`, a page that was frozen only `resume`. This says when to make the line anew.

/** A page hidden for longer does not trust its socket any more. */
const ASLEEP_MS = 10_000;

export class Waking {
  readonly #again: () => void;
  readonly #connected: () => boolean;
  #hiddenAt: number | null = null;

  constructor(again: () => void, connected: () => boolean) {
    this.#again = again;
    this.#connected = connected;
  }

  start(): void {
    document.addEventListener("visibilitychange", this.#seen);
    addEventListener("pageshow", this.#restored);
    addEventListener("online", this.#again);
    document.addEventListener("resume", this.#again);
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.#seen);
    removeEventListener("pageshow", this.#restored);
    removeEventListener("online", this.#again);
    document.removeEventListener("resume", this.#again);
  }

  readonly #seen = (): void => {
    if (document.visibilityState === "hidden") {
      this.#hiddenAt = Date.now();
      return;
    }
    const asleep = this.#hiddenAt !== null && Date.now() - this.#hiddenAt > ASLEEP_MS;
    this.#hiddenAt = null;
    if (asleep || !this.#connected()) this.#again();
  };

  readonly #restored = (event: PageTransitionEvent): void => {
    if (event.persisted) this.#again();
  };
}
