// What every question has: where one is, a way on, a way back, and a way past all of them.

import type { ComponentChildren } from "preact";
import { Act } from "../parts/Act.tsx";
import { Title } from "../parts/Frame.tsx";
import { QUESTIONS, type Question } from "../pure/seeking.ts";
import { t } from "../words.ts";
import type { Seek } from "./seek.ts";

interface StepProps {
  seek: Seek;
  at: Question;
  title: string;
  children: ComponentChildren;
  back?: () => void;
  /** Nothing may be sent yet, and why. */
  missing?: string | null;
}

export function Step({ seek, at, title, children, back, missing = null }: StepProps) {
  const n = QUESTIONS.indexOf(at) + 1;
  const last = n === QUESTIONS.length;
  return (
    <section class="question" data-testid={`ask-${at}`}>
      <Title>{title}</Title>
      <p class="hint">{t("sleep.question", { at: n, of: QUESTIONS.length })}</p>
      {children}
      <div class="answers" role="group" aria-label={t("sleep.on")}>
        {missing !== null && (
          <p class="error" role="status">
            {missing}
          </p>
        )}
        {!last && (
          <button type="button" class="button primary" data-testid="next" onClick={() => seek.turn(1)}>
            {t("sleep.next")}
          </button>
        )}
        {last && missing === null && (
          <Act kind="primary" act={() => seek.ask()} testid="seek">
            {t("sleep.go")}
          </Act>
        )}
        <button type="button" class="button secondary" onClick={() => seek.turn(-1) || back?.()}>
          {t("sleep.back")}
        </button>
        {!last && (
          <Act kind="plain" act={() => seek.ask()} testid="seek-now">
            {t("sleep.go_now")}
          </Act>
        )}
      </div>
    </section>
  );
}
