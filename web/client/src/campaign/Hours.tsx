// Where and at what hour events come together: stops down, hours across. Never fewer than five, in steps of five.

import { useEffect, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { heatOf, shade } from "../pure/campaign.ts";
import { useStore } from "../store.ts";
import { sorry, t } from "../words.ts";
import { hourOf } from "./days.ts";
import type { Studio } from "./studio.ts";

const SPANS: readonly number[] = [30, 90, 365];

export function Hours({ studio }: { studio: Studio }) {
  const found = useStore(studio.spots);
  const [days, setDays] = useState(90);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    setFailure(null);
    void studio.lookAtHours(days).catch((error: unknown) => setFailure(refusalOf(error).message));
  }, [days]);
  const { hours, rows } = heatOf(found?.spots ?? []);
  return (
    <section class="panel" aria-labelledby="hours">
      <h2 id="hours">{t("studio.hours.title")}</h2>
      <p class="hint">{t("studio.hours.hint")}</p>
      <fieldset class="chips">
        <legend>{t("studio.hours.span")}</legend>
        {SPANS.map((one) => (
          <label key={one} class="chip">
            <input type="radio" name="days" checked={days === one} data-testid={`days-${one}`} onChange={() => setDays(one)} />
            <span>{t("studio.hours.days", { n: one })}</span>
          </label>
        ))}
      </fieldset>
      {failure !== null && (
        <p class="error" role="alert">
          {sorry(failure)}
        </p>
      )}
      {found !== null && rows.length === 0 && <p role="status">{t("studio.hours.none")}</p>}
      {rows.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("studio.hours.table")}>
          <table class="heat" data-testid="heat">
            <thead>
              <tr>
                <th scope="col">{t("studio.hours.stop")}</th>
                {hours.map((hour) => (
                  <th key={hour} scope="col">
                    {hourOf(hour)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ id, name, cells }) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  {cells.map((events, n) => (
                    <td key={hours[n]} class={`heat-${shade(events, found?.spots ?? [])}`}>
                      {events === null ? <span aria-label={t("studio.few", { n: 5 })}>·</span> : `${events}–${events + 4}`}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
