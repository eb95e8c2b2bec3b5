// A map without tiles, as one SVG: areas, points and a scale. A list beside it says the same.

import type { Area } from "../net/wire.ts";
import { fit, path, scaleBar, type LatLon, type View } from "../pure/mercator.ts";
import { spoken } from "../pure/places.ts";
import { language } from "../words.ts";

export interface Shape {
  area: Area;
  look: "request" | "urgent" | "helpers" | "avoid";
  label?: string;
}

export interface Dot {
  at: LatLon;
  look: "me" | "place" | "none";
  label: string;
}

interface MapProps {
  title: string;
  shapes: readonly Shape[];
  dots?: readonly Dot[];
  width?: number;
  height?: number;
  /** Metres across, at least. */
  least?: number;
  /** A point under a finger; whoever uses keys has buttons beside the map. */
  onPick?: (view: View, x: number, y: number) => void;
}

export function SmallMap(props: MapProps) {
  const { title, shapes, dots = [], width = 360, height = 220, least, onPick } = props;
  const corners = [...shapes.flatMap((shape) => shape.area), ...dots.map((dot) => dot.at)];
  const view = fit(corners, width, height, least);
  const bar = scaleBar(view, width / 3);
  return (
    <svg
      class={onPick ? "map picked" : "map"}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={title}
      onClick={(event) => {
        const { left, top, width: wide } = event.currentTarget.getBoundingClientRect();
        onPick?.(view, ((event.clientX - left) * width) / wide, ((event.clientY - top) * width) / wide);
      }}
    >
      {shapes.map((shape, n) => (
        <g key={n} class={`shape ${shape.look}`}>
          <path d={path(view, shape.area)} />
          {shape.label && <Label at={center(shape.area)} text={shape.label} project={view.project} />}
        </g>
      ))}
      {dots.map((dot) => {
        const [x, y] = view.project(dot.at[0], dot.at[1]);
        return (
          <g key={dot.label} class={`dot ${dot.look}`}>
            <circle cx={x} cy={y} r={dot.look === "place" ? 8 : 6} />
            <text x={x} y={y - 13} text-anchor="middle">
              {dot.label}
            </text>
          </g>
        );
      })}
      <g class="scale" aria-hidden="true">
        <path d={`M12 ${height - 16}v6h${bar.pixels}v-6`} />
        <text x={12 + bar.pixels + 6} y={height - 9}>
          {spoken(bar.metres, language())}
        </text>
      </g>
    </svg>
  );
}

interface LabelProps {
  at: LatLon;
  text: string;
  project: (lat: number, lon: number) => readonly [number, number];
}

function Label({ at, text, project }: LabelProps) {
  const [x, y] = project(at[0], at[1]);
  return (
    <text x={x} y={y + 5} text-anchor="middle">
      {text}
    </text>
  );
}

function center(area: Area): LatLon {
  const n = Math.max(1, area.length);
  return [area.reduce((sum, p) => sum + p[0], 0) / n, area.reduce((sum, p) => sum + p[1], 0) / n];
}
