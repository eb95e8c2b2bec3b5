// One alert, opened: what is known, who goes, the room. Opening it is written in the audit.

import { isGoing, isOpen, isOver } from "../pure/alerts.ts";
import { Act } from "../parts/Act.tsx";
import { Room } from "../parts/Room.tsx";
import { useStore } from "../store.ts";
import { clock, t } from "../words.ts";
import type { Board, Opened } from "./board.ts";

export function OpenedAlert({ board }: { board: Board }) {
  const { opened } = useStore(board.desk);
  if (opened === null) {
    return (
      <section class="panel" aria-labelledby="opened">
        <h2 id="opened">{t("opened.title")}</h2>
        <p class="quiet">{t("opened.none")}</p>
      </section>
    );
  }
  return (
    <section class="panel" aria-labelledby="opened" data-testid="opened">
      <h2 id="opened">{t("opened.title")}</h2>
      {opened.alert === null ? <p role="status">{t("finding.text")}</p> : <Details board={board} opened={opened} />}
    </section>
  );
}

function Details({ board, opened }: { board: Board; opened: Opened }) {
  const { alert, id, talk } = opened;
  if (alert === null) return null;
  const helpers = alert.helpers ?? [];
  const open = isOpen(alert);
  return (
    <>
      <p>
        <strong>{t(`kind.${alert.kind}`)}</strong> · {t(`mode.short.${alert.mode}`)} · {t(`state.${alert.state}`)} ·{" "}
        {clock(alert.at)}
      </p>
      {alert.place && (
        <p>
          {t("opened.place", {
            place: `${alert.place.lat.toFixed(5)}, ${alert.place.lon.toFixed(5)}`,
            metres: Math.round(alert.place.accuracy_m),
          })}
        </p>
      )}
      {alert.note && <blockquote dir="auto">{alert.note}</blockquote>}
      <ul class="people">
        {helpers.map((one) => (
          <li key={one.helper} class="person" data-testid="helper">
            <p>
              <strong>{one.name}</strong> <span class="tag">{t(`offer.state.${one.state}`)}</span>
              {one.ring === "remote" && <span class="tag">{t("coming.remote")}</span>}
              {isGoing(one) && (open || one.released) && <span class="tag">{t("opened.released")}</span>}
            </p>
            {isGoing(one) && !open && !one.released && (
              <Act
                act={() => board.release(id, one.helper)}
                question={t("opened.release_ask", { name: one.name })}
                testid="release"
              >
                {t("opened.release", { name: one.name })}
              </Act>
            )}
          </li>
        ))}
      </ul>
      {talk && <Room talk={talk} />}
      {!isOver(alert.state) && (
        <Act act={() => board.close(id)} question={t("opened.close_ask")} yes={t("opened.close_yes")} testid="close">
          {t("opened.close")}
        </Act>
      )}
    </>
  );
}
