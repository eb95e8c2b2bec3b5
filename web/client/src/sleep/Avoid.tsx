// Places where she must not be sent: circles around here, moved by a finger on the map or by buttons.

import { useState } from "preact/hooks";
import { SmallMap, type Dot } from "../parts/Map.tsx";
import { circle, locate, moved } from "../pure/circles.ts";
import { metres, spoken, towards, type Spot } from "../pure/places.ts";
import { MOST_AVOIDED, RADII_M, USUAL_RADIUS_M, type Avoided } from "../pure/seeking.ts";
import { where } from "../net/where.ts";
import { useStore } from "../store.ts";
import { language, t } from "../words.ts";
import type { Seek } from "./seek.ts";
import { Step } from "./Steps.tsx";

const AROUND_M = 12_000;
const STEP_M = 1_000;
const MOVES = [
  ["n", STEP_M, 0],
  ["s", -STEP_M, 0],
  ["w", 0, -STEP_M],
  ["e", 0, STEP_M],
] as const;

export function Avoid({ seek }: { seek: Seek }) {
  const { avoid } = useStore(seek.picture).wish;
  const { place } = useStore(where);
  const [chosen, setChosen] = useState(0);
  const here: Spot | null = place;

  function put(all: readonly Avoided[], choose = chosen): void {
    seek.wish({ avoid: all });
    setChosen(Math.max(0, Math.min(choose, all.length - 1)));
  }
  function change(n: number, more: Partial<Avoided>): void {
    put(
      avoid.map((one, at) => (at === n ? { ...one, ...more } : one)),
      n,
    );
  }
  function add(at: Spot): void {
    if (avoid.length < MOST_AVOIDED) put([...avoid, { ...at, radius_m: USUAL_RADIUS_M }], avoid.length);
  }

  const me: Dot[] = here ? [{ at: [here.lat, here.lon], look: "me", label: t("sleep.here") }] : [];
  return (
    <Step seek={seek} at="avoid" title={t("sleep.avoid")}>
      <p class="lead">{t("sleep.avoid_lead")}</p>
      <p class="honest">{t("sleep.avoid_kept")}</p>
      {here === null && <p role="status">{t("sleep.no_place")}</p>}
      {here !== null && (
        <>
          <SmallMap
            title={t("sleep.avoid_map", { n: avoid.length })}
            shapes={avoid.map((one, n) => ({ area: circle(one, one.radius_m), look: "avoid", label: String(n + 1) }))}
            dots={me}
            least={AROUND_M}
            height={300}
            onPick={(view, x, y) => {
              const [lat, lon] = locate(view, x, y);
              return avoid.length === 0 ? add({ lat, lon }) : change(chosen, { lat, lon });
            }}
          />
          <p class="hint">{t("sleep.avoid_how")}</p>
          <ol class="cards avoided">
            {avoid.map((one, n) => (
              <li key={n} class={n === chosen ? "card chosen" : "card"} data-testid="avoided">
                <p>
                  <strong>{n + 1}.</strong> {placeWords(here, one)}
                </p>
                {n === chosen ? (
                  <Controls n={n} one={one} change={(more) => change(n, more)} remove={() => put(avoid.filter((_, at) => at !== n))} />
                ) : (
                  <button type="button" class="button secondary small" onClick={() => setChosen(n)}>
                    {t("sleep.change")}
                    <span class="hidden"> {n + 1}</span>
                  </button>
                )}
              </li>
            ))}
          </ol>
          {avoid.length < MOST_AVOIDED && (
            <button type="button" class="button secondary" data-testid="avoid-here" onClick={() => add(here)}>
              {t(avoid.length === 0 ? "sleep.avoid_here" : "sleep.avoid_more")}
            </button>
          )}
        </>
      )}
    </Step>
  );
}

interface ControlsProps {
  n: number;
  one: Avoided;
  change: (more: Partial<Avoided>) => void;
  remove: () => void;
}

function Controls({ n, one, change, remove }: ControlsProps) {
  return (
    <>
      <div class="field">
        <label for={`radius-${n}`}>{t("sleep.radius")}</label>
        <select
          id={`radius-${n}`}
          class="input"
          value={one.radius_m}
          onChange={(event) => change({ radius_m: Number(event.currentTarget.value) })}
        >
          {RADII_M.map((radius) => (
            <option key={radius} value={radius}>
              {spoken(radius, language())}
            </option>
          ))}
        </select>
      </div>
      <div class="moves" role="group" aria-label={t("sleep.move", { at: n + 1 })}>
        {MOVES.map(([to, north, east]) => (
          <button key={to} type="button" class="button secondary small" onClick={() => change(moved(one, north, east))}>
            {t(`sleep.to.${to}`)}
          </button>
        ))}
      </div>
      <button type="button" class="button plain" onClick={remove}>
        {t("sleep.remove")}
        <span class="hidden"> {n + 1}</span>
      </button>
    </>
  );
}

/** "à 3 km d'ici, vers le nord". */
function placeWords(here: Spot, { lat, lon, radius_m }: Avoided): string {
  const distance = metres(here, { lat, lon });
  const radius = spoken(radius_m, language());
  if (distance < 100) return t("sleep.circle_here", { radius });
  const to = t(`sleep.towards.${towards(here, { lat, lon })}`);
  return t("sleep.circle", { radius, distance: spoken(distance, language()), to });
}
