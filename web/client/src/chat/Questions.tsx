// What she may say before anybody answers. Nothing is required, nothing is frightening, nothing is asked twice.

import type { Hours } from "../net/chats.ts";
import {
  FACTS,
  isPostcode,
  isWord,
  LONGEST_WORD,
  type Danger as Said,
  type Fact,
  type Seen as Watched,
} from "../pure/chatting.ts";
import { useStore } from "../store.ts";
import { language, t } from "../words.ts";
import type { Chat } from "./chat.ts";
import { Step } from "./Steps.tsx";

const WATCHED: readonly Watched[] = ["yes", "no", "unsure"];
const DANGER: readonly Said[] = ["yes", "no"];

export function Seen({ chat, back }: { chat: Chat; back: () => void }) {
  const { wish, hours } = useStore(chat.picture);
  return (
    <Step chat={chat} at="seen" title={t("chat.seen")} back={back}>
      <p class="lead">{t("chat.seen_lead")}</p>
      <fieldset class="chips">
        <legend class="hidden">{t("chat.seen")}</legend>
        {WATCHED.map((one) => (
          <label key={one} class="chip">
            <input type="radio" name="seen" checked={wish.seen === one} onChange={() => chat.wish({ seen: one })} />
            <span>{t(`chat.seen.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      <div role="status">
        {(wish.seen === "yes" || wish.seen === "unsure") && <p class="notice">{t("chat.seen_careful")}</p>}
      </div>
      {hours !== null && <Now hours={hours} />}
    </Step>
  );
}

/** How long it takes, and in which languages, when it is not hers. */
function Now({ hours: { high_s, languages } }: { hours: Hours }) {
  const to = Math.ceil((high_s ?? 0) / 60);
  const tongues = new Intl.DisplayNames([language()], { type: "language" });
  const names = languages.map((one) => tongues.of(one) ?? one);
  return (
    <div class="quiet">
      {to > 0 && <p>{to === 1 ? t("chat.range_now_soon") : t("chat.range_now", { to })}</p>}
      {names.length > 0 && !languages.includes(language()) && <p>{t("chat.tongues", { tongues: names.join(", ") })}</p>}
    </div>
  );
}

export function Danger({ chat }: { chat: Chat }) {
  const { danger } = useStore(chat.picture).wish;
  return (
    <Step chat={chat} at="danger" title={t("chat.danger")}>
      <p class="lead">{t("chat.danger_lead")}</p>
      <fieldset class="chips">
        <legend class="hidden">{t("chat.danger")}</legend>
        {DANGER.map((one) => (
          <label key={one} class="chip">
            <input type="radio" name="danger" checked={danger === one} onChange={() => chat.wish({ danger: one })} />
            <span>{t(`chat.seen.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      <div role="status">{danger === "yes" && <p class="notice">{t("chat.danger_now")}</p>}</div>
    </Step>
  );
}

export function Facts({ chat }: { chat: Chat }) {
  const { facts } = useStore(chat.picture).wish;
  const turned = (one: Fact): Fact[] => (facts.includes(one) ? facts.filter((it) => it !== one) : [...facts, one]);
  return (
    <Step chat={chat} at="facts" title={t("chat.facts")}>
      <p class="lead">{t("chat.facts_lead")}</p>
      <fieldset class="checks">
        <legend class="hidden">{t("chat.facts")}</legend>
        {FACTS.map((one) => (
          <label key={one} class="check">
            <input type="checkbox" checked={facts.includes(one)} onChange={() => chat.wish({ facts: turned(one) })} />
            <span>{t(`chat.fact.${one}`)}</span>
          </label>
        ))}
      </fieldset>
    </Step>
  );
}

export function Postcode({ chat }: { chat: Chat }) {
  const { postcode } = useStore(chat.picture).wish;
  return (
    <Step
      chat={chat}
      at="postcode"
      title={t("chat.postcode")}
      missing={isPostcode(postcode) ? null : t("chat.postcode_short")}
    >
      <p class="lead">{t("chat.postcode_lead")}</p>
      <div class="field">
        <label for="postcode">
          {t("chat.postcode_label")} <small>{t("chat.optional")}</small>
        </label>
        <input
          id="postcode"
          class="input short"
          inputmode="numeric"
          autocomplete="off"
          dir="ltr"
          maxLength={6}
          value={postcode}
          onInput={(event) => chat.wish({ postcode: event.currentTarget.value })}
        />
      </div>
    </Step>
  );
}

export function Word({ chat }: { chat: Chat }) {
  const { word } = useStore(chat.picture).wish;
  return (
    <Step chat={chat} at="word" title={t("chat.word")} missing={isWord(word) ? null : t("chat.word_short")}>
      <p class="lead">{t("chat.word_lead")}</p>
      <div class="field">
        <label for="word">
          {t("chat.word_label")} <small>{t("chat.optional")}</small>
        </label>
        <p class="hint" id="word-hint">
          {t("chat.word_hint")}
        </p>
        <input
          id="word"
          class="input"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          dir="auto"
          maxLength={LONGEST_WORD}
          aria-describedby="word-hint"
          value={word}
          onInput={(event) => chat.wish({ word: event.currentTarget.value })}
        />
      </div>
    </Step>
  );
}
