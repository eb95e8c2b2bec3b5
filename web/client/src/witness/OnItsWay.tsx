// Between her last tap and the server's word: it never says "sent"; and when nothing went, whom to call instead.

import { useEffect, useRef } from "preact/hooks";
import { Title } from "../parts/Frame.tsx";
import { networkOf, RAIL, shown, smsText, type Numbers } from "../pure/riding.ts";
import { Calling } from "../ride/Calling.tsx";
import { useStore } from "../store.ts";
import { sorry, t } from "../words.ts";
import type { Picture, Trip } from "./trip.ts";

export function OnItsWay({ trip }: { trip: Trip }) {
  const { sending } = useStore(trip.picture);
  if (sending.step === "unsent" || sending.step === "refused") return <Unsent trip={trip} />;
  return (
    <section class="waiting" data-testid="sending">
      <Title>{t("transport.sending")}</Title>
      <p role="status">{t("transport.sending_text")}</p>
      <div class="pulse" aria-hidden="true" />
    </section>
  );
}

function Unsent({ trip }: { trip: Trip }) {
  const picture = useStore(trip.picture);
  const { sending } = picture;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
    scrollTo(0, 0);
  }, []);
  const trying = sending.step === "unsent" && sending.trying;
  const reason = sending.step === "unsent" || sending.step === "refused" ? sending.reason : "unavailable";
  return (
    <section class="unsent" data-testid="unsent">
      <div ref={box} tabIndex={-1} role="alert">
        <h1>{t("transport.unsent")}</h1>
        <p class="lead">{t("transport.unsent_text")}</p>
      </div>
      <Calling network={numbersOf(picture)} text={textOf(picture)} large />
      <p class="reason">{reason === "abandoned" ? t("transport.stopped") : sorry(reason)}</p>
      <p role="status">{trying && t("transport.trying")}</p>
      <div class="row">
        {trying ? (
          <button type="button" class="button secondary" onClick={() => trip.abandon()}>
            {t("transport.stop")}
          </button>
        ) : (
          <button type="button" class="button primary" data-testid="again" onClick={() => trip.send()}>
            {t("transport.again")}
          </button>
        )}
        <button type="button" class="button plain" onClick={() => trip.go("check")}>
          {t("transport.before")}
        </button>
      </div>
    </section>
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
