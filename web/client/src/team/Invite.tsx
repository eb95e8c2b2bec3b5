// Inviting a colleague: a link and a code, shown once.

import { useState } from "preact/hooks";
import { t } from "../words.ts";
import { day } from "./days.ts";
import { Form } from "./Form.tsx";
import type { Issued, Kind, Listed, Organisation, Role, Team } from "./team.ts";

const ROLES: Readonly<Record<Kind, readonly Role[]>> = {
  helpline: ["operator", "supervisor", "duty", "admin"],
  association: ["association"],
  hotel: ["desk"],
  funder: ["funder"],
};
const ABOVE: readonly Role[] = ["supervisor", "duty", "admin"];
/** Hotels are invited from where they are known: their list is nobody's. */
const FOUNDED: readonly Kind[] = ["association", "funder"];
const NEW = "new ";

export function Invite({ team, listed, role }: { team: Team; listed: Listed; role: Role }) {
  const everywhere = role === "admin" || role === "supervisor";
  const [where, setWhere] = useState(listed.organisation.id);
  const [name, setName] = useState("");
  const founded = where.startsWith(NEW) ? (where.slice(NEW.length) as Kind) : null;
  const there = [listed.organisation, ...listed.organisations].find((one) => one.id === where);
  const roles = ROLES[founded ?? there?.kind ?? "helpline"].filter((one) => role === "admin" || !ABOVE.includes(one));
  const [wanted, setWanted] = useState<Role | null>(null);
  const chosen = wanted !== null && roles.includes(wanted) ? wanted : (roles[0] ?? null);
  const [issued, setIssued] = useState<Issued | null>(null);

  async function invite(): Promise<void> {
    if (chosen === null) return;
    const to = founded === null ? { organisation: where } : { new: { kind: founded, name } };
    setIssued(await team.invite(chosen, to));
    setName("");
  }

  return (
    <section class="panel" aria-labelledby="invite">
      <h2 id="invite">{t("team.invite")}</h2>
      {issued === null ? (
        <Form act={invite} go={t("team.invite_go")} testid="invite-go">
          {everywhere && (
            <div class="field">
              <label for="where">{t("team.where")}</label>
              <select
                id="where"
                class="input"
                data-testid="where"
                value={where}
                onChange={(event) => setWhere(event.currentTarget.value)}
              >
                {others(listed).map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
                {FOUNDED.map((kind) => (
                  <option key={kind} value={`${NEW}${kind}`}>
                    {t(`team.new.${kind as "association" | "funder"}`)}
                  </option>
                ))}
              </select>
            </div>
          )}
          {founded !== null && (
            <div class="field">
              <label for="organisation">{t("team.organisation")}</label>
              <input
                id="organisation"
                class="input"
                autocomplete="organization"
                required
                maxLength={80}
                data-testid="organisation"
                value={name}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            </div>
          )}
          {roles.length > 1 ? (
            <div class="field">
              <label for="role">{t("team.role")}</label>
              <select
                id="role"
                class="input"
                data-testid="role"
                value={chosen ?? ""}
                onChange={(event) => setWanted(event.currentTarget.value as Role)}
              >
                {roles.map((one) => (
                  <option key={one} value={one}>
                    {t(`team.role.${one}`)}
                  </option>
                ))}
              </select>
            </div>
          ) : (
            chosen === role && <p class="hint">{t("team.invite_text")}</p>
          )}
        </Form>
      ) : (
        <Shown issued={issued} again={() => setIssued(null)} />
      )}
    </section>
  );
}

function Shown({ issued, again }: { issued: Issued; again: () => void }) {
  return (
    <div role="status" data-testid="issued">
      <p>{t("team.issued", { until: day(issued.until) })}</p>
      <p class="spaced shown-once" data-testid="issued-code">
        {issued.code}
      </p>
      <p class="hint">{t("team.issued_link")}</p>
      <p class="spaced shown-once">{`${location.origin}${issued.path}`}</p>
      <button type="button" class="button secondary" onClick={again}>
        {t("team.invite_again")}
      </button>
    </div>
  );
}

/** One's own first; each once. */
function others(listed: Listed): Organisation[] {
  return [listed.organisation, ...listed.organisations.filter((one) => one.id !== listed.organisation.id)];
}
