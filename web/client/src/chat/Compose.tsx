// Where she writes. Whatever the network does, her words are taken here and wait in sight.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { inline, type Conversation } from "../net/conversation.ts";
import { t } from "../words.ts";
import type { Chat } from "./chat.ts";
import { lightened } from "./photo.ts";

export const LONGEST = 2_000;

/** A message being changed: one that has left, or one that still waits. */
export interface Correcting {
  id: string;
  text: string;
  left: boolean;
}

interface ComposeProps {
  chat: Chat;
  talk: Conversation;
  correcting: Correcting | null;
  focus: boolean;
  done: () => void;
}

export function Compose({ chat, talk, correcting, focus, done }: ComposeProps) {
  const [text, setText] = useState(correcting?.text ?? chat.draft);
  const box = useRef<HTMLTextAreaElement>(null);
  const photo = usePhoto((file) => talk.say("", file));
  useEffect(() => {
    if (focus) box.current?.focus();
    return () => talk.typing(false);
  }, []);

  function write(words: string): void {
    setText(words);
    if (correcting === null) chat.draft = words;
    talk.typing(words.trim() !== "");
  }

  function send(event: Event): void {
    event.preventDefault();
    const words = text.trim();
    if (words === "") return;
    if (correcting === null) {
      write("");
      talk.say(words);
      box.current?.focus();
      return;
    }
    // It may have left while she was changing it: then what was said is changed.
    if (words !== correcting.text && (correcting.left || !talk.rewrite(correcting.id, words))) talk.edit(correcting.id, words);
    done();
  }

  function key(event: KeyboardEvent): void {
    // With a keyboard Enter sends; under a thumb it begins a line.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !matchMedia("(pointer: fine)").matches) return;
    send(event);
  }

  return (
    <>
      {correcting !== null && (
        <p class="correcting">
          {t("chat.editing")}{" "}
          <button type="button" class="link" onClick={done}>
            {t("chat.edit_cancel")}
          </button>
        </p>
      )}
      {photo.panel}
      <form class="compose" onSubmit={send}>
        {correcting === null && photo.button}
        <label class="hidden" for="say">
          {t("chat.label")}
        </label>
        <textarea
          ref={box}
          id="say"
          class="input"
          rows={1}
          dir="auto"
          autocomplete="off"
          maxLength={LONGEST}
          placeholder={t("chat.here")}
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={key}
        />
        <button type="submit" class="button primary" data-testid="say">
          {t("chat.send")}
        </button>
      </form>
    </>
  );
}

/** The way to a photo, and what is asked before it leaves. */
function usePhoto(send: (photo: Blob) => void): { button: ComponentChildren; panel: ComponentChildren } {
  const [photo, setPhoto] = useState<{ file: Blob; shown: string } | null>(null);
  const [bad, setBad] = useState(false);
  const question = useRef<HTMLParagraphElement>(null);
  const input = useRef<HTMLInputElement>(null);
  function close(): void {
    setPhoto(null);
    input.current?.focus();
  }
  useEffect(() => {
    if (photo !== null) question.current?.focus();
  }, [photo]);

  async function chosen(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    input.value = "";
    if (file === undefined) return;
    setBad(false);
    try {
      const light = await lightened(file);
      setPhoto({ file: light, shown: await inline(light) });
    } catch {
      setBad(true);
    }
  }

  const panel =
    photo === null ? (
      <div role="alert">{bad && <p class="error">{t("chat.photo_bad")}</p>}</div>
    ) : (
      <div class="ask" role="group" aria-label={t("chat.photo_ask")}>
        <p ref={question} tabIndex={-1}>
          {t("chat.photo_ask")}
        </p>
        <img class="photo small" src={photo.shown} alt={t("chat.photo_one")} />
        <p class="hint">{t("chat.photo_text")}</p>
        <div class="row">
          <button
            type="button"
            class="button primary"
            data-testid="photo-send"
            onClick={() => {
              send(photo.file);
              close();
            }}
          >
            {t("chat.photo_yes")}
          </button>
          <button type="button" class="button secondary" onClick={close}>
            {t("chat.photo_no")}
          </button>
        </div>
      </div>
    );
  const button = (
      <label class="add-photo">
        <input
          ref={input}
          type="file"
          class="hidden"
          accept="image/jpeg,image/png,image/webp"
          data-testid="photo"
          onChange={(event) => void chosen(event.currentTarget)}
        />
        <span>
          <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="M4 7h4l1.5-2.5h5L16 7h4v12H4z M12 16.2a3.4 3.4 0 1 0 0-6.8a3.4 3.4 0 0 0 0 6.8z" />
          </svg>
          <small aria-hidden="true">{t("chat.photo_one")}</small>
          <span class="hidden">{t("chat.photo")}</span>
        </span>
      </label>
  );
  return { button, panel };
}
