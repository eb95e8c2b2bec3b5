// The end: what was said can still be read here, then nothing of it stays on this phone.

import { useEffect, useRef } from "preact/hooks";
import type { Conversation } from "../net/conversation.ts";
import { Act } from "../parts/Act.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import { ELSEWHERE, type Chat } from "./chat.ts";
import { save } from "./copy.ts";

interface OverProps {
  chat: Chat;
  talk: Conversation;
  finish: () => void;
}

export function Over({ chat, talk, finish }: OverProps) {
  const elsewhere = useStore(chat.picture).view?.ending === ELSEWHERE;
  const card = useRef<HTMLElement>(null);
  const count = useStore(talk.state).entries.length;
  useEffect(() => {
    if (document.activeElement === document.body) card.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => card.current?.scrollIntoView({ block: "end" }), [count]);
  return (
    <section ref={card} tabIndex={-1} class="card" aria-labelledby="over" data-testid="chat-over">
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
