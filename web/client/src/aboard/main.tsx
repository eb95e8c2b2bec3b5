// Being told of what happens on one's own trips, fetched late by helpers: what happens now, and what one agreed to.

import type { Duty } from "../helper/duty.ts";
import type { Catalogues } from "../words.ts";
import { Trips } from "./trips.ts";

export { Agreed } from "./Agreed.tsx";
export { Calls } from "./Calls.tsx";

export const words: Catalogues = {
  fr: () => import("../locales/fr.json?aboard"),
  en: () => import("../locales/en.json?aboard"),
};

/** For as long as the page is there. */
export function begin(duty: Duty): Trips {
  const trips = new Trips(duty);
  trips.begin();
  return trips;
}
