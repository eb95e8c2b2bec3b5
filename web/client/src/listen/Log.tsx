// What was said, in the server's order, and what happened beside it. Pictures are veiled until somebody asks.

import { useEffect, useRef, useState } from "preact/hooks";
import { picture, type Talked } from "../net/conversation.ts";
import { refusalOf } from "../net/http.ts";
import type { Bridge, BridgeKind } from "../net/listen.ts";
import { HER, lastRead, type Entry, type Happened, type Waiting } from "../pure/conversation.ts";
import { choices, titleOf } from "../pure/listening.ts";
import { useStore } from "../store.ts";
import { clock, language, sorry, t, told } from "../words.ts";
import { onlyReads, type Open, type Post } from "./post.ts";
import { whoIs } from "./words.ts";

/** Nearer to the end than this, one is reading the end. */
const NEAR_PX = 80;

export function Log({ post, open }: { post: Post; open: Open }) {
  const { talk } = open.aside;
  const talked = useStore(talk.state);
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const { entries, waiting } = talked;
  useEffect(() => {
    if (atEnd.current) log.current?.scrollTo({ top: log.current.scrollHeight });
    if (!onlyReads(open) && document.visibilityState === "visible") talk.seen();
  }, [entries.length, waiting.length]);
  useEffect(() => {
    const box = log.current;
    if (box === null) return;
    // The box grows and shrinks with what is around it: the last words stay in sight.
    const sized = new ResizeObserver(() => atEnd.current && box.scrollTo({ top: box.scrollHeight }));
    sized.observe(box);
    return () => sized.disconnect();
  }, []);
  const read = lastRead(talked, talked.seat, talked.read[HER] ?? 0);
  const begun = entries.some((one) => one.type === "say" && one.seat === talked.seat) || waiting.length > 0;
  return (
    <>
      <div
        ref={log}
        class="chat-log"
        role="log"
        aria-label={t("listen.log")}
        tabIndex={0}
        onScroll={({ currentTarget: it }) => {
          atEnd.current = it.scrollHeight - it.scrollTop - it.clientHeight < NEAR_PX;
        }}
      >
        {entries.map((entry) => (
          <EntryRow key={entry.offset} post={post} open={open} talked={talked} entry={entry} read={read} />
        ))}
        {waiting.map((one) => (
          <OnItsWay key={one.id} open={open} one={one} />
        ))}
      </div>
      {open.role === "operator" && !begun && open.state === "active" && <First post={post} open={open} />}
      <p class="chat-typing quiet" role="status">
        {talked.typing.includes(HER) && t("listen.she_types")}
      </p>
    </>
  );
}

/** What to begin with, in this order. */
const FIRST = ["bonjour", "ecran", "rythme"];

/** The first words are the hardest: what to say, for who has never said it. */
function First({ post, open }: { post: Post; open: Open }) {
  const { replies } = useStore(post.picture);
  const ready = choices(replies, "", open.language);
  const first = FIRST.flatMap((name) => ready.find((one) => one.name === name) ?? []);
  return (
    <div class="first" data-testid="first">
      <p>
        <strong>{t("listen.first")}</strong> <span class="first-more">{t("listen.first.text")}</span>
      </p>
      <div class="row">
        {first.map((one) => (
          <button
            key={one.name}
            type="button"
            class="button secondary small"
            data-testid="first-words"
            onClick={() => {
              post.used(one);
              post.insert.set({ chat: open.chat, text: one.text });
            }}
          >
            {titleOf(replies, one, language())}
          </button>
        ))}
      </div>
      <p class="hint first-more">{t("listen.first.slash")}</p>
    </div>
  );
}

interface RowProps {
  post: Post;
  open: Open;
  talked: Talked;
  entry: Entry;
  read: number | null;
}

function EntryRow({ post, open, talked, entry, read }: RowProps) {
  const { names } = useStore(open.aside.view);
  const who = whoIs(entry.seat, talked, names);
  if (entry.type === "event") {
    const words = happenedWords(entry, who);
    return words === null ? null : (
      <p class="chat-event quiet">
        {words} <time dateTime={entry.at}>{clock(entry.at)}</time>
      </p>
    );
  }
  const side = entry.seat === HER ? "hers" : entry.seat === talked.seat ? "mine" : "ours";
  return (
    <div class={`bubble ${side}`}>
      <p class="who">
        {who} <time dateTime={entry.at}>{clock(entry.at)}</time>
        {entry.edited && ` · ${t("listen.edited")}`}
      </p>
      {entry.text !== "" && (
        <p class="said" dir="auto">
          {entry.text}
        </p>
      )}
      {entry.attachment !== undefined && <Veiled post={post} room={open.room} attachment={entry.attachment} />}
      {entry.offset === read && <p class="who">{t("listen.read")}</p>}
    </div>
  );
}

function happenedWords({ what, facts }: Happened, who: string): string | null {
  const { kind, state, elsewhere } = facts as { kind?: BridgeKind; state?: Bridge["state"]; elsewhere?: boolean };
  // Her three words were said on another device while she was here: whoever answers asks who it is.
  if (kind === undefined) return told({ key: `listen.event.${elsewhere ? "elsewhere" : what}`, values: { who } });
  const asked = t(`listen.bridge.${kind}`);
  return state === undefined ? t("listen.event.bridge", { what: asked }) : t("listen.event.bridged", { what: asked, answer: t(`listen.bridge.is.${state}`) });
}

function OnItsWay({ open, one }: { open: Open; one: Waiting }) {
  const { talk } = open.aside;
  return (
    <div class="bubble mine pending">
      <p class="said" dir="auto">
        {one.text}
      </p>
      {one.state === "refused" ? (
        <p class="who" role="alert">
          {sorry(one.reason ?? "")}{" "}
          <button type="button" class="link" onClick={() => talk.retry(one.id)}>
            {t("room.again")}
          </button>
          <button type="button" class="link" onClick={() => talk.drop(one.id)}>
            {t("listen.drop")}
          </button>
        </p>
      ) : (
        <p class="who">{t("room.sending")}</p>
      )}
    </div>
  );
}

/** It may be hard to look at: she who answers chooses when. */
function Veiled({ post, room, attachment }: { post: Post; room: string; attachment: string }) {
  const [seen, see] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  if (seen !== null) {
    return (
      <>
        <img class="picture" src={seen} alt={t("listen.picture")} />
        <button type="button" class="link" onClick={() => see(null)}>
          {t("listen.picture_veil")}
        </button>
      </>
    );
  }
  return (
    <>
      <button
        type="button"
        class="link"
        onClick={() => picture(post.line, room, attachment).then(see, (failure) => setError(refusalOf(failure).message))}
      >
        {t("listen.picture_see")}
      </button>
      {error !== null && <p class="error">{sorry(error)}</p>}
    </>
  );
}
