// Shift pressed three times leaves the page. Used as a modifier it does not count; Esc is not used, because
// browsers and screen readers need it and a fourth Esc stops the departure (govuk-frontend #2949).

export const WITHIN_MS = 5_000;
export const NEEDED = 3;

export interface Shifts {
  count: number;
  at: number;
  /** Shift is down and nothing else has been pressed since. */
  alone: boolean;
}

export const none: Shifts = { count: 0, at: 0, alone: false };

export function keyDown(state: Shifts, key: string, repeat: boolean): Shifts {
  if (repeat) return state;
  return key === "Shift" ? { ...state, alone: true } : none;
}

export function keyUp(state: Shifts, key: string, now: number): Shifts {
  if (key !== "Shift" || !state.alone) return state;
  const count = now - state.at <= WITHIN_MS ? state.count + 1 : 1;
  return { count, at: now, alone: false };
}

export function forget(state: Shifts, now: number): Shifts {
  return state.count > 0 && now - state.at > WITHIN_MS ? none : state;
}
