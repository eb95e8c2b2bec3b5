// The search for a room is fetched only by those who look for one: the first page stays light.

import { useEffect, useState } from "preact/hooks";
import { Title } from "../parts/Frame.tsx";
import { speakAlso, t } from "../words.ts";
import type { Journey } from "./journey.ts";

type Sleep = (typeof import("../sleep/main.tsx"))["Sleep"];

export function Later({ journey, need }: { journey: Journey; need: string | null }) {
  const [found, setFound] = useState<{ Sleep: Sleep } | null>(null);
  const [failed, setFailed] = useState(false);

  async function fetchIt(): Promise<void> {
    setFailed(false);
    try {
      const { Sleep, words } = await import("../sleep/main.tsx");
      await speakAlso(words);
      setFound({ Sleep });
    } catch {
      setFailed(true);
    }
  }
  useEffect(() => void fetchIt(), []);

  if (found !== null) {
    return (
      <found.Sleep line={journey.line} need={need} back={() => journey.back()} finish={() => journey.finish()} />
    );
  }
  return (
    <section class="waiting">
      <Title>{t("finding.title")}</Title>
      {!failed && <p role="status">{t("finding.text")}</p>}
      {failed && (
        <>
          <p role="alert">{t("error.unavailable")}</p>
          <button type="button" class="button primary" onClick={() => void fetchIt()}>
            {t("unsent.again")}
          </button>
        </>
      )}
    </section>
  );
}
