// Where one is signed in; any of them can be cut.

import { Act } from "../parts/Act.tsx";
import { useStore } from "../store.ts";
import { t, type Key } from "../words.ts";
import { day } from "./days.ts";
import type { OpenSession, Team } from "./team.ts";

const WAYS: readonly string[] = ["key", "code", "shift"];

export function Sessions({ team }: { team: Team }) {
  const { sessions } = useStore(team.state);
  return (
    <section class="panel" aria-labelledby="sessions">
      <h2 id="sessions">{t("team.sessions")}</h2>
      <p class="hint">{t("team.sessions_text")}</p>
      <ul class="people">
        {sessions.map((one) => (
          <li key={one.id} class="person" data-testid="session">
            <p>
              <strong>{one.label || t("team.unknown_browser")}</strong>
              {one.here && <span class="tag">{t("team.here")}</span>}
            </p>
            <p class="hint">{since(one)}</p>
            {!one.here && (
              <Act act={() => team.cut(one.id)} question={t("team.cut_ask")} yes={t("team.cut_yes")} testid="cut">
                {t("team.cut")}
                <span class="hidden"> {one.label}</span>
              </Act>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function since(one: OpenSession): string {
  const way = WAYS.includes(one.way) ? t(`team.way.${one.way}` as Key) : t("team.way.other");
  return one.opened ? `${way} · ${t("team.since", { at: day(one.opened) })}` : way;
}
