// Three words to come back with: shown until she hides them, and nowhere else than in memory.

import { useState } from "preact/hooks";
import { t } from "../words.ts";

export function Words({ words, own }: { words: string; own: boolean }) {
  const [shown, setShown] = useState(true);
  return (
    <section class="card words-card" aria-labelledby="three">
      <h2 id="three">{t("chat.words")}</h2>
      {shown && (
        <p class="three" lang="fr" dir="ltr" data-testid="three-words">
          {words}
        </p>
      )}
      <p class="hint">
        {t("chat.words_text")} {own && t("chat.words_own")}
      </p>
      <button type="button" class="button secondary small" onClick={() => setShown(!shown)}>
        {t(shown ? "chat.words_hide" : "chat.words_show")}
      </button>
    </section>
  );
}
