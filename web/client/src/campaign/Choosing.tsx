// Where posters hang: a line found by typing, then its stops, all of them or the line itself; or a venue by hand.

import { useEffect, useRef, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import type { LineOf, StopOf } from "../net/transit.ts";
import type { PlaceChosen } from "../pure/campaign.ts";
import { LinePicker } from "../ride/LinePicker.tsx";
import { Badge } from "../ride/Ride.tsx";
import { sorry, t } from "../words.ts";
import type { Studio } from "./studio.ts";

interface ChoosingProps {
  studio: Studio;
  add: (places: readonly PlaceChosen[]) => void;
}

export function Choosing({ studio, add }: ChoosingProps) {
  const [how, setHow] = useState<"line" | "venue" | null>(null);
  const [line, setLine] = useState<LineOf | null>(null);
  const first = useRef<HTMLButtonElement>(null);
  const returned = useRef(false);
  useEffect(() => {
    // Back where one began: the next place is a key away.
    if (how === null && returned.current) first.current?.focus();
    returned.current = true;
  }, [how]);
  const done = (places: readonly PlaceChosen[]): void => {
    add(places);
    setHow(null);
    setLine(null);
  };
  if (how === null) {
    return (
      <div class="row">
        <button ref={first} type="button" class="button secondary" data-testid="add-line" onClick={() => setHow("line")}>
          {t("studio.new.add_line")}
        </button>
        <button type="button" class="button secondary" data-testid="add-venue" onClick={() => setHow("venue")}>
          {t("studio.new.add_venue")}
        </button>
      </div>
    );
  }
  return (
    <div class="choosing">
      {how === "venue" && <Venue done={done} />}
      {how === "line" && line === null && <LinePicker line={studio} network={null} either choose={(one) => setLine(one)} />}
      {how === "line" && line !== null && <Stops studio={studio} line={line} done={done} />}
      <button
        type="button"
        class="button plain"
        data-testid="add-back"
        onClick={() => (line === null ? setHow(null) : setLine(null))}
      >
        {t("studio.new.back")}
      </button>
    </div>
  );
}

function Venue({ done }: { done: ChoosingProps["add"] }) {
  const [venue, setVenue] = useState("");
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  const go = (): void => {
    if (venue.trim() !== "") done([{ venue: venue.trim() }]);
  };
  return (
    <div class="field">
      <label for="venue">{t("studio.new.venue")}</label>
      <p class="hint" id="venue-hint">
        {t("studio.new.venue_hint")}
      </p>
      <input
        ref={box}
        id="venue"
        class="input"
        maxLength={80}
        autocomplete="off"
        aria-describedby="venue-hint"
        data-testid="venue"
        value={venue}
        onInput={(event) => setVenue(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // The place, not the whole form.
          event.preventDefault();
          go();
        }}
      />
      <button type="button" class="button secondary" data-testid="venue-go" onClick={go}>
        {t("studio.new.add")}
      </button>
    </div>
  );
}

interface StopsProps {
  studio: Studio;
  line: LineOf;
  done: ChoosingProps["add"];
}

const WHOLE = "";

function Stops({ studio, line, done }: StopsProps) {
  const [stops, setStops] = useState<readonly StopOf[] | null>(line.courses.length === 0 ? [] : null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const legend = useRef<HTMLLegendElement>(null);
  useEffect(() => legend.current?.focus(), []);
  useEffect(() => {
    const direction = line.courses[0]?.direction;
    if (direction === undefined) return;
    void studio
      .command<{ stops: StopOf[] }>("transit.stops", { line: line.line, direction })
      .then((found) => setStops(found.stops))
      .catch((error: unknown) => setFailure(refusalOf(error).message));
  }, []);
  const own = { line: line.line, line_name: line.name };
  const all = stops?.map(({ stop }) => stop) ?? [];
  const toggle = (stop: string): void =>
    setChosen(chosen.includes(stop) ? chosen.filter((one) => one !== stop) : [...chosen, stop]);
  function go(): void {
    const places = (stops ?? []).filter(({ stop }) => chosen.includes(stop)).map(({ stop, name }) => ({ ...own, stop, stop_name: name }));
    done([...(chosen.includes(WHOLE) ? [own] : []), ...places]);
  }
  return (
    <fieldset class="stops" data-testid="stops">
      <legend ref={legend} tabIndex={-1}>
        <Badge {...line} /> {t("studio.new.which_stops")}
      </legend>
      {failure !== null && (
        <p class="error" role="alert">
          {sorry(failure)}
        </p>
      )}
      <label class="check">
        <input type="checkbox" checked={chosen.includes(WHOLE)} data-testid="stop-whole" onChange={() => toggle(WHOLE)} />
        <span>{t("studio.new.line_itself")}</span>
      </label>
      {all.length > 0 && (
        <button
          type="button"
          class="button plain"
          data-testid="stop-all"
          onClick={() => setChosen([...chosen.filter((one) => one === WHOLE), ...(all.every((one) => chosen.includes(one)) ? [] : all)])}
        >
          {t("studio.new.all_stops", { n: all.length })}
        </button>
      )}
      {stops?.map(({ stop, name }) => (
        <label key={stop} class="check">
          <input type="checkbox" checked={chosen.includes(stop)} data-testid="stop" onChange={() => toggle(stop)} />
          <span>{name}</span>
        </label>
      ))}
      <button type="button" class="button secondary" disabled={chosen.length === 0} data-testid="stops-go" onClick={go}>
        {t("studio.new.add_places", { n: chosen.length })}
      </button>
    </fieldset>
  );
}
