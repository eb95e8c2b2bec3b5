// The live list: the longest without an answer first; its map says the same in another way.

import type { BoardLine } from "../net/wire.ts";
import { SmallMap, type Shape } from "../parts/Map.tsx";
import { OpenRow } from "../parts/OpenRow.tsx";
import { useNow, useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Board } from "./board.ts";

export function Alerts({ board }: { board: Board }) {
  const { lines, opened } = useStore(board.desk);
  const now = useNow(5_000);
  return (
    <section class="panel" aria-labelledby="alerts">
      <h2 id="alerts">{t("board.alerts", { n: lines.length })}</h2>
      {lines.length === 0 && <p class="quiet">{t("board.no_alert")}</p>}
      <ol class="alerts">
        {lines.map((line, n) => (
          <li key={line.alert} class={line.escalation ? "alert raised" : "alert"} data-testid="alert">
            <p class="alert-head">
              <strong>
                {n + 1}. {t(`kind.${line.kind}`)}
              </strong>
              <span class="tag">{t(`mode.short.${line.mode}`)}</span>
              <span class="tag">{t(`state.${line.state}`)}</span>
              {line.escalation && <span class="tag strong">{t(`escalation.${line.escalation}`)}</span>}
            </p>
            <p data-testid="alert-counts">
              {t("board.counts", {
                delivered: line.delivered,
                seen: line.seen,
                accepted: line.accepted,
                on_scene: line.on_scene,
              })}
            </p>
            <OpenRow label={t("board.open")} n={n + 1} opened={opened?.id === line.alert} testid="open" onOpen={() => board.open(line.alert)}>
              {age(line, now)}
            </OpenRow>
          </li>
        ))}
      </ol>
    </section>
  );
}

function age(line: BoardLine, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(line.at)) / 60_000));
  return minutes === 0 ? t("board.age_now") : t("board.age", { n: minutes });
}

export function BoardMap({ board }: { board: Board }) {
  const { lines, cells, helpers } = useStore(board.desk);
  const crowds: Shape[] = cells.flatMap(({ area, count }) =>
    area ? [{ area, look: "helpers", label: String(count) }] : [],
  );
  const requests: Shape[] = lines.flatMap((line, n) =>
    line.area ? [{ area: line.area, look: line.escalation ? "urgent" : "request", label: t("board.number", { n: n + 1 }) }] : [],
  );
  return (
    <section class="panel" aria-labelledby="map">
      <h2 id="map">{t("board.map")}</h2>
      <p data-testid="counts">{t("board.helpers", { ...helpers })}</p>
      <SmallMap
        title={t("board.map_title", { alerts: requests.length, cells: crowds.length })}
        shapes={[...crowds, ...requests]}
        width={640}
        height={480}
      />
      <p class="legend hint">
        <span class="key helpers" aria-hidden="true" /> {t("board.key_helpers")}{" "}
        <span class="key request" aria-hidden="true" /> {t("board.key_request")}{" "}
        <span class="key urgent" aria-hidden="true" /> {t("board.key_urgent")}
      </p>
      <details>
        <summary>{t("board.cells")}</summary>
        {cells.length === 0 && <p class="quiet">{t("board.no_cell")}</p>}
        <ul>
          {cells.map((one) => (
            <li key={one.cell}>{t("board.in_cell", { n: one.count, cell: one.cell })}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}
