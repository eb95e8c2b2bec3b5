// The wait and the conversation are one screen: nobody is moved elsewhere in the middle of a sentence.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Journey } from "../help/journey.ts";
import { Act } from "../parts/Act.tsx";
import { Title } from "../parts/Frame.tsx";
import { proposed, stageOf } from "../pure/chatting.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import { Proposal } from "./Bridges.tsx";
import { ELSEWHERE, type Chat } from "./chat.ts";
import { Compose, type Correcting } from "./Compose.tsx";
import { LineNews } from "./LineNews.tsx";
import { Messages, theOne } from "./Messages.tsx";
import { Over } from "./Over.tsx";
import { Tongues } from "./Steps.tsx";
import { Words } from "./Words.tsx";
import { Standing } from "./Standing.tsx";
import type { Conversation } from "../net/conversation.ts";

interface TalkingProps {
  chat: Chat;
  journey: Journey;
  finish: () => void;
}

const TITLES = { waiting: "chat.waiting", talking: "chat.talking", over: "chat.over" } as const;

export function Talking({ chat, journey, finish }: TalkingProps) {
  const { view, talk, words, wish, answered } = useStore(chat.picture);
  if (view === null || talk === null) return null;
  const stage = stageOf(view.state);
  const elsewhere = view.ending === ELSEWHERE;
  return (
    <section class="talk" data-testid="talk" data-state={view.state}>
      <Title>{t(elsewhere ? "chat.elsewhere" : TITLES[stage])}</Title>
      {stage === "waiting" && <Standing view={view} answered={answered} />}
      {stage === "waiting" && !answered && words !== null && <Words words={words} own={wish.word !== ""} />}
      {stage === "waiting" && (
        <p>
          {t("chat.write_now")} {t("chat.stay")}
        </p>
      )}
      {/* Taken up on another phone: this one may be in other hands. */}
      {!elsewhere && (
        <Room chat={chat} talk={talk} journey={journey} over={stage === "over"} held={view.state === "held"} />
      )}
      {stage === "over" ? (
        <Over chat={chat} talk={talk} finish={finish} />
      ) : (
        <section class="endings" aria-label={t("chat.more")}>
          <details>
            <summary>{t("chat.more")}</summary>
            <Tongues />
            {words !== null && (answered || stage === "talking") && <Words words={words} own={wish.word !== ""} />}
            <p>{t("chat.reads")}</p>
            <p>{t("chat.leaving")}</p>
          </details>
          {stage === "waiting" ? (
            <Act act={() => chat.leave()} question={t("chat.leave_ask")} yes={t("chat.leave_yes")} testid="leave-queue">
              {t("chat.leave")}
            </Act>
          ) : (
            <Act act={() => chat.leave()} question={t("chat.finish_ask")} yes={t("chat.finish_yes")} testid="end-chat">
              {t("chat.finish")}
            </Act>
          )}
        </section>
      )}
    </section>
  );
}

interface RoomProps {
  chat: Chat;
  talk: Conversation;
  journey: Journey;
  over: boolean;
  held: boolean;
}

function Room({ chat, talk, journey, over, held }: RoomProps) {
  const said = useStore(talk.state);
  const [correcting, setCorrecting] = useState<Correcting | null>(null);
  const [corrected, setCorrected] = useState(0);
  const asked = over ? null : proposed(said.entries);
  const end = useRef<HTMLDivElement>(null);
  const [foot, height] = useFoot();
  const below = useFollowing(end, over ? 0 : said.entries.length, said.waiting.length, height);
  useSeen(talk, said.entries.length);
  useEffect(() => {
    if (said.ended) chat.check();
  }, [said.ended]);
  const typing = said.typing.filter((seat) => seat !== said.seat);
  return (
    <>
      <Messages chat={chat} talk={talk} journey={journey} correct={over ? null : setCorrecting} />
      {asked !== null && <Proposal key={asked.bridge} chat={chat} bridge={asked} />}
      <div ref={end} />
      {!over && (
        <div ref={foot} class="talk-foot">
          {below && (
            <button type="button" class="button secondary small newer" onClick={() => end.current?.scrollIntoView({ block: "end" })}>
              {t("chat.newer")}
            </button>
          )}
          <LineNews line={chat.line} />
          {held && (
            <p class="quiet" role="status">
              {t("chat.held")}
            </p>
          )}
          {typing.length > 0 && <p class="quiet typing">{t("chat.typing", { who: theOne(typing[0] ?? "") })}</p>}
          <Compose
            key={`${correcting?.id ?? ""} ${corrected}`}
            chat={chat}
            talk={talk}
            correcting={correcting}
            focus={correcting !== null || corrected > 0}
            done={() => {
              setCorrecting(null);
              setCorrected((n) => n + 1);
            }}
          />
        </div>
      )}
    </>
  );
}

/**
 * What is new is scrolled to, her own words always; unless she is reading something older: then she is told that
 * there is more.
 */
function useFollowing(end: { current: HTMLElement | null }, count: number, own: number, height: number): boolean {
  const [below, setBelow] = useState(false);
  const atEnd = useRef(true);
  const known = useRef({ count: -1, own: 0 });
  useEffect(() => {
    const look = (): void => {
      atEnd.current = (end.current?.getBoundingClientRect().top ?? 0) < innerHeight;
      if (atEnd.current) setBelow(false);
    };
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, []);
  useEffect(() => {
    const before = known.current;
    known.current = { count, own };
    const begins = before.count < 0;
    const more = count > before.count;
    // The first look is at the title, unless there is a conversation to read.
    if (count === 0 || (count < FEW && (begins || !more))) return;
    if (atEnd.current || own > before.own) end.current?.scrollIntoView({ block: "end" });
    else if (more) setBelow(true);
  }, [count, own, height]);
  return below;
}

const FEW = 3;

/** What she writes in stands above the bar, however high it is: nothing is scrolled to behind it. */
function useFoot(): [{ current: HTMLDivElement | null }, number] {
  const foot = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  useEffect(() => {
    const { style } = document.documentElement;
    const watch = new ResizeObserver(([seen]) => {
      const now = Math.ceil(seen?.target.clientHeight ?? 0);
      style.setProperty("--foot", `${now}px`);
      setHeight(now);
    });
    if (foot.current !== null) watch.observe(foot.current);
    return () => {
      watch.disconnect();
      style.removeProperty("--foot");
    };
  }, []);
  return [foot, height];
}

/** Read is said only of what is on a screen that is looked at. */
function useSeen(talk: Conversation, count: number): void {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") talk.seen();
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [talk, count]);
}
