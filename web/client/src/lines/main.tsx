// Transport on the operators' board: what happens on lines, one event opened, the network drawn, what travellers are told.

import { useEffect, useState } from "preact/hooks";
import type { Line } from "../net/link.ts";
import { useStore } from "../store.ts";
import { t, type Catalogues } from "../words.ts";
import { Events } from "./Events.tsx";
import { HotSpots } from "./HotSpots.tsx";
import { LineMap } from "./LineMap.tsx";
import { OpenedEvent } from "./Opened.tsx";
import { Told } from "./Service.tsx";
import { Watching } from "./watching.ts";

export const words: Catalogues = {
  fr: () => import("../locales/fr.json?lines"),
  en: () => import("../locales/en.json?lines"),
};

interface TransportProps {
  line: Line;
  role: string;
  /** Whatever else is looked at, what has just begun is said. */
  shown: boolean;
  show: () => void;
}

export function Transport({ line, role, shown, show }: TransportProps) {
  const [watching] = useState(() => new Watching(line, role));
  useEffect(() => {
    watching.begin();
    return () => watching.end();
  }, [watching]);
  const { events } = useStore(watching.picture);
  const open = events?.length ?? 0;
  if (!shown) {
    return (
      <div role="status">
        {open > 0 && (
          <p class="notice" data-testid="lines-open">
            {t("lines.elsewhere", { n: open })}{" "}
            <button type="button" class="link" onClick={show}>
              {t("lines.look")}
            </button>
          </p>
        )}
      </div>
    );
  }
  return (
    <div class="board" data-testid="lines">
      <div class="column">
        <Events watching={watching} />
        <Told watching={watching} />
        <HotSpots watching={watching} />
      </div>
      <div class="column">
        <OpenedEvent watching={watching} />
        <LineMap watching={watching} />
      </div>
    </div>
  );
}
