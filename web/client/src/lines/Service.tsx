// What travellers are told: a neutral sentence, by somebody's decision, never by itself and never why.

import { useState } from "preact/hooks";
import type { Effect, Sentence, Service, WitnessState } from "../net/transit.ts";
import { Act } from "../parts/Act.tsx";
import { newId } from "../pure/ids.ts";
import { useStore } from "../store.ts";
import { clock, t } from "../words.ts";
import type { Watching } from "./watching.ts";

/** Each sentence with what it means in the feed. */
const SENTENCES: Readonly<Record<Sentence, Effect>> = {
  disturbed: "MODIFIED_SERVICE",
  delayed: "SIGNIFICANT_DELAYS",
  slowed: "REDUCED_SERVICE",
  interrupted: "NO_SERVICE",
  stop_closed: "NO_SERVICE",
};
const MINUTES: readonly number[] = [15, 30, 60, 120];

export function Told({ watching }: { watching: Watching }) {
  const { services } = useStore(watching.picture);
  if (services.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="services">
      <h2 id="services">{t("lines.services")}</h2>
      <ul class="people">
        {services.map((one) => (
          <li key={one.service} class="person" data-testid="service">
            <p>
              <strong>{t(`lines.sentence.${one.text}`)}</strong> <span>{whereOf(one)}</span>{" "}
              <span class="quiet">{t("lines.until", { time: clock(one.until) })}</span>
            </p>
            {watching.mayTell && (
              <Act kind="plain" act={() => watching.untell(one.service)} question={t("lines.untell_ask")} testid="untell">
                {t("lines.untell")}
                <span class="hidden"> {whereOf(one)}</span>
              </Act>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function whereOf({ line_name, stop_name }: Pick<Service, "line_name" | "stop_name">): string {
  return [line_name, stop_name].filter(Boolean).join(" · ");
}

export function TellTravellers({ watching, event }: { watching: Watching; event: WitnessState }) {
  const [id, setId] = useState(newId);
  const [text, setText] = useState<Sentence>("disturbed");
  const [minutes, setMinutes] = useState(30);
  const [stopOnly, setStopOnly] = useState(false);
  const [told, setTold] = useState(false);
  const { line, stop, network, alert } = event;
  const where = { line_name: stopOnly ? "" : (line?.name ?? ""), stop_name: stopOnly || !line ? (stop?.name ?? "") : "" };

  async function tell(): Promise<void> {
    await watching.tell(id, {
      network,
      ...(!stopOnly && line && { line: line.id }),
      ...((stopOnly || !line) && stop && { stop: stop.id }),
      effect: SENTENCES[text],
      text,
      until: new Date(Date.now() + minutes * 60_000).toISOString(),
      alert,
    });
    setId(newId());
    setTold(true);
  }

  return (
    <details data-testid="tell">
      <summary>{t("lines.tell")}</summary>
      <p class="hint">{t("lines.tell_hint")}</p>
      <label class="field">
        {t("lines.sentence")}
        <select class="input" value={text} onChange={(change) => setText(change.currentTarget.value as Sentence)}>
          {(Object.keys(SENTENCES) as Sentence[]).map((one) => (
            <option key={one} value={one}>
              {t(`lines.sentence.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {t("lines.for")}
        <select class="input" value={minutes} onChange={(change) => setMinutes(Number(change.currentTarget.value))}>
          {MINUTES.map((one) => (
            <option key={one} value={one}>
              {t("lines.minutes", { n: one })}
            </option>
          ))}
        </select>
      </label>
      {line && stop && (
        <label class="check">
          <input type="checkbox" checked={stopOnly} onChange={(change) => setStopOnly(change.currentTarget.checked)} />
          <span>{t("lines.stop_only", { stop: stop.name })}</span>
        </label>
      )}
      <p class="preview" data-testid="preview">
        {[t(`lines.sentence.${text}`), whereOf(where)].filter(Boolean).join(" · ")}
      </p>
      <Act act={tell} question={t("lines.tell_ask")} yes={t("lines.tell_yes")} testid="tell-go">
        {t("lines.tell_go")}
      </Act>
      <p role="status">{told && t("lines.tell_done")}</p>
    </details>
  );
}
