// A line by hand, without any position: the network, the line in a list that can be searched, then the direction.

import { useEffect, useRef, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import type { Course, LineOf, NetworkKnown, NetworkOf } from "../net/transit.ts";
import { MOST_SHOWN, named, near, searchedIn } from "../pure/lookup.ts";
import { sorry, t } from "../words.ts";
import { Badge, lineWords, modeWord } from "./Ride.tsx";

/** Whoever can be asked for lines: a page's line to the server, or a page of staff without one. */
export interface Asks {
  session: { ensure: () => Promise<void> };
  command: <T>(method: string, body: unknown, timeout?: number) => Promise<T>;
}

interface LinePickerProps {
  line: Asks;
  /** In which network to begin. */
  network: string | null;
  /** `null`: whichever way it goes. */
  choose: (one: LineOf, course: Course | null) => void;
  /** Only the line matters. */
  either?: boolean;
}

const WAIT_MS = 8_000;

export function LinePicker({ line, network, choose, either = false }: LinePickerProps) {
  const [networks, setNetworks] = useState<readonly NetworkOf[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [one, setOne] = useState<LineOf | null>(null);

  async function fetchThem(): Promise<void> {
    setFailure(null);
    try {
      await line.session.ensure();
      const [found, names] = await Promise.all([
        line.command<{ networks: NetworkOf[] }>("transit.lines", {}, WAIT_MS),
        // As people know them; without it the networks' own short names do.
        line.command<{ networks: NetworkKnown[] }>("network.list", {}, WAIT_MS).catch(() => ({ networks: [] })),
      ]);
      setNetworks(near(named(found.networks, names.networks), network));
    } catch (error) {
      setFailure(refusalOf(error).message);
    }
  }
  useEffect(() => void fetchThem(), []);

  if (failure !== null) {
    return (
      <div role="alert">
        <p class="error">{sorry(failure)}</p>
        <button type="button" class="button secondary" onClick={() => void fetchThem()}>
          {t("ride.again")}
        </button>
      </div>
    );
  }
  if (networks === null) return <p role="status">{t("finding.text")}</p>;
  if (one !== null) return <Directions one={one} choose={choose} back={() => setOne(null)} />;

  const current = networks.find((it) => it.network === chosen) ?? networks[0];
  if (current === undefined) return <p role="status">{t("ride.no_network")}</p>;
  const found = searchedIn(networks, current, text, modeWord);
  function pick(line: LineOf): void {
    if (either || line.courses.length === 0) choose(line, null);
    else setOne(line);
  }
  return (
    <div class="picker" data-testid="picker">
      {networks.length > 1 && (
        <label class="field">
          {t("ride.network_which")}
          <select
            class="input"
            value={current.network}
            data-testid="pick-network"
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            {networks.map((it) => (
              <option key={it.network} value={it.network}>
                {it.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field">
        {t("ride.search")}
        <input
          class="input"
          type="search"
          inputMode="search"
          autocomplete="off"
          value={text}
          data-testid="pick-search"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <p class="hint" role="status">
        {found.length === 0 ? t("ride.none") : found.length > MOST_SHOWN ? t("ride.more") : ""}
      </p>
      <ul class="picks">
        {found.slice(0, MOST_SHOWN).map((it) => (
          <li key={it.line}>
            <button type="button" class="pick" data-testid="pick-line" onClick={() => pick(it)}>
              <Badge {...it} />
              <span class="quiet">{[...new Set(it.courses.map(({ headsign }) => headsign))].join(" ↔ ")}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface DirectionsProps {
  one: LineOf;
  choose: LinePickerProps["choose"];
  back: () => void;
}

function Directions({ one, choose, back }: DirectionsProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="picker" data-testid="directions">
      <h2 ref={heading} tabIndex={-1}>
        {t("ride.direction", { line: lineWords(one.mode, one.name) })}
      </h2>
      <ul class="picks">
        {one.courses.map((course) => (
          <li key={`${course.direction} ${course.headsign}`}>
            <button type="button" class="pick" data-testid="pick-direction" onClick={() => choose(one, course)}>
              <strong>{t("ride.towards", { headsign: course.headsign })}</strong>
            </button>
          </li>
        ))}
        <li>
          <button type="button" class="pick" data-testid="pick-either" onClick={() => choose(one, null)}>
            {t("ride.either")}
          </button>
        </li>
      </ul>
      <button type="button" class="link" onClick={back}>
        {t("ride.other_line")}
      </button>
    </div>
  );
}
