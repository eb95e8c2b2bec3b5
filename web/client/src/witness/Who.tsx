// The first two taps: for whom, and what happens. Meanwhile the line is looked for.

import type { As } from "../net/transit.ts";
import { where } from "../net/where.ts";
import { Title } from "../parts/Frame.tsx";
import { DEEDS } from "../pure/helping.ts";
import { shown } from "../pure/riding.ts";
import { Icon } from "../ride/Icon.tsx";
import { Ride } from "../ride/Ride.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Trip } from "./trip.ts";

const WHO: readonly (readonly [As, "me" | "eye"])[] = [
  ["victim", "me"],
  ["witness", "eye"],
];

export function Who({ trip, back }: { trip: Trip; back: () => void }) {
  function choose(as: As): void {
    trip.wish({ as });
    trip.go("what");
  }
  return (
    <section>
      <Title>{t("transport.title")}</Title>
      <p class="honest">{t("transport.silent")}</p>
      <div class="big-choices">
        {WHO.map(([as, icon]) => (
          <button key={as} type="button" class="button primary big" data-testid={`as-${as}`} onClick={() => choose(as)}>
            <span class="with-icon">
              <Icon of={icon} />
              {t(`transport.as.${as}`)}
            </span>
          </button>
        ))}
      </div>
      <Found trip={trip} />
      <button type="button" class="link" onClick={back}>
        {t("transport.back")}
      </button>
    </section>
  );
}

export function What({ trip }: { trip: Trip }) {
  const { wish } = useStore(trip.picture);
  const as = wish.as ?? "witness";
  return (
    <section>
      <Title>{t("transport.what")}</Title>
      <div class="big-choices">
        {DEEDS.map((kind) => (
          <button
            key={kind}
            type="button"
            class="button secondary big"
            data-testid={`kind-${kind}`}
            onClick={() => {
              trip.wish({ kind });
              trip.go("check");
            }}
          >
            <span class="with-icon">
              <Icon of={kind} />
              {t(`transport.${as}.${kind}`)}
            </span>
          </button>
        ))}
      </div>
      <Found trip={trip} />
      <button type="button" class="link" onClick={() => trip.go("who")}>
        {t("transport.before")}
      </button>
    </section>
  );
}

/** What is known of her ride so far, on the way to the last tap. */
function Found({ trip }: { trip: Trip }) {
  const { wish, found } = useStore(trip.picture);
  const { status } = useStore(where);
  const here = shown(wish.here, found);
  return (
    <div class="found" role="status">
      {here !== null && <Ride {...here} stop={here.stop?.name ?? null} />}
      {here === null && found.how === "looking" && <p class="quiet">{t(status === "asking" ? "transport.looking" : "transport.how.looking")}</p>}
    </div>
  );
}
