// Rooms for the night on the operators' board: alarms on top whatever is open, then needs, one of them, and hotels.

import { useEffect, useState } from "preact/hooks";
import type { Line } from "../net/link.ts";
import { byArea } from "../pure/beds.ts";
import { useStore } from "../store.ts";
import { t, type Catalogues } from "../words.ts";
import { Alarms } from "./Alarms.tsx";
import { AskFor } from "./AskFor.tsx";
import { FollowUps } from "./FollowUps.tsx";
import { Hotels } from "./Hotels.tsx";
import { Need } from "./Need.tsx";
import { Needs } from "./Needs.tsx";
import { Nights } from "./nights.ts";

export const words: Catalogues = {
  fr: () => import("../locales/fr.json?rooms"),
  en: () => import("../locales/en.json?rooms"),
};

interface RoomsProps {
  line: Line;
  /** Alarms are shown even when something else is looked at. */
  shown: boolean;
  /** Look at rooms, from wherever an alarm was seen. */
  show: () => void;
}

export function Rooms({ line, shown, show }: RoomsProps) {
  const [nights] = useState(() => new Nights(line));
  useEffect(() => {
    nights.begin();
    return () => nights.end();
  }, [nights]);
  const { nights_given, rooms } = useStore(nights.board);
  function look(need: string): void {
    show();
    nights.open(need);
  }
  return (
    <>
      <Alarms nights={nights} look={look} />
      {shown && (
        <div class="board" data-testid="rooms">
          <div class="column">
            <Needs nights={nights} />
            <AskFor
              nights={nights}
              title={t("rooms.ask_for")}
              areas={byArea(rooms).sort((a, b) => a.area.localeCompare(b.area))}
            />
            <FollowUps nights={nights} />
          </div>
          <div class="column">
            <Need nights={nights} />
            <Hotels nights={nights} />
            <p class="quiet" data-testid="given">
              {t("rooms.given", { n: nights_given })}
            </p>
          </div>
        </div>
      )}
    </>
  );
}
