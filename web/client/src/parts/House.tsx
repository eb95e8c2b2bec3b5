// Who needs a room, and what a room has, in a few words: never a name, an age or a reason.

import type { Fittings, Shape } from "../net/rooms.ts";
import { left, said } from "../pure/ago.ts";
import { nightDays } from "../pure/night.ts";
import { useNow } from "../store.ts";
import { clock, locale, t } from "../words.ts";

/** "2 personnes, dont 1 enfant · 1 lit bébé · 1 animal". */
export function houseWords({ people, children, cots, pets, wheelchair }: Shape): string {
  const who = t("house.people", { n: people });
  return [
    children > 0 ? `${who}, ${t("house.children", { n: children })}` : who,
    ...(cots > 0 ? [t("house.cots", { n: cots })] : []),
    ...(pets > 0 ? [t("house.pets", { n: pets })] : []),
    ...(wheelchair ? [t("house.wheelchair")] : []),
  ].join(" · ");
}

export function roomWords({ people }: Pick<Fittings, "people">): string {
  return t("house.room", { n: people });
}

export function fittingWords({ cots, accessible, pets, ground_floor }: Fittings): string[] {
  return [
    ...(cots > 0 ? [t("house.cots", { n: cots })] : []),
    ...(accessible ? [t("house.accessible")] : []),
    ...(ground_floor ? [t("house.ground_floor")] : []),
    ...(pets ? [t("house.pets_welcome")] : []),
  ];
}

/** "Nuit du 25 au 26 novembre", or "Du 25 au 28 novembre, 3 nuits". */
export function stayWords(first: string, nights: number): string {
  const days = nightDays(first, locale(), nights);
  return nights === 1 ? t("house.night", days) : t("house.nights", { ...days, n: nights });
}

/** "Dit il y a 40 min". */
export function Said({ at }: { at: string | null | undefined }) {
  const now = useNow(15_000);
  const { key, n } = said(at ? Date.parse(at) : null, now);
  return <>{t(key, { n })}</>;
}

/** "avant 22:40 (encore 38 min)". */
export function Until({ at }: { at: string }) {
  const now = useNow(15_000);
  const { key, n, rest } = left(Date.parse(at), now);
  return (
    <>
      <time dateTime={at}>{clock(at)}</time> ({t(key, { n, rest })})
    </>
  );
}
