// Who needs a room: the longest without one first, whatever else is on the board.

import type { BoardNeed } from "../net/rooms.ts";
import { houseWords, stayWords } from "../parts/House.tsx";
import { OpenRow } from "../parts/OpenRow.tsx";
import { waits } from "../pure/beds.ts";
import { useNow, useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Needing } from "./needing.ts";

export function Needs({ nights }: { nights: Needing }) {
  const { needs, opened } = useStore(nights.picture);
  const now = useNow(10_000);
  return (
    <section class="panel" aria-labelledby="needs">
      <h2 id="needs">{t("rooms.needs", { n: needs.length })}</h2>
      {needs.length === 0 && <p class="quiet">{t("rooms.no_need")}</p>}
      <ol class="alerts">
        {needs.map((one, n) => (
          <li key={one.need} class={waits(one) && one.escalation ? "alert raised" : "alert"} data-testid="need">
            <p class="alert-head">
              <strong>
                <span class="quiet">{t("rooms.number", { n: n + 1 })}</span> {shape(one)}
              </strong>
            </p>
            <p class="alert-head">
              <span class="tag">{t(`rooms.state.${one.state}`)}</span>
              {one.asking && <span class="tag">{t("rooms.asking")}</span>}
              {nights.staff && one.by !== "self" && <span class="tag">{t(`rooms.by.${one.by}`)}</span>}
              {waits(one) && one.escalation && (
                <span class="tag strong">{t(`rooms.escalation.${one.escalation}`)}</span>
              )}
            </p>
            <OpenRow label={t("rooms.open")} n={n + 1} opened={opened?.id === one.need} testid="open-need" onOpen={() => nights.open(one.need)}>
              {stayWords(one.first, one.nights)} · {age(one, now)}
            </OpenRow>
          </li>
        ))}
      </ol>
    </section>
  );
}

function shape({ people, cots = 0, pets = 0, wheelchair = false }: BoardNeed): string {
  if (people === undefined) return t("rooms.somebody");
  return houseWords({ people, children: 0, cots, pets, wheelchair });
}

function age(one: BoardNeed, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(one.at)) / 60_000));
  if (minutes === 0) return t("rooms.age_now");
  return minutes < 120 ? t("rooms.age", { n: minutes }) : t("rooms.age_hours", { n: Math.floor(minutes / 60) });
}
