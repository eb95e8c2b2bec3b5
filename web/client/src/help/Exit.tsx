// The way out, always in reach: a button, and Shift three times. Not Esc (see `pure/shifts.ts`).

import { useEffect, useState } from "preact/hooks";
import { forget, keyDown, keyUp, NEEDED, none, WITHIN_MS } from "../pure/shifts.ts";
import { NumbersBar } from "../parts/Numbers.tsx";
import { t } from "../words.ts";
import { leave } from "./leaving.ts";

export function ExitBar() {
  const [shifts, setShifts] = useState(none);
  useEffect(() => {
    let known = none;
    const see = (now: typeof none): void => {
      known = now;
      setShifts(now);
      if (now.count >= NEEDED) leave();
    };
    const down = (event: KeyboardEvent): void => see(keyDown(known, event.key, event.repeat));
    const up = (event: KeyboardEvent): void => see(keyUp(known, event.key, Date.now()));
    const fade = setInterval(() => see(forget(known, Date.now())), WITHIN_MS / 5);
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    return () => {
      clearInterval(fade);
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
    };
  }, []);
  return (
    <div class="bar">
      {shifts.count > 0 && (
        <p class="shifts" role="status">
          <span aria-hidden="true">{"●".repeat(shifts.count) + "○".repeat(Math.max(0, NEEDED - shifts.count))}</span>{" "}
          {t("exit.shifts", { n: Math.max(0, NEEDED - shifts.count) })}
        </p>
      )}
      <div class="bar-row">
        <NumbersBar />
        <button type="button" class="exit" onClick={leave} data-testid="exit">
          {t("exit.button")}
        </button>
      </div>
    </div>
  );
}
