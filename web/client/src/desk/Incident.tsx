// "Il est ici": somebody asks for her, calls, or waits outside. What to say first, then whom we have told.

import { useEffect, useRef, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { newId } from "../pure/ids.ts";
import { clock, sorry, t } from "../words.ts";
import type { Desk } from "./desk.ts";

const KINDS = ["here", "calls", "other"] as const;
type Kind = (typeof KINDS)[number];

export function IncidentBar({ desk }: { desk: Desk }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      {open && (
        <Card
          desk={desk}
          close={() => {
            setOpen(false);
            button.current?.focus();
          }}
        />
      )}
      <nav class="bar" aria-label={t("number.label")}>
        <div class="bar-row desk-bar">
          <button
            ref={button}
            type="button"
            class="exit incident"
            data-testid="incident"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {t("bureau.incident")}
          </button>
          <a class="number" href="tel:17">
            <strong>17</strong> <span>{t("number.17")}</span>
          </a>
        </div>
      </nav>
    </>
  );
}

interface Told {
  at: number | null;
  error: string | null;
}

function Card({ desk, close }: { desk: Desk; close: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // One incident, however often the button is pressed while the line is bad.
  const [id] = useState(newId);
  const [busy, setBusy] = useState<Kind | null>(null);
  const [told, setTold] = useState<Told>({ at: null, error: null });
  useEffect(() => heading.current?.focus(), []);

  async function tell(kind: Kind): Promise<void> {
    if (busy !== null) return;
    setBusy(kind);
    try {
      await desk.incident(id, kind);
      setTold({ at: Date.now(), error: null });
    } catch (failure) {
      setTold({ at: null, error: refusalOf(failure).message });
    }
    setBusy(null);
  }

  return (
    <section class="incident-card" aria-labelledby="incident" data-testid="incident-card">
      <h2 id="incident" ref={heading} tabIndex={-1}>
        {t("bureau.never")}
      </h2>
      <ul class="plain-list">
        <li>{t("bureau.never_say")}</li>
        <li>{t("bureau.never_call")}</li>
        <li>{t("bureau.never_danger")}</li>
      </ul>
      {told.at === null && (
        <>
          <p>{t("bureau.tell")}</p>
          <div class="answers">
            {KINDS.map((kind) => (
              <button
                key={kind}
                type="button"
                class={kind === "here" ? "button primary" : "button secondary"}
                aria-busy={busy === kind}
                data-testid={`incident-${kind}`}
                onClick={() => void tell(kind)}
              >
                {t(`bureau.incident_kind.${kind}`)}
              </button>
            ))}
          </div>
        </>
      )}
      <div role="alert">
        {told.at !== null && (
          <p class="headline" data-testid="incident-told">
            {t("bureau.told", { time: clock(told.at) })}
          </p>
        )}
        {told.error !== null && (
          <p class="error">
            {t("bureau.untold")} {sorry(told.error)}
          </p>
        )}
      </div>
      <button type="button" class="button secondary" onClick={close}>
        {t("bureau.close_card")}
      </button>
    </section>
  );
}
