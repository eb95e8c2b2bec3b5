// On duty or not, and how often one may be asked.

import { useId, useState } from "preact/hooks";
import { where } from "../net/where.ts";
import type { HelperSelf } from "../net/wire.ts";
import { refusalOf } from "../net/http.ts";
import { Act } from "../parts/Act.tsx";
import { useStore } from "../store.ts";
import { sorry, t } from "../words.ts";
import type { Duty } from "./duty.ts";

export function OnDuty({ duty, helper }: { duty: Duty; helper: HelperSelf }) {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const label = useId();
  const { status, pretended } = useStore(where);
  const rings = useStore(duty.ringing.state).step === "on";

  async function toggle(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await duty.duty(!helper.on);
    } catch (failure) {
      setError(refusalOf(failure).message);
    }
    setBusy(false);
  }

  return (
    <section class="card duty" aria-labelledby={label}>
      <div class="switch-row">
        <h2 id={label}>{t("duty.title")}</h2>
        <button
          type="button"
          role="switch"
          class="switch"
          aria-checked={helper.on}
          aria-labelledby={label}
          aria-busy={busy}
          data-testid="duty"
          onClick={() => void toggle()}
        >
          <span aria-hidden="true">{t(helper.on ? "duty.on" : "duty.off")}</span>
        </button>
      </div>
      <p role="status">
        {busy && !helper.on ? t("duty.locating") : t(helper.on ? (rings ? "duty.on_rings" : "duty.on_text") : "duty.off_text")}
      </p>
      {helper.on && status === "refused" && <p class="hint">{t("duty.no_place")}</p>}
      {helper.on && pretended && <p class="hint">{t("where.pretended")}</p>}
      {error && (
        <p class="error" role="alert">
          {sorry(error)}
        </p>
      )}
      <p class="hint">{t("duty.privacy")}</p>
    </section>
  );
}

export function Preferences({ duty, helper }: { duty: Duty; helper: HelperSelf }) {
  const [quiet, setQuiet] = useState(helper.quiet !== null);
  const [start, setStart] = useState(helper.quiet?.start ?? "22:00");
  const [end, setEnd] = useState(helper.quiet?.end ?? "07:00");
  const [budget, setBudget] = useState(helper.budget);
  const [saved, setSaved] = useState(false);

  async function save(): Promise<void> {
    setSaved(false);
    await duty.prefer(quiet ? { start, end } : null, budget);
    setSaved(true);
  }

  return (
    <details class="card">
      <summary>{t("prefer.title")}</summary>
      <label class="check">
        <input type="checkbox" checked={quiet} onChange={(event) => setQuiet(event.currentTarget.checked)} />
        <span>{t("prefer.quiet")}</span>
      </label>
      {quiet && (
        <div class="row">
          <label class="field">
            {t("prefer.from")}
            <input class="input" type="time" value={start} onInput={(event) => setStart(event.currentTarget.value)} />
          </label>
          <label class="field">
            {t("prefer.to")}
            <input class="input" type="time" value={end} onInput={(event) => setEnd(event.currentTarget.value)} />
          </label>
        </div>
      )}
      <label class="field">
        {t("prefer.budget")}
        <select class="input" value={budget} onChange={(event) => setBudget(Number(event.currentTarget.value))}>
          {[1, 2, 3, 5, 10, 20, ...(HAS.has(helper.budget) ? [] : [helper.budget])]
            .sort((a, b) => a - b)
            .map((n) => (
              <option key={n} value={n}>
                {t("prefer.a_day", { n })}
              </option>
            ))}
        </select>
      </label>
      <Act act={save} testid="prefer">
        {t("prefer.save")}
      </Act>
      <p role="status">{saved && t("prefer.saved")}</p>
    </details>
  );
}

const HAS = new Set([1, 2, 3, 5, 10, 20]);
