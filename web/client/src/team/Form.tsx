// A form that waits for the server, and says why it did not work; and six figures.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { sorry } from "../words.ts";

interface FormProps {
  act: () => Promise<unknown>;
  go: string;
  children: ComponentChildren;
  kind?: "primary" | "secondary";
  testid: string;
}

export function Form({ act, go, children, kind = "primary", testid }: FormProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const mounted = useRef(true);
  useEffect(() => () => void (mounted.current = false), []);

  async function run(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (failure) {
      if (mounted.current) setError(refusalOf(failure).message);
    } finally {
      if (mounted.current) setBusy(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      {children}
      {error !== null && (
        <p class="error" role="alert" data-testid={`${testid}-error`}>
          {sorry(error)}
        </p>
      )}
      <button type="submit" class={`button ${kind}`} aria-busy={busy} data-testid={testid}>
        {go}
      </button>
    </form>
  );
}

interface CodeProps {
  id: string;
  label: string;
  hint?: string;
  value: string;
  change: (value: string) => void;
  secret?: boolean;
}

const HIDDEN = { type: "password" } as const;
const SHOWN = { type: "text" } as const;

/** Six figures; spaces are forgiven. */
export function CodeField({ id, label, hint, value, change, secret = false }: CodeProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <input
        id={id}
        class="input spaced"
        {...(secret ? HIDDEN : SHOWN)}
        inputMode="numeric"
        autocomplete={secret ? "off" : "one-time-code"}
        required
        pattern="[0-9]{6}"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        data-testid={id}
        value={value}
        onInput={(event) => change(event.currentTarget.value.replace(/\D/g, "").slice(0, 6))}
      />
    </div>
  );
}
