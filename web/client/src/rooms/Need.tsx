// One need, opened: its household, the room that is held, or the offers with their reasons and prices.

import { useEffect, useRef, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import type { Address, HoldState, HoldView, NeedState, Option, Refused } from "../net/rooms.ts";
import { Act } from "../parts/Act.tsx";
import { fittingWords, houseWords, roomWords, Said, stayWords, Until } from "../parts/House.tsx";
import { StepUp } from "../parts/StepUp.tsx";
import { Stepper } from "../parts/Stepper.tsx";
import { euros, isOver } from "../pure/beds.ts";
import { newId } from "../pure/ids.ts";
import { codeWords, cots, stageOf } from "../pure/seeking.ts";
import { whyWords } from "../parts/why.ts";
import { useStore } from "../store.ts";
import { clock, language, sorry, t, type Key } from "../words.ts";
import type { Needing, Opened } from "./needing.ts";
import { useProved } from "./proved.ts";

export function Need({ nights }: { nights: Needing }) {
  const { opened } = useStore(nights.picture);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone it is far below the list.
    if (opened === null || section.current === null) return;
    const { top } = section.current.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) section.current.scrollIntoView();
  }, [opened?.id]);
  return (
    <section ref={section} class="panel" aria-labelledby="need" data-testid="need-opened">
      <h2 id="need">{t("rooms.need")}</h2>
      {opened === null && <p class="quiet">{t(nights.staff ? "rooms.none_open" : "rooms.none_open_own")}</p>}
      {opened !== null && opened.need === null && <p role="status">{t("finding.text")}</p>}
      {opened !== null && opened.need !== null && (
        <Details key={opened.id} nights={nights} opened={opened} need={opened.need} />
      )}
    </section>
  );
}

interface DetailsProps {
  nights: Needing;
  opened: Opened;
  need: NeedState;
}

function Details({ nights, opened, need }: DetailsProps) {
  const { household, reach, hold } = need;
  const stage = stageOf(need, hold);
  return (
    <>
      <p>
        {household && (
          <strong>
            {houseWords({
              ...household,
              people: household.adults + household.children.length,
              children: household.children.length,
              cots: cots(household),
            })}
          </strong>
        )}{" "}
        · {stayWords(need.first, need.nights)} · {clock(need.at)}
      </p>
      {household && household.children.length > 0 && (
        <p>{t("rooms.ages", { ages: household.children.join(", ") })}</p>
      )}
      {reach && (
        <p>
          {t(`rooms.reach.${reach.how}`)} {reach.detail} {reach.when && `(${reach.when})`}
        </p>
      )}
      {hold && stage !== "choose" && !isOver(need) && <Held nights={nights} need={need} hold={hold} />}
      {stage === "choose" && <Offers nights={nights} need={need} options={opened.options} />}
      {!isOver(need) && <Close nights={nights} need={need} />}
    </>
  );
}

/** As many at once as on her own page. */
const MOST_MORE = 14;
const HELD: Partial<Record<HoldState, Key>> = {
  held: "rooms.hold.held",
  confirmed: "rooms.hold.confirmed",
  arrived: "rooms.hold.arrived",
};

interface HeldProps {
  nights: Needing;
  need: NeedState;
  hold: HoldView;
}

function Held({ nights, need, hold }: HeldProps) {
  return (
    <div class="card" data-testid="need-hold">
      <p class="alert-head">
        <strong>{t(HELD[hold.state] ?? "rooms.hold.held")}</strong>
        <span class="tag">
          {hold.alias} · {hold.word}
        </span>
      </p>
      {hold.state !== "arrived" && (
        <p>
          {t(hold.state === "held" ? "rooms.answers_before" : "rooms.arrives_before")}{" "}
          <Until at={hold.state === "held" ? hold.expires_at : (hold.arrives_until ?? hold.expires_at)} />
        </p>
      )}
      {hold.code && hold.state === "confirmed" && (
        <p>
          {t("rooms.code")} <strong class="code small" data-testid="need-code">{codeWords(hold.code)}</strong>
        </p>
      )}
      {hold.locked && <Locked nights={nights} need={need} hold={hold} />}
      {!hold.approved && (
        <>
          <p class="notice">{t("rooms.unapproved")}</p>
          {nights.staff && need.may_agree && (
            <Act
              kind="primary"
              act={() => nights.held(need.need, "hold.approve", hold.hold)}
              question={t("rooms.approve_ask", { n: hold.nights })}
              testid="approve"
            >
              {t("rooms.approve")}
            </Act>
          )}
        </>
      )}
      {hold.state !== "held" && <OpenAddress nights={nights} hold={hold.hold} />}
      <div class="row">
        {!hold.extended && hold.state !== "arrived" && (
          <Act act={() => nights.held(need.need, "hold.extend", hold.hold)}>{t("rooms.extend")}</Act>
        )}
        {hold.state !== "arrived" && (
          <Act
            kind="plain"
            act={() => nights.held(need.need, "hold.cancel", hold.hold)}
            question={t("rooms.cancel_ask")}
          >
            {t("rooms.cancel")}
          </Act>
        )}
      </div>
      {hold.state === "arrived" && <More nights={nights} need={need} hold={hold} />}
    </div>
  );
}

/** Somebody has spoken to her, or to the desk: it is she, though the code was wrong five times. */
function Locked({ nights, need, hold }: HeldProps) {
  return (
    <>
      <p class="notice" data-testid="locked">
        {t(nights.staff ? "rooms.locked" : "rooms.locked_own")}
      </p>
      {nights.staff && (
        <Act
          kind="primary"
          act={() => nights.held(need.need, "hold.admit", hold.hold)}
          question={t("rooms.admit_ask")}
          testid="admit"
        >
          {t("rooms.admit")}
        </Act>
      )}
    </>
  );
}

function More({ nights, need, hold }: HeldProps) {
  const [many, setMany] = useState(1);
  const [id, setId] = useState(newId);
  async function ask(): Promise<void> {
    await nights.more(need.need, id, hold.hold, many);
    setMany(1);
    setId(newId());
  }
  function set(nights: number): void {
    setMany(nights);
    setId(newId());
  }
  return (
    <details>
      <summary>{t("rooms.more")}</summary>
      <Stepper label={t("rooms.more_nights")} value={many} least={1} most={MOST_MORE} change={set} />
      <Act act={ask} testid="need-more">
        {t("rooms.more_go")}
      </Act>
    </details>
  );
}

function OpenAddress({ nights, hold }: { nights: Needing; hold: string }) {
  const [address, setAddress] = useState<Address | null>(null);
  const { proving, open } = useProved(async () => setAddress(await nights.address(hold)));
  if (address !== null) {
    return (
      <div class="card">
        <address data-testid="address">
          <strong>{address.name}</strong>
          <br />
          {address.street}
          <br />
          {address.postcode} {address.city}
        </address>
        {address.phone && (
          <p>
            <a href={`tel:${address.phone}`}>{address.phone}</a>
          </p>
        )}
        {typeof address.left === "number" && (
          <p class="hint" data-testid="reveals-left">
            {t("rooms.left", { n: address.left })}
          </p>
        )}
        <button type="button" class="button secondary small" onClick={() => setAddress(null)}>
          {t("rooms.hide")}
        </button>
      </div>
    );
  }
  if (proving) return <StepUp line={nights.line} then={open} />;
  return (
    <Act act={open} question={t("rooms.address_ask")} testid="address-open">
      {t("rooms.address")}
    </Act>
  );
}

interface OffersProps {
  nights: Needing;
  need: NeedState;
  options: readonly Option[] | null;
}

function Offers({ nights, need, options }: OffersProps) {
  const [error, setError] = useState<string | null>(null);
  async function hold(option: string): Promise<void> {
    setError(null);
    try {
      await nights.hold(need.need, option);
    } catch (failure) {
      // The list that follows has forgotten the button that was pressed.
      setError(refusalOf(failure).message);
      await nights.options(need.need).catch(() => undefined);
    }
  }
  return (
    <>
      <div class="row">
        <Act kind="primary" act={() => nights.options(need.need)} testid="need-options">
          {t(options === null ? "rooms.options" : "rooms.options_again")}
        </Act>
        {need.asking ? (
          <span class="tag">{t("rooms.asking")}</span>
        ) : (
          <Act act={() => nights.wave(need.need)} testid="need-wave">
            {t("rooms.wave")}
          </Act>
        )}
      </div>
      <div role="alert">{error !== null && <p class="error">{sorry(error)}</p>}</div>
      {options !== null && options.length === 0 && <p role="status">{t("rooms.no_option")}</p>}
      <ol class="alerts offers">
        {(options ?? []).map((one, n) => (
          <li key={one.option} class="alert" data-testid="need-option">
            <p class="alert-head">
              <strong>
                {n + 1}. {one.area}
              </strong>
              <span class="tag">{t("rooms.km", { n: one.km })}</span>
              {typeof one.price_cents === "number" && (
                <span class="tag">{t("rooms.price", { price: euros(one.price_cents, language()) })}</span>
              )}
              <span class="tag">{t("rooms.free", { free: one.free })}</span>
            </p>
            <p>{[roomWords(one), ...fittingWords(one)].join(" · ")}</p>
            <ul class="why">
              {whyWords(one.why).map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
            <div class="row">
              <span class="quiet">
                <Said at={one.said_at} />
              </span>
              <Act act={() => hold(one.option)} testid="need-take">
                {t("rooms.take")}
                <span class="hidden"> {n + 1}</span>
              </Act>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

const REASONS: readonly Refused[] = ["full", "too_near", "too_far", "no_fit", "cost", "other"];

function Close({ nights, need }: { nights: Needing; need: NeedState }) {
  const [reason, setReason] = useState<Refused>("full");
  const sheltered = need.hold?.state === "arrived";
  if (sheltered) {
    return (
      <Act act={() => nights.close(need.need, "safe")} question={t("rooms.close_ask")} testid="need-close">
        {t("rooms.close_safe")}
      </Act>
    );
  }
  return (
    <details>
      <summary>{t("rooms.close")}</summary>
      <div class="field">
        <label for="close-reason">{t("rooms.close_why")}</label>
        <select
          id="close-reason"
          class="input"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value as Refused)}
        >
          {REASONS.map((one) => (
            <option key={one} value={one}>
              {t(`rooms.reason.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <div class="row">
        <Act act={() => nights.close(need.need, "unmet", reason)} question={t("rooms.close_ask")} testid="need-unmet">
          {t("rooms.close_unmet")}
        </Act>
        <Act act={() => nights.close(need.need, "safe")} question={t("rooms.close_ask")}>
          {t("rooms.close_safe")}
        </Act>
      </div>
    </details>
  );
}
