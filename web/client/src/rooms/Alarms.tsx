// What an operator must know at once: a desk that is afraid, an address that nobody should have opened.

import type { BoardAlarm } from "../net/rooms.ts";
import { Act } from "../parts/Act.tsx";
import { useStore } from "../store.ts";
import { clock, t } from "../words.ts";
import { CallDesk } from "./CallDesk.tsx";
import type { Nights } from "./nights.ts";

interface AlarmsProps {
  nights: Nights;
  look: (need: string) => void;
}

export function Alarms({ nights, look }: AlarmsProps) {
  const { alarms, rooms } = useStore(nights.board);
  const of = (alarm: BoardAlarm): string => rooms.find((one) => one.handle === alarm.handle)?.area ?? "";
  return (
    <section class="alarms" aria-label={t("rooms.alarms")} aria-live="assertive">
      {alarms.map((one) => (
        <article key={one.alarm} class="panel alarm" data-testid="alarm">
          <h2>{t(`rooms.alarm.${one.kind}`)}</h2>
          <p>
            {clock(one.at)}
            {one.handle && ` · ${of(one)} · ${t("rooms.handle", { handle: one.handle.slice(0, 6) })}`}
          </p>
          <p>{t(`rooms.alarm_do.${one.kind}`)}</p>
          {one.handle && <CallDesk nights={nights} alarm={one} look={look} />}
          <div class="row">
            <Act kind="primary" act={() => nights.seen(one.alarm)} testid="alarm-seen">
              {t("rooms.alarm_seen")}
            </Act>
            {one.locked && one.operator && (
              <Act
                act={() => nights.unlock(one.operator ?? "")}
                question={t("rooms.unlock_ask")}
                testid="unlock"
              >
                {t("rooms.unlock")}
              </Act>
            )}
          </div>
        </article>
      ))}
    </section>
  );
}
