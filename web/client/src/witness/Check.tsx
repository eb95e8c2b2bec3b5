// The third tap: what will be sent, where we think that she is, and the button.

import { useId } from "preact/hooks";
import { where } from "../net/where.ts";
import { Title } from "../parts/Frame.tsx";
import { hereOf, LONGEST_CAR, LONGEST_NOTE, shown, type Certainty } from "../pure/riding.ts";
import { Badge, Ride } from "../ride/Ride.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Trip } from "./trip.ts";

export function Check({ trip }: { trip: Trip }) {
  const { wish } = useStore(trip.picture);
  const car = useId();
  const { placed } = trip;
  const { as, kind } = { as: wish.as ?? "witness", kind: wish.kind ?? "other" } as const;
  return (
    <section>
      <Title>{t("transport.check")}</Title>
      <div class="what">
        <p>
          <strong>{t(`transport.${as}.${kind}`)}</strong>
          {kind === "other" && <small>{t(`transport.as.${as}`)}</small>}
        </p>
        <button type="button" class="link" onClick={() => trip.go("what")}>
          {t("transport.change")}
          <span class="hidden"> {t("transport.change_what")}</span>
        </button>
      </div>
      <Where trip={trip} />
      <button
        type="button"
        class="button primary big"
        data-testid="send"
        onClick={() => (placed ? trip.send() : trip.go("hand"))}
      >
        {t(placed ? "transport.send" : "transport.say_line")}
        {placed && <small>{t("transport.send_to")}</small>}
      </button>
      <div class="field">
        <label for={car}>
          {t("transport.car")} <small>{t("transport.optional")}</small>
        </label>
        <p class="hint" id={`${car}-hint`}>
          {t("transport.car_hint")}
        </p>
        <input
          id={car}
          class="input"
          autocomplete="off"
          maxLength={LONGEST_CAR}
          aria-describedby={`${car}-hint`}
          data-testid="car"
          value={wish.car}
          onInput={(event) => trip.wish({ car: event.currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for={`${car}-note`}>
          {t("transport.note")} <small>{t("transport.optional")}</small>
        </label>
        <p class="hint" id={`${car}-note-hint`}>
          {t("transport.note_hint")}
        </p>
        <input
          id={`${car}-note`}
          class="input"
          autocomplete="off"
          maxLength={LONGEST_NOTE}
          aria-describedby={`${car}-note-hint`}
          data-testid="report-note"
          value={wish.note}
          onInput={(event) => trip.wish({ note: event.currentTarget.value })}
        />
      </div>
    </section>
  );
}

/** How sure it is, in words; a doubt is hers to end, or to leave. */
function Where({ trip }: { trip: Trip }) {
  const { wish, found } = useStore(trip.picture);
  const { pretended } = useStore(where);
  const here = shown(wish.here, found);
  return (
    <section class="card where-card" aria-label={t("transport.where")} data-testid="where-card">
      <div role="status">
        <p class="quiet" data-testid="certainty">
          {wish.here?.how === "poster" && t("transport.by_poster")}
          {wish.here?.how === "hand" && t("transport.by_hand")}
          {wish.here?.how === "found" && t("transport.chosen")}
          {wish.here === null && t(`transport.how.${found.how}`)}
        </p>
        {here !== null && <Ride {...here} stop={here.stop?.name ?? null} />}
      </div>
      {wish.here === null && found.how === "choose" && <Choose trip={trip} found={found} />}
      <button type="button" class="link" data-testid="by-hand" onClick={() => trip.go("hand")}>
        {t(here === null ? "transport.choose_line" : "transport.change_line")}
      </button>
      {pretended && <p class="hint">{t("transport.pretended")}</p>}
    </section>
  );
}

function Choose({ trip, found }: { trip: Trip; found: Extract<Certainty, { how: "choose" }> }) {
  return (
    <ul class="picks">
      {found.among.map((one) => (
        <li key={`${one.line} ${one.direction}`}>
          <button type="button" class="pick" data-testid="candidate" onClick={() => trip.wish({ here: hereOf(one) })}>
            <Badge name={one.name} mode={one.mode} colour={one.colour} />
            <span>{t("ride.towards", { headsign: one.headsign })}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
