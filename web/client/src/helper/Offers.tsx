// An offer: two large buttons before; the exact place, the room and "I am there" after.

import { isEngaged, isOver, isWaiting } from "../pure/alerts.ts";
import type { LatLon } from "../pure/mercator.ts";
import { metres, reach, spoken, towards, type Spot } from "../pure/places.ts";
import { where } from "../net/where.ts";
import type { Offer } from "../net/wire.ts";
import { Act } from "../parts/Act.tsx";
import { SmallMap, type Dot } from "../parts/Map.tsx";
import { Room } from "../parts/Room.tsx";
import { useStore } from "../store.ts";
import { language, t, type Key } from "../words.ts";
import type { Duty, Engagement } from "./duty.ts";

export function Offers({ duty }: { duty: Duty }) {
  const { offers, engaged } = useStore(duty.desk);
  const going = offers.filter(isEngaged);
  const waiting = offers.filter(isWaiting);
  const over = offers.filter((offer) => offer.state in OVER);
  return (
    <>
      <div aria-live="assertive">
        {waiting.map((offer) => (
          <Incoming key={offer.offer} offer={offer} duty={duty} />
        ))}
      </div>
      {going.map((offer) => (
        <Going key={offer.offer} offer={offer} engagement={engaged[offer.alert]} duty={duty} />
      ))}
      {over.map((offer) => (
        <div key={offer.offer} class="card over" role="status" data-testid="offer-over">
          <p>{t(OVER[offer.state] ?? "offer.over.closed")}</p>
          <button type="button" class="link" onClick={() => duty.dismiss(offer)}>
            {t("offer.dismiss")}
          </button>
        </div>
      ))}
    </>
  );
}

const OVER: Partial<Record<Offer["state"], Key>> = {
  covered: "offer.over.covered",
  expired: "offer.over.expired",
  cancelled: "offer.over.cancelled",
  closed: "offer.over.closed",
  withdrawn: "offer.over.withdrawn",
};

function Incoming({ offer, duty }: { offer: Offer; duty: Duty }) {
  const near = offer.ring === "near";
  return (
    <section class="card offer" aria-labelledby={`offer-${offer.offer}`} data-testid="offer">
      <h2 id={`offer-${offer.offer}`}>{t(near ? "offer.near" : "offer.remote")}</h2>
      <p>
        {t(`offer.kind.${offer.kind}`)} {t(offer.mode === "home" ? "offer.home" : "offer.public")}
      </p>
      {near && <AboutWords offer={offer} />}
      <p class="hint">{t(near ? "offer.before" : "offer.remote_before")}</p>
      <div class="two">
        <Act kind="primary" act={() => duty.answer(offer, "accept")} testid="accept">
          {t(near ? "offer.accept" : "offer.accept_remote")}
        </Act>
        <Act act={() => duty.answer(offer, "decline")} testid="decline">
          {t("offer.decline")}
        </Act>
      </div>
      {near && <AboutMap offer={offer} />}
    </section>
  );
}

function spot([lat, lon]: LatLon): Spot {
  return { lat, lon };
}

/** A cell of a few hundred metres or more: nobody is shown where in it she is. */
function AboutWords({ offer }: { offer: Offer }) {
  const { place } = useStore(where);
  const area = offer.area ?? [];
  if (area.length === 0) return null;
  return <p data-testid="about">{place ? within(place, area.map(spot)) : t("offer.somewhere")}</p>;
}

function AboutMap({ offer }: { offer: Offer }) {
  const { place } = useStore(where);
  const area = offer.area ?? [];
  if (area.length === 0) return null;
  const dots: Dot[] = place ? [{ at: [place.lat, place.lon], look: "me", label: t("map.you") }] : [];
  return <SmallMap title={t("map.about")} shapes={[{ area, look: "request" }]} dots={dots} />;
}

function within(from: Spot, area: readonly Spot[]): string {
  const { atMost, direction } = reach(from, area);
  const distance = spoken(atMost, language());
  if (direction === null) return t("offer.within", { distance });
  return t("offer.about", { distance, direction: t(`compass.${direction}`) });
}

function far(from: Spot, to: Spot): { distance: string; direction: string } {
  return { distance: spoken(metres(from, to), language()), direction: t(`compass.${towards(from, to)}`) };
}

interface GoingProps {
  offer: Offer;
  engagement: Engagement | undefined;
  duty: Duty;
}

function Going({ offer, engagement, duty }: GoingProps) {
  const near = offer.ring === "near";
  const alert = engagement?.alert ?? null;
  const over = alert !== null && isOver(alert.state);
  return (
    <section class="card going" aria-labelledby={`going-${offer.offer}`} data-testid="going">
      <h2 id={`going-${offer.offer}`}>
        {t(offer.state === "arrived" ? "going.there" : near ? "going.title" : "going.remote")}
      </h2>
      {near && !over && (alert?.place ? <Exact to={alert.place} accuracy={alert.place.accuracy_m} /> : <NotYet offer={offer} />)}
      {alert?.note && (
        <blockquote dir="auto">
          <p class="who">{t("going.note")}</p>
          {alert.note}
        </blockquote>
      )}
      {near && offer.state === "accepted" && alert?.place && !over && (
        <Act kind="primary" act={() => duty.answer(offer, "arrived")} testid="arrived">
          {t("going.arrived")}
        </Act>
      )}
      {engagement?.talk && <Room talk={engagement.talk} />}
      {!over && (
        <Act
          act={() => duty.answer(offer, "decline")}
          question={t("going.withdraw_ask")}
          yes={t("going.withdraw_yes")}
          testid="withdraw"
        >
          {t("going.withdraw")}
        </Act>
      )}
    </section>
  );
}

function NotYet({ offer }: { offer: Offer }) {
  return (
    <>
      <p role="status">{t(offer.mode === "home" ? "going.wait_home" : "going.wait")}</p>
      <AboutWords offer={offer} />
      <AboutMap offer={offer} />
    </>
  );
}

function Exact({ to, accuracy }: { to: Spot; accuracy: number }) {
  const { place } = useStore(where);
  const dots: Dot[] = [{ at: [to.lat, to.lon], look: "place", label: t("map.her") }];
  if (place) dots.push({ at: [place.lat, place.lon], look: "me", label: t("map.you") });
  const written = `${to.lat.toFixed(5)}, ${to.lon.toFixed(5)}`;
  return (
    <>
      <p role="status" data-testid="exact">
        {place ? t("going.exact", far(place, to)) : t("going.exact_only")} {t("going.accuracy", { metres: Math.round(accuracy) })}
      </p>
      <SmallMap title={t("map.exact")} shapes={[]} dots={dots} />
      <p class="coordinates">
        <span data-testid="coordinates">{written}</span>
        <button type="button" class="link" onClick={() => void navigator.clipboard?.writeText(written)}>
          {t("going.copy")}
        </button>
      </p>
    </>
  );
}
