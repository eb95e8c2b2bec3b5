// One conversation: who she is to us, what the team says among itself, and the words that she reads. The two
// boxes are never side by side without the conversation between them.

import { useEffect, useState } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { useNow, useStore } from "../store.ts";
import { t } from "../words.ts";
import { Among } from "./Among.tsx";
import { Bridges } from "./Bridges.tsx";
import { Directory } from "./Directory.tsx";
import { areHandsFree } from "./hands.ts";
import { Log } from "./Log.tsx";
import { Interpreter, More } from "./More.tsx";
import { onlyReads, type Open, type Post, type Tool } from "./post.ts";
import { Reply } from "./Reply.tsx";
import { Transfer, Transferring } from "./Transfer.tsx";
import { reasonWords, tongue, waited, whoIs } from "./words.ts";
import { WrapUp } from "./WrapUp.tsx";

interface ChatProps {
  post: Post;
  open: Open;
  number: number;
  /** On a phone something else is shown. */
  away: boolean;
}

export function Chat({ post, open, number, away }: ChatProps) {
  const { at, tool } = useStore(post.picture);
  const { chat, role, state } = open;
  const here = tool?.chat === chat ? tool.name : null;
  const talking = state === "active" || state === "held";
  // What she pressed to come here is gone: her hands are led on, unless they are busy elsewhere.
  useEffect(() => {
    if (!areHandsFree()) return;
    const wide = matchMedia("(min-width: 60rem)").matches;
    const box = wide ? document.getElementById(`reply-${chat}`) : null;
    (box ?? document.getElementById(`chat-${chat}`))?.focus();
  }, []);
  return (
    <article
      class={`chat ${role}${at === chat ? " current" : ""}${away ? " elsewhere" : ""}`}
      aria-labelledby={`chat-${chat}`}
      data-testid="chat"
      onFocusIn={() => at !== chat && post.show({ at: chat })}
    >
      <Head post={post} open={open} number={number} />
      {state === "wrap_up" ? (
        <WrapUp post={post} open={open} />
      ) : (
        <div class={here === null ? "chat-body" : "chat-body tooled"}>
          <div class="chat-side">
            <Transferring post={post} open={open} />
            {here !== null && <Tools post={post} open={open} name={here} />}
            {role !== "interpret" && <Among post={post} open={open} />}
          </div>
          <div class="chat-talk">
            <Log post={post} open={open} />
            {onlyReads(open) || !talking ? null : <Reply key={chat} post={post} open={open} />}
            {BESIDE.includes(role) && <Beside post={post} open={open} />}
          </div>
        </div>
      )}
    </article>
  );
}

function Head({ post, open, number }: { post: Post; open: Open; number: number }) {
  const now = useNow(10_000);
  const { chat, state, role } = open;
  const talking = state === "active" || state === "held";
  const reasons = reasonWords(open.reasons);
  return (
    <header class="chat-head">
      <div class="chat-title">
        <h2 id={`chat-${chat}`} tabIndex={-1}>
          <span class="badge" aria-hidden="true">
            {number}
          </span>{" "}
          {t("listen.chat", { n: number })}
        </h2>
        {state !== "active" && <span class="tag">{t(`listen.state.${state}`)}</span>}
        {role !== "operator" && <span class="tag strong">{t(`listen.role.${role}`)}</span>}
        {open.practice && <span class="tag strong">{t("listen.practice.tag")}</span>}
        <span class="quiet">
          {[t("listen.since", { wait: waited(open.since, now) }), tongue(open.language), ...(open.area ? [open.area] : [])].join(
            " · ",
          )}
        </span>
      </div>
      {reasons.length > 0 && (
        <p class="chat-reasons">
          <span class="quiet">{t("listen.said_herself")}</span> {reasons.join(", ")}
        </p>
      )}
      {open.exited && (
        <p class="notice" role="status">
          {t("listen.exited_text")}
        </p>
      )}
      {talking && <Away open={open} />}
      <Looking open={open} />
      {role === "operator" && talking && <Bar post={post} open={open} />}
    </header>
  );
}

/** Whether anybody reads just now. After her exit something else is said. */
function Away({ open }: { open: Open }) {
  const { away } = useStore(open.aside.view);
  return (
    <p class="looking quiet" role="status" data-testid="away">
      {away && !open.exited && !open.practice && t("listen.away")}
    </p>
  );
}

/** Who else is here. She is told of nobody who only looks. */
function Looking({ open }: { open: Open }) {
  const { lookers, names } = useStore(open.aside.view);
  const talk = useStore(open.aside.talk.state);
  return (
    <p class="looking quiet" role="status" data-testid="looking">
      {lookers.map((one) => t(`listen.looking.${one.state}`, { who: whoIs(one.seat, talk, names) })).join(" · ")}
    </p>
  );
}

const TOOLS: readonly Tool[] = ["transfer", "directory", "bridges", "more"];

function Bar({ post, open }: { post: Post; open: Open }) {
  const { tool } = useStore(post.picture);
  const { chat, state } = open;
  return (
    <div class="chat-bar">
      {TOOLS.map((name) => (
        <button
          key={name}
          type="button"
          class="button secondary small"
          aria-expanded={tool?.chat === chat && tool.name === name}
          data-testid={`tool-${name}`}
          onClick={() => post.tool(chat, name)}
        >
          {t(`listen.tool.${name}`)}
        </button>
      ))}
      <span class="apart" />
      <Act act={() => post.hold(chat, state !== "held")} testid="hold-chat">
        {t(state === "held" ? "listen.resume" : "listen.hold")}
      </Act>
      <Act act={() => post.finish(chat)} question={t("listen.finish_ask")} yes={t("listen.finish_yes")} testid="finish">
        {t("listen.finish")}
      </Act>
    </div>
  );
}

function Tools({ post, open, name }: { post: Post; open: Open; name: Tool }) {
  const id = `tool-${open.chat}`;
  const [begun, begin] = useState(false);
  useEffect(() => {
    begin(true);
    document.getElementById(id)?.focus();
  }, [name]);
  return (
    <section class="tool" aria-labelledby={id} data-testid="tool">
      <div class="tool-head">
        <h3 id={id} tabIndex={-1}>
          {t(`listen.tool.${name}`)}
        </h3>
        <button type="button" class="link" onClick={() => post.show({ tool: null })}>
          {t("listen.shut")}
        </button>
      </div>
      {begun && name === "transfer" && <Transfer post={post} open={open} />}
      {begun && name === "directory" && <Directory post={post} open={open} />}
      {begun && name === "bridges" && <Bridges post={post} open={open} />}
      {begun && name === "more" && <More post={post} open={open} />}
    </section>
  );
}

const BESIDE: readonly Open["role"][] = ["watch", "join", "interpret"];

/** Beside a conversation: she reads, or is in it, and may go again. */
function Beside({ post, open }: { post: Post; open: Open }) {
  const { chat, role } = open;
  return (
    <div class="watching" data-testid="watching">
      {role === "watch" && <p>{t("listen.watching")}</p>}
      <div class="row">
        {role === "watch" && (
          <Act act={() => post.join(chat)} question={t("listen.join_ask")} yes={t("listen.join_yes")} testid="join">
            {t("listen.join")}
          </Act>
        )}
        {role !== "interpret" && (
          <Act act={() => post.take(chat)} question={t("listen.take_ask")} yes={t("listen.take_yes")} testid="take">
            {t("listen.take")}
          </Act>
        )}
        <Act kind="plain" act={() => post.part(chat)} testid="unwatch">
          {t(role === "watch" ? "listen.unwatch" : "listen.leave")}
        </Act>
      </div>
      {post.supervises && (
        <details>
          <summary>{t("listen.interpreter")}</summary>
          <Interpreter post={post} open={open} />
        </details>
      )}
    </div>
  );
}
