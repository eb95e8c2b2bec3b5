// From when, and for how many nights.

import { Stepper } from "../parts/Stepper.tsx";
import { stayWords } from "../parts/House.tsx";
import { later, nightOf } from "../pure/night.ts";
import { MOST_DAYS, MOST_NIGHTS } from "../pure/seeking.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Seek } from "./seek.ts";
import { Step } from "./Steps.tsx";

/** More need the word of a second person. */
const ALONE = 7;

export function When({ seek }: { seek: Seek }) {
  const { days_ahead, nights } = useStore(seek.picture).wish;
  const first = later(nightOf(Date.now()), days_ahead);
  const choice = days_ahead <= 1 ? days_ahead : 2;
  return (
    <Step seek={seek} at="when" title={t("sleep.when")}>
      <fieldset class="chips">
        <legend>{t("sleep.from")}</legend>
        {(["sleep.tonight", "sleep.tomorrow", "sleep.later"] as const).map((key, n) => (
          <label key={key} class="chip">
            <input
              type="radio"
              name="from"
              checked={choice === n}
              onChange={() => seek.wish({ days_ahead: n === 2 ? Math.max(2, days_ahead) : n })}
            />
            <span>{t(key)}</span>
          </label>
        ))}
      </fieldset>
      {choice === 2 && (
        <Stepper
          label={t("sleep.in_days")}
          value={days_ahead}
          least={2}
          most={MOST_DAYS}
          change={(n) => seek.wish({ days_ahead: n })}
        />
      )}
      <Stepper
        label={t("sleep.nights")}
        value={nights}
        least={1}
        most={MOST_NIGHTS}
        change={(n) => seek.wish({ nights: n })}
        testid="nights"
      />
      <p class="headline" role="status">
        {stayWords(first, nights)}
      </p>
      {nights > ALONE && <p class="hint">{t("sleep.long")}</p>}
    </Step>
  );
}
