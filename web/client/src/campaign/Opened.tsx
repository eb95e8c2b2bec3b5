// One campaign: what is counted, which design is followed more often, its posters.

import { useEffect, useRef } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { t } from "../words.ts";
import { dayOf } from "./days.ts";
import { Figures } from "./Figures.tsx";
import { Posters } from "./Posters.tsx";
import type { Campaign, Studio } from "./studio.ts";

export function Opened({ studio, of }: { studio: Studio; of: Campaign }) {
  // What has changed is said to who cannot see it, and Tab goes on from there.
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="opened" data-testid="opened">
      <div class="row between">
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {of.name}
          </h2>
          <p class="quiet">
            {t("studio.places_since", { n: of.places.length, day: dayOf(of.at) })}
            {of.ended !== undefined && ` · ${t("studio.over_since", { day: dayOf(of.ended) })}`}
          </p>
        </div>
        <div class="row">
          <button type="button" class="button secondary" data-testid="shut" onClick={() => studio.shut()}>
            {t("studio.shut")}
          </button>
          <Act act={() => studio.open(of.campaign)} testid="again">
            {t("studio.again")}
          </Act>
          {of.ended === undefined && (
            <Act act={() => studio.finish(of.campaign)} kind="plain" question={t("studio.end_question")} yes={t("studio.end_yes")} testid="end">
              {t("studio.end")}
            </Act>
          )}
        </div>
      </div>
      <div class="columns">
        <Posters studio={studio} of={of} />
        <Figures of={of} />
      </div>
    </div>
  );
}
