// The search for a room, the conversation with the helpline and reports from transport are fetched only by those who
// go there: the first page stays light.

import type { ComponentType } from "preact";
import { Title } from "../parts/Frame.tsx";
import { useLate } from "../parts/late.ts";
import { t, type Catalogues } from "../words.ts";
import type { Journey, Late } from "./journey.ts";

interface Part {
  words: Catalogues;
  Part: ComponentType<{ journey: Journey; screen: Late }>;
}

const chat = (): Promise<Part> => import("../chat/main.tsx");
const PARTS: Record<Late, () => Promise<Part>> = {
  sleep: () => import("../sleep/main.tsx"),
  chat,
  back: chat,
  transport: () => import("../witness/main.tsx"),
};

export function Later({ journey, screen }: { journey: Journey; screen: Late }) {
  const { found, failed, again } = useLate(PARTS[screen]);
  if (found !== null) return <found.Part journey={journey} screen={screen} />;
  return (
    <section class="waiting">
      <Title>{t("finding.title")}</Title>
      {!failed && <p role="status">{t("finding.text")}</p>}
      {failed && (
        <>
          <p role="alert">{t("error.unavailable")}</p>
          <button type="button" class="button primary" onClick={again}>
            {t("unsent.again")}
          </button>
        </>
      )}
    </section>
  );
}
