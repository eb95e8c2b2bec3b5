// What was said and what happened, in order; what has not left yet is shown so.

import { useEffect, useState } from "preact/hooks";
import type { Journey } from "../help/journey.ts";
import type { Transcript } from "../net/chats.ts";
import { picture, type Conversation, type Talked } from "../net/conversation.ts";
import { Act } from "../parts/Act.tsx";
import { correctable, HER, lastRead, whoStays, type Happened, type Said, type Waiting } from "../pure/conversation.ts";
import { useNow, useStore } from "../store.ts";
import { sorry, t, type Key } from "../words.ts";
import type { Chat } from "./chat.ts";
import type { Correcting } from "./Compose.tsx";
import { Done } from "./Bridges.tsx";
import { hourWords } from "./when.ts";

/** Seats are words of the server: "ecoutante-1", "interprete-1". */
export function whoIs(seat: string): string {
  const [role, number = "1"] = seat.split("-");
  if (role === HER) return t("chat.you");
  if (role === "interprete") return t("chat.interpreter");
  if (role === "superviseure") return t("chat.supervisor");
  return number === "1" ? t("chat.listener") : t("chat.listener_more", { at: number });
}

/** The same in the middle of a sentence's beginning: "L'écoutante est là." */
export function theOne(seat: string): string {
  const [role, number = "1"] = seat.split("-");
  if (role === "interprete") return t("chat.the.interpreter");
  if (role === "superviseure") return t("chat.the.supervisor");
  return number === "1" ? t("chat.the.listener") : t("chat.the.listener_more", { at: number });
}

interface MessagesProps {
  chat: Chat;
  talk: Conversation;
  journey: Journey;
  /** Null: nothing can be changed any more. */
  correct: ((one: Correcting) => void) | null;
}

export function Messages({ chat, talk, journey, correct }: MessagesProps) {
  const said = useStore(talk.state);
  const now = useNow(15_000);
  const mine = correct === null ? null : correctable(said, said.seat, now);
  const others = Object.entries(said.read).filter(([seat]) => seat !== said.seat);
  const read = lastRead(said, said.seat, Math.max(0, ...others.map(([, offset]) => offset)));
  // A correction on its way stands where it will stand.
  const staying = whoStays(said.entries);
  const corrections = new Map(said.waiting.flatMap((one) => (one.of === undefined ? [] : [[one.of, one] as const])));
  const lines = [
    ...said.entries.map((one) =>
      one.type === "say" ? (
        <Line
          key={one.id}
          chat={chat}
          talk={talk}
          said={said}
          one={one}
          correction={corrections.get(one.id) ?? null}
          read={one.offset === read}
          correct={one.id === mine?.id ? correct : null}
        />
      ) : (
        <Event key={`event ${one.offset}`} one={one} seat={said.seat} journey={journey} stays={staying.get(one.offset) ?? 0} />
      ),
    ),
    ...said.waiting
      .filter((one) => one.of === undefined)
      .map((one) => <OnItsWay key={one.id} talk={talk} one={one} correct={correct} />),
  ];
  return (
    <>
      {(said.entries[0]?.offset ?? 1) > 1 && <Older chat={chat} before={said.entries[0]?.at ?? ""} />}
      <div class="messages flowing" role="log" aria-label={t("chat.log")} id="messages" tabIndex={-1} data-testid="messages">
        {lines}
      </div>
    </>
  );
}

/** What was said before the page that was fetched, when she asks for it. */
function Older({ chat, before }: { chat: Chat; before: string }) {
  const [lines, setLines] = useState<Transcript["lines"] | null>(null);
  if (lines === null) {
    return (
      <Act
        act={async () => {
          const all = (await chat.transcript()).lines;
          setLines(all.filter(({ at }) => Date.parse(at) < Date.parse(before)));
        }}
        testid="older"
      >
        {t("chat.older")}
      </Act>
    );
  }
  return (
    <div class="messages flowing">
      {lines.map((one, n) => (
        <div key={n} class={one.seat === HER ? "mine" : ""}>
          <p class="who">
            {whoIs(one.seat)} <time dateTime={one.at}>{hourWords(one.at)}</time>
          </p>
          <p class="said" dir="auto">
            {one.text || t("chat.photo_one")}
          </p>
        </div>
      ))}
    </div>
  );
}

interface LineProps {
  chat: Chat;
  talk: Conversation;
  said: Talked;
  one: Said;
  correction: Waiting | null;
  read: boolean;
  correct: ((one: Correcting) => void) | null;
}

function Line({ chat, talk, said, one, correction, read, correct }: LineProps) {
  const own = one.seat === said.seat;
  const text = correction?.text ?? one.text;
  const marks = [
    ...(one.edited || correction !== null ? [t("chat.edited")] : []),
    ...(correction !== null && correction.state !== "taken" ? [stateWords(correction)] : []),
    ...(own && read ? [t("chat.read")] : []),
  ];
  return (
    <div class={own ? "mine" : ""}>
      <p class="who">
        {whoIs(one.seat)} <time dateTime={one.at}>{hourWords(one.at)}</time>
      </p>
      {one.attachment && <Photo chat={chat} talk={talk} attachment={one.attachment} />}
      {text !== "" && (
        <p class="said" dir="auto">
          {text}
        </p>
      )}
      {(marks.length > 0 || correct !== null || correction?.state === "refused") && (
        <p class="who">
          {marks.join(" · ")}{" "}
          {correct !== null && (
            <button type="button" class="link" data-testid="correct" onClick={() => correct({ id: one.id, text: one.text, left: true })}>
              {t("chat.edit")}
            </button>
          )}
          {correction?.state === "refused" && (
            <button type="button" class="link" onClick={() => talk.drop(correction.id)}>
              {t("chat.drop")}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function stateWords({ state, reason }: Waiting): string {
  if (state === "refused") return reason === "not_last" ? t("chat.edit_late") : `${t("chat.refused")} ${sorry(reason ?? "internal")}`;
  return t(state === "sending" ? "chat.sending" : "chat.not_yet");
}

interface OnItsWayProps {
  talk: Conversation;
  one: Waiting;
  correct: ((one: Correcting) => void) | null;
}

function OnItsWay({ talk, one, correct }: OnItsWayProps) {
  const quick = useQuick(one.state);
  return (
    <div class={one.state === "taken" ? "mine" : "mine pending"} data-testid="pending" data-state={one.state}>
      <p class="who">{t("chat.you")}</p>
      {one.photo && <p class="said">{t("chat.photo_one")}</p>}
      {one.text !== "" && (
        <p class="said" dir="auto">
          {one.text}
        </p>
      )}
      {one.state === "taken" || quick ? null : (
        <p class="who">
          {stateWords(one)}{" "}
          {one.state === "waiting" && !one.photo && correct !== null && (
            <button type="button" class="link" onClick={() => correct({ id: one.id, text: one.text, left: false })}>
              {t("chat.edit")}
            </button>
          )}
          {one.state === "refused" && (
            <button type="button" class="link" onClick={() => talk.retry(one.id)}>
              {t("chat.retry")}
            </button>
          )}
          {(one.state === "refused" || one.state === "waiting") && (
            <button type="button" class="link" onClick={() => talk.drop(one.id)}>
              {t("chat.drop")}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

/** On a good line words are there before anybody could read that they are on their way. */
function useQuick(state: Waiting["state"]): boolean {
  const [quick, setQuick] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setQuick(false), 700);
    return () => clearTimeout(timer);
  }, []);
  return quick && state !== "refused";
}

/** Seen when she asks: a screen can be looked at, and pictures are heavy. */
function Photo({ chat, talk, attachment }: { chat: Chat; talk: Conversation; attachment: string }) {
  const [shown, setShown] = useState<string | null>(null);
  if (shown === null) {
    return (
      <Act act={async () => setShown(await picture(chat.line, talk.room, attachment))} testid="photo-open">
        {t("chat.photo_open")}
      </Act>
    );
  }
  return (
    <>
      <img class="photo" src={shown} alt={t("chat.photo_one")} />
      <button type="button" class="button secondary small" onClick={() => setShown(null)}>
        {t("chat.photo_hide")}
      </button>
    </>
  );
}

const EVENTS: Readonly<Record<string, Key>> = {
  joined: "chat.event.joined",
  left: "chat.event.left",
  away: "chat.event.away",
  back: "chat.event.back",
  held: "chat.event.held",
  resumed: "chat.event.resumed",
  transferred: "chat.event.transferred",
  closed: "chat.event.closed",
};

interface EventProps {
  one: Happened;
  seat: string | null;
  journey: Journey;
  /** How many others are there after it; less than none: nothing is new in it. */
  stays: number;
}

function Event({ one, seat, journey, stays }: EventProps) {
  if (one.what === "bridged") return <Done one={one} journey={journey} />;
  // Nobody is told that she is left, while somebody stays with her.
  const words = one.what === "left" && stays > 0 ? "chat.event.handed" : EVENTS[one.what];
  // What she does herself she knows.
  if (words === undefined || stays < 0 || (one.seat !== undefined && one.seat === seat)) return null;
  return (
    <p class="happened">
      {t(words, { who: theOne(one.seat ?? "") })} <time dateTime={one.at}>{hourWords(one.at)}</time>
    </p>
  );
}
