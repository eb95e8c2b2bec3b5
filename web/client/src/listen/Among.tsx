// "Entre nous": what the team writes beside a conversation. It looks like nothing that she reads: another place,
// another colour, other words, and its text goes by a function that knows no room of hers.

import { useEffect, useRef, useState } from "preact/hooks";
import { useStore } from "../store.ts";
import { clock, t } from "../words.ts";
import type { Open, Post } from "./post.ts";
import { whoIs } from "./words.ts";

const LONGEST = 2_000;

export function Among({ post, open }: { post: Post; open: Open }) {
  const { aside, chat, role } = open;
  const { notes, fresh, names } = useStore(aside.view);
  const talk = useStore(aside.talk.state);
  const { among } = useStore(post.picture);
  const opened = among.includes(chat);
  // Whoever stands beside speaks to the one who answers; hers stay beside the conversation.
  const kind = role === "operator" ? "note" : "whisper";
  const last = notes.at(-1);
  const list = useRef<HTMLOListElement>(null);
  // The newest is in sight.
  useEffect(() => list.current?.scrollTo(0, list.current.scrollHeight), [notes.length, opened]);
  return (
    <section class={opened ? "among" : "among shut"} aria-labelledby={`among-${chat}`} data-testid="among">
      <div class="among-head">
        <h3 id={`among-${chat}`}>{t("listen.among")}</h3>
        <button
          type="button"
          class="button secondary small among-toggle"
          aria-expanded={opened}
          data-testid="among-toggle"
          onClick={() => post.among(chat)}
        >
          {opened ? t("listen.shut") : fresh > 0 ? t("listen.among_fresh", { n: fresh }) : t("listen.among_open")}
        </button>
      </div>
      <div class="among-last" aria-live="polite">
        {last && fresh > 0 && (
          <p>
            <strong>{whoIs(last.seat, talk, names)}</strong> <span dir="auto">{last.text}</span>
          </p>
        )}
      </div>
      <div class="among-body">
        <p class="hint">{t("listen.among_text")}</p>
        {notes.length > 0 && (
          <ol ref={list} class="notes" tabIndex={0} aria-label={t("listen.notes")}>
            {notes.map((one) => (
              <li key={one.id} class={one.type} data-testid="note">
                <p class="who">
                  {one.type === "whisper" ? t("listen.whispers", { who: whoIs(one.seat, talk, names) }) : whoIs(one.seat, talk, names)}{" "}
                  {one.at !== null && <time dateTime={one.at}>{clock(one.at)}</time>}
                </p>
                <p class="said" dir="auto">
                  {one.text}
                </p>
                {one.state === "refused" && (
                  <p class="who" role="alert">
                    {t("listen.note_failed")}{" "}
                    <button type="button" class="link" onClick={() => void aside.note(one.type, one.text, one.id)}>
                      {t("room.again")}
                    </button>
                  </p>
                )}
              </li>
            ))}
          </ol>
        )}
        <NoteBox open={open} kind={kind} />
      </div>
    </section>
  );
}

function NoteBox({ open, kind }: { open: Open; kind: "note" | "whisper" }) {
  const { aside, chat } = open;
  const { notes } = useStore(aside.view);
  const [text, setText] = useState("");
  const id = `note-${chat}`;
  useEffect(() => {
    if (document.activeElement?.id === id) aside.read();
  }, [notes.length]);

  function keep(): void {
    const words = text.trim();
    if (words === "") return;
    setText("");
    void aside.note(kind, words);
  }

  return (
    <form
      class="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <label for={id}>{t(`listen.${kind}_label`)}</label>
      <textarea
        id={id}
        class="input"
        rows={2}
        maxLength={LONGEST}
        autocomplete="off"
        aria-describedby={`${id}-who`}
        data-testid="note-box"
        value={text}
        onFocus={() => aside.read()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          keep();
        }}
      />
      <div class="row">
        <button type="submit" class="button secondary small" data-testid="note-keep">
          {t(`listen.${kind}_go`)}
        </button>
        <span id={`${id}-who`} class="hint">
          {t("listen.never_hers")}
        </span>
      </div>
    </form>
  );
}
