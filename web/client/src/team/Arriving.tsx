// Coming with an invitation: a name, then a key.

import { useState } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { Title } from "../parts/Frame.tsx";
import { t } from "../words.ts";
import { AnApplication } from "./AnApplication.tsx";
import { NoKeys } from "./Entry.tsx";
import { Form } from "./Form.tsx";
import { canUseKeys } from "./keys.ts";
import type { Team } from "./team.ts";

export function Arriving({ team, code }: { team: Team; code: string }) {
  const [typed, setTyped] = useState(code);
  const [name, setName] = useState("");
  return (
    <>
      <Title>{t("team.arriving")}</Title>
      <p class="lead">{t("team.arriving_text")}</p>
      <Form act={() => team.accept(typed, name)} go={t("team.accept")} testid="accept">
        <div class="field">
          <label for="invitation">{t("team.invitation")}</label>
          <input
            id="invitation"
            class="input spaced"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            required
            minLength={16}
            maxLength={40}
            data-testid="invitation"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for="name">{t("team.name")}</label>
          <p class="hint" id="name-hint">
            {t("team.name_hint")}
          </p>
          <input
            id="name"
            class="input"
            autocomplete="given-name"
            required
            maxLength={80}
            aria-describedby="name-hint"
            data-testid="name"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
      </Form>
      <p class="set-apart">
        <button type="button" class="link" onClick={() => team.back()}>
          {t("team.back")}
        </button>
      </p>
    </>
  );
}

export function Enrolling({ team }: { team: Team }) {
  const [byCode, setByCode] = useState(false);
  const keys = canUseKeys();
  if (byCode) {
    return (
      <>
        <Title>{t("team.application")}</Title>
        <AnApplication team={team} />
        <p class="set-apart">
          <button type="button" class="link" onClick={() => setByCode(false)}>
            {t("team.back")}
          </button>
        </p>
      </>
    );
  }
  return (
    <>
      <Title>{t("team.enrolling")}</Title>
      <p class="lead">{t("team.enrolling_text")}</p>
      <p class="hint">{t("team.enrolling_time")}</p>
      <NoKeys />
      {keys && (
        <Act kind="primary" act={() => team.enrol()} testid="enrol">
          {t("team.enrol")}
        </Act>
      )}
      <p class="set-apart">
        {t("team.rather")}{" "}
        <button type="button" class="link" data-testid="rather-code" onClick={() => setByCode(true)}>
          {t("team.rather_go")}
        </button>
      </p>
    </>
  );
}
