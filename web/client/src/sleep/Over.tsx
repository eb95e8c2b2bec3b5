// The end of a search, and what remains possible.

import type { NeedState } from "../net/rooms.ts";
import { Title } from "../parts/Frame.tsx";
import { t } from "../words.ts";

export function Over({ need, finish }: { need: NeedState; finish: () => void }) {
  const how = need.state === "safe" || need.state === "declined" ? need.state : "unmet";
  return (
    <section data-testid="over">
      <Title>{t(`sleep.over.${how}`)}</Title>
      <p class="lead">{t(`sleep.over.${how}_text`)}</p>
      <p>{t("sleep.over_forget")}</p>
      <div class="answers">
        <a class="button secondary" href="tel:3919">
          {t("sleep.talk")}
        </a>
        {how !== "safe" && (
          <a class="button secondary" href="tel:115">
            {t("sleep.call_115")}
          </a>
        )}
        <button type="button" class="button primary" data-testid="finish" onClick={finish}>
          {t("sleep.finish")}
        </button>
      </div>
    </section>
  );
}
