// Before something grave: is it still her? A key, or a code of her application.

import { useEffect, useRef, useState } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { t } from "../words.ts";
import { CodeField, Form } from "./Form.tsx";
import { canUseKeys } from "./keys.ts";
import type { Team } from "./team.ts";

export function StillYou({ team }: { team: Team }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [code, setCode] = useState("");
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="card still-you"
      aria-labelledby="still-you"
      data-testid="still-you"
      onCancel={() => team.giveUp()}
    >
      <h2 id="still-you">{t("team.still_you")}</h2>
      <p>{t("team.still_you_text")}</p>
      {canUseKeys() && (
        <Act kind="primary" act={() => team.sureWithKey()} testid="sure-key">
          {t("team.show_key")}
        </Act>
      )}
      <details class="by-code" open={!canUseKeys()}>
        <summary>{t("team.by_code")}</summary>
        <Form act={() => team.sureWithCode(code)} go={t("team.confirm")} kind="secondary" testid="sure-code">
          <CodeField id="sure" label={t("team.code")} value={code} change={setCode} />
        </Form>
      </details>
      <button type="button" class="button plain" data-testid="give-up" onClick={() => team.giveUp()}>
        {t("act.no")}
      </button>
    </dialog>
  );
}
