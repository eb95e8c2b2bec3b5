// What the page may say about a request for help: never "sent" before the server's "recorded".
//
// Pure: each event answers with the new state and the work to do. The client-made id is the same for
// every attempt, so that trying again has no second effect.

/** After this long without an acknowledgement the page says plainly that nothing was sent: six seconds are
 * promised from the end of the hold, one is left for a slow phone to draw. */
export const DEADLINE_MS = 5_000;
const PAUSES_MS = [250, 1_000, 2_000, 4_000, 8_000];

export type Way = "socket" | "http";

export interface Recorded {
  alert: string;
  room: string;
  at: string;
}

export type Sending =
  | { step: "idle" }
  | { step: "sending"; tries: number }
  | { step: "unsent"; tries: number; reason: string; trying: boolean }
  | ({ step: "recorded"; late: boolean } & Recorded)
  | { step: "refused"; reason: string };

export type SendingEvent =
  | { type: "held" }
  | { type: "answered"; reply: Partial<Recorded> & { state?: string } }
  | { type: "failed"; name: string; temporary: boolean }
  | { type: "deadline" }
  | { type: "abandoned" };

export type Work = { do: "attempt"; after: number } | { do: "deadline"; after: number } | { do: "stop" };

export const idle: Sending = { step: "idle" };

export function next(state: Sending, event: SendingEvent): [Sending, Work[]] {
  // An answer is the truth at any moment, even after the page gave up: she must know.
  if (event.type === "answered") return answered(state, event.reply);
  switch (state.step) {
    case "idle":
      if (event.type !== "held") return [state, []];
      return [
        { step: "sending", tries: 0 },
        [
          { do: "attempt", after: 0 },
          { do: "deadline", after: DEADLINE_MS },
        ],
      ];
    case "sending":
    case "unsent":
      return waiting(state, event);
    case "recorded":
    case "refused":
      return [state, []];
  }
}

function answered(state: Sending, reply: Partial<Recorded> & { state?: string }): [Sending, Work[]] {
  if (state.step === "recorded") return [state, []];
  const { alert, room, at } = reply;
  if (reply.state !== "recorded" || !alert || !room || !at) {
    return next(state, { type: "failed", name: "malformed", temporary: true });
  }
  return [{ step: "recorded", late: state.step !== "sending", alert, room, at }, [{ do: "stop" }]];
}

function waiting(
  state: Extract<Sending, { step: "sending" | "unsent" }>,
  event: Exclude<SendingEvent, { type: "answered" }>,
): [Sending, Work[]] {
  switch (event.type) {
    case "held":
      return [state, []];
    case "deadline":
      if (state.step === "unsent") return [state, []];
      return [{ step: "unsent", tries: state.tries, reason: "unavailable", trying: true }, []];
    case "abandoned":
      return [{ step: "unsent", tries: state.tries, reason: "abandoned", trying: false }, [{ do: "stop" }]];
    case "failed": {
      if (state.step === "unsent" && !state.trying) return [state, []];
      if (!event.temporary) return [{ step: "refused", reason: event.name }, [{ do: "stop" }]];
      const tries = state.tries + 1;
      const again: Work = { do: "attempt", after: PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1] ?? 0 };
      const after = state.step === "unsent" ? { ...state, tries, reason: event.name } : { ...state, tries };
      return [after, [again]];
    }
  }
}

/** The socket when it is open, else HTTP; never the same way twice in a row while the other is there. */
export function wayOf(attempt: number, connected: boolean): Way {
  return connected && attempt % 2 === 0 ? "socket" : "http";
}
