// "Prove that it is you once more": a key, or the six figures of an application, then what was asked goes on.

import { useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { stepUpByCode, stepUpByKey } from "../net/proving.ts";
import type { Line } from "../net/link.ts";
import { canUseKeys } from "../team/keys.ts";
import { sorry, t } from "../words.ts";
import { CodeForm } from "./CodeForm.tsx";

interface StepUpProps {
  line: Line;
  /** What was refused, to be tried again. */
  then: () => Promise<unknown>;
}

export function StepUp({ line, then }: StepUpProps) {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function byKey(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await stepUpByKey(line);
      await then();
    } catch (failure) {
      setError(refusalOf(failure).message);
    }
    setBusy(false);
  }

  return (
    <div class="ask step-up" role="group" aria-label={t("prove.title")} data-testid="step-up">
      <p>{t("prove.title")}</p>
      {canUseKeys() && (
        <button
          type="button"
          class="button primary"
          aria-busy={busy}
          data-testid="step-up-key"
          onClick={() => void byKey()}
        >
          {t("prove.key")}
        </button>
      )}
      <CodeForm
        label={t("prove.code")}
        go={t("prove.go")}
        testid="step-up-code"
        send={async (code) => {
          await stepUpByCode(line, code);
          await then();
        }}
      />
      <div role="alert">{error !== null && <p class="error">{sorry(error)}</p>}</div>
    </div>
  );
}
