// The words that she reads. Nothing is sent while a colleague writes the answer, nor while something is left open.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { correctable } from "../pure/conversation.ts";
import { blank, choices, slash, titleOf } from "../pure/listening.ts";
import type { CannedReply } from "../net/listen.ts";
import { useNow, useStore } from "../store.ts";
import { language, t } from "../words.ts";
import type { Open, Post } from "./post.ts";
import { tongue, whoIs } from "./words.ts";

const LONGEST = 2_000;
const MOST_SHOWN = 6;

export function Reply({ post, open }: { post: Post; open: Open }) {
  const { aside, chat } = open;
  const { talk } = aside;
  const talked = useStore(talk.state);
  const { lookers, names } = useStore(aside.view);
  const { replies } = useStore(post.picture);
  const now = useNow(5_000);
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const [correcting, correct] = useState<string | null>(null);
  const [chosen, choose] = useState(0);
  const [open_, leaveOpen] = useState<string | null>(null);
  const id = `reply-${chat}`;
  const wanted = slash(text);
  const found = wanted === null ? [] : choices(replies, wanted, open.language).slice(0, MOST_SHOWN);
  const holder = lookers.find(({ state }) => state === "draft");
  const last = correctable(talked, talked.seat, now);
  const inserted = useStore(post.insert);
  // Words that the box does not hold yet.
  const chosenGap = useRef<[number, number] | null>(null);
  useLayoutEffect(() => {
    if (chosenGap.current !== null) box.current?.setSelectionRange(...chosenGap.current);
    chosenGap.current = null;
  }, [text]);
  useEffect(() => () => void aside.drafting(false), [aside]);
  useEffect(() => {
    if (inserted?.chat !== chat) return;
    post.insert.set(null);
    put(inserted.text);
  }, [inserted]);

  function write(words: string): void {
    setText(words);
    choose(0);
    leaveOpen(null);
    void aside.drafting(words !== "" && slash(words) === null);
  }

  /** What is still to be written is chosen, so that writing takes its place. */
  function select(words: string, from = 0): boolean {
    const gap = blank(words, from);
    if (gap === null) return false;
    if (box.current?.value === words) box.current.setSelectionRange(gap.start, gap.end);
    else chosenGap.current = [gap.start, gap.end];
    return true;
  }

  function put(words: string): void {
    write(words);
    box.current?.focus();
    select(words);
  }

  function insert(reply: CannedReply): void {
    post.used(reply);
    put(reply.text);
  }

  function send(): void {
    const words = text.trim();
    if (words === "" || holder !== undefined || wanted !== null) return;
    const gap = blank(words);
    if (gap !== null) {
      leaveOpen(gap.name);
      select(text);
      return;
    }
    if (correcting === null) talk.say(words);
    else talk.edit(correcting, words);
    correct(null);
    write("");
  }

  function pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { key, shiftKey } = event;
    const done = ((): boolean => {
      if (wanted !== null && key === "ArrowDown") return choose(Math.min(chosen + 1, found.length - 1)), true;
      if (wanted !== null && key === "ArrowUp") return choose(Math.max(chosen - 1, 0)), true;
      if (wanted !== null && key === "Escape") return write(""), true;
      if (key === "Enter" && !shiftKey) {
        const reply = found[chosen];
        if (wanted !== null) return reply !== undefined && insert(reply), true;
        return send(), true;
      }
      if (key === "Tab" && !shiftKey && blank(text) !== null && wanted === null) return select(text, box.current?.selectionEnd ?? 0);
      if (key === "ArrowUp" && text === "" && last !== null) return correct(last.id), write(last.text), true;
      if (key === "Escape" && correcting !== null) return correct(null), write(""), true;
      if (key === "Escape") return document.getElementById(`chat-${chat}`)?.focus(), true;
      return false;
    })();
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <form
      class="reply"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p class="reply-top" role="status">
        {holder !== undefined
          ? t("listen.draft_held", { who: whoIs(holder.seat, talked, names) })
          : open.exited
            ? t("listen.exited_reply")
            : open.state === "held"
            ? t("listen.held_text")
            : correcting !== null
              ? t("listen.correcting")
              : t("listen.she_reads")}
      </p>
      {wanted !== null && found.length === 0 && <p class="choices quiet">{t("listen.no_reply")}</p>}
      {found.length > 0 && (
        <ul id={`${id}-choices`} class="choices" role="listbox" aria-label={t("listen.replies")}>
          {found.map((reply, n) => (
            <li
              key={reply.name}
              id={`${id}-choice-${n}`}
              role="option"
              aria-selected={n === chosen}
              data-testid="choice"
              onMouseDown={(event) => {
                event.preventDefault();
                insert(reply);
              }}
            >
              <strong>{titleOf(replies, reply, language())}</strong>{" "}
              {reply.language !== open.language && <span class="tag">{tongue(reply.language)}</span>}
              <span class="choice-text" dir="auto" lang={reply.language}>
                {reply.text}
              </span>
            </li>
          ))}
        </ul>
      )}
      <label class="hidden" for={id}>
        {t("listen.reply")}
      </label>
      <textarea
        ref={box}
        id={id}
        class="input"
        dir="auto"
        rows={rowsOf(text)}
        maxLength={LONGEST}
        autocomplete="off"
        placeholder={t("listen.reply_hint")}
        readOnly={holder !== undefined}
        aria-autocomplete="list"
        aria-controls={found.length > 0 ? `${id}-choices` : undefined}
        aria-activedescendant={found.length > 0 ? `${id}-choice-${chosen}` : undefined}
        data-testid="reply-box"
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
        onBlur={() => void aside.drafting(false)}
        onKeyDown={pressed}
      />
      <div role="alert">{open_ !== null && <p class="hint">{t("listen.still_open", { name: open_ })}</p>}</div>
      <div class="reply-bar">
        <button
          type="button"
          class="button plain small"
          data-testid="slash"
          onClick={() => {
            write(wanted === null ? "/" : "");
            box.current?.focus();
          }}
        >
          {t("listen.replies_open")}
        </button>
        {last !== null && correcting === null && text === "" && (
          <button
            type="button"
            class="button plain small"
            data-testid="correct"
            onClick={() => {
              correct(last.id);
              write(last.text);
              box.current?.focus();
            }}
          >
            {t("listen.correct")}
          </button>
        )}
        <button type="submit" class="button primary" aria-disabled={holder !== undefined} data-testid="send">
          {t(correcting === null ? "listen.send" : "listen.correct_go")}
        </button>
      </div>
    </form>
  );
}

function rowsOf(text: string): number {
  const lines = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 60)), 0);
  return Math.min(8, Math.max(2, lines));
}
