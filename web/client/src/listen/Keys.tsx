// Everything without a mouse: letters do something only while nobody is writing, and Escape stops writing.

import { useEffect, useRef } from "preact/hooks";
import { KEYS, shortcut, type ShortKey } from "../pure/listening.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Post } from "./post.ts";

const WRITES = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

export function useKeys(post: Post): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat) return;
      const writing = event.target instanceof Element && event.target.matches(WRITES);
      if (event.key === "Escape") return escape(post, writing);
      const key = post.picture.get().letters ? shortcut(event, writing) : null;
      if (key === null || !act(post, key)) return;
      event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [post]);
}

function escape(post: Post, writing: boolean): void {
  const { keys, tool, at } = post.picture.get();
  if (keys) return post.show({ keys: false });
  if (writing && document.activeElement instanceof HTMLElement) {
    const card = at === null ? null : document.getElementById(`chat-${at}`);
    return card === null ? document.activeElement.blur() : card.focus();
  }
  if (tool !== null) post.show({ tool: null });
}

/** What each key does is what a button on the page does: it is pressed, so that what it asks is asked. */
function act(post: Post, key: ShortKey): boolean {
  const { at, open, keys } = post.picture.get();
  // Behind the list nothing is pressed.
  if (keys && key !== "?") return false;
  const press = (testid: string, within: ParentNode = document): boolean => {
    const found = within.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
    found?.click();
    return found !== null;
  };
  const focus = (id: string): boolean => {
    const found = document.getElementById(id);
    found?.focus();
    return found !== null;
  };
  const card = at === null ? null : document.getElementById(`chat-${at}`)?.closest("article");
  switch (key) {
    case "?":
      post.show({ keys: !keys });
      return true;
    case "a":
      return press("accept");
    case "p":
      return press("refuse");
    case "s":
      return press("next") || press("on-duty");
    case "1":
    case "2": {
      const chat = open[Number(key) - 1]?.chat;
      if (chat === undefined) return false;
      post.show({ at: chat });
      return focus(`reply-${chat}`) || focus(`chat-${chat}`);
    }
    case "r":
      return at !== null && focus(`reply-${at}`);
    case "/":
      if (at === null || !focus(`reply-${at}`)) return false;
      return card ? press("slash", card) : false;
    case "n":
      if (at === null) return false;
      post.among(at, true);
      requestAnimationFrame(() => focus(`note-${at}`));
      return true;
    case "h":
      return card ? press("hold-chat", card) : false;
    case "t":
      return card ? press("tool-transfer", card) : false;
    case "o":
      return card ? press("tool-directory", card) : false;
    case "b":
      return card ? press("tool-bridges", card) : false;
    case "f":
      return card ? press("finish", card) : false;
  }
}

const NAMES: Readonly<Record<ShortKey, string>> = {
  ...{ a: "accept", p: "pass", s: "next", "1": "first", "2": "second", r: "reply", n: "note" },
  ...{ h: "hold", t: "transfer", o: "directory", b: "bridges", f: "finish", "/": "slash", "?": "list" },
};

export function Keys({ post }: { post: Post }) {
  const { keys, letters } = useStore(post.picture);
  const shown = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (keys) shown.current?.showModal();
    else shown.current?.close();
  }, [keys]);
  return (
    <dialog ref={shown} class="keys" aria-labelledby="keys" data-testid="key-list" onClose={() => post.show({ keys: false })}>
      <h2 id="keys">{t("listen.keys")}</h2>
      <p class="hint">{t("listen.keys_text")}</p>
      <dl>
        {KEYS.map((key) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`listen.key.${NAMES[key]}` as "listen.key.list")}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>{t("listen.key.enter_name")}</kbd>
          </dt>
          <dd>{t("listen.key.enter")}</dd>
        </div>
        <div>
          <dt>
            <kbd>{t("listen.key.escape_name")}</kbd>
          </dt>
          <dd>{t("listen.key.escape")}</dd>
        </div>
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={letters}
          data-testid="letters"
          onChange={(event) => post.show({ letters: event.currentTarget.checked })}
        />
        <span>{t("listen.keys_letters")}</span>
      </label>
      <button type="button" class="button primary" autofocus onClick={() => post.show({ keys: false })}>
        {t("listen.shut")}
      </button>
    </dialog>
  );
}
