// A room for somebody on the telephone, or in the next chair: the shape of the household, and a commune to start from.

import { useRef, useState } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { ChildrenAges } from "../parts/ChildrenAges.tsx";
import { Stepper } from "../parts/Stepper.tsx";
import { newId } from "../pure/ids.ts";
import { spoken } from "../pure/places.ts";
import {
  askBody,
  MOST_ADULTS,
  MOST_CHILDREN,
  MOST_DAYS,
  MOST_NIGHTS,
  MOST_PETS,
  RADII_M,
  USUAL_RADIUS_M,
  usual,
  withChildren,
  type Wish,
} from "../pure/seeking.ts";
import { language, sorry, t } from "../words.ts";
import type { Needing } from "./needing.ts";

/** A commune is known by its middle. */
const COMMUNE_M = 2_000;

interface AskForProps {
  nights: Needing;
  title: string;
  /** Where hotels are. */
  areas: readonly Point[];
  /** Somebody begins to ask. */
  begun?: () => void;
  /** Why there is no commune to choose. */
  problem?: string | null;
}

/** A commune by its name. */
export interface Point {
  area: string;
  lat: number;
  lon: number;
}

export function AskFor({ nights, title, areas, begun, problem = null }: AskForProps) {
  const [wish, setWish] = useState<Wish>(usual);
  const [from, setFrom] = useState("");
  const [avoid, setAvoid] = useState("");
  const [radius, setRadius] = useState(USUAL_RADIUS_M);
  const [id, setId] = useState(newId);
  const [missing, setMissing] = useState(false);
  const whole = useRef<HTMLDetailsElement>(null);
  const { household } = wish;

  async function ask(): Promise<void> {
    const start = areas.find((one) => one.area === from);
    const away = areas.find((one) => one.area === avoid);
    setMissing(start === undefined);
    if (start === undefined) return;
    const zones = away ? [{ lat: away.lat, lon: away.lon, radius_m: radius }] : [];
    await nights.ask(askBody(id, { ...wish, avoid: zones }, { lat: start.lat, lon: start.lon, accuracy_m: COMMUNE_M }));
    setWish(usual);
    setFrom("");
    setAvoid("");
    setId(newId());
    // What has just been asked for is what is looked at now.
    if (whole.current !== null) whole.current.open = false;
  }
  function set(change: Partial<Wish>): void {
    setId(newId());
    setWish({ ...wish, ...change });
  }

  return (
    <details ref={whole} class="panel" data-testid="ask-for" onToggle={(event) => event.currentTarget.open && begun?.()}>
      <summary>{title}</summary>
      <Stepper label={t("rooms.adults")} value={household.adults} least={1} most={MOST_ADULTS} change={(adults) => set({ household: { ...household, adults } })} />
      <Stepper label={t("rooms.children")} value={household.children.length} most={MOST_CHILDREN} change={(n) => set({ household: withChildren(household, n) })} />
      <ChildrenAges household={household} label={(at) => t("rooms.age_of", { at })} change={(aged) => set({ household: aged })} />
      <Stepper label={t("rooms.pets")} value={household.pets} most={MOST_PETS} change={(pets) => set({ household: { ...household, pets } })} />
      <label class="check">
        <input type="checkbox" checked={household.wheelchair} onChange={(event) => set({ household: { ...household, wheelchair: event.currentTarget.checked } })} />
        <span>{t("rooms.wheelchair")}</span>
      </label>
      <Stepper label={t("rooms.in_days")} value={wish.days_ahead} most={MOST_DAYS} change={(days_ahead) => set({ days_ahead })} />
      <Stepper label={t("rooms.nights")} value={wish.nights} least={1} most={MOST_NIGHTS} change={(n) => set({ nights: n })} />
      <div role="alert">{problem !== null && <p class="error">{sorry(problem)}</p>}</div>
      <Commune id="for-from" label={t("rooms.from")} none={t("rooms.choose")} areas={areas.map((one) => one.area)} value={from} choose={setFrom} />
      <Commune id="for-avoid" label={t("rooms.avoid")} none={t("rooms.nowhere")} areas={areas.map((one) => one.area)} value={avoid} choose={setAvoid} />
      {avoid !== "" && (
        <div class="field">
          <label for="for-radius">{t("rooms.radius")}</label>
          <select id="for-radius" class="input" value={radius} onChange={(event) => setRadius(Number(event.currentTarget.value))}>
            {RADII_M.map((one) => (
              <option key={one} value={one}>
                {spoken(one, language())}
              </option>
            ))}
          </select>
        </div>
      )}
      <p class="hint">{t("rooms.never_reached")}</p>
      <Act kind="primary" act={ask} testid="ask-for-go">
        {t("rooms.ask_go")}
      </Act>
      <div role="alert">{missing && from === "" && <p class="error">{t("rooms.no_commune")}</p>}</div>
    </details>
  );
}

interface CommuneProps {
  id: string;
  label: string;
  none: string;
  areas: readonly string[];
  value: string;
  choose: (area: string) => void;
}

function Commune({ id, label, none, areas, value, choose }: CommuneProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} class="input" value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{none}</option>
        {areas.map((area) => (
          <option key={area} value={area}>
            {area}
          </option>
        ))}
      </select>
    </div>
  );
}
