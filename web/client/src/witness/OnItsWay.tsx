// What she says of transport, on its way; and whom to call where she is.

import { Going } from "../parts/Going.tsx";
import { networkOf, RAIL, shown, smsText, type Numbers } from "../pure/riding.ts";
import { Calling } from "../ride/Calling.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Picture, Trip } from "./trip.ts";

export function OnItsWay({ trip }: { trip: Trip }) {
  const picture = useStore(trip.picture);
  return (
    <Going
      sending={picture.sending}
      words={{
        title: t("transport.sending"),
        text: t("transport.sending_text"),
        unsent: t("transport.unsent"),
        unsentText: t("transport.unsent_text"),
        trying: t("transport.trying"),
        stop: t("transport.stop"),
        stopped: t("transport.stopped"),
        again: t("transport.again"),
      }}
      numbers={<Calling network={numbersOf(picture)} text={textOf(picture)} large />}
      onStop={() => trip.abandon()}
      onAgain={() => trip.send()}
    >
      <button type="button" class="button plain" onClick={() => trip.go("check")}>
        {t("transport.before")}
      </button>
    </Going>
  );
}

/** Known before any answer; where nothing is known, those of the railways. */
export function numbersOf({ wish, found, networks, call }: Picture): Numbers {
  if (call !== null) return { call: call.number, sms: call.sms };
  const here = shown(wish.here, found);
  const name = networkOf(here?.line ?? here?.stop?.id ?? null);
  const known = networks.find(({ network }) => network === name);
  return known === undefined ? RAIL : { call: known.call, sms: known.sms };
}

/** The server's own words, once there are any; before, the same made here. */
export function textOf({ wish, found, call }: Picture): string {
  return call?.text ?? smsText(wish.kind ?? "other", shown(wish.here, found), wish.car.trim(), Date.now());
}
