// The ways in: a passkey; a code of an application; an invitation.

import { useState } from "preact/hooks";
import { Title } from "../parts/Frame.tsx";
import { Act } from "../parts/Act.tsx";
import { isNumbers } from "../pure/browsers.ts";
import { t } from "../words.ts";
import { CodeField, Form } from "./Form.tsx";
import { canUseKeys } from "./keys.ts";
import type { Team } from "./team.ts";

export function Entry({ team }: { team: Team }) {
  const [handle, setHandle] = useState("");
  const [code, setCode] = useState("");
  const keys = canUseKeys();
  return (
    <>
      <Title quiet>{t("team.entry")}</Title>
      <p class="lead">{t("team.entry_text")}</p>
      <NoKeys />
      {keys && (
        <Act kind="primary" act={() => team.enterWithKey()} testid="enter-key">
          {t("team.enter_key")}
        </Act>
      )}
      <details class="by-code" open={!keys}>
        <summary data-testid="by-code">{t("team.by_code")}</summary>
        <p class="hint">{t("team.by_code_text")}</p>
        <Form
          act={() => team.enterWithCode(handle, code)}
          go={t("team.enter_code")}
          kind={keys ? "secondary" : "primary"}
          testid="enter-code"
        >
          <div class="field">
            <label for="handle">{t("team.handle")}</label>
            <p class="hint" id="handle-hint">
              {t("team.handle_hint")}
            </p>
            <input
              id="handle"
              class="input spaced"
              autocomplete="username"
              autocapitalize="characters"
              spellcheck={false}
              required
              minLength={8}
              maxLength={12}
              aria-describedby="handle-hint"
              data-testid="handle"
              value={handle}
              onInput={(event) => setHandle(event.currentTarget.value)}
            />
          </div>
          <CodeField id="code" label={t("team.code")} value={code} change={setCode} />
        </Form>
      </details>
      <p class="set-apart">
        {t("team.invited")}{" "}
        <button type="button" class="link" data-testid="invited" onClick={() => team.arrive()}>
          {t("team.invited_go")}
        </button>
      </p>
    </>
  );
}

/** Why a passkey cannot be used here, and what to do. */
export function NoKeys() {
  if (canUseKeys()) return null;
  const numbers = isNumbers(location.hostname);
  const named = `${location.protocol}//localhost${location.port && `:${location.port}`}${location.pathname}`;
  return (
    <div class="card" data-testid="no-keys">
      <p>{t(numbers ? "team.numbers" : "team.no_keys")}</p>
      {numbers && (
        <p>
          <a href={named}>{named}</a>
        </p>
      )}
    </div>
  );
}
