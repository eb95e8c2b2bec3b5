// Whether this phone rings while the page is closed, and a test that shows it.

import { useEffect } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { useStore } from "../store.ts";
import { language, t } from "../words.ts";
import type { Ring, Ringing } from "./ringing.ts";

export function ThisPhone({ ringing }: { ringing: Ringing }) {
  const ring = useStore(ringing.state);
  useEffect(() => void ringing.begin().catch(() => undefined), [ringing]);
  if (ring.step === "finding" || ring.step === "absent") return null;
  return (
    <section class="card" aria-labelledby="phone" data-testid="phone">
      <h2 id="phone">{t("phone.title")}</h2>
      {ring.step === "unable" && <p>{t(/iP(hone|ad|od)/.test(navigator.userAgent) ? "phone.ios" : "phone.unable")}</p>}
      {ring.step === "blocked" && <p>{t("phone.blocked")}</p>}
      {ring.step === "off" && (
        <>
          <p>{t("phone.off_text")}</p>
          <Act kind="primary" act={() => ringing.enable()} testid="phone-on">
            {t("phone.enable")}
          </Act>
        </>
      )}
      {ring.step === "on" && <On ring={ring} ringing={ringing} />}
    </section>
  );
}

function On({ ring, ringing }: { ring: Ring; ringing: Ringing }) {
  return (
    <>
      <p>{t("phone.on_text")}</p>
      <p role="status" data-testid="phone-tested">
        {ring.test === "waiting" && t("phone.waiting")}
        {ring.test === "lost" && t("phone.lost")}
        {ring.test === "none" &&
          (ring.receivedAt === null ? t("phone.never") : t("phone.tested", { at: when(ring.receivedAt) }))}
      </p>
      <Act kind="primary" act={() => ringing.test()} testid="phone-test">
        {t("phone.test")}
      </Act>
      <Act kind="plain" act={() => ringing.disable()} testid="phone-off">
        {t("phone.disable")}
      </Act>
      {ring.reference !== null && <p class="hint">{t("phone.reference", { code: ring.reference.replace(/.{4}(?=.)/g, "$& ") })}</p>}
    </>
  );
}

function when(at: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: "long", timeStyle: "short" }).format(new Date(at));
}
