// Six figures typed once: one field, pasted or typed, large; wrong ones are said, never counted aloud.

import { useId, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { sorry } from "../words.ts";

interface CodeFormProps {
  label: string;
  go: string;
  send: (code: string) => Promise<unknown>;
  testid: string;
  /** Not shown while it is typed: somebody else's tablet. */
  secret?: boolean;
}

export function CodeForm({ label, go, send, testid, secret = false }: CodeFormProps) {
  const id = useId();
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy || code.length !== 6) return;
    setBusy(true);
    setError(null);
    try {
      await send(code);
      setCode("");
    } catch (failure) {
      setError(refusalOf(failure).message);
    }
    setBusy(false);
  }

  return (
    <form class="code-form" onSubmit={(event) => void submit(event)}>
      <label for={id}>{label}</label>
      <div class="row">
        <input
          id={id}
          class="input code-input"
          {...(secret && { type: "password" as const })}
          inputMode="numeric"
          autocomplete="off"
          aria-invalid={error !== null}
          aria-describedby={`${id}-error`}
          data-testid={testid}
          value={code}
          onInput={(event) => {
            const figures = event.currentTarget.value.replace(/\D/g, "").slice(0, 6);
            event.currentTarget.value = figures;
            setCode(figures);
            setError(null);
          }}
        />
        <button
          type="submit"
          class="button primary"
          aria-busy={busy}
          aria-disabled={code.length !== 6}
          data-testid={`${testid}-go`}
        >
          {go}
        </button>
      </div>
      <div id={`${id}-error`} role="alert">
        {error !== null && <p class="error">{sorry(error)}</p>}
      </div>
    </form>
  );
}
