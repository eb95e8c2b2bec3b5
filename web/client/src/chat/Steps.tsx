// What every question has: where one is, a way on, a way back, a way past all of them, and another language.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { Title } from "../parts/Frame.tsx";
import { QUESTIONS, TONGUES, type Question, type Tongue } from "../pure/chatting.ts";
import { language, speak, t } from "../words.ts";
import type { Chat } from "./chat.ts";

interface StepProps {
  chat: Chat;
  at: Question;
  title: string;
  children: ComponentChildren;
  back?: () => void;
  /** She may not go on, and why. */
  missing?: string | null;
}

export function Step({ chat, at, title, children, back, missing = null }: StepProps) {
  const n = QUESTIONS.indexOf(at) + 1;
  const last = n === QUESTIONS.length;
  return (
    <section class="question" data-testid={`ask-${at}`}>
      {n === 1 && <Tongues />}
      <Title>{title}</Title>
      <p class="hint">{t("chat.question", { at: n, of: QUESTIONS.length })}</p>
      {children}
      <div role="status">{missing !== null && <p class="error">{missing}</p>}</div>
      <div class="answers" role="group" aria-label={t("chat.on")}>
        {!last && missing === null && (
          <button type="button" class="button primary" data-testid="next" onClick={() => chat.turn(1)}>
            {t("chat.next")}
          </button>
        )}
        {last && missing === null && (
          <Act kind="primary" act={() => chat.ask()} testid="ask-chat">
            {t("chat.go")}
          </Act>
        )}
        {!last && (
          <Act act={() => chat.ask()} testid="ask-now">
            {t("chat.go_now")}
          </Act>
        )}
        <button type="button" class="button plain" onClick={() => chat.turn(-1) || back?.()}>
          {t("chat.back")}
        </button>
      </div>
    </section>
  );
}

export function Tongues() {
  const [failed, setFailed] = useState(false);
  return (
    <nav class="tongues" aria-label={t("chat.language")}>
      {(Object.keys(TONGUES) as Tongue[]).map((one) => (
        <button
          key={one}
          type="button"
          class="tongue"
          lang={one}
          aria-pressed={one === language()}
          data-testid={`tongue-${one}`}
          onClick={() => void speak(one).then(() => setFailed(false), () => setFailed(true))}
        >
          {TONGUES[one]}
        </button>
      ))}
      {failed && <p role="alert">{t("error.unavailable")}</p>}
    </nav>
  );
}
