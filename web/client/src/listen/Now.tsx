// The one thing to do now, and what is proposed: seen from everywhere, with twenty calm seconds.

import { useEffect, useRef } from "preact/hooks";
import type { Waiting } from "../net/listen.ts";
import { Act } from "../parts/Act.tsx";
import { longest, nextStep, type Proposed, type Step } from "../pure/listening.ts";
import { useNow, useStore } from "../store.ts";
import { t } from "../words.ts";
import { areHandsFree } from "./hands.ts";
import type { Post } from "./post.ts";
import { nameOf, reasonWords, tongue, waited } from "./words.ts";

const OFFERED_S = 20;

function stepOf(post: Post): Step {
  const { line, offers, open } = post.picture.get();
  if (line === null) return "quiet";
  const me = line.colleagues.find(({ person }) => person === post.me);
  const mine = open.filter(({ role }) => role === "operator");
  const waits = post.waits.get();
  return nextStep({
    open: line.open,
    on: line.on,
    offers: offers.length,
    waiting: free(line.queue).length,
    mine,
    capacity: me?.capacity ?? 2,
    unanswered: mine.filter(({ chat, state, exited }) => state === "active" && !exited && waits[chat]).length,
  });
}

/** Whom one may take now: not who is proposed to somebody, nor who has left. */
function free(queue: readonly Waiting[]): Waiting[] {
  return queue.filter(({ state, exited }) => state === "waiting" && !exited);
}

export function Now({ post }: { post: Post }) {
  const { line, open } = useStore(post.picture);
  const waits = useStore(post.waits);
  const now = useNow(10_000);
  if (line === null) return <p role="status">{t("finding.text")}</p>;
  const me = line.colleagues.find(({ person }) => person === post.me);
  const { on } = line;
  const step = stepOf(post);
  const waiting = free(line.queue);
  const oldest = longest(waiting);
  const since = open.flatMap(({ chat, exited }) => (exited ? [] : (waits[chat] ?? []))).sort()[0];
  const wait = step === "answer" ? since : oldest;
  return (
    <section class={`panel now now-${step}`} aria-labelledby="now" data-testid="now">
      <Notice post={post} />
      <h2 id="now" tabIndex={-1}>{t(`listen.now.${step}`, { n: waiting.length, wait: wait ? waited(wait, now) : "" })}</h2>
      <p>{t(`listen.now.${step}_text`, { wait: wait ? waited(wait, now) : "" })}</p>
      {step === "off" && (
        <Act kind="primary" act={() => post.duty(true)} testid="on-duty">
          {t("listen.duty.begin")}
        </Act>
      )}
      {step === "next" && (
        <Act kind="primary" act={() => post.next()} testid="next">
          {t("listen.next")}
        </Act>
      )}
      {on && (
        <div class="row duty" data-testid="duty">
          <span class="quiet">{t(me?.trainee ? "listen.duty.trainee" : "listen.duty.on")}</span>
          <Act kind="plain" act={() => post.duty(false)} testid="off-duty">
            {t("listen.duty.end")}
          </Act>
        </div>
      )}
    </section>
  );
}

/** What happened without her, until she has read it. */
function Notice({ post }: { post: Post }) {
  const { notice } = useStore(post.picture);
  return (
    <div role="alert">
      {notice !== null && (
        <p class="notice">
          {t(`listen.notice.${notice}`)}{" "}
          <button type="button" class="link" onClick={() => post.show({ notice: null })}>
            {t("listen.notice.seen")}
          </button>
        </p>
      )}
    </div>
  );
}

export function Offers({ post }: { post: Post }) {
  const { offers } = useStore(post.picture);
  const now = useNow(1_000);
  return (
    <div aria-live="assertive">
      {offers
        .filter(({ until }) => until > now)
        .map((offer) => (
          <OfferCard key={offer.chat} post={post} offer={offer} />
        ))}
    </div>
  );
}

function OfferCard({ post, offer }: { post: Post; offer: Proposed }) {
  const { line } = useStore(post.picture);
  const found = line?.mine.find(({ chat }) => chat === offer.chat);
  const by = nameOf(line?.colleagues.find(({ person }) => person === found?.transfer?.by));
  const card = useRef<HTMLElement>(null);
  // Whoever is writing goes on writing: only a hand that holds nothing is led here.
  useEffect(() => {
    if (areHandsFree()) card.current?.focus();
  }, []);
  return (
    <section ref={card} class="offered" tabIndex={-1} aria-labelledby={`offer-${offer.chat}`} data-testid="offer">
      <div class="offered-words">
        <h2 id={`offer-${offer.chat}`}>
          {offer.way === null ? t("listen.offer") : t(`listen.offer.${offer.way}`, { who: by })}
        </h2>
        {found && (
          <p>
            {[
              ...reasonWords(found.reasons),
              ...(offer.way === null ? [t("listen.offer.waits", { wait: waited(found.since, Date.now()) })] : []),
              tongue(found.language),
              ...(found.area ? [found.area] : []),
            ].join(" · ")}
          </p>
        )}
      </div>
      <div class="row">
        <Act kind="primary" act={() => post.accept(offer)} testid="accept">
          {t(offer.way === null ? "listen.offer.accept" : "listen.offer.agree")}
        </Act>
        <Act act={() => post.refuse(offer)} testid="refuse">
          {t(offer.way === null ? "listen.offer.pass" : "listen.offer.cannot")}
        </Act>
      </div>
      <Left until={offer.until} />
    </section>
  );
}

/** Seconds left: a bar for the eye, and no voice that counts. */
function Left({ until }: { until: number }) {
  const now = useNow(1_000);
  const seconds = Math.max(0, Math.min(OFFERED_S, Math.ceil((until - now) / 1_000)));
  return (
    <p class="offered-left" aria-hidden="true">
      <progress max={OFFERED_S} value={seconds} tabIndex={-1} /> {t("listen.offer.left", { n: seconds })}
    </p>
  );
}
