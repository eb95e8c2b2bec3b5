// Her request, on its way.

import { Going } from "../parts/Going.tsx";
import { NumbersLarge } from "../parts/Numbers.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Journey } from "./journey.ts";

export function SendingScreen({ journey }: { journey: Journey }) {
  const { sending } = useStore(journey.picture);
  return (
    <Going
      sending={sending}
      words={{
        title: t("sending.title"),
        text: t("sending.text"),
        unsent: t("unsent.title"),
        unsentText: t("unsent.text"),
        trying: t("unsent.trying"),
        stop: t("unsent.stop"),
        stopped: t("unsent.stopped"),
        again: t("unsent.again"),
      }}
      numbers={<NumbersLarge />}
      onStop={() => journey.abandon()}
      onAgain={() => journey.held()}
    />
  );
}
