// How reaching phones goes: what became of pushes, which services answer, when a test last came through.

import { useStore } from "../store.ts";
import { clock, t, type Key } from "../words.ts";
import type { Board } from "./board.ts";

export function Delivery({ board }: { board: Board }) {
  const { push } = useStore(board.desk);
  if (push === null) return null;
  const troubled = push.hosts.filter((one) => one.state !== "closed");
  return (
    <section class="panel" aria-labelledby="delivery" data-testid="delivery">
      <h2 id="delivery">{t("delivery.title")}</h2>
      {!push.on && <p class="quiet">{t("delivery.off")}</p>}
      {push.on && (
        <>
          <p>
            {t("delivery.devices", { n: push.devices })} {t(push.sms ? "delivery.sms" : "delivery.no_sms")}
          </p>
          <p>{push.last_test_at ? t("delivery.tested", { at: clock(push.last_test_at) }) : t("delivery.never")}</p>
          {push.results.length === 0 && <p class="quiet">{t("delivery.none")}</p>}
          <ul class="results">
            {push.results.map(({ result, count }) => (
              <li key={result} data-testid="delivery-result">
                {said(result)} <strong>{count}</strong>
              </li>
            ))}
          </ul>
          <ul class="results">
            {troubled.map(({ host, state }) => (
              <li key={host} class="error">
                {t(`delivery.host.${state}` as Key, { host })}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** `offer.sent`: what for, and what became of it. */
function said(result: string): string {
  const [kind = "", became = ""] = result.split(".");
  return `${t(`delivery.kind.${kind}` as Key)} · ${t(`delivery.became.${became}` as Key)}`;
}
