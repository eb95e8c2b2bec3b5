// A line as people know it: its badge in its own colour, where it goes, the stop and the car.

import type { Named } from "../net/transit.ts";
import { inkOn } from "../pure/riding.ts";
import { plain } from "../pure/letters.ts";
import { t, type Key } from "../words.ts";

const MODES: Readonly<Record<string, Key>> = {
  tram: "ride.mode.tram",
  metro: "ride.mode.metro",
  rail: "ride.mode.rail",
  bus: "ride.mode.bus",
  trolleybus: "ride.mode.bus",
  coach: "ride.mode.bus",
  ferry: "ride.mode.ferry",
  cable: "ride.mode.cable",
  funicular: "ride.mode.funicular",
};

export function modeWord(mode: string): string {
  const key = MODES[mode];
  return key === undefined ? "" : t(key);
}

/** "Tram T1"; a name that says its mode already is left alone. */
export function lineWords(mode: string, name: string): string {
  const word = modeWord(mode);
  return word === "" || plain(name).startsWith(plain(word)) ? name : `${word} ${name}`;
}

export interface RideSeen {
  name: string;
  mode?: string;
  colour?: string;
  headsign?: string;
  stop?: string | null;
  car?: string | null;
}

/** The same in one sentence, for a text message, a button or a screen reader. */
export function rideWords({ name, mode = "", headsign = "", stop, car }: RideSeen): string {
  return [
    ...(name ? [lineWords(mode, name)] : []),
    ...(headsign ? [t("ride.towards", { headsign })] : []),
    ...(car ? [t("ride.car", { car })] : []),
    ...(stop ? [t("ride.stop", { stop })] : []),
  ].join(" · ");
}

export function Badge({ name, mode = "", colour = "" }: RideSeen) {
  const own = /^[0-9a-f]{6}$/i.test(colour);
  return (
    <strong class="line-badge" style={own ? { background: `#${colour}`, color: inkOn(colour) } : {}}>
      {lineWords(mode, name)}
    </strong>
  );
}

export function Ride(ride: RideSeen) {
  const { headsign = "", stop, car } = ride;
  return (
    <p class="ride" data-testid="ride">
      {ride.name && <Badge {...ride} />}
      {headsign && <span>{t("ride.towards", { headsign })}</span>}
      {car && <span>{t("ride.car", { car })}</span>}
      {stop && <span>{t("ride.stop", { stop })}</span>}
    </p>
  );
}

export function NextStops({ next }: { next: readonly Named[] }) {
  if (next.length === 0) return null;
  return <p>{t("ride.next", { stops: next.map(({ name }) => name).join(", ") })}</p>;
}
