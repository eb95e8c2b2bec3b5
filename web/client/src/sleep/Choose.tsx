// Rooms that would do, the best first, each with the reasons why; and what to do when none does.

import { useEffect, useRef, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import type { NeedState, Option, Refused } from "../net/rooms.ts";
import { Act } from "../parts/Act.tsx";
import { Title } from "../parts/Frame.tsx";
import { fittingWords, roomWords, Said, stayWords } from "../parts/House.tsx";
import { whyWords } from "../parts/why.ts";
import { useStore } from "../store.ts";
import { clock, sorry, t } from "../words.ts";
import { OrCall } from "./OrCall.tsx";
import type { Seek } from "./seek.ts";

const REASONS: readonly Refused[] = ["too_near", "too_far", "no_fit", "cost", "other"];

export function Choose({ seek, need }: { seek: Seek; need: NeedState }) {
  const { options, lookedAt, refusal, lost } = useStore(seek.picture);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (options !== null) return;
    let on = true;
    seek.options().catch((error: unknown) => on && setFailure(refusalOf(error).message));
    return () => void (on = false);
  }, [seek, options]);
  return (
    <section data-testid="choose">
      <Title>{t(options !== null && options.length === 0 ? "sleep.none_title" : "sleep.choose")}</Title>
      <p class="hint">{stayWords(need.first, need.nights)}</p>
      <div role="alert">
        {lost !== null && <p class="notice">{t(`sleep.lost.${lost}`)}</p>}
        {refusal !== null && <p class="notice">{sorry(refusal)}</p>}
        {failure !== null && options === null && <p class="error">{sorry(failure)}</p>}
      </div>
      {need.asking && (
        <div class="card summary" data-testid="asking">
          <p class="headline" role="status">
            {t("sleep.asking")}
          </p>
          <p>{t("sleep.asking_more")}</p>
        </div>
      )}
      {options === null && failure === null && <p role="status">{t("sleep.looking")}</p>}
      {options !== null && options.length === 0 && <p class="lead">{t("sleep.none")}</p>}
      <ol class="cards" data-testid="options">
        {(options ?? []).map((one, n) => (
          <Offer key={one.option} seek={seek} one={one} n={n + 1} />
        ))}
      </ol>
      {lookedAt !== null && (
        <div class="row looked">
          <p class="quiet">{t("sleep.looked", { time: clock(lookedAt) })}</p>
          <Act kind="plain" act={() => seek.options()} testid="look-again">
            {t("sleep.look_again")}
          </Act>
        </div>
      )}
      {options !== null && <NoneFits seek={seek} need={need} any={options.length > 0} />}
    </section>
  );
}

function Offer({ seek, one, n }: { seek: Seek; one: Option; n: number }) {
  const reasons = whyWords(one.why);
  const has = [...fittingWords(one), ...(one.desk_24h ? [t("sleep.desk_24h")] : [])];
  return (
    <li class="card option" data-testid="option">
      <h2>
        <span class="hidden">{n}. </span>
        {one.area} <span class="quiet">{t("sleep.km", { n: one.km })}</span>
      </h2>
      <p class="shape">
        {roomWords(one)}
        {has.length > 0 && ` · ${has.join(" · ")}`}
      </p>
      {reasons.length > 0 && (
        <ul class="why">
          {reasons.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <p class="hint">
        {t("sleep.free", { free: one.free })} <Said at={one.said_at} />
      </p>
      <Act kind="primary" act={() => seek.hold(one.option)} testid="hold-room">
        {t("sleep.hold")}
        <span class="hidden"> {one.area}</span>
      </Act>
    </li>
  );
}

/** What can still be done comes first; why none suits is counted, without her, when she stops. */
function NoneFits({ seek, need, any }: { seek: Seek; need: NeedState; any: boolean }) {
  const [open, setOpen] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (open) heading.current?.focus();
  }, [open]);
  if (any && !open) {
    return (
      <button type="button" class="button secondary wide-button" data-testid="none-fits" onClick={() => setOpen(true)}>
        {t("sleep.none_fits")}
      </button>
    );
  }
  return (
    <section class="card" aria-labelledby="none" data-testid="none">
      <h2 id="none" ref={heading} tabIndex={-1}>
        {t(any ? "sleep.none_fits" : "sleep.and_now")}
      </h2>
      {!need.asking && (
        <>
          <p>{t("sleep.wave_text")}</p>
          <Act kind="primary" act={() => seek.wave()} testid="wave">
            {t("sleep.wave")}
          </Act>
        </>
      )}
      <OrCall />
      <Stop seek={seek} any={any} />
    </section>
  );
}

function Stop({ seek, any }: { seek: Seek; any: boolean }) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState<Refused>(any ? "other" : "full");
  const first = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (asking) first.current?.focus();
  }, [asking]);
  if (!asking) {
    return (
      <button type="button" class="button secondary" data-testid="stop" onClick={() => setAsking(true)}>
        {t("sleep.stop")}
      </button>
    );
  }
  return (
    <div class="ask" role="group" aria-label={t("sleep.stop_ask")}>
      <p ref={first} tabIndex={-1}>
        {t("sleep.stop_ask")}
      </p>
      {any && (
        <fieldset class="chips">
          <legend>{t("sleep.why_not")}</legend>
          {REASONS.map((one) => (
            <label key={one} class="chip">
              <input type="radio" name="why-not" checked={reason === one} onChange={() => setReason(one)} />
              <span>{t(`sleep.reason.${one}`)}</span>
            </label>
          ))}
        </fieldset>
      )}
      <div class="row">
        <Act kind="primary" act={() => seek.end(any ? "declined" : "unmet", reason)} testid="stop-yes">
          {t("sleep.stop_yes")}
        </Act>
        <button type="button" class="button secondary" onClick={() => setAsking(false)}>
          {t("act.no")}
        </button>
      </div>
    </div>
  );
}
