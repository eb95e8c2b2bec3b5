// What happens on one's way, as a calm card: where, what may be done and by whom it is done already. It never sounds.

import { useEffect, useRef, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import type { Role } from "../net/transit.ts";
import { Act } from "../parts/Act.tsx";
import { choices, isMine, rolesOf, sentencesOf, type Choice, type Known } from "../pure/helping.ts";
import { POLICE } from "../pure/riding.ts";
import { Calling } from "../ride/Calling.tsx";
import { Icon } from "../ride/Icon.tsx";
import { lineWords, NextStops, Ride } from "../ride/Ride.tsx";
import { useStore } from "../store.ts";
import { clock, sorry, t, type Key } from "../words.ts";
import { PutToRest } from "./Agreed.tsx";
import type { Trips } from "./trips.ts";

export function Calls({ trips }: { trips: Trips }) {
  const { calls } = useStore(trips.picture);
  const [left, setLeft] = useState(false);
  const top = useRef<HTMLDivElement>(null);
  const first = calls.find(({ over }) => over === null)?.alert;
  useEffect(() => {
    if (first === undefined) return;
    setLeft(false);
    // Nothing sounds: what comes while somebody reads further down would not be seen at all.
    if (top.current !== null && top.current.getBoundingClientRect().top < 0) top.current.scrollIntoView();
  }, [first]);
  return (
    <div ref={top} aria-live="polite">
      {left && <p class="notice">{t("aboard.released")}</p>}
      {calls.map((one) =>
        one.over === null ? (
          <OnTheWay key={one.alert} trips={trips} one={one} left={() => setLeft(true)} />
        ) : (
          <section key={one.alert} class="card over" role="status" data-testid="call-over">
            <h2>{t(`ride.end.${one.over}`)}</h2>
            <p>{t(isMine(one) ? "aboard.over_mine" : "aboard.over")}</p>
            <button type="button" class="link" onClick={() => trips.dismiss(one.alert)}>
              {t("aboard.put_away")}
            </button>
          </section>
        ),
      )}
    </div>
  );
}

function OnTheWay({ trips, one, left }: { trips: Trips; one: Known; left: () => void }) {
  const { alert, event, kind, ring } = one;
  const parts = choices(event?.card ?? one.card, rolesOf(one), one.role ?? null);
  const mine = parts.find(({ state }) => state === "mine");
  const { line } = event ?? {};
  return (
    <section class="card call" aria-labelledby={`call-${alert}`} data-testid="call">
      {one.drill && <p class="tag strong">{t("aboard.drill")}</p>}
      <h2 id={`call-${alert}`}>{t(`aboard.ring.${ring}`)}</h2>
      <p class="deed">
        <Icon of={event?.kind ?? kind} />
        <strong>{t(`ride.kind.${event?.kind ?? kind}`)}</strong>
      </p>
      <Ride
        name={line?.name ?? one.line_name ?? ""}
        mode={line?.mode ?? ""}
        colour={line?.colour ?? ""}
        headsign={line?.headsign ?? one.headsign ?? ""}
        stop={event?.stop?.name ?? one.stop_name ?? null}
        car={event?.car ?? one.car ?? null}
      />
      <NextStops next={event?.next ?? []} />
      {event !== null && event.came > 1 && <p>{t("aboard.together", { n: event.came })}</p>}
      {mine === undefined ? (
        <Choosing trips={trips} one={one} parts={parts} />
      ) : (
        <Doing trips={trips} one={one} mine={mine} parts={parts} left={left} />
      )}
      <p class="hint">{t("aboard.until", { time: clock(one.event?.expires_at ?? one.expires_at) })}</p>
    </section>
  );
}

interface ChoosingProps {
  trips: Trips;
  one: Known;
  parts: readonly Choice[];
}

function Choosing({ trips, one, parts }: ChoosingProps) {
  const [missed, setMissed] = useState<string | null>(null);
  async function take(role: Role): Promise<void> {
    setMissed(null);
    try {
      await trips.claim(one.alert, role);
    } catch (error) {
      // Its button is gone by now: the word stays with the card.
      setMissed(refusalOf(error).message);
    }
  }
  return (
    <>
      <p>{t("aboard.choose")}</p>
      <div role="alert">{missed !== null && <p class="notice">{sorry(missed)}</p>}</div>
      <div class="big-choices" data-testid="parts">
        {parts.map((part) => (
          <Part key={part.role} part={part} number={numberOf(one)} take={() => take(part.role)} />
        ))}
      </div>
      <p class="hint">{t("aboard.never")}</p>
      <div class="row">
        <Act kind="plain" act={() => trips.say("witness.decline", one.alert)} testid="not-there">
          {t("aboard.not_there")}
        </Act>
      </div>
      {one.line && (
        <PutToRest trips={trips} line={one.line} name={lineWords(one.event?.line?.mode ?? "", one.line_name ?? "")} />
      )}
    </>
  );
}

interface PartProps {
  part: Choice;
  number: string;
  take: () => Promise<void>;
}

function Part({ part: { role, state }, number, take }: PartProps) {
  if (state === "free") {
    return (
      <Act kind="secondary" act={take} testid={`take-${role}`}>
        <span class="with-icon">
          <Icon of={role} />
          <span>
            {roleWords(role, number)}
            {role === "document" && <small>{t("ride.role.document_more")}</small>}
          </span>
        </span>
      </Act>
    );
  }
  return (
    <p class="other-part" data-testid={`part-${role}`}>
      <Icon of={role} />
      <span>
        {state === "not_alone" ? roleWords(role, number) : t(`ride.does.${role}`)}
        <small>{t(state === "not_alone" ? "aboard.not_alone" : "aboard.taken")}</small>
      </span>
    </p>
  );
}

function Doing({ trips, one, mine, parts, left }: ChoosingProps & { mine: Choice; left: () => void }) {
  const [noted, setNoted] = useState(false);
  const others = parts.filter(({ state }) => state === "taken");
  const text = one.event?.call.text ?? "";
  const done = one.event?.roles.some(({ role, done }) => role === mine.role && done) ?? false;
  async function confirm(seen: boolean): Promise<void> {
    setNoted(false);
    await trips.confirm(one.alert, seen);
    setNoted(true);
  }
  async function release(): Promise<void> {
    await trips.say("witness.release", one.alert);
    left();
  }
  return (
    <>
      <div class="my-part" role="status" data-testid="mine">
        <p class="headline">
          <Icon of={mine.role} /> {done ? t("aboard.thanks") : roleWords(mine.role, numberOf(one))}
        </p>
        {done && <p>{t(`ride.did.${mine.role}`)}</p>}
        {mine.words !== null && !done && (
          <ol class="plain-list" data-testid="card">
            {sentencesOf(t(mine.words as Key)).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ol>
        )}
      </div>
      {mine.role === "call" && !done && (
        <Calling network={one.event === null ? POLICE : { call: one.event.call.number, sms: one.event.call.sms }} text={text} />
      )}
      {others.length > 0 && (
        <ul class="doing" data-testid="others">
          {others.map(({ role }) => (
            <li key={role}>
              <Icon of={role} />
              <span>{t(`ride.does.${role}`)}</span>
            </li>
          ))}
        </ul>
      )}
      {!done && (
        <Act kind="primary" act={() => trips.done(one.alert, mine.role)} testid="part-done">
          {t("aboard.done")}
        </Act>
      )}
      <div class="row">
        <Act act={() => confirm(true)} testid="i-see">
          {t("aboard.i_see")}
        </Act>
        <Act act={() => confirm(false)} testid="i-see-nothing">
          {t("aboard.i_see_nothing")}
        </Act>
      </div>
      <p role="status">{noted && t("aboard.noted")}</p>
      <Act kind="plain" act={release} question={t("aboard.release_ask")} testid="release-part">
        {t("aboard.release")}
      </Act>
    </>
  );
}

function roleWords(role: Role, number: string): string {
  return t(`ride.role.${role}`, { number });
}

function numberOf({ event }: Known): string {
  return event?.call.number ?? t("aboard.number");
}
