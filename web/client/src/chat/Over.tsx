// The end: what was said can still be read here, then nothing of it stays on this phone.

import { Act } from "../parts/Act.tsx";
import { t } from "../words.ts";
import type { Chat } from "./chat.ts";
import { save } from "./copy.ts";

export function Over({ chat, finish }: { chat: Chat; finish: () => void }) {
  return (
    <section class="card" aria-labelledby="over" data-testid="chat-over">
      <h2 id="over" role="status">
        {t("chat.over")}
      </h2>
      <p>{t("chat.over_text")}</p>
      <div class="answers">
        <button type="button" class="button primary" data-testid="finish" onClick={finish}>
          {t("chat.forget")}
        </button>
        <a class="button secondary" href="tel:3919">
          {t("chat.phone")}
        </a>
        <Act kind="plain" act={() => save(chat)} question={t("chat.copy_ask")} yes={t("chat.copy_yes")} testid="copy">
          {t("chat.copy")}
        </Act>
      </div>
    </section>
  );
}
