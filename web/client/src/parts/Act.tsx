// Buttons that wait for the server: they say that they wait, and why it did not work.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { sorry, t } from "../words.ts";

interface ActProps {
  act: () => Promise<unknown>;
  children: ComponentChildren;
  kind?: "primary" | "secondary" | "plain";
  /** Asked before, in the page itself: never a dialog of the browser. */
  question?: string;
  yes?: string;
  testid?: string;
}

export function Act({ act, children, kind = "secondary", question, yes, testid }: ActProps) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const mounted = useRef(true);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => () => void (mounted.current = false), []);
  useEffect(() => {
    if (asking) first.current?.focus();
  }, [asking]);

  async function run(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await act();
      if (mounted.current) setAsking(false);
    } catch (failure) {
      if (mounted.current) setError(refusalOf(failure).message);
    } finally {
      if (mounted.current) setBusy(false);
    }
  }

  const said = error !== null && (
    <p class="error" role="alert">
      {sorry(error)}
    </p>
  );
  if (asking && question) {
    return (
      <div class="ask" role="group" aria-label={question}>
        <p>{question}</p>
        <div class="row">
          <button ref={first} type="button" class="button primary" aria-busy={busy} onClick={() => void run()}>
            {yes ?? t("act.yes")}
          </button>
          <button type="button" class="button secondary" onClick={() => setAsking(false)}>
            {t("act.no")}
          </button>
        </div>
        {said}
      </div>
    );
  }
  return (
    <>
      <button
        type="button"
        class={`button ${kind}`}
        aria-busy={busy}
        data-testid={testid}
        onClick={() => (question ? setAsking(true) : void run())}
      >
        {children}
      </button>
      {said}
    </>
  );
}
