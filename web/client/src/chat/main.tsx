// Her conversation with the helpline, fetched only when she goes there. Same address, same title, same history entry.

import { useEffect, useState } from "preact/hooks";
import { atExit } from "../help/leaving.ts";
import type { Journey, Late } from "../help/journey.ts";
import type { Line } from "../net/link.ts";
import { TONGUES, type Tongue } from "../pure/chatting.ts";
import { preferred } from "../pure/words.ts";
import { useStore } from "../store.ts";
import { language, LANGUAGES, speak, t, type Catalogues } from "../words.ts";
import { Back } from "./Back.tsx";
import { Chat } from "./chat.ts";
import { Blocked, Closed } from "./Closed.tsx";
import { Danger, Facts, Postcode, Seen, Word } from "./Questions.tsx";
import { Talking } from "./Talking.tsx";

export const words: Catalogues = {
  fr: () => import("../locales/fr.json?chat"),
  en: () => import("../locales/en.json?chat"),
  ar: () => import("../locales/ar.json"),
  uk: () => import("../locales/uk.json"),
  es: () => import("../locales/es.json"),
};

/** What she looks at meanwhile (a room, help that comes) takes nothing from what is being said. */
const chats = new WeakMap<Line, Chat>();

function chatOf(journey: Journey): Chat {
  const { line } = journey;
  const known = chats.get(line);
  if (known !== undefined) return known;
  const chat = new Chat(line, (open) => journey.talking(open));
  chats.set(line, chat);
  atExit(() => chat.close());
  return chat;
}

const AGAIN_MS = 3_000;

export function Part({ journey, screen }: { journey: Journey; screen: Late }) {
  const [chat] = useState(() => chatOf(journey));
  useEffect(() => {
    void begin(chat, journey.picture.get().chat, screen === "back");
    void speakHers(chat);
    return () => speakOurs(chat);
  }, [chat]);
  const { step } = useStore(chat.picture);
  const back = (): void => {
    chat.close();
    journey.back();
  };
  const finish = (): void => {
    back();
    journey.finish();
  };
  switch (step) {
    case "finding":
      return <p role="status">{t("finding.text")}</p>;
    case "closed":
      return <Closed chat={chat} back={back} />;
    case "blocked":
      return <Blocked back={back} />;
    case "back":
      return <Back chat={chat} back={back} />;
    case "seen":
      return <Seen chat={chat} back={back} />;
    case "danger":
      return <Danger chat={chat} />;
    case "facts":
      return <Facts chat={chat} />;
    case "postcode":
      return <Postcode chat={chat} />;
    case "word":
      return <Word chat={chat} />;
    case "chat":
      return <Talking chat={chat} journey={journey} finish={finish} />;
  }
}

/** The page knows two languages, the conversation five: the one she chose here, else her browser's. */
async function speakHers(chat: Chat): Promise<void> {
  const first = preferred(navigator.languages, Object.keys(TONGUES), "fr") as Tongue;
  const hers = chat.tongue ?? (isOurs(first) ? language() : first);
  if (hers !== language()) await speak(hers).catch(() => undefined);
}

/** What she looks at meanwhile is in two languages only. */
function speakOurs(chat: Chat): void {
  chat.tongue = language();
  if (!isOurs(chat.tongue)) void speak("fr");
}

function isOurs(tongue: Tongue): boolean {
  return LANGUAGES.some((one) => one === tongue);
}

async function begin(chat: Chat, open: string | null, back: boolean): Promise<void> {
  for (;;) {
    try {
      return await chat.begin(open, back);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
