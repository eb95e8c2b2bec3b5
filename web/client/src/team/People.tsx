// Colleagues, and the tablets of a hotel.

import { Act } from "../parts/Act.tsx";
import { t } from "../words.ts";
import type { Colleague, Listed, Role, Team } from "./team.ts";

const ABOVE: readonly Role[] = ["admin", "supervisor"];

export function People({ team, listed, role }: { team: Team; listed: Listed; role: Role }) {
  return (
    <section class="panel" aria-labelledby="people">
      <h2 id="people">{t("team.people")}</h2>
      <ul class="people">
        {listed.members.map((one) => (
          <li key={one.member} class="person" data-testid="colleague">
            <p>
              <strong>{one.tablet ? t("team.tablet") : one.name}</strong>
              {one.me && <span class="tag">{t("team.you")}</span>}
              {!one.tablet && !one.keyed && <span class="tag strong">{t("team.keyless")}</span>}
            </p>
            {!one.tablet && <p class="hint">{t(`team.role.${one.role}`)}</p>}
            {mayRemove(role, one) && (
              <Act
                kind="plain"
                act={() => team.remove(one.member)}
                question={t("team.remove_ask", { name: one.tablet ? t("team.tablet") : one.name })}
                yes={t("team.remove_yes")}
                testid="remove"
              >
                {t("team.remove")}
                <span class="hidden"> {one.name}</span>
              </Act>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** As the server decides it. */
function mayRemove(role: Role, other: Colleague): boolean {
  if (other.me) return false;
  return role === "admin" || (role === "supervisor" && !ABOVE.includes(other.role));
}
