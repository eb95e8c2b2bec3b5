// Rooms as desks say them, by commune: a map and the same as a list. No hotel is found by either.

import { SmallMap, type Dot } from "../parts/Map.tsx";
import { fittingWords, roomWords, Said } from "../parts/House.tsx";
import { freshness } from "../pure/ago.ts";
import { byArea, freeOf, sunk } from "../pure/beds.ts";
import { useNow, useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Nights } from "./nights.ts";

/** A board of the whole country: the list says them all, the map the fullest. */
const MOST_DOTS = 60;
const MOST_LISTED = 100;

export function Hotels({ nights }: { nights: Nights }) {
  const now = useNow(60_000);
  // Words age while nobody says anything.
  const rooms = useStore(nights.board).rooms.map((one) => ({
    ...one,
    freshness: freshness(one.said_at ? Date.parse(one.said_at) : null, now),
  }));
  const areas = byArea(rooms);
  const free = rooms.reduce((sum, one) => sum + freeOf(one), 0);
  const dots: Dot[] = areas
    .slice(0, MOST_DOTS)
    .map((one) => ({ at: [one.lat, one.lon], look: one.free > 0 ? "place" : "none", label: `${one.area} ${one.free}` }));
  return (
    <section class="panel" aria-labelledby="hotels" data-testid="hotels">
      <h2 id="hotels">{t("rooms.hotels", { n: free })}</h2>
      <SmallMap title={t("rooms.map", { n: areas.length })} shapes={[]} dots={dots} width={640} height={320} least={3_000} />
      <ul class="hotels">
        {sunk(rooms)
          .slice(0, MOST_LISTED)
          .map((one) => (
            <li key={one.handle} class={`hotel ${one.freshness}`} data-testid="hotel">
              <p class="alert-head">
                <strong>{one.area}</strong>
                <span class="quiet">{t("rooms.handle", { handle: one.handle.slice(0, 6) })}</span>
                <span class="tag">{t("rooms.free_here", { n: freeOf(one) })}</span>
              </p>
              <ul class="plain-list">
                {one.kinds.map((kind, n) => (
                  <li key={n}>
                    {[roomWords(kind), ...fittingWords(kind)].join(" · ")} · <strong>{t("rooms.free_here", { n: kind.free })}</strong>
                    {kind.held > 0 && ` · ${t("rooms.kept", { n: kind.held })}`}
                    {kind.occupied > 0 && ` · ${t("rooms.occupied", { n: kind.occupied })}`}
                  </li>
                ))}
              </ul>
              <p class="quiet">
                <Said at={one.said_at} /> {one.freshness === "stale" && t("rooms.stale")}
              </p>
            </li>
          ))}
      </ul>
      {rooms.length > MOST_LISTED && <p class="quiet">{t("rooms.more_hotels", { n: rooms.length - MOST_LISTED })}</p>}
    </section>
  );
}
