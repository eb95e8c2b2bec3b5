// All campaigns, the newest first, and a new one.

import { Act } from "../parts/Act.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import { dayOf } from "./days.ts";
import { NewCampaign } from "./NewCampaign.tsx";
import type { Studio } from "./studio.ts";

export function Campaigns({ studio }: { studio: Studio }) {
  const campaigns = useStore(studio.campaigns);
  return (
    <div class="columns">
      <section aria-labelledby="campaigns">
        <h2 id="campaigns">{t("studio.campaigns")}</h2>
        {campaigns?.length === 0 && <p class="quiet">{t("studio.no_campaign")}</p>}
        <ul class="campaigns">
          {campaigns?.map(({ campaign, name, at, places, ended }) => (
            <li key={campaign} class="panel" data-testid="campaign">
              <h3>{name}</h3>
              <p class="quiet">
                {t("studio.places_since", { n: places, day: dayOf(at) })}
                {ended !== undefined && ` · ${t("studio.over_since", { day: dayOf(ended) })}`}
              </p>
              <Act act={() => studio.open(campaign)} testid="open">
                {t("studio.open")}
              </Act>
            </li>
          ))}
        </ul>
      </section>
      <NewCampaign studio={studio} />
    </div>
  );
}
