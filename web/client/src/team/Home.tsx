// Signed in: the page of one's role, one's sessions, colleagues, keys.

import { CAMPAIGN, CAMPAIGNERS, LISTENERS, PLACES } from "../net/kept.ts";
import { Title } from "../parts/Frame.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import { Invite } from "./Invite.tsx";
import { Keys } from "./Keys.tsx";
import { People } from "./People.tsx";
import { Sessions } from "./Sessions.tsx";
import { StillYou } from "./StillYou.tsx";
import type { Team } from "./team.ts";

const INVITERS: readonly string[] = ["admin", "supervisor", "association", "desk", "funder"];

export function Home({ team }: { team: Team }) {
  const { listed, role, sure } = useStore(team.state);
  if (listed === null || role === null) return null;
  const place = PLACES[role];
  const { name } = listed.organisation;
  return (
    <>
      <Title>{t("team.home")}</Title>
      <p class="lead" data-testid="who">
        {t(`team.role.${role}`)}
        {name !== "" && ` · ${name}`}
      </p>
      {place !== undefined && (
        <p class="row">
          <a class="button primary" href={place.path} data-testid="go">
            {t(`team.go.${place.name as "operator" | "companion" | "desk" | "funder"}`)}
          </a>
          {LISTENERS.includes(role) && (
            <a class="button secondary" href="/ecoute" data-testid="go-listen">
              {t("team.listen")}
            </a>
          )}
        </p>
      )}
      {CAMPAIGNERS.includes(role) && (
        <p>
          <a class="button secondary" href={CAMPAIGN.path} data-testid="go-campaign">
            {t("team.campaign")}
          </a>
        </p>
      )}
      <div class="board">
        <div class="column">
          <Sessions team={team} />
          <Keys team={team} listed={listed} role={role} />
        </div>
        <div class="column">
          <People team={team} listed={listed} role={role} />
          {INVITERS.includes(role) && <Invite team={team} listed={listed} role={role} />}
        </div>
      </div>
      {sure !== null && <StillYou team={team} />}
    </>
  );
}
