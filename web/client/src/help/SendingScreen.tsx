// Between the hold and the server's word. It never says "sent": that is the next screen.

import { useEffect, useRef } from "preact/hooks";
import { Title } from "../parts/Frame.tsx";
import { NumbersLarge } from "../parts/Numbers.tsx";
import { useStore } from "../store.ts";
import { sorry, t } from "../words.ts";
import type { Journey } from "./journey.ts";

export function SendingScreen({ journey }: { journey: Journey }) {
  const { sending } = useStore(journey.picture);
  if (sending.step === "unsent" || sending.step === "refused") return <Unsent journey={journey} />;
  return (
    <section class="waiting" data-testid="sending">
      <Title>{t("sending.title")}</Title>
      <p role="status">{t("sending.text")}</p>
      <div class="pulse" aria-hidden="true" />
    </section>
  );
}

function Unsent({ journey }: { journey: Journey }) {
  const { sending } = useStore(journey.picture);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
    scrollTo(0, 0);
  }, []);
  const trying = sending.step === "unsent" && sending.trying;
  const reason = sending.step === "unsent" || sending.step === "refused" ? sending.reason : "unavailable";
  return (
    <section class="unsent" data-testid="unsent">
      <div ref={box} tabIndex={-1} role="alert">
        <h1>{t("unsent.title")}</h1>
        <p class="lead">{t("unsent.text")}</p>
      </div>
      <NumbersLarge />
      <p class="reason">{reason === "abandoned" ? t("unsent.stopped") : sorry(reason)}</p>
      <p role="status">{trying && t("unsent.trying")}</p>
      {trying ? (
        <button type="button" class="button secondary" onClick={() => journey.abandon()}>
          {t("unsent.stop")}
        </button>
      ) : (
        <button type="button" class="button primary" data-testid="again" onClick={() => journey.held()}>
          {t("unsent.again")}
        </button>
      )}
    </section>
  );
}
