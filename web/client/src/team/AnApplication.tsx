// An application that makes codes: a picture to photograph, the same in letters, and a first code.

import { useEffect, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { sorry, t } from "../words.ts";
import { CodeField, Form } from "./Form.tsx";
import type { Application, Team } from "./team.ts";

/** Light modules around, without which phones do not see it. */
const QUIET = 4;

export function AnApplication({ team, done }: { team: Team; done?: () => void }) {
  const [shown, setShown] = useState<Application | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [code, setCode] = useState("");
  useEffect(() => {
    team.sure(() => team.application()).then(setShown, (failure) => setError(refusalOf(failure).message));
  }, [team]);
  if (error !== null) {
    return (
      <p class="error" role="alert">
        {sorry(error)}
      </p>
    );
  }
  if (shown === null) return null;
  return (
    <>
      <p>{t("team.application_text")}</p>
      <Qr rows={shown.rows} />
      <p class="hint">{t("team.secret_text")}</p>
      <p class="spaced shown-once" data-testid="secret">
        {shown.secret.replace(/.{4}(?=.)/g, "$& ")}
      </p>
      <p>
        {t("team.your_handle")} <strong class="spaced" data-testid="your-handle">{shown.handle.replace(/.{4}(?=.)/g, "$& ")}</strong>
      </p>
      <Form act={() => team.confirm(code).then(done)} go={t("team.confirm")} testid="confirm">
        <CodeField id="first-code" label={t("team.first_code")} value={code} change={setCode} />
      </Form>
    </>
  );
}

function Qr({ rows }: { rows: readonly string[] }) {
  const size = rows.length + 2 * QUIET;
  const dark = rows
    .flatMap((row, y) => [...row].map((one, x) => (one === "1" ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")))
    .join("");
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t("team.qr")} shapeRendering="crispEdges">
      <rect class="light" width={size} height={size} />
      <path class="dark" d={dark} />
    </svg>
  );
}
