// Coming back with three words, and with her own if she had set one. Before both are right nothing is shown.

import { useRef, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { Title } from "../parts/Frame.tsx";
import { LONGEST_WORD, threeWords } from "../pure/chatting.ts";
import { sorry, t } from "../words.ts";
import type { Chat } from "./chat.ts";
import { Tongues } from "./Steps.tsx";

const LONGEST_WORDS = 80;
/** Not said by the server: what is typed is not three words. */
const THREE = "three";

function said(error: string, asked: boolean): string {
  if (error === THREE) return t("chat.return_three");
  return error === "wrong_words" && asked ? t("chat.return_own_wrong") : sorry(error);
}

export function Back({ chat, back }: { chat: Chat; back: () => void }) {
  const [words, setWords] = useState("");
  const [word, setWord] = useState("");
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const own = useRef<HTMLInputElement>(null);

  async function go(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    if (threeWords(words).split(" ").length !== 3) return setError(THREE);
    setBusy(true);
    setError(null);
    try {
      await chat.resume(words, word);
    } catch (failure) {
      const { message } = refusalOf(failure);
      // The words were right: hers is asked for, and that is no fault.
      if (message === "word_asked" && !asked) {
        setAsked(true);
        requestAnimationFrame(() => own.current?.focus());
      } else setError(message);
      setBusy(false);
    }
  }

  return (
    <section class="question" data-testid="ask-back">
      <Tongues />
      <Title>{t("chat.return")}</Title>
      <p class="lead">{t("chat.return_lead")}</p>
      <form onSubmit={(event) => void go(event)}>
        <div class="field">
          <label for="three-words">{t("chat.return_label")}</label>
          <input
            id="three-words"
            class="input"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            dir="ltr"
            maxLength={LONGEST_WORDS}
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </div>
        {asked && (
          <div class="field">
            <label for="own-word">{t("chat.return_word")}</label>
            <p class="hint" id="own-word-hint">
              {t("chat.return_word_hint")}
            </p>
            <input
              ref={own}
              id="own-word"
              class="input"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              dir="auto"
              maxLength={LONGEST_WORD}
              aria-describedby="own-word-hint"
              value={word}
              onInput={(event) => setWord(event.currentTarget.value)}
            />
          </div>
        )}
        <div role="alert">{error !== null && <p class="error">{said(error, asked)}</p>}</div>
        <div class="answers">
          <button type="submit" class="button primary" aria-busy={busy} data-testid="resume">
            {t("chat.return_go")}
          </button>
          <button type="button" class="button secondary" data-testid="new-chat" onClick={() => void chat.look()}>
            {t("chat.return_new")}
          </button>
          <button type="button" class="button plain" onClick={back}>
            {t("chat.back")}
          </button>
        </div>
      </form>
    </section>
  );
}
