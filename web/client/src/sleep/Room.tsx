// The room kept for her: the hotel's answer, the name and the code she gives there, the address when she asks.

import { useState } from "preact/hooks";
import type { Address, HoldView } from "../net/rooms.ts";
import { Act } from "../parts/Act.tsx";
import { Title } from "../parts/Frame.tsx";
import { stayWords, Until } from "../parts/House.tsx";
import { Stepper } from "../parts/Stepper.tsx";
import { codeWords } from "../pure/seeking.ts";
import { t } from "../words.ts";
import { OrCall } from "./OrCall.tsx";
import type { Seek } from "./seek.ts";

interface RoomProps {
  seek: Seek;
  hold: HoldView;
}

export function Waiting({ seek, hold }: RoomProps) {
  return (
    <section data-testid="waiting">
      <Title>{t("sleep.waiting")}</Title>
      <p class="lead" role="status">
        {t("sleep.waiting_text")}
      </p>
      <p>
        {stayWords(hold.first, hold.nights)}. {t("sleep.answers_before")} <Until at={hold.expires_at} />
      </p>
      {!hold.approved && <p class="notice">{t("sleep.approving")}</p>}
      <Known hold={hold} />
      <div class="answers">
        {!hold.extended && (
          <Act act={() => seek.held("hold.extend")} testid="extend">
            {t("sleep.extend")}
          </Act>
        )}
        <Cancel seek={seek} />
      </div>
      <OrCall />
    </section>
  );
}

export function Expected({ seek, hold }: RoomProps) {
  return (
    <section data-testid="expected">
      <Title>{t("sleep.expected")}</Title>
      <p class="lead" role="status">
        {t("sleep.expected_text")}
      </p>
      {hold.code && (
        <div class="card summary code-card">
          <p>{t("sleep.code")}</p>
          <p class="code" dir="ltr" data-testid="code">
            <span aria-hidden="true">{codeWords(hold.code)}</span>
            <span class="hidden">{[...hold.code].join(" ")}</span>
          </p>
        </div>
      )}
      {hold.locked && <p class="notice">{t("sleep.locked")}</p>}
      <Known hold={hold} />
      <p>
        {stayWords(hold.first, hold.nights)}. {t("sleep.arrive_before")} <Until at={hold.arrives_until ?? hold.expires_at} />
      </p>
      <Where seek={seek} />
      <div class="answers">
        {!hold.extended && (
          <Act act={() => seek.held("hold.extend")} testid="extend">
            {t("sleep.late")}
          </Act>
        )}
        <Cancel seek={seek} />
      </div>
    </section>
  );
}

export function There({ seek, hold }: RoomProps) {
  const [nights, setNights] = useState(1);
  return (
    <section data-testid="there">
      <Title>{t("sleep.there")}</Title>
      <p class="lead" role="status">
        {t("sleep.there_text")}
      </p>
      <p data-testid="stay" role="status">{stayWords(hold.first, hold.nights)}</p>
      {!hold.approved && <p class="notice">{t("sleep.approving")}</p>}
      <section class="card" aria-labelledby="more">
        <h2 id="more">{t("sleep.more")}</h2>
        <Stepper label={t("sleep.more_nights")} value={nights} least={1} most={14} change={setNights} />
        <Act kind="primary" act={() => seek.more(nights)} testid="more">
          {t("sleep.more_ask")}
        </Act>
      </section>
      <Where seek={seek} />
      <div class="answers">
        <a class="button secondary" href="tel:3919">
          {t("sleep.talk")}
        </a>
        <Act act={() => seek.end("safe")} question={t("sleep.safe_ask")} yes={t("sleep.safe_yes")} testid="safe">
          {t("sleep.safe")}
        </Act>
      </div>
    </section>
  );
}

/** The name she gives at the desk: it is not hers, and nobody there knows hers. */
function Known({ hold }: { hold: HoldView }) {
  return (
    <dl class="card alias-card">
      <div>
        <dt>{t("sleep.alias")}</dt>
        <dd dir="auto" data-testid="alias">{hold.alias}</dd>
      </div>
      <div>
        <dt>{t("sleep.word")}</dt>
        <dd dir="auto" data-testid="word">{hold.word}</dd>
      </div>
    </dl>
  );
}

function Where({ seek }: { seek: Seek }) {
  const [address, setAddress] = useState<Address | null>(null);
  if (address === null) {
    return (
      <div class="answers">
        <Act
          kind="primary"
          act={async () => setAddress(await seek.address())}
          question={t("sleep.address_ask")}
          yes={t("sleep.address_yes")}
          testid="address-open"
        >
          {t("sleep.address")}
        </Act>
      </div>
    );
  }
  return (
    <section class="card" aria-labelledby="address">
      <h2 id="address">{t("sleep.address_title")}</h2>
      <address dir="auto" data-testid="address">
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
      <p class="hint">{t("sleep.address_keep")}</p>
      <button type="button" class="button secondary" onClick={() => setAddress(null)}>
        {t("sleep.address_hide")}
      </button>
    </section>
  );
}

function Cancel({ seek }: { seek: Seek }) {
  return (
    <Act
      act={() => seek.held("hold.cancel")}
      question={t("sleep.cancel_ask")}
      yes={t("sleep.cancel_yes")}
      testid="cancel-room"
    >
      {t("sleep.cancel")}
    </Act>
  );
}
