// People: those whom the hotel is asked to take in, and those who are on their way or there. An alias, a word, a
// household's shape and a window: that is all a hotel knows, and all it needs.

import { useEffect, useRef, useState } from "preact/hooks";
import type { DeskAsk, DeskHold, DeskKind, DeskState } from "../net/rooms.ts";
import { Act } from "../parts/Act.tsx";
import { CodeForm } from "../parts/CodeForm.tsx";
import { houseWords, roomWords, stayWords, Until } from "../parts/House.tsx";
import { useStore } from "../store.ts";
import { clock, t } from "../words.ts";
import type { Desk } from "./desk.ts";
import { ring } from "./night.ts";

interface ListProps {
  desk: Desk;
  known: DeskState;
}

const REASONS = ["full", "no_fit", "closed", "other"] as const;

/** What waits for the hotel's word: at the top, whatever else there is. */
export function Answering({ desk, known }: ListProps) {
  const holds = known.holds.filter((one) => one.state === "held");
  const asks = known.asks.filter((one) => one.state === "open");
  const { over } = useStore(desk.picture);
  const open = holds.length + asks.length;
  const before = useRef(open);
  useEffect(() => {
    if (open > before.current) ring();
    before.current = open;
  }, [open]);
  return (
    <section class="desk-answer" aria-labelledby="answer" hidden={open + over.length === 0}>
      <h2 id="answer" aria-live="polite">
        {open > 0 ? t("bureau.answer", { n: open }) : t("bureau.answered")}
      </h2>
      <ul class="over">
        {over.map(({ ask, state }) => (
          <li key={ask} data-testid="ask-over">
            {t(`bureau.ask.${state}`)}
          </li>
        ))}
      </ul>
      <ul class="cards">
        {asks.map((one) => (
          <Ask key={one.ask} desk={desk} one={one} kinds={known.kinds} />
        ))}
        {holds.map((one) => (
          <Held key={one.hold} desk={desk} one={one} kinds={known.kinds} />
        ))}
      </ul>
    </section>
  );
}

export function Expected({ desk, known }: ListProps) {
  const coming = known.holds.filter((one) => one.state === "confirmed");
  const there = known.holds.filter((one) => one.state === "arrived");
  return (
    <section class="desk-expected" aria-labelledby="expected">
      <h2 id="expected">{coming.length === 0 ? t("bureau.arrivals") : t("bureau.expected", { n: coming.length })}</h2>
      {coming.length === 0 && <p class="quiet">{t("bureau.nobody")}</p>}
      <ul class="cards">
        {coming.map((one) => (
          <Coming key={one.hold} desk={desk} one={one} kinds={known.kinds} />
        ))}
      </ul>
      {there.length > 0 && (
        <>
          <h2 class="then">{t("bureau.there", { n: there.length })}</h2>
          <ul class="cards">
            {there.map((one) => (
              <There key={one.hold} desk={desk} one={one} kinds={known.kinds} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface AskProps {
  desk: Desk;
  one: DeskAsk;
  kinds: DeskKind[];
}

function Ask({ desk, one, kinds }: AskProps) {
  // Hotels are asked for rooms they had not said were free: any kind they all fit in will do.
  const fitting = kinds
    .filter((kind) => kind.people >= one.people - one.cots && kind.cots >= one.cots)
    .filter((kind) => (kind.accessible || !one.wheelchair) && (kind.pets || one.pets === 0))
    .sort((a, b) => Number(b.kind === one.kind) - Number(a.kind === one.kind));
  return (
    <li class="card asks" data-testid="ask">
      <h3>{t("bureau.ask.title")}</h3>
      <p class="shape">{houseWords(one)}</p>
      <p>
        {stayWords(one.first, one.nights)}. {t("bureau.before")} <Until at={one.until} />
      </p>
      <div class="answers">
        {(fitting.length > 0 ? fitting : [null]).map((kind, n) => (
          <Act
            key={kind?.kind ?? n}
            kind="primary"
            testid="ask-accept"
            act={() => desk.say("ask.accept", kind ? { ask: one.ask, kind: kind.kind } : { ask: one.ask })}
          >
            {fitting.length > 1 && kind ? t("bureau.ask.yes_kind", { people: kind.people }) : t("bureau.ask.yes")}
          </Act>
        ))}
        <Act testid="ask-decline" act={() => desk.say("ask.decline", { ask: one.ask })}>
          {t("bureau.ask.no")}
        </Act>
      </div>
    </li>
  );
}

interface HoldProps {
  desk: Desk;
  one: DeskHold;
  kinds: DeskKind[];
}

function Who({ one, kinds }: { one: DeskHold; kinds: DeskKind[] }) {
  const kind = kinds.find((known) => known.kind === one.kind);
  return (
    <>
      <p class="alias">
        <strong dir="auto">{one.alias}</strong> <span class="word">{t("bureau.word", { word: one.word })}</span>
      </p>
      <p class="shape">{houseWords(one)}</p>
      <p class="hint">
        {kind ? `${roomWords(kind)} · ` : ""}
        {stayWords(one.first, one.nights)}
      </p>
    </>
  );
}

function Held({ desk, one, kinds }: HoldProps) {
  const [refusing, setRefusing] = useState(false);
  return (
    <li class="card asks" data-testid="held">
      <h3>{t("bureau.held")}</h3>
      <Who one={one} kinds={kinds} />
      <p>
        {t("bureau.before")} <Until at={one.expires_at} />
      </p>
      <div class="answers">
        <Act kind="primary" testid="confirm" act={() => desk.say("hold.confirm", { hold: one.hold })}>
          {t("bureau.confirm")}
        </Act>
        {!refusing && (
          <button type="button" class="button secondary" data-testid="decline" onClick={() => setRefusing(true)}>
            {t("bureau.decline")}
          </button>
        )}
      </div>
      {refusing && <Reasons desk={desk} hold={one.hold} back={() => setRefusing(false)} />}
    </li>
  );
}

function Reasons({ desk, hold, back }: { desk: Desk; hold: string; back: () => void }) {
  const first = useRef<HTMLParagraphElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <div class="reasons" role="group" aria-label={t("bureau.why")}>
      <p ref={first} tabIndex={-1}>
        {t("bureau.why")}
      </p>
      <div class="answers">
        {REASONS.map((reason) => (
          <Act key={reason} testid={`reason-${reason}`} act={() => desk.say("hold.decline", { hold, reason })}>
            {t(`bureau.reason.${reason}`)}
          </Act>
        ))}
        <button type="button" class="button plain" onClick={back}>
          {t("act.no")}
        </button>
      </div>
    </div>
  );
}

function Coming({ desk, one, kinds }: HoldProps) {
  const [refusing, setRefusing] = useState(false);
  return (
    <li class="card" data-testid="coming">
      <Who one={one} kinds={kinds} />
      <p>{t("bureau.window", { from: clock(one.arrives_from), to: clock(one.arrives_until) })}</p>
      <p class="honest">{t("bureau.no_papers")}</p>
      {one.locked ? (
        <p class="notice" role="status" data-testid="locked">
          {t("bureau.locked")}
        </p>
      ) : (
        <CodeForm
          label={t("bureau.her_code")}
          go={t("bureau.she_is_here")}
          testid="her-code"
          send={(code) => desk.say("hold.arrive", { hold: one.hold, code })}
        />
      )}
      {refusing ? (
        <Reasons desk={desk} hold={one.hold} back={() => setRefusing(false)} />
      ) : (
        <button type="button" class="button plain" onClick={() => setRefusing(true)}>
          {t("bureau.decline_late")}
        </button>
      )}
    </li>
  );
}

function There({ desk, one, kinds }: HoldProps) {
  return (
    <li class="card" data-testid="there">
      <Who one={one} kinds={kinds} />
      <Act
        testid="left"
        question={t("bureau.left_ask", { alias: one.alias })}
        yes={t("bureau.left_yes")}
        act={() => desk.say("hold.left", { hold: one.hold })}
      >
        {t("bureau.left")}
      </Act>
    </li>
  );
}
