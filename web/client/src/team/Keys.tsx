// What one signs in with: another key, an application that makes codes, six figures for the tablet.

import { useState } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { t } from "../words.ts";
import { AnApplication } from "./AnApplication.tsx";
import { CodeField, Form } from "./Form.tsx";
import { canUseKeys } from "./keys.ts";
import type { Listed, Role, Team } from "./team.ts";

export function Keys({ team, listed, role }: { team: Team; listed: Listed; role: Role }) {
  const [adding, setAdding] = useState(false);
  const [done, setDone] = useState<"key" | "application" | null>(null);
  return (
    <section class="panel" aria-labelledby="keys">
      <h2 id="keys">{t("team.keys")}</h2>
      <p class="hint">{t("team.keys_text")}</p>
      <p role="status" data-testid="key-done">
        {done !== null && t(`team.done.${done}`)}
      </p>
      <div class="row">
        {canUseKeys() && (
          <Act act={() => team.sure(() => team.enrol()).then(() => setDone("key"))} testid="add-key">
            {t("team.add_key")}
          </Act>
        )}
        {!adding && (
          <button type="button" class="button secondary" data-testid="add-application" onClick={() => setAdding(true)}>
            {t("team.add_application")}
          </button>
        )}
      </div>
      {adding && (
        <div class="set-apart">
          <AnApplication
            team={team}
            done={() => {
              setAdding(false);
              setDone("application");
            }}
          />
        </div>
      )}
      {role === "desk" && <Pin team={team} has={listed.members.some((one) => one.me && one.pin)} />}
    </section>
  );
}

function Pin({ team, has }: { team: Team; has: boolean }) {
  const [pin, setPin] = useState("");
  const [set, setSet] = useState(false);

  async function keep(): Promise<void> {
    await team.setPin(pin);
    setPin("");
    setSet(true);
  }

  return (
    <>
      <h3>{t("team.pin")}</h3>
      <p role="status" data-testid="pin-done">
        {set && t("team.done.pin")}
      </p>
      <Form act={keep} go={t(has ? "team.pin_change" : "team.pin_set")} kind="secondary" testid="pin-go">
        <CodeField id="pin" label={t("team.pin_label")} hint={t("team.pin_text")} value={pin} change={setPin} secret />
      </Form>
    </>
  );
}
