// Where this phone has been for the last minute and a half, kept in memory only while a page needs it. In the demo a
// phone that is elsewhere rides the demo's tram.

import { trailOf, withFix, type Seen } from "../pure/riding.ts";
import type { Spot } from "../pure/places.ts";
import { onTram, tramTrail } from "../pure/tram.ts";
import { config } from "./config.ts";
import type { Fix } from "./transit.ts";
import { watchPlace, where } from "./where.ts";

/** Browsers say again where they are only when they have moved: a phone that stands still is somewhere too. */
const STILL_MS = 4_000;

export class Onboard {
  #seen: readonly Seen[] = [];
  #stops: (() => void)[] = [];

  /** Asks the browser, which asks her. */
  begin(): void {
    if (this.#stops.length > 0) return;
    watchPlace();
    this.#see();
    const timer = setInterval(() => this.#see(), STILL_MS);
    this.#stops = [where.subscribe(() => this.#see()), () => clearInterval(timer)];
  }

  end(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#seen = [];
  }

  /** The oldest first. */
  trail(): Fix[] {
    const riding = pretended();
    return riding === null ? trailOf(this.#seen, Date.now()) : tramTrail(...riding);
  }

  now(): Spot | null {
    const riding = pretended();
    return riding === null ? where.get().place : onTram(...riding);
  }

  #see(): void {
    const { place, status } = where.get();
    // Somebody else on this page needs it no more; we do.
    if (status === "unasked") return watchPlace();
    if (place !== null) this.#seen = withFix(this.#seen, place, Date.now());
  }
}

function pretended(): Parameters<typeof onTram> | null {
  const { demo, read_at } = config.get();
  return demo?.tram && where.get().pretended ? [demo.tram, (Date.now() - read_at) / 1_000] : null;
}
