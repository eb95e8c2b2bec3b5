// Where and at what hour events come together, over months: never fewer than five, and no event is among them by itself.

import { Act } from "../parts/Act.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Watching } from "./watching.ts";

const DAYS = 90;

export function HotSpots({ watching }: { watching: Watching }) {
  const { spots } = useStore(watching.picture);
  return (
    <section class="panel" aria-labelledby="spots">
      <h2 id="spots">{t("lines.spots")}</h2>
      <p class="hint">{t("lines.spots_hint", { days: DAYS })}</p>
      {spots?.length === 0 && <p role="status">{t("lines.no_spot")}</p>}
      {spots !== null && spots.length > 0 && (
        <ol class="plain-list" data-testid="spots">
          {spots.map(({ stop, hour, events }) => (
            <li key={`${stop.id} ${hour}`}>
              {t("lines.spot", { stop: stop.name, from: hour, until: (hour + 1) % 24, least: events, most: events + 4 })}
            </li>
          ))}
        </ol>
      )}
      <Act act={() => watching.spots(DAYS)} testid="spots-show">
        {t(spots === null ? "lines.spots_show" : "lines.spots_again")}
      </Act>
    </section>
  );
}
