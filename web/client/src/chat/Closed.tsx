// Nobody can write back now: said kindly, with who answers all the same.

import { Act } from "../parts/Act.tsx";
import { Title } from "../parts/Frame.tsx";
import { NumbersLarge } from "../parts/Numbers.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Chat } from "./chat.ts";
import { Tongues } from "./Steps.tsx";
import { whenWords } from "./when.ts";

export function Closed({ chat, back }: { chat: Chat; back: () => void }) {
  const { hours } = useStore(chat.picture);
  return (
    <section data-testid="chat-closed">
      <Tongues />
      <Title>{t(hours === null ? "chat.unreached" : "chat.closed")}</Title>
      <p class="lead">{t(hours === null ? "chat.unreached_text" : "chat.closed_text")}</p>
      {hours?.opens_at && <p class="headline">{t("chat.opens", { when: whenWords(hours.opens_at) })}</p>}
      <Calls />
      <div class="answers">
        <Act act={() => chat.look()} testid="look-again">
          {t("chat.closed_again")}
        </Act>
        <button type="button" class="button secondary" onClick={back}>
          {t("chat.back")}
        </button>
      </div>
    </section>
  );
}

export function Blocked({ back }: { back: () => void }) {
  return (
    <section data-testid="chat-blocked">
      <Title>{t("chat.blocked")}</Title>
      <p class="lead">{t("chat.blocked_text")}</p>
      <Calls />
      <div class="answers">
        <button type="button" class="button secondary" onClick={back}>
          {t("chat.back")}
        </button>
      </div>
    </section>
  );
}

function Calls() {
  return (
    <>
      <p>{t("chat.phone_text")}</p>
      <p class="answers">
        <a class="button primary big" href="tel:3919">
          {t("chat.phone")}
          <small>{t("chat.phone_more")}</small>
        </a>
      </p>
      <h2>{t("chat.emergency")}</h2>
      <NumbersLarge />
    </>
  );
}
