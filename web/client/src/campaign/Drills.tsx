// Exercises: begun now or planned, once or every four weeks; what became of each, and of each month.

import { useEffect, useRef, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import type { Course, LineOf } from "../net/transit.ts";
import { Act } from "../parts/Act.tsx";
import { instant } from "../pure/campaign.ts";
import { newId } from "../pure/ids.ts";
import { LinePicker } from "../ride/LinePicker.tsx";
import { rideWords } from "../ride/Ride.tsx";
import { useStore } from "../store.ts";
import { sorry, t } from "../words.ts";
import { momentOf, monthOf, secondsOf } from "./days.ts";
import type { DrillOf, People, Studio } from "./studio.ts";

/** What is under way is looked at by itself. */
const LOOK_MS = 10_000;

export function Drills({ studio }: { studio: Studio }) {
  const drills = useStore(studio.drills);
  const running = drills?.drills.some(({ state }) => state === "running") ?? false;
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => void studio.lookAtDrills().catch(() => undefined), LOOK_MS);
    return () => clearInterval(timer);
  }, [running]);
  return (
    <div class="columns">
      <div class="column">
        <section class="panel" aria-labelledby="drills">
          <h2 id="drills">{t("studio.drill.title")}</h2>
          <p class="hint">{t("studio.drill.hint")}</p>
          {drills?.drills.length === 0 && <p>{t("studio.drill.none")}</p>}
          <ul class="drills">
            {drills?.drills.map((one) => (
              <One key={one.drill} studio={studio} of={one} small={drills.small} />
            ))}
          </ul>
          <Act act={() => studio.lookAtDrills()} testid="drills-again">
            {t("studio.again")}
          </Act>
        </section>
        {drills !== null && drills.months.length > 0 && (
          <section class="panel" aria-labelledby="months">
            <h2 id="months">{t("studio.drill.months")}</h2>
            <ul class="drills">
              {drills.months.map(({ month, drills: many, answered, people, first_claim_s }) => (
                <li key={month} data-testid="month">
                  <h3>{monthOf(month)}</h3>
                  <p>{t("studio.drill.in_month", { n: many, answered })}</p>
                  <Reached people={people} small={drills.small} />
                  {first_claim_s !== undefined && <p>{t("studio.drill.usually", { time: secondsOf(first_claim_s) })}</p>}
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <NewDrill studio={studio} />
    </div>
  );
}

function One({ studio, of, small }: { studio: Studio; of: DrillOf; small: number }) {
  const { line_name, at, state, monthly, people, first_claim_s } = of;
  return (
    <li data-testid="drill">
      <h3>
        {line_name} <span class="tag">{t(`studio.drill.${state}`)}</span>
      </h3>
      <p>
        {momentOf(at)}
        {monthly && state === "planned" && ` · ${t("studio.drill.monthly_short")}`}
      </p>
      {people !== undefined && <Reached people={people} small={small} />}
      {state !== "planned" && (
        <p>{first_claim_s === undefined ? t(state === "running" ? "studio.drill.nobody_yet" : "studio.drill.nobody_came") : t("studio.drill.first", { time: secondsOf(first_claim_s) })}</p>
      )}
      {state === "planned" && (
        <Act act={() => studio.undrill(of.drill)} question={t("studio.drill.cancel_question")} testid="undrill">
          {t("studio.drill.cancel")}
        </Act>
      )}
    </li>
  );
}

function Reached({ people, small }: { people: People; small: number }) {
  return (
    <dl class="parts">
      {(["delivered", "seen", "claimed"] as const).map((part) => (
        <div key={part}>
          <dt>{t(`studio.drill.${part}`)}</dt>
          <dd>{people[part] === null ? <em class="few">{t("studio.few", { n: small })}</em> : people[part]}</dd>
        </div>
      ))}
    </dl>
  );
}

function NewDrill({ studio }: { studio: Studio }) {
  const [chosen, setChosen] = useState<{ line: LineOf; course: Course } | null>(null);
  const [when, setWhen] = useState<"now" | "later">("now");
  const [at, setAt] = useState("");
  const [monthly, setMonthly] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const id = useRef(newId());

  function choose(line: LineOf, course: Course | null): void {
    const way = course ?? line.courses[0];
    setWrong(way === undefined ? t("studio.drill.no_way") : null);
    if (way !== undefined) setChosen({ line, course: way });
  }
  async function go(): Promise<void> {
    if (chosen === null) return;
    const moment = when === "later" ? instant(at) : null;
    if (when === "later" && moment === null) return setWrong(t("studio.drill.no_time"));
    setWrong(null);
    try {
      await studio.drill(id.current, {
        line: chosen.line.line,
        direction: chosen.course.direction,
        monthly: when === "later" && monthly,
        ...(moment === null ? {} : { at: moment }),
      });
      id.current = newId();
      setChosen(null);
      setWhen("now");
      setAt("");
      setMonthly(false);
    } catch (failure) {
      setWrong(sorry(refusalOf(failure).message));
    }
  }

  return (
    <section class="panel" aria-labelledby="new-drill">
      <h2 id="new-drill">{t("studio.drill.new")}</h2>
      <p class="hint">{t("studio.drill.new_hint")}</p>
      {chosen === null ? (
        <LinePicker line={studio} network={null} choose={choose} />
      ) : (
        <div data-testid="drill-form">
          <p class="headline">{rideWords({ ...chosen.line, headsign: chosen.course.headsign })}</p>
          <button type="button" class="button plain" onClick={() => setChosen(null)}>
            {t("ride.other_line")}
          </button>
          <fieldset class="chips">
            <legend>{t("studio.drill.when")}</legend>
            {(["now", "later"] as const).map((one) => (
              <label key={one} class="chip">
                <input type="radio" name="when" checked={when === one} data-testid={`drill-${one}`} onChange={() => setWhen(one)} />
                <span>{t(`studio.drill.when_${one}`)}</span>
              </label>
            ))}
          </fieldset>
          {when === "later" && (
            <>
              <label class="field">
                {t("studio.drill.at")}
                <input
                  class="input"
                  type="datetime-local"
                  value={at}
                  data-testid="drill-at"
                  onInput={(event) => setAt(event.currentTarget.value)}
                />
              </label>
              <label class="check">
                <input type="checkbox" checked={monthly} data-testid="drill-monthly" onChange={() => setMonthly(!monthly)} />
                <span>{t("studio.drill.monthly")}</span>
              </label>
            </>
          )}
          <Act act={go} kind="primary" {...(when === "now" ? { question: t("studio.drill.now_question") } : {})} testid="drill-go">
            {t(when === "now" ? "studio.drill.go_now" : "studio.drill.go_later")}
          </Act>
        </div>
      )}
      <div role="alert">{wrong !== null && <p class="error">{wrong}</p>}</div>
    </section>
  );
}
