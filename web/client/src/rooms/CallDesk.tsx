// Whom to call when a desk is afraid: its telephone, opened and counted like an address, and who stays there.

import { useState } from "preact/hooks";
import type { AlarmDesk, BoardAlarm } from "../net/rooms.ts";
import { Act } from "../parts/Act.tsx";
import { StepUp } from "../parts/StepUp.tsx";
import { t } from "../words.ts";
import type { Nights } from "./nights.ts";
import { useProved } from "./proved.ts";

interface CallDeskProps {
  nights: Nights;
  alarm: BoardAlarm;
  /** Where one need is looked at may be hidden. */
  look: (need: string) => void;
}

export function CallDesk({ nights, alarm, look }: CallDeskProps) {
  const [desk, setDesk] = useState<AlarmDesk | null>(null);
  const { proving, open } = useProved(async () => setDesk(await nights.desk(alarm.alarm)));
  if (desk === null) {
    if (proving) return <StepUp line={nights.line} then={open} />;
    return (
      <Act act={open} question={t("rooms.call_ask")} testid="alarm-call">
        {t("rooms.call")}
      </Act>
    );
  }
  return (
    <div class="card" data-testid="alarm-desk">
      <p>
        <strong>{desk.name}</strong>{" "}
        {desk.phone ? <a href={`tel:${desk.phone}`}>{desk.phone}</a> : t("rooms.no_phone")}
      </p>
      <p>{t(desk.stays.length === 0 ? "rooms.no_stay" : "rooms.stays")}</p>
      <div class="row">
        {desk.stays.map((one) => (
          <button key={one.need} type="button" class="button secondary small" onClick={() => look(one.need)}>
            {t(one.state === "arrived" ? "rooms.stay_there" : "rooms.stay_coming", { alias: one.alias })}
          </button>
        ))}
      </div>
      <p class="hint">{t("rooms.left", { n: desk.left })}</p>
    </div>
  );
}
