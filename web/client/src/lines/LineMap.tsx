// A network as its lines are traced, without tiles: each in its colour, events on it. The list beside it says the same.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { BoardEvent, LineDrawn } from "../net/transit.ts";
import { allPoints, moved, onto, pointsOf, whole, zoomed, type Window } from "../pure/drawing.ts";
import { fit, path, type View } from "../pure/mercator.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Watching } from "./watching.ts";

const ALL = whole(1_000, 640);
/** A drag that is shorter is a click. */
const DRAGGED_PX = 5;
const STEP = 0.3;

export function LineMap({ watching }: { watching: Watching }) {
  const { networks, network, drawn, events, opened } = useStore(watching.picture);
  const lines = drawn[network ?? ""] ?? [];
  const here = (events ?? []).flatMap((one, n) => (one.network === network && one.near ? [{ one, n }] : []));
  return (
    <section class="panel" aria-labelledby="line-map">
      <h2 id="line-map">{t("lines.map")}</h2>
      {networks.length > 1 && (
        <label class="field">
          {t("lines.network")}
          <select
            class="input"
            value={network ?? ""}
            data-testid="map-network"
            onChange={(event) => watching.choose(event.currentTarget.value)}
          >
            {networks.map((one) => (
              <option key={one.network} value={one.network}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {network !== null && !(network in drawn) && <p role="status">{t("finding.text")}</p>}
      {network !== null && network in drawn && lines.length === 0 && <p class="quiet">{t("lines.no_trace")}</p>}
      {lines.length > 0 && (
        <Drawing key={network} lines={lines} marks={here} chosen={opened?.alert ?? null} open={(alert) => watching.open(alert)} />
      )}
    </section>
  );
}

interface Mark {
  one: BoardEvent;
  n: number;
}

interface DrawingProps {
  lines: readonly LineDrawn[];
  marks: readonly Mark[];
  chosen: string | null;
  open: (alert: string) => void;
}

function Drawing({ lines, marks, chosen, open }: DrawingProps) {
  const [at, setAt] = useState<Window>(ALL);
  const view = useMemo(() => fit(allPoints(lines), ALL.width, ALL.height), [lines]);
  const marked = marks.find(({ one }) => one.alert === chosen);
  const line = marked?.one.line?.id ?? null;
  const near = marked?.one.near ?? null;
  useEffect(() => {
    if (near === null) return;
    const [x, y] = view.project(near.lat, near.lon);
    setAt(onto(ALL, x, y));
  }, [chosen, near?.id]);
  const drag = useDrag(at, setAt);
  // What must stay as large as a finger while the window gets smaller.
  const unit = at.width / ALL.width;
  return (
    <>
      <svg
        class="map lines"
        viewBox={`${at.x} ${at.y} ${at.width} ${at.height}`}
        role="img"
        aria-label={t("lines.map_title", { lines: lines.length, events: marks.length })}
        data-testid="drawing"
        {...drag}
      >
        <Traces lines={lines} view={view} chosen={line} />
        {marks.map(({ one, n }) => {
          const [x, y] = view.project(one.near?.lat ?? 0, one.near?.lon ?? 0);
          return (
            <g
              key={one.alert}
              class={one.alert === chosen ? "event-mark chosen" : "event-mark"}
              data-testid="mark"
              transform={`translate(${x} ${y}) scale(${unit})`}
              onClick={() => open(one.alert)}
            >
              <circle r="20" />
              <text text-anchor="middle" y="8">
                {n + 1}
              </text>
            </g>
          );
        })}
      </svg>
      <div class="row map-moves" role="group" aria-label={t("lines.move")}>
        {(
          [
            ["lines.closer", "+", () => zoomed(at, ALL, 2)],
            ["lines.further", "−", () => zoomed(at, ALL, 1 / 2)],
            ["lines.west", "←", () => moved(at, ALL, -STEP, 0)],
            ["lines.east", "→", () => moved(at, ALL, STEP, 0)],
            ["lines.north", "↑", () => moved(at, ALL, 0, -STEP)],
            ["lines.south", "↓", () => moved(at, ALL, 0, STEP)],
          ] as const
        ).map(([key, sign, to]) => (
          <button key={key} type="button" class="button secondary sign" aria-label={t(key)} onClick={() => setAt(to())}>
            <span aria-hidden="true">{sign}</span>
          </button>
        ))}
        <button type="button" class="button secondary" onClick={() => setAt(ALL)}>
          {t("lines.all")}
        </button>
      </div>
    </>
  );
}

/** Drawn once: what moves is the window. */
function Traces({ lines, view, chosen }: { lines: readonly LineDrawn[]; view: View; chosen: string | null }) {
  return useMemo(
    () => (
      <g class="traces">
        {lines.map((one) => (
          <path
            key={one.line}
            class={one.line === chosen ? "trace chosen" : chosen === null ? "trace" : "trace behind"}
            stroke={/^[0-9a-f]{6}$/i.test(one.colour) ? `#${one.colour}` : "currentColor"}
            vector-effect="non-scaling-stroke"
            d={one.paths.map((flat) => path(view, pointsOf(flat), false)).join("")}
          >
            <title>{one.name}</title>
          </path>
        ))}
      </g>
    ),
    [lines, view, chosen],
  );
}

function useDrag(at: Window, setAt: (at: Window) => void) {
  const from = useRef<{ x: number; y: number; at: Window; moved: boolean } | null>(null);
  return {
    onPointerDown: (event: PointerEvent) => {
      from.current = { x: event.clientX, y: event.clientY, at, moved: false };
    },
    onPointerMove: (event: PointerEvent) => {
      const began = from.current;
      if (began === null || !(event.currentTarget instanceof Element)) return;
      const { width } = event.currentTarget.getBoundingClientRect();
      const [dx, dy] = [event.clientX - began.x, event.clientY - began.y];
      if (!began.moved && Math.hypot(dx, dy) < DRAGGED_PX) return;
      began.moved = true;
      setAt(moved(began.at, ALL, -dx / width, (-dy / width) * (ALL.width / ALL.height)));
    },
    onPointerUp: () => void (from.current = null),
    onPointerLeave: () => void (from.current = null),
  };
}
