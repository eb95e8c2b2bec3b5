// Her search for a room, fetched only when she looks for one. Same address, same title, same history entry.

import { useEffect, useState } from "preact/hooks";
import type { Journey } from "../help/journey.ts";
import { LineWords } from "../parts/LineWords.tsx";
import { isToRemember, stageOf } from "../pure/seeking.ts";
import { useStore } from "../store.ts";
import { t, type Catalogues } from "../words.ts";
import { Avoid } from "./Avoid.tsx";
import { Choose } from "./Choose.tsx";
import { Over } from "./Over.tsx";
import { Reached } from "./Reached.tsx";
import { Expected, There, Waiting } from "./Room.tsx";
import { Seek } from "./seek.ts";
import { When } from "./When.tsx";
import { Who } from "./Who.tsx";

export const words: Catalogues = {
  fr: () => import("../locales/fr.json?sleep"),
  en: () => import("../locales/en.json?sleep"),
};

export function Part({ journey }: { journey: Journey }) {
  const { line } = journey;
  /** What was open already. */
  const [need] = useState(() => journey.picture.get().need);
  const [seek] = useState(() => new Seek(line));
  useEffect(() => {
    void begin(seek, need);
    return () => seek.close();
  }, [seek, need]);
  const { step, need: known } = useStore(seek.picture);
  switch (step) {
    case "finding":
      return <p role="status">{t("finding.text")}</p>;
    case "who":
      return <Who seek={seek} back={() => journey.back()} />;
    case "when":
      return <When seek={seek} />;
    case "avoid":
      return <Avoid seek={seek} />;
    case "reach":
      return <Reached seek={seek} />;
    case "need": {
      if (known === null) return null;
      const stage = stageOf(known, known.hold);
      return (
        <>
          {stage === "choose" && <Choose seek={seek} need={known} />}
          {stage === "waiting" && known.hold && <Waiting seek={seek} hold={known.hold} />}
          {stage === "expected" && known.hold && <Expected seek={seek} hold={known.hold} />}
          {stage === "there" && known.hold && <There seek={seek} hold={known.hold} />}
          {stage === "over" && <Over need={known} finish={() => journey.finish()} />}
          {stage !== "over" && (
            <div class="then">
              <LineWords line={line} />
              <p class="hint">{t(isToRemember(stage) ? "sleep.leaving" : "sleep.leaving_there")}</p>
            </div>
          )}
        </>
      );
    }
  }
}

const AGAIN_MS = 3_000;

async function begin(seek: Seek, need: string | null): Promise<void> {
  for (;;) {
    try {
      return await seek.begin(need);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
