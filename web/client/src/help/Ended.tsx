// The end of a request, and what remains possible.

import { Title } from "../parts/Frame.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Journey } from "./journey.ts";

export function Ended({ journey }: { journey: Journey }) {
  const { alert } = useStore(journey.picture);
  const state = alert?.state === "cancelled" ? "cancelled" : alert?.state === "expired" ? "expired" : "closed";
  return (
    <section data-testid="ended">
      <Title>{t(`ended.${state}`)}</Title>
      <p class="lead">{t(`ended.${state}_text`)}</p>
      <p>{t("ended.talk")}</p>
      <p>
        <a class="button secondary" href="tel:3919">
          {t("ended.3919")}
        </a>
      </p>
      <button type="button" class="button primary" onClick={() => journey.finish()}>
        {t("ended.finish")}
      </button>
    </section>
  );
}
