// The two-second hold: a pointer or a key held down, or two plain activations for those who cannot hold.
//
// Pure: the time comes in with each event; the component only draws `progress`.

export const HOLD_MS = 2_000;
/** How long a first plain activation (screen reader, switch, "I cannot hold") waits for the second. */
export const CONFIRM_MS = 10_000;

export type Hold =
  | { step: "rest" }
  | { step: "holding"; since: number }
  | { step: "short" }
  | { step: "armed"; since: number }
  | { step: "done" };

export type HoldEvent =
  | { type: "press"; now: number }
  | { type: "release"; now: number }
  | { type: "activate"; now: number }
  | { type: "tick"; now: number }
  | { type: "reset" };

export const rest: Hold = { step: "rest" };

export function hold(state: Hold, event: HoldEvent): Hold {
  if (event.type === "reset") return rest;
  if (state.step === "done") return state;
  switch (event.type) {
    case "press":
      return state.step === "holding" ? state : { step: "holding", since: event.now };
    case "release":
      if (state.step !== "holding") return state;
      return event.now - state.since >= HOLD_MS ? { step: "done" } : { step: "short" };
    case "activate":
      if (state.step === "holding") return state;
      return state.step === "armed" ? { step: "done" } : { step: "armed", since: event.now };
    case "tick":
      if (state.step === "holding" && event.now - state.since >= HOLD_MS) return { step: "done" };
      if (state.step === "armed" && event.now - state.since >= CONFIRM_MS) return rest;
      return state;
  }
}
