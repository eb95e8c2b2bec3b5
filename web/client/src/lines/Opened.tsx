// One event, opened (and written in the audit): what was reported, who does what, what we think of it, how it ended.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Outcome, ReportSeen, WitnessState } from "../net/transit.ts";
import { Act } from "../parts/Act.tsx";
import { Icon } from "../ride/Icon.tsx";
import { NextStops, Ride } from "../ride/Ride.tsx";
import { useStore } from "../store.ts";
import { clock, t } from "../words.ts";
import { Tags } from "./Events.tsx";
import { TellTravellers } from "./Service.tsx";
import type { Watching } from "./watching.ts";

export function OpenedEvent({ watching }: { watching: Watching }) {
  const { opened } = useStore(watching.picture);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone it is far below the list.
    if (opened === null || section.current === null) return;
    const { top } = section.current.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) section.current.scrollIntoView();
  }, [opened?.alert]);
  return (
    <section ref={section} class="panel" aria-labelledby="event" data-testid="event-opened">
      <h2 id="event">{t("lines.event")}</h2>
      {opened === null && <p class="quiet">{t("lines.none_open")}</p>}
      {opened !== null && opened.event === null && <p role="status">{t("finding.text")}</p>}
      {opened !== null && opened.event !== null && (
        <Details key={opened.alert} watching={watching} event={opened.event} />
      )}
    </section>
  );
}

function Details({ watching, event }: { watching: Watching; event: WitnessState }) {
  const { line, stop, car, told, seen, came, unseen, roles, reports } = event;
  const taken = roles.filter((one) => one.taken || one.done);
  return (
    <>
      <p class="alert-head">
        <strong>{t(`ride.kind.${event.kind}`)}</strong>
        <Tags one={{ contained: event.contained ?? false, confirmed: event.confirmed, drill: event.drill }} />
        <span class="quiet">{t("lines.between", { from: clock(event.at), until: clock(event.expires_at) })}</span>
      </p>
      <Ride
        name={line?.name ?? ""}
        mode={line?.mode ?? ""}
        colour={line?.colour ?? ""}
        headsign={line?.headsign ?? ""}
        stop={stop?.name ?? null}
        car={car ?? null}
      />
      <NextStops next={event.next ?? []} />
      <p>{t("lines.counts", { told, seen, came, unseen: unseen ?? 0 })}</p>
      <Reports reports={reports ?? []} />
      <h3>{t("lines.who")}</h3>
      {taken.length === 0 && <p class="quiet">{t("lines.nobody")}</p>}
      <ul class="doing" data-testid="event-roles">
        {taken.map(({ role, done }) => (
          <li key={role}>
            <Icon of={role} />
            <span>{t(done ? `ride.did.${role}` : `ride.does.${role}`)}</span>
          </li>
        ))}
      </ul>
      {event.state !== "open" && (
        <p class="notice" role="status">
          {t(`ride.end.${event.outcome ?? (event.state === "closed" ? "gone" : event.state)}`)}
        </p>
      )}
      {event.state === "open" && (
        <>
          {!event.confirmed && <Judge watching={watching} event={event} />}
          <Close watching={watching} event={event} />
        </>
      )}
      {watching.mayTell ? (
        <TellTravellers watching={watching} event={event} />
      ) : (
        <p class="hint">{t("lines.tell_who")}</p>
      )}
    </>
  );
}

/** Each word by itself, and nobody's name. */
function Reports({ reports }: { reports: readonly ReportSeen[] }) {
  return (
    <>
      <h3>{t("lines.words")}</h3>
      <ul class="people" data-testid="reports">
        {reports.map((one) => (
          <li key={one.report} class="person">
            <p>
              <span>{clock(one.at)}</span> <strong>{t(`lines.as.${one.as}`)}</strong> <span>{t(`ride.kind.${one.kind}`)}</span>{" "}
              {one.car && <span>{t("ride.car", { car: one.car })}</span>} <span class="tag">{t(`lines.standing.${one.standing}`)}</span>
            </p>
            {one.note && <blockquote dir="auto">{one.note}</blockquote>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Judge({ watching, event }: { watching: Watching; event: WitnessState }) {
  return (
    <div class="row judge">
      <Act
        kind="primary"
        act={() => watching.judge(event.alert, "confirmed")}
        question={t("lines.confirm_ask")}
        testid="judge-confirmed"
      >
        {t("lines.confirm")}
      </Act>
      <Act act={() => watching.judge(event.alert, "false")} question={t("lines.false_ask")} testid="judge-false">
        {t("lines.false")}
      </Act>
    </div>
  );
}

/** What claims least comes first, for whoever is in a hurry: she will read it. */
const OUTCOMES: readonly Outcome[] = ["gone", "helped", "agents", "nothing_seen"];

function Close({ watching, event }: { watching: Watching; event: WitnessState }) {
  const [outcome, setOutcome] = useState<Outcome>("gone");
  return (
    <details>
      <summary data-testid="close-event">{t("lines.close")}</summary>
      <fieldset class="chips">
        <legend>{t("lines.outcome")}</legend>
        {OUTCOMES.map((one) => (
          <label key={one} class="chip">
            <input type="radio" name="outcome" checked={outcome === one} onChange={() => setOutcome(one)} />
            <span>{t(`ride.end.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      <p class="hint">{t("lines.outcome_hint")}</p>
      <Act act={() => watching.close(event.alert, outcome)} question={t("lines.close_ask", { end: t(`ride.end.${outcome}`) })} testid="close-go">
        {t("lines.close_go")}
      </Act>
    </details>
  );
}
