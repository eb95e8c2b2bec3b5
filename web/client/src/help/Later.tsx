// The search for a room is fetched only by those who look for one: the first page stays light.

import { Title } from "../parts/Frame.tsx";
import { useLate } from "../parts/late.ts";
import { t } from "../words.ts";
import type { Journey } from "./journey.ts";

export function Later({ journey, need }: { journey: Journey; need: string | null }) {
  const { found, failed, again } = useLate(() => import("../sleep/main.tsx"));
  if (found !== null) {
    return <found.Sleep line={journey.line} need={need} back={() => journey.back()} finish={() => journey.finish()} />;
  }
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
