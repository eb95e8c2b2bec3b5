// *Dans les transports*, fetched only by whoever goes there. Same address, same title, same history entry; no sound.

import { useEffect, useState } from "preact/hooks";
import type { Journey } from "../help/journey.ts";
import { atExit } from "../help/leaving.ts";
import { useStore } from "../store.ts";
import { t, type Catalogues } from "../words.ts";
import { Check } from "./Check.tsx";
import { Hand } from "./Hand.tsx";
import { Live } from "./Live.tsx";
import { OnItsWay } from "./OnItsWay.tsx";
import { Trip, type Picture } from "./trip.ts";
import { What, Who } from "./Who.tsx";

export const words: Catalogues = {
  fr: () => import("../locales/fr.json?witness"),
  en: () => import("../locales/en.json?witness"),
};

export function Part({ journey }: { journey: Journey }) {
  /** What was open already, and the poster that led here. */
  const [report] = useState(() => journey.picture.get().report);
  const [trip] = useState(() => new Trip(journey.line, journey.poster()));
  useEffect(() => {
    const stay = atExit(() => trip.close());
    trip.begin(report);
    return () => {
      stay();
      trip.close();
    };
  }, [trip, report]);
  const { step } = useStore(trip.picture);
  return <div onClickCapture={once}>{screen(step, trip, journey)}</div>;
}

/** A hand that shakes taps twice: the second tap would answer a question that nobody has read yet. */
function once(event: MouseEvent): void {
  if (event.detail > 1) event.stopPropagation();
}

function screen(step: Picture["step"], trip: Trip, journey: Journey) {
  switch (step) {
    case "finding":
      return <p role="status">{t("finding.text")}</p>;
    case "who":
      return <Who trip={trip} back={() => journey.back()} />;
    case "what":
      return <What trip={trip} />;
    case "check":
      return <Check trip={trip} />;
    case "hand":
      return <Hand trip={trip} />;
    case "sending":
      return <OnItsWay trip={trip} />;
    case "live":
      return <Live trip={trip} finish={() => journey.finish()} />;
  }
}
