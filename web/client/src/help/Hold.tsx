// The two-second hold, by finger, mouse, key or (in two activations) screen reader and switch.

import { useEffect, useState } from "preact/hooks";
import { CONFIRM_MS, hold, HOLD_MS, rest, type Hold, type HoldEvent } from "../pure/holding.ts";
import { t } from "../words.ts";

interface HoldProps {
  onStart: () => void;
  onDone: () => void;
}

const RADIUS = 104;
const AROUND = 2 * Math.PI * RADIUS;

export function HoldButton({ onStart, onDone }: HoldProps) {
  const [state, setState] = useState<Hold>(rest);

  function act(type: HoldEvent["type"]): void {
    const after = hold(state, { type, now: Date.now() } as HoldEvent);
    if (after === state) return;
    if (after.step === "holding" || after.step === "armed") onStart();
    setState(after);
    if (after.step === "done") onDone();
  }

  useEffect(() => {
    if (state.step !== "holding" && state.step !== "armed") return;
    // A little later than the limit: timers may be early by a millisecond.
    const timer = setTimeout(() => act("tick"), (state.step === "holding" ? HOLD_MS : CONFIRM_MS) + 5);
    return () => clearTimeout(timer);
  }, [state]);

  function key(event: KeyboardEvent, type: "press" | "release"): void {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) act(type);
  }

  const armed = state.step === "armed";
  return (
    <div class="hold-box">
      <button
        type="button"
        class={`hold ${state.step}`}
        aria-describedby="hold-hint"
        data-testid="hold"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          act("press");
        }}
        onPointerUp={() => act("release")}
        onPointerCancel={() => act("release")}
        onLostPointerCapture={() => act("release")}
        onBlur={() => act("release")}
        onKeyDown={(event) => key(event, "press")}
        onKeyUp={(event) => key(event, "release")}
        onContextMenu={(event) => event.preventDefault()}
        // A click that no finger, mouse or key made: a screen reader or a switch.
        onClick={(event) => event.detail === 0 && act("activate")}
      >
        <svg class="ring" viewBox="0 0 220 220" aria-hidden="true" focusable="false">
          <circle class="track" cx="110" cy="110" r={RADIUS} />
          <circle class="done" cx="110" cy="110" r={RADIUS} stroke-dasharray={AROUND} stroke-dashoffset={AROUND} />
        </svg>
        <span class="hold-words">
          {t("hold.label")}
          <small>{t("hold.how")}</small>
        </span>
      </button>
      <p id="hold-hint" class="hold-hint" role="status">
        {state.step === "holding" && t("hold.holding")}
        {state.step === "short" && t("hold.short")}
        {armed && t("hold.armed")}
        {(state.step === "rest" || state.step === "done") && t("hold.hint")}
      </p>
      <button type="button" class={armed ? "button primary" : "link"} data-testid="hold-without" onClick={() => act("activate")}>
        {t(armed ? "hold.confirm" : "hold.without")}
      </button>
    </div>
  );
}
