// After the server's "recorded": how many know, who does what, whom to call, what to correct; then what came of it.

import { useId, useState } from "preact/hooks";
import type { RoleSeen, WitnessState } from "../net/transit.ts";
import { Act } from "../parts/Act.tsx";
import { Title } from "../parts/Frame.tsx";
import { LineWords } from "../parts/LineWords.tsx";
import { DEEDS } from "../pure/helping.ts";
import { hourInParis, LONGEST_CAR, mayAlight } from "../pure/riding.ts";
import { Calling } from "../ride/Calling.tsx";
import { Icon } from "../ride/Icon.tsx";
import { NextStops, Ride } from "../ride/Ride.tsx";
import { useNow, useStore } from "../store.ts";
import { clock, t } from "../words.ts";
import { numbersOf, textOf } from "./OnItsWay.tsx";
import type { Picture, Trip } from "./trip.ts";

export function Live({ trip, finish }: { trip: Trip; finish: () => void }) {
  const picture = useStore(trip.picture);
  const { event, sending } = picture;
  if (event !== null && event.state !== "open") return <Over event={event} finish={finish} />;
  const at = event?.at ?? (sending.step === "recorded" ? sending.at : null);
  return (
    <section data-testid="reported">
      <Title>{t("transport.live")}</Title>
      {at !== null && (
        <p class="sent" data-testid="recorded">
          <span aria-hidden="true">✓ </span>
          {t(sending.step === "recorded" && sending.late ? "transport.recorded_late" : "transport.recorded", { time: clock(at) })}
        </p>
      )}
      <LineWords line={trip.line} />
      {event !== null && <Told event={event} />}
      <section aria-labelledby="calling">
        <h2 id="calling">{t("transport.call")}</h2>
        <Calling network={numbersOf(picture)} text={textOf(picture)} />
      </section>
      {event !== null && isForAlighting(picture, event) && <Alight event={event} />}
      {event !== null && <Correct trip={trip} event={event} />}
      <section class="endings">
        <Act act={() => trip.cancel()} question={t("transport.cancel_ask")} yes={t("transport.cancel_yes")} testid="cancel-report">
          {t("transport.cancel")}
        </Act>
        <p class="hint">{t("transport.leaving")}</p>
      </section>
    </section>
  );
}

function isForAlighting({ networks }: Picture, { network, line, night }: WitnessState): boolean {
  const known = networks.find((one) => one.network === network);
  return mayAlight(known, line?.mode ?? "", hourInParis(Date.now()), night);
}

/** The last of those who may be near are asked by then: to go on saying that they are being told would be untrue. */
const ASKED_MS = 45_000;

function Told({ event }: { event: WitnessState }) {
  const { line, stop, car, came, told, confirmed, expires_at } = event;
  const [since] = useState(() => Date.now());
  const late = useNow(5_000) - since > ASKED_MS;
  return (
    <section class="card summary" aria-label={t("transport.told_label")}>
      <div role="status">
        <p class="headline" data-testid="told">
          {came > 0 ? t("transport.came", { n: came }) : told > 0 ? t("transport.told", { n: told }) : t(late ? "transport.nobody" : "transport.telling")}
        </p>
        {came === 0 && told === 0 && <p>{t(late ? "transport.nobody_more" : "transport.telling_more")}</p>}
        {came > 0 && told > came && <p>{t("transport.told", { n: told })}</p>}
        {confirmed && <p>{t("transport.confirmed")}</p>}
      </div>
      <Doing roles={event.roles} />
      <Ride
        name={line?.name ?? ""}
        mode={line?.mode ?? ""}
        colour={line?.colour ?? ""}
        headsign={line?.headsign ?? ""}
        stop={stop?.name ?? null}
        car={car ?? null}
      />
      <p class="hint">{t("transport.until", { time: clock(expires_at) })}</p>
    </section>
  );
}

/** What is being done, never by whom. */
function Doing({ roles, past = false }: { roles: readonly RoleSeen[]; past?: boolean }) {
  const taken = roles.filter((one) => one.taken || one.done);
  if (taken.length === 0) return null;
  return (
    <ul class="doing" data-testid="doing">
      {taken.map(({ role, done }) => (
        <li key={role}>
          <Icon of={role} />
          <span>{t(done || past ? `ride.did.${role}` : `ride.does.${role}`)}</span>
        </li>
      ))}
    </ul>
  );
}

/** At night, between two stops of a bus: how to ask to be let off. */
function Alight({ event }: { event: WitnessState }) {
  return (
    <section class="card" aria-labelledby="alight" data-testid="alight">
      <h2 id="alight">{t("transport.alight")}</h2>
      <ol class="plain-list">
        <li>{t("transport.alight_1")}</li>
        <li>{t("transport.alight_2")}</li>
        <li>{t("transport.alight_3")}</li>
      </ol>
      <NextStops next={event.next ?? []} />
    </section>
  );
}

function Correct({ trip, event }: { trip: Trip; event: WitnessState }) {
  const id = useId();
  const [kind, setKind] = useState(event.kind);
  const [car, setCar] = useState(event.car ?? "");
  const [stop, setStop] = useState("");
  const [saved, setSaved] = useState(false);
  const stops = [...(event.stop ? [event.stop] : []), ...(event.next ?? [])];

  async function save(): Promise<void> {
    setSaved(false);
    await trip.update({ kind, ...(car.trim() && { car: car.trim() }), ...(stop && { stop }) });
    setSaved(true);
  }

  return (
    <details class="card">
      <summary data-testid="correct">{t("transport.correct")}</summary>
      <fieldset class="chips">
        <legend>{t("transport.what")}</legend>
        {DEEDS.map((one) => (
          <label key={one} class="chip">
            <input type="radio" name={`${id}-kind`} checked={kind === one} onChange={() => setKind(one)} />
            <span>{t(`ride.kind.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      <label class="field">
        {t("transport.car")}
        <input
          class="input"
          autocomplete="off"
          maxLength={LONGEST_CAR}
          data-testid="correct-car"
          value={car}
          onInput={(input) => setCar(input.currentTarget.value)}
        />
      </label>
      {stops.length > 0 && (
        <label class="field">
          {t("transport.stop_label")}
          <select class="input" value={stop} onChange={(input) => setStop(input.currentTarget.value)}>
            <option value="">{t("transport.stop_same")}</option>
            {stops.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <Act act={save} testid="correct-save">
        {t("transport.save")}
      </Act>
      <p role="status">{saved && t("transport.saved")}</p>
    </details>
  );
}

function Over({ event, finish }: { event: WitnessState; finish: () => void }) {
  const how = event.outcome ?? (event.state === "closed" ? "gone" : event.state === "open" ? "expired" : event.state);
  return (
    <section data-testid="report-over">
      <Title>{t(`ride.end.${how}`)}</Title>
      <p class="lead">{t(`transport.end.${how}`)}</p>
      <Doing roles={event.roles} past />
      <p>{t("transport.talk")}</p>
      <div class="answers">
        <a class="button secondary" href="tel:3919">
          {t("transport.3919")}
        </a>
        <button type="button" class="button primary" data-testid="finish" onClick={finish}>
          {t("transport.finish")}
        </button>
      </div>
    </section>
  );
}
