// How she may be reached. Never, unless she says otherwise: a phone that rings can be read by somebody else.

import { isReachable } from "../pure/seeking.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Seek } from "./seek.ts";
import { Step } from "./Steps.tsx";

const WAYS = ["never", "call", "sms"] as const;
const LONGEST_WHEN = 80;
const LONGEST_PHONE = 20;

export function Reached({ seek }: { seek: Seek }) {
  const { reach } = useStore(seek.picture).wish;
  const missing = isReachable(reach) ? null : t("sleep.reach_missing");
  return (
    <Step seek={seek} at="reach" title={t("sleep.reach")} missing={missing}>
      <p class="lead">{t("sleep.reach_lead")}</p>
      <fieldset class="chips">
        <legend>{t("sleep.reach_how")}</legend>
        {WAYS.map((how) => (
          <label key={how} class="chip">
            <input
              type="radio"
              name="reach"
              checked={reach.how === how}
              onChange={() => seek.wish({ reach: { ...reach, how } })}
            />
            <span>{t(`sleep.way.${how}`)}</span>
          </label>
        ))}
      </fieldset>
      <p class="honest">{t(reach.how === "never" ? "sleep.never_why" : "sleep.reach_risk")}</p>
      {reach.how !== "never" && (
        <>
          <div class="field">
            <label for="reach-phone">{t("sleep.phone")}</label>
            <input
              id="reach-phone"
              class="input"
              type="tel"
              autocomplete="off"
              maxLength={LONGEST_PHONE}
              value={reach.detail ?? ""}
              onInput={(event) => seek.wish({ reach: { ...reach, detail: event.currentTarget.value } })}
            />
          </div>
          <div class="field">
            <label for="reach-when">
              {t("sleep.when_reach")} <small>{t("ask.optional")}</small>
            </label>
            <input
              id="reach-when"
              class="input"
              autocomplete="off"
              maxLength={LONGEST_WHEN}
              value={reach.when ?? ""}
              onInput={(event) => seek.wish({ reach: { ...reach, when: event.currentTarget.value } })}
            />
          </div>
        </>
      )}
    </Step>
  );
}
