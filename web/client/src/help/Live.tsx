// After the server's "recorded": who was told, who comes, what to say to them, and how to end it.

import type { HelperSeen, HelpState } from "../net/wire.ts";
import { isGoing, isOpen } from "../pure/alerts.ts";
import { Act } from "../parts/Act.tsx";
import { Title } from "../parts/Frame.tsx";
import { LineWords } from "../parts/LineWords.tsx";
import { Room } from "../parts/Room.tsx";
import { useStore } from "../store.ts";
import { clock, t, type Key } from "../words.ts";
import type { Journey } from "./journey.ts";

export function Live({ journey }: { journey: Journey }) {
  const { alert, sending, talk, withoutRefused } = useStore(journey.picture);
  const at = alert?.at ?? (sending.step === "recorded" ? sending.at : null);
  return (
    <>
      <Title>{t("live.title")}</Title>
      {at !== null && (
        <p class="sent" data-testid="sent">
          <span aria-hidden="true">✓ </span>
          {sending.step === "recorded" && sending.late
            ? t("live.sent_late", { time: clock(at) })
            : t("live.sent", { time: clock(at) })}
        </p>
      )}
      <LineWords line={journey.line} />
      {alert && <Summary alert={alert} />}
      {withoutRefused && <p class="error">{t("live.without_refused")}</p>}
      {alert && <Coming alert={alert} journey={journey} />}
      {talk && <Room talk={talk} />}
      <section class="endings" aria-labelledby="end">
        <h2 id="end">{t("live.end")}</h2>
        <Act
          kind="primary"
          act={() => journey.command("help.close")}
          question={t("live.close_ask")}
          yes={t("live.close_yes")}
          testid="close"
        >
          {t("live.close")}
        </Act>
        <Act
          act={() => journey.command("help.cancel")}
          question={t("live.cancel_ask")}
          yes={t("live.cancel_yes")}
          testid="cancel"
        >
          {t("live.cancel")}
        </Act>
        <p class="hint">{t("live.leaving")}</p>
      </section>
    </>
  );
}

/** "3 personnes prévenues, 2 arrivent". */
export function summary(alert: HelpState): string {
  const { delivered, accepted, on_scene } = alert;
  if (delivered === 0 && accepted === 0) return t("live.searching");
  const parts = [t("live.told", { n: Math.max(delivered, accepted) })];
  const coming = accepted - on_scene;
  if (coming > 0) parts.push(t("live.coming", { n: coming }));
  if (on_scene > 0) parts.push(t("live.there", { n: on_scene }));
  return `${parts.join(", ")}.`;
}

function Summary({ alert }: { alert: HelpState }) {
  return (
    <section class="card summary" aria-label={t("live.summary")}>
      <p class="headline" role="status" data-testid="summary">
        {summary(alert)}
      </p>
      <p>
        {alert.accepted === 0
          ? t(alert.mode === "home" ? "live.wait_home" : "live.wait_public")
          : alert.accepted === 1 && alert.mode === "public"
            ? t("live.one")
            : t("live.several")}
      </p>
    </section>
  );
}

const COMING: Partial<Record<HelperSeen["state"], Key>> = {
  accepted: "coming.accepted",
  arrived: "coming.arrived",
  withdrawn: "coming.withdrawn",
  covered: "coming.covered",
};

function Coming({ alert, journey }: { alert: HelpState; journey: Journey }) {
  const helpers = alert.helpers ?? [];
  if (helpers.length === 0) return null;
  const open = isOpen(alert);
  return (
    <section aria-labelledby="coming">
      <h2 id="coming">{t("live.who")}</h2>
      <ul class="people">
        {helpers.map((one) => {
          const far = one.ring === "remote" && one.state === "accepted";
          const word = far ? "coming.remote" : COMING[one.state];
          const knows = open || one.released;
          const here = isGoing(one);
          return (
            <li key={one.helper} class="person" data-testid="helper">
              <p>
                <strong>{one.name}</strong> {word && <span class="tag">{t(word)}</span>}
              </p>
              {here && knows && <p class="hint">{t("live.knows")}</p>}
              {here && !knows && (
                <Act
                  act={() => journey.command("help.release", { helper: one.helper })}
                  question={t("live.release_ask", { name: one.name })}
                  testid="release"
                >
                  {t("live.release", { name: one.name })}
                </Act>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
