// Somebody is to ask how she is, on the first, third and seventh day.

import { Act } from "../parts/Act.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Needing } from "./needing.ts";

export function FollowUps({ nights }: { nights: Needing }) {
  const { followups } = useStore(nights.picture);
  return (
    <section class="panel" aria-labelledby="followups">
      <h2 id="followups">{t("rooms.followups", { n: followups.length })}</h2>
      {followups.length === 0 && <p class="quiet">{t("rooms.no_followup")}</p>}
      <ul class="people">
        {followups.map((one) => (
          <li key={`${one.hold}-${one.day}`} class="person" data-testid="followup">
            <p>
              <strong>{t("rooms.day", { n: one.day })}</strong>
            </p>
            <div class="row">
              <button type="button" class="button secondary small" onClick={() => nights.open(one.need)}>
                {t("rooms.open")}
                <span class="hidden"> {t("rooms.day", { n: one.day })}</span>
              </button>
              <Act kind="primary" act={() => nights.followed(one.hold, one.day)} testid="followed">
                {t("rooms.followed")}
              </Act>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
