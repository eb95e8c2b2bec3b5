// For whom: numbers and ages, no names.

import { Stepper } from "../parts/Stepper.tsx";
import { AGES, cots, MOST_ADULTS, MOST_CHILDREN, MOST_PETS, withAge, withChildren } from "../pure/seeking.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Seek } from "./seek.ts";
import { Step } from "./Steps.tsx";

export function Who({ seek, back }: { seek: Seek; back: () => void }) {
  const { household } = useStore(seek.picture).wish;
  const babies = cots(household);
  const set = (change: Partial<typeof household>): void => seek.wish({ household: { ...household, ...change } });
  return (
    <Step seek={seek} at="who" title={t("sleep.who")} back={back}>
      <p class="lead">{t("sleep.who_lead")}</p>
      <Stepper
        label={t("sleep.adults")}
        value={household.adults}
        least={1}
        most={MOST_ADULTS}
        change={(adults) => set({ adults })}
        testid="adults"
      />
      <Stepper
        label={t("sleep.children")}
        value={household.children.length}
        most={MOST_CHILDREN}
        change={(n) => seek.wish({ household: withChildren(household, n) })}
        testid="children"
      />
      {household.children.length > 0 && (
        <ul class="ages">
          {household.children.map((age, n) => (
            <li key={n}>
              <label for={`age-${n}`}>{t("sleep.age", { at: n + 1 })}</label>
              <select
                id={`age-${n}`}
                class="input"
                value={age}
                onChange={(event) => seek.wish({ household: withAge(household, n, Number(event.currentTarget.value)) })}
              >
                {AGES.map((one) => (
                  <option key={one} value={one}>
                    {one === 0 ? t("sleep.age_0") : t("sleep.years", { n: one })}
                  </option>
                ))}
              </select>
            </li>
          ))}
        </ul>
      )}
      <p class="hint" role="status">
        {babies > 0 && t("sleep.cots", { n: babies })}
      </p>
      <Stepper
        label={t("sleep.pets")}
        value={household.pets}
        most={MOST_PETS}
        change={(pets) => set({ pets })}
        testid="pets"
      />
      <label class="check">
        <input
          type="checkbox"
          checked={household.wheelchair}
          onChange={(event) => set({ wheelchair: event.currentTarget.checked })}
        />
        <span>{t("sleep.wheelchair")}</span>
      </label>
    </Step>
  );
}
