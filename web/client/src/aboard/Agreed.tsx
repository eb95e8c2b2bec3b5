// What a helper agreed to: being told on her trips, off at one tap; and lines that rest, until when.

import { useState } from "preact/hooks";
import type { LineOf } from "../net/transit.ts";
import { where } from "../net/where.ts";
import { Act } from "../parts/Act.tsx";
import { RESTS, resting, restUntil } from "../pure/helping.ts";
import { LinePicker } from "../ride/LinePicker.tsx";
import { lineWords } from "../ride/Ride.tsx";
import { useNow, useStore } from "../store.ts";
import { locale, t } from "../words.ts";
import type { Trips } from "./trips.ts";

const LOOK_MS = 15_000;

export function Agreed({ trips }: { trips: Trips }) {
  const { watch } = useStore(trips.picture);
  const { status } = useStore(where);
  if (watch === null) return null;
  return (
    <section class="card" aria-labelledby="trips" data-testid="trips">
      <h2 id="trips">{t("aboard.title")}</h2>
      {!watch.on && (
        <>
          <p>{t("aboard.what")}</p>
          <Kept />
          <Act kind="primary" act={() => trips.watch(true)} testid="watch-on">
            {t("aboard.agree")}
          </Act>
        </>
      )}
      {watch.on && (
        <>
          <p role="status">{t("aboard.on")}</p>
          {status === "refused" && <p class="notice">{t("aboard.no_place")}</p>}
          <Act act={() => trips.watch(false)} testid="watch-off">
            {t("aboard.stop")}
          </Act>
          <Resting trips={trips} />
          <details>
            <summary>{t("aboard.kept")}</summary>
            <Kept />
          </details>
        </>
      )}
    </section>
  );
}

function Kept() {
  return (
    <ul class="plain-list">
      <li>{t("aboard.kept_1")}</li>
      <li>{t("aboard.kept_2")}</li>
      <li>{t("aboard.kept_3")}</li>
      <li>{t("aboard.kept_4")}</li>
    </ul>
  );
}

function Resting({ trips }: { trips: Trips }) {
  const { watch } = useStore(trips.picture);
  const now = useNow(LOOK_MS);
  const [chosen, setChosen] = useState<LineOf | null>(null);
  const [open, setOpen] = useState(false);
  const lines = resting(watch?.muted ?? [], now);
  return (
    <section class="resting" aria-labelledby="resting">
      <h3 id="resting">{t("aboard.resting")}</h3>
      <ul class="people" data-testid="resting">
        {lines.map(({ line, name, until }) => (
          <li key={line} class="person">
            <p>
              <strong>{name}</strong> <span>{t("aboard.resumes", { when: dayAndHour(until) })}</span>
            </p>
            <Act kind="plain" act={() => trips.unmute(line)} testid="resume-line">
              {t("aboard.resume")}
              <span class="hidden"> {name}</span>
            </Act>
          </li>
        ))}
      </ul>
      {lines.length === 0 && <p class="quiet">{t("aboard.none_rests")}</p>}
      {chosen !== null && (
        <PutToRest
          trips={trips}
          line={chosen.line}
          name={lineWords(chosen.mode, chosen.name)}
          open
          done={() => {
            setChosen(null);
            setOpen(false);
          }}
        />
      )}
      {open && chosen === null && <LinePicker line={trips.line} network={null} choose={setChosen} either />}
      {!open && (
        <button type="button" class="button secondary" data-testid="rest-a-line" onClick={() => setOpen(true)}>
          {t("aboard.rest_a_line")}
        </button>
      )}
    </section>
  );
}

interface PutToRestProps {
  trips: Trips;
  line: string;
  name: string;
  open?: boolean;
  done?: () => void;
}

/** For how long; it comes back by itself. */
export function PutToRest({ trips, line, name, open = false, done }: PutToRestProps) {
  async function rest(until: Date): Promise<void> {
    await trips.mute(line, until);
    done?.();
  }
  return (
    <details open={open} data-testid="put-to-rest">
      <summary>{t("aboard.rest", { line: name })}</summary>
      <p class="hint">{t("aboard.rest_hint")}</p>
      <div class="row">
        {RESTS.map((one) => (
          <Act key={one} act={() => rest(restUntil(one, new Date()))} testid={`rest-${one}`}>
            {t(`aboard.rest.${one}`)}
          </Act>
        ))}
      </div>
    </details>
  );
}

function dayAndHour(at: string): string {
  return new Intl.DateTimeFormat(locale(), { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" }).format(
    new Date(at),
  );
}
