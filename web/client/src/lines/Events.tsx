// What happens on lines now, in the order of the server: what is confirmed and who is known first.

import type { BoardEvent } from "../net/transit.ts";
import { OpenRow } from "../parts/OpenRow.tsx";
import { Ride } from "../ride/Ride.tsx";
import { useNow, useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Watching } from "./watching.ts";

export function Events({ watching }: { watching: Watching }) {
  const { events, opened, watching: people } = useStore(watching.picture);
  const now = useNow(10_000);
  return (
    <section class="panel" aria-labelledby="events">
      <h2 id="events">{t("lines.events", { n: events?.length ?? 0 })}</h2>
      <p class="quiet">{t("lines.watching", { n: people })}</p>
      {events?.length === 0 && <p>{t("lines.no_event")}</p>}
      <ol class="alerts">
        {(events ?? []).map((one, n) => (
          <li key={one.alert} class={one.confirmed ? "alert raised" : "alert"} data-testid="event">
            <p class="alert-head">
              <strong>
                {n + 1}. {t(`ride.kind.${one.kind}`)}
              </strong>
              <Tags one={one} />
            </p>
            <Ride
              name={one.line?.name ?? ""}
              mode={one.line?.mode ?? ""}
              colour={one.line?.colour ?? ""}
              headsign={one.line?.headsign ?? ""}
              stop={one.stop?.name ?? null}
              car={one.car ?? null}
            />
            {!one.stop && one.near && <p class="quiet">{t("lines.near", { stop: one.near.name })}</p>}
            <p data-testid="event-counts">
              {t("lines.reports", { n: one.reports })} {one.victims > 0 && t("lines.victims", { n: one.victims })}{" "}
              {t("lines.told", { n: one.told })} {t("lines.came", { n: one.came })}
            </p>
            <OpenRow label={t("lines.open")} n={n + 1} opened={opened?.alert === one.alert} testid="open-event" onOpen={() => watching.open(one.alert)}>
              {age(one, now)}
            </OpenRow>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Tags({ one }: { one: Pick<BoardEvent, "contained" | "confirmed" | "drill"> }) {
  return (
    <>
      {one.drill && <span class="tag strong">{t("lines.drill")}</span>}
      {one.confirmed && <span class="tag strong">{t("lines.confirmed")}</span>}
      {one.contained && <span class="tag">{t("lines.contained")}</span>}
    </>
  );
}

function age({ at }: BoardEvent, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / 60_000));
  return minutes === 0 ? t("lines.age_now") : t("lines.age", { n: minutes });
}
