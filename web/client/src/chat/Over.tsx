// The end: what was said can still be read here, then nothing of it stays on this phone.

import { Act } from "../parts/Act.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import { ELSEWHERE, type Chat } from "./chat.ts";
import { save } from "./copy.ts";

export function Over({ chat, finish }: { chat: Chat; finish: () => void }) {
  const elsewhere = useStore(chat.picture).view?.ending === ELSEWHERE;
  return (
    <section class="card" aria-labelledby="over" data-testid="chat-over">
      <div role="status">
        <h2 id="over">{t(elsewhere ? "chat.elsewhere" : "chat.over")}</h2>
        <p>{t("chat.over_text")}</p>
      </div>
      <div class="answers">
        <button type="button" class="button primary" data-testid="finish" onClick={finish}>
          {t("chat.forget")}
        </button>
        <a class="button secondary" href="tel:3919">
          {t("chat.phone")}
        </a>
        {!elsewhere && (
          <Act kind="plain" act={() => save(chat)} question={t("chat.copy_ask")} yes={t("chat.copy_yes")} testid="copy">
            {t("chat.copy")}
          </Act>
        )}
      </div>
    </section>
  );
}
